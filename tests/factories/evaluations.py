"""A tender carried as far as a test needs it, through the public services only.

``published()`` gives a tender with invited bidders and a panel; ``offered()`` a bid; ``opened()`` the evaluation;
``marked()`` one bid's marks, and once every bid has its marks their locking and moderation; ``ranked()`` a round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from procurement.bids.queries import OpenedBid, opened_bids
from procurement.bids.services import AnswerInput, LineInput, OfferInput, submit_bid
from procurement.evaluations.models import Evaluation, EvaluationMark, EvaluationModeration
from procurement.evaluations.queries import evaluation_of_tender, marking_progress
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import (
    Declaration,
    MarkInput,
    ModerationInput,
    add_panel_member,
    declare_interests,
    lock_marks,
    mark_bid,
    moderate_bid,
    open_evaluation,
    rank_bids,
    start_opening,
)
from procurement.procurements.models import Procurement
from procurement.tenders.models import Tender
from procurement.tenders.queries import QuestionInfo, RequirementInfo, questions_of, requirements_of
from procurement.tenders.services import (
    QuestionInput,
    RequirementInput,
    choose_measures,
    invite_suppliers,
    publish_tender,
    set_questions,
    set_scoring,
    start_tender,
)
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import considered, procurement_of
from toms.frameworks.queries import current_edition, measures_of
from toms.imports.services import load_measure_set

WRITTEN = datetime(2026, 3, 2, 9, tzinfo=UTC)
DEADLINE = datetime(2026, 5, 1, 11, tzinfo=UTC)
AFTER = DEADLINE + timedelta(hours=1)
ON = date(2026, 3, 1)


@dataclass(frozen=True)
class Ask:
    """A measure asked for, by code."""

    code: str
    is_mandatory: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    weight: Decimal | None = None

    def input(self, measure_id: int) -> RequirementInput:
        return RequirementInput(
            measure_id,
            self.is_mandatory,
            self.minimum,
            maximum_quantity=self.maximum,
            weight_percent=self.weight,
        )


@dataclass
class Bench:
    """The people around one tender."""

    authority: Organisation
    officer: Actor
    evaluator: Actor
    evaluator2: Actor
    moderator: Actor
    approver: Actor
    manager: Actor
    procurement: Procurement
    tender: Tender
    bidders: list[Actor] = field(default_factory=list)

    @property
    def requirements(self) -> dict[str, RequirementInfo]:
        return {row.measure.code: row for row in requirements_of(self.tender.pk)}

    @property
    def questions(self) -> list[QuestionInfo]:
        return questions_of(self.tender.pk)

    @property
    def evaluation(self) -> Evaluation:
        found = evaluation_of_tender(self.tender.pk)
        assert found is not None
        return found


def reference_data() -> None:
    """Law, policies, organisations and the open measure set."""
    load_law_and_policies()
    load_measure_set(actor=SYSTEM)


def published(
    *,
    asks: Sequence[Ask] = (Ask("PLB1"), Ask("HSC1")),
    questions: Sequence[tuple[str, int] | QuestionInput] = (
        ("How will you recruit?", 60),
        ("How will you report?", 40),
    ),
    weighting: Decimal | None = Decimal(20),
    quantitative: Decimal | None = None,
    bidders: int = 2,
    authority: str = "warwickshire",
    scoring: Mapping[str, Any] | None = None,
    panel: bool = True,
    **more: object,
) -> Bench:
    """A published tender of Warwickshire. ``weighting`` None makes it pass or fail; ``scoring``: more for set_scoring.
    ``quantitative``: half where there are questions, all where there are none, unless said.

    Two evaluators and a moderator are on the panel and have nothing to declare, where there are questions.
    """
    home = organisation(authority)
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, home)
    with clock.at(WRITTEN):
        procurement = procurement_of(officer, **more)
        considered(officer, procurement)
        tender = start_tender(actor=officer, procurement_id=procurement.pk)
        codes = {m.code: m.id for m in measures_of(current_edition(ON).pk)}
        tender = choose_measures(
            actor=officer,
            tender_id=tender.pk,
            expected_version=tender.version,
            requirements=[ask.input(codes[ask.code]) for ask in asks],
        )
        tender = set_scoring(
            actor=officer,
            tender_id=tender.pk,
            expected_version=tender.version,
            weighting_kind="pass_fail" if weighting is None else "weighted",
            weighting_percent=weighting,
            quantitative_percent=Decimal(50 if questions else 100)
            if quantitative is None
            else quantitative,
            **(scoring or {}),
        )
        if questions:
            tender = set_questions(
                actor=officer,
                tender_id=tender.pk,
                expected_version=tender.version,
                questions=[
                    row
                    if isinstance(row, QuestionInput)
                    else QuestionInput(row[0], "", Decimal(row[1]))
                    for row in questions
                ],
            )
        suppliers = [SupplierFactory() for _ in range(bidders)]
        invite_suppliers(
            actor=officer, tender_id=tender.pk, supplier_ids=[row.pk for row in suppliers]
        )
        tender = publish_tender(actor=officer, tender_id=tender.pk, deadline_at=DEADLINE)
    bench = Bench(
        authority=home,
        officer=officer,
        evaluator=actor_for_role(Role.EVALUATOR, home),
        evaluator2=actor_for_role(Role.EVALUATOR, home),
        moderator=actor_for_role(Role.EVALUATOR, home),
        approver=actor_for_role(Role.APPROVER, home),
        manager=actor_for_role(Role.CONTRACT_MANAGER, home),
        procurement=procurement,
        tender=tender,
        bidders=[actor_for_role(Role.SUPPLIER_ADMIN, row) for row in suppliers],
    )
    if questions and panel:
        empanelled(bench)
    return bench


def empanelled(bench: Bench) -> None:
    """Two evaluators and a moderator, who have declared that they have no interest in any invited supplier."""
    suppliers = [bidder.organisation_id for bidder in bench.bidders]
    with clock.at(WRITTEN):
        for actor, role in (
            (bench.evaluator, "evaluator"),
            (bench.evaluator2, "evaluator"),
            (bench.moderator, "moderator"),
        ):
            add_panel_member(
                actor=bench.officer, tender_id=bench.tender.pk, person_id=actor.person_id, role=role
            )
            declare_interests(
                actor=actor,
                tender_id=bench.tender.pk,
                declarations=[Declaration(pk, False) for pk in suppliers if pk is not None],
            )


def offered(
    bench: Bench,
    bidder: int,
    quantities: Mapping[str, str],
    *,
    price: str | None = "170000",
    proxies: Mapping[str, str] | None = None,
) -> None:
    """A submitted bid: quantities by measure code, every question answered."""
    asked = bench.requirements
    with clock.at(WRITTEN + timedelta(days=1)):
        submit_bid(
            actor=bench.bidders[bidder],
            tender_id=bench.tender.pk,
            offer=OfferInput(
                price=None if price is None else Decimal(price),
                lines=[
                    LineInput(
                        requirement_id=asked[code].id,
                        quantity=Decimal(quantity),
                        negotiated_proxy=Decimal(proxies[code])
                        if proxies and code in proxies
                        else None,
                        method_statement=f"How we deliver {code}.",
                    )
                    for code, quantity in quantities.items()
                ],
                answers=[AnswerInput(row.id, f"Answer to {row.text}") for row in bench.questions],
            ),
        )


def opened(bench: Bench) -> Evaluation:
    """Started by the officer, confirmed by the approver."""
    with clock.at(AFTER):
        start_opening(actor=bench.officer, tender_id=bench.tender.pk)
        evaluation = open_evaluation(actor=bench.approver, tender_id=bench.tender.pk)
    bench.tender.refresh_from_db()
    return evaluation


def bid_of(bench: Bench, bidder: int) -> OpenedBid:
    """The opened bid of one of the bidders."""
    supplier = bench.bidders[bidder].organisation_id
    return next(row for row in opened_bids(bench.tender.pk) if row.supplier_id == supplier)


def marked(bench: Bench, bid_id: int, *marks: int | Verdict) -> None:
    """The same verdicts of both evaluators for the questions in their order; ``settled`` once none is missing."""
    given = dict(zip((row.id for row in bench.questions), map(verdict, marks), strict=True))
    for actor in (bench.evaluator, bench.evaluator2):
        marked_by(bench, actor, bid_id, given)
    if not marking_progress(bench.tender).marks_missing:
        settled(bench)


def verdict(mark: int | Verdict) -> Verdict:
    return mark if isinstance(mark, Verdict) else Verdict(mark)


def marked_by(bench: Bench, actor: Actor, bid_id: int, given: Mapping[int, Verdict]) -> None:
    """One evaluator's own verdicts, by question."""
    own = EvaluationMark.objects.filter(member__person_id=actor.person_id, bid_id=bid_id)
    versions = dict(own.values_list("question_id", "version"))
    with clock.at(AFTER):
        mark_bid(
            actor=actor,
            evaluation_id=bench.evaluation.pk,
            bid_id=bid_id,
            marks=[
                MarkInput(
                    question_id,
                    one.mark,
                    "Because of what it says.",
                    versions.get(question_id, 0),
                    one.is_met,
                    one.not_applicable,
                )
                for question_id, one in given.items()
            ],
        )


