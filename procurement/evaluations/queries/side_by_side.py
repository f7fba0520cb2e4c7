"""Moderation: the evaluators' marks side by side, how far they lie apart, and the verdict that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procurement.bids import queries as bids
from procurement.evaluations.models import EvaluationMark, EvaluationModeration
from procurement.evaluations.queries.bid import AnswerToMark, Room, answers_of, room
from procurement.evaluations.queries.marking import failed_as_offered
from procurement.evaluations.queries.progress import (
    AnswerCell,
    AnswerList,
    AnswerRow,
    numbered_questions,
)
from procurement.evaluations.queries.scoring import scoring_of
from procurement.evaluations.queries.verdicts import stale_moderations, verdict_of
from procurement.evaluations.rules import Verdict
from procurement.evaluations.rules.panels import (
    LEAST_EVALUATORS,
    Spread,
    agreed,
    marks_seen_by,
    shown,
    spread_of,
)
from procurement.evaluations.vocabulary import PanelRole
from procurement.tenders import queries as tenders
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible

if TYPE_CHECKING:
    from procurement.evaluations.rules import Scoring

RECUSED = "You were recused from this panel, so its marks are not shown to you."
NOT_YET = "Marks are shown and moderated once every evaluator has locked."


@dataclass(frozen=True, slots=True)
class ModerationCell(AnswerCell):
    """One answer: its marks, lowest to highest, and the verdict where it is set and holds."""

    spread: Spread
    is_stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationList(AnswerList[ModerationCell]):
    """``rows`` is empty until every evaluator has locked: then there is nothing to be swayed by."""

    evaluators: tuple[tuple[str, bool], ...]
    """Those who count, and whether they have locked."""
    is_moderator: bool
    is_open: bool

    @property
    def locked(self) -> int:
        return sum(is_locked for _, is_locked in self.evaluators)


@dataclass(frozen=True, slots=True)
class AnswerToModerate:
    """One answer with the marks side by side, and what is set or may be taken over as it stands."""

    answer: AnswerToMark
    spread: Spread
    preset: tuple[Verdict, str] | None
    counted: int

    @property
    def may_be_set(self) -> bool:
        """Nobody moderates alone."""
        return self.counted >= LEAST_EVALUATORS


@dataclass(frozen=True, slots=True)
class BidToModerate:
    evaluation_id: int
    procurement_id: int
    title: str
    bid_id: int
    supplier_name: str
    reason: str
    position: int
    bid_count: int
    next_bid_id: int | None
    answers: tuple[AnswerToModerate, ...]
    descriptors: tuple[str, ...]
    may_moderate: bool
    is_open: bool

    @property
    def settable(self) -> tuple[AnswerToModerate, ...]:
        return tuple(row for row in self.answers if row.may_be_set)


def moderation_list(actor: Actor, procurement_id: int) -> ModerationList:
    """For those who read bids. NotAllowed for somebody recused; nothing of a mark before every evaluator has locked."""
    here = _room(actor, procurement_id)
    scoring = scoring_of(here.tender)
    may_see = here.are_all_locked and _sees_all(here, actor)
    evaluators = [row for row in here.panel if row.seat.is_evaluator]
    questions = numbered_questions(here.tender, scoring)
    return ModerationList(
        procurement_id=procurement_id,
        title=here.title,
        evaluators=tuple((row.name, row.locked_at is not None) for row in evaluators),
        questions=tuple((number, row.text) for number, row in questions),
        rows=_rows(here, scoring, [(number, row.id) for number, row in questions])
        if may_see
        else (),
        are_all_locked=here.are_all_locked,
        is_moderator=_is_moderator(here),
        is_open=here.is_open,
    )


def bid_to_moderate(actor: Actor, procurement_id: int, bid_id: int) -> BidToModerate:
    """One bid's answers with every mark. NotAllowed until every evaluator has locked; else as ``moderation_list``."""
    here = _room(actor, procurement_id)
    places = {bid.id: index for index, bid in enumerate(here.opened)}
    if bid_id not in places:
        raise NotVisible
    if not here.are_all_locked or not _sees_all(here, actor):
        raise NotAllowed(NOT_YET)
    place = places[bid_id]
    bid = here.opened[place]
    scoring = scoring_of(here.tender)
    reasons = failed_as_offered(scoring, here.opened)
    later = [row.id for row in here.opened[place + 1 :] if not reasons[row.id]]
    wanted = {row.question_id for row in scoring.to_mark}
    return BidToModerate(
        evaluation_id=here.evaluation.pk,
        procurement_id=procurement_id,
        title=here.title,
        bid_id=bid_id,
        supplier_name=bid.supplier_name,
        reason=reasons[bid_id],
        position=place + 1,
        bid_count=len(here.opened),
        next_bid_id=later[0] if later else None,
        answers=_to_moderate(here, bid, wanted),
        descriptors=tenders.mark_scale_of(here.tender),
        may_moderate=_is_moderator(here) and here.is_open and not reasons[bid_id],
        is_open=here.is_open,
    )


def _room(actor: Actor, procurement_id: int) -> Room:
    here = room(actor, procurement_id)
    if here.own is not None and here.own.is_recused:
        raise NotAllowed(RECUSED)
    return here


def _sees_all(here: Room, actor: Actor) -> bool:
    seats = [row.seat for row in here.panel]
    return marks_seen_by(actor.user_id, seats) >= {
        row.id for row in here.panel if row.role == PanelRole.EVALUATOR
    }


def _is_moderator(here: Room) -> bool:
    return here.own is not None and here.own.seat.is_moderator and here.own.is_cleared


def _to_moderate(here: Room, bid: bids.OpenedBid, wanted: set[int]) -> tuple[AnswerToModerate, ...]:
    # As nobody of the panel: every mark stands side by side, one's own too.
    answers = answers_of(here, bid, wanted, None)
    found = []
    for answer in answers:
        if not answer.needs_verdict:
            continue
        counted = [row.verdict for row in answer.others if row.counts]
        found.append(AnswerToModerate(answer, spread_of(counted), agreed(counted), len(counted)))
    return tuple(found)


def _rows(
    here: Room, scoring: Scoring, questions: Sequence[tuple[int, int]]
) -> tuple[AnswerRow[ModerationCell], ...]:
    counts = {row.id for row in here.panel if row.seat.is_evaluator}
    given: dict[tuple[int, int], list[Verdict]] = {}
    for mark in EvaluationMark.objects.filter(
        evaluation=here.evaluation, member_id__in=counts
    ).order_by("pk"):
        given.setdefault((mark.bid_id, mark.question_id), []).append(verdict_of(mark))
    stale = stale_moderations(here.evaluation.pk)
    settled = {
        (row.bid_id, row.question_id): row
        for row in EvaluationModeration.objects.filter(evaluation=here.evaluation)
    }
    reasons = failed_as_offered(scoring, here.opened)
    found = []
    for bid in here.opened:
        cells = []
        for number, question_id in questions:
            row = settled.get((bid.id, question_id))
            is_stale = row is not None and row.pk in stale
            cells.append(
                ModerationCell(
                    number,
                    "" if row is None or is_stale else shown(verdict_of(row)),
                    spread_of(given.get((bid.id, question_id), [])),
                    is_stale,
                )
            )
        found.append(AnswerRow(bid.id, bid.supplier_name, reasons[bid.id], tuple(cells)))
    return tuple(found)
