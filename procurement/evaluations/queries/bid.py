"""One bid under evaluation: what it offers, what it answers, and the marks this person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.bids import queries as bids
from procurement.bids.rules import Overclaim
from procurement.evaluations.models import EvaluationMark, EvaluationModeration
from procurement.evaluations.queries.lines import LineView, lines_of
from procurement.evaluations.queries.marking import failed_as_offered
from procurement.evaluations.queries.panel import Panellist, panel_of
from procurement.evaluations.queries.scoring import scoring_of
from procurement.evaluations.queries.standing import evaluation_of_tender, readable_tender
from procurement.evaluations.queries.verdicts import stale_moderations, verdict_of
from procurement.evaluations.rules import Verdict
from procurement.evaluations.rules.panels import all_locked, marks_seen_by, shown
from procurement.evaluations.vocabulary import EvaluationStatus, PanelRole
from procurement.procurements import queries as procurements
from procurement.tenders import queries as tenders
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible

if TYPE_CHECKING:
    from procurement.evaluations.models import Evaluation
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class SeenMark:
    """A mark of one evaluator that this person may see. ``counts``: not of somebody who was recused."""

    name: str
    verdict: Verdict
    rationale: str
    counts: bool

    @property
    def shown(self) -> str:
        return shown(self.verdict)


@dataclass(frozen=True, slots=True)
class Moderated:
    """The verdict that counts. ``is_stale``: somebody it rested on was recused after, so it is to be set again."""

    verdict: Verdict
    reason: str
    version: int
    set_by: str
    is_stale: bool

    @property
    def shown(self) -> str:
        return shown(self.verdict)


@dataclass(frozen=True, slots=True)
class AnswerToMark:
    """A question, what the bidder answered, one's own mark, and those of others one may see.

    ``version`` 0: not marked by this person yet.
    """

    question_id: int
    number: int
    text: str
    guidance: str
    weight_percent: Decimal | None
    is_pass_fail: bool
    minimum_mark: int | None
    needs_verdict: bool
    response: str
    verdict: Verdict | None = None
    rationale: str = ""
    version: int = 0
    others: tuple[SeenMark, ...] = ()
    moderated: Moderated | None = None

    @property
    def shown(self) -> str:
        return shown(self.verdict)


@dataclass(frozen=True, slots=True)
class BidToMark:
    """Everything the page of one bid shows. ``why_not`` is empty where this person marks it now."""

    evaluation_id: int
    procurement_id: int
    title: str
    bid_id: int
    supplier_name: str
    price: Decimal | None
    social_value_pence: int
    lines: tuple[LineView, ...]
    answers: tuple[AnswerToMark, ...]
    descriptors: tuple[str, ...]
    reason: str
    position: int
    bid_count: int
    next_bid_id: int | None
    doubts: tuple[Overclaim, ...]
    same_text_as: tuple[str, ...]
    is_evaluator: bool
    why_not: str

    @property
    def may_mark(self) -> bool:
        return self.is_evaluator and not self.why_not

    @property
    def answers_to_mark(self) -> tuple[AnswerToMark, ...]:
        return tuple(row for row in self.answers if row.needs_verdict)


@dataclass(frozen=True, slots=True)
class Room:
    """What the pages of marking and moderation read first."""

    tender: Tender
    evaluation: Evaluation
    title: str
    opened: list[bids.OpenedBid]
    panel: list[Panellist]
    own: Panellist | None
    is_open: bool

    @property
    def are_all_locked(self) -> bool:
        return all_locked([row.seat for row in self.panel])

    @property
    def why_not_mark(self) -> str:
        """Why this person does not mark now, who has shown to be a reader; empty for an evaluator who does."""
        return why_not_mark(self.own, is_open=self.is_open)


def room(actor: Actor, procurement_id: int) -> Room:
    """NotVisible elsewhere or before the bids are open; NotAllowed for those who do not read bids."""
    tender = readable_tender(actor, procurement_id)
    evaluation = evaluation_of_tender(tender.pk)
    if evaluation is None:
        raise NotVisible
    panel = panel_of(tender.pk)
    return Room(
        tender=tender,
        evaluation=evaluation,
        title=procurements.procurement_brief(procurement_id).title,
        opened=bids.opened_bids(tender.pk),
        panel=panel,
        own=next((row for row in panel if row.person_id == actor.user_id), None),
        is_open=evaluation.status == EvaluationStatus.OPEN,
    )


def why_not_mark(own: Panellist | None, *, is_open: bool) -> str:
    if own is None or own.role != PanelRole.EVALUATOR:
        return "Only evaluators on the panel mark."
    if own.is_recused:
        return "You were recused, so you no longer mark. What you marked counts for nothing."
    if own.locked_at is not None:
        return "Your marks are locked."
    if not is_open:
        return "The bids are ranked, so marks no longer change."
    if own.undeclared:
        return "Declare your interests in every invited supplier first."
    if own.undecided:
        return "Somebody must first decide about the interest you declared."
    return ""


def bid_to_mark(actor: Actor, procurement_id: int, bid_id: int) -> BidToMark:
    """One bid with its answers. NotVisible for a bid of another tender or one that is not open."""
    here = room(actor, procurement_id)
    places = {bid.id: index for index, bid in enumerate(here.opened)}
    if bid_id not in places:
        raise NotVisible
    place = places[bid_id]
    bid = here.opened[place]
    requirements = tenders.requirements_of(here.tender.pk)
    scoring = scoring_of(here.tender, requirements)
    reasons = failed_as_offered(scoring, here.opened)
    later = [row.id for row in here.opened[place + 1 :] if not reasons[row.id]]
    return BidToMark(
        evaluation_id=here.evaluation.pk,
        procurement_id=procurement_id,
        title=here.title,
        bid_id=bid.id,
        supplier_name=bid.supplier_name,
        price=bid.price,
        social_value_pence=bid.social_value_pence,
        lines=lines_of(bid, {row.id for row in requirements if row.is_mandatory}),
        answers=answers_of(here, bid, {row.question_id for row in scoring.to_mark}, actor.user_id),
        descriptors=tenders.mark_scale_of(here.tender),
        reason=reasons[bid.id],
        position=place + 1,
        bid_count=len(here.opened),
        next_bid_id=later[0] if later else None,
        doubts=bid.doubts,
        same_text_as=bid.same_text_as,
        is_evaluator=here.own is not None and here.own.role == PanelRole.EVALUATOR,
        why_not=here.why_not_mark,
    )


def answers_of(
    here: Room, bid: bids.OpenedBid, wanted: set[int], person_id: int | None
) -> tuple[AnswerToMark, ...]:
    """The answers of one bid with the marks this person may see, and no others; None is no panel member's view."""
    seen = marks_seen_by(person_id, [row.seat for row in here.panel])
    members = {row.id: row for row in here.panel}
    marks: dict[int, list[EvaluationMark]] = {}
    rows = EvaluationMark.objects.filter(bid_id=bid.id, member_id__in=seen)
    for row in rows.order_by("member", "pk"):
        marks.setdefault(row.question_id, []).append(row)
    own_id = next((row.id for row in here.panel if row.person_id == person_id), None)
    moderated = moderated_shown(here, bid.id) if seen >= evaluators_of(here.panel) else {}
    found = []
    for number, question in enumerate(tenders.questions_of(here.tender.pk), start=1):
        given = marks.get(question.id, [])
        own = next((row for row in given if row.member_id == own_id), None)
        found.append(
            AnswerToMark(
                question_id=question.id,
                number=number,
                text=question.text,
                guidance=question.guidance,
                weight_percent=question.weight_percent,
                is_pass_fail=question.is_pass_fail,
                minimum_mark=question.minimum_mark,
                needs_verdict=question.id in wanted,
                response=bid.answers.get(question.id, ""),
                verdict=verdict_of(own) if own else None,
                rationale=own.rationale if own else "",
                version=own.version if own else 0,
                others=_seen([row for row in given if row is not own], members),
                moderated=moderated.get(question.id),
            )
        )
    return tuple(found)


def evaluators_of(panel: Sequence[Panellist]) -> set[int]:
    """Everybody who was named evaluator, recused or not."""
    return {row.id for row in panel if row.role == PanelRole.EVALUATOR}


def _seen(rows: Sequence[EvaluationMark], members: dict[int, Panellist]) -> tuple[SeenMark, ...]:
    return tuple(
        SeenMark(
            members[row.member_id].name,
            verdict_of(row),
            row.rationale,
            counts=not members[row.member_id].is_recused,
        )
        for row in rows
    )


def moderated_shown(here: Room, bid_id: int) -> dict[int, Moderated]:
    """The moderated verdicts of one bid by question. The caller has shown that every mark may be seen."""
    stale = stale_moderations(here.evaluation.pk)
    rows = EvaluationModeration.objects.filter(evaluation=here.evaluation, bid_id=bid_id)
    return {
        row.question_id: Moderated(
            verdict_of(row), row.reason, row.version, str(row.set_by), row.pk in stale
        )
        for row in rows.select_related("set_by").order_by("pk")
    }