def settled(bench: Bench) -> None:
    """Both evaluators lock, and the moderator sets what the first of them gave."""
    evaluation_id = bench.evaluation.pk
    with clock.at(AFTER):
        for actor in (bench.evaluator, bench.evaluator2):
            lock_marks(actor=actor, evaluation_id=evaluation_id)
    firsts = EvaluationMark.objects.filter(
        evaluation_id=evaluation_id, member__person_id=bench.evaluator.person_id
    )
    verdicts: dict[int, dict[int, Verdict]] = {}
    for row in firsts.order_by("bid", "question"):
        one = Verdict(row.mark, row.is_met, row.not_applicable)
        verdicts.setdefault(row.bid_id, {})[row.question_id] = one
    for bid_id, of_bid in verdicts.items():
        moderated_all(bench, bid_id, of_bid)


def moderated(bench: Bench, bid_id: int, question_id: int, one: Verdict) -> None:
    moderated_all(bench, bid_id, {question_id: one})


def moderated_all(bench: Bench, bid_id: int, verdicts: Mapping[int, Verdict]) -> None:
    """The moderator's verdicts on answers of one bid, by question."""
    set_before = EvaluationModeration.objects.filter(bid_id=bid_id)
    versions = dict(set_before.values_list("question_id", "version"))
    with clock.at(AFTER):
        moderate_bid(
            actor=bench.moderator,
            evaluation_id=bench.evaluation.pk,
            bid_id=bid_id,
            given=[
                ModerationInput(pk, one, "What the panel agreed.", versions.get(pk, 0))
                for pk, one in verdicts.items()
            ],
        )


def ranked(bench: Bench) -> None:
    with clock.at(AFTER):
        rank_bids(actor=bench.officer, evaluation_id=bench.evaluation.pk)
