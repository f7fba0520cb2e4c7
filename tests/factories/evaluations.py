"""A tender carried as far as a test needs it, through the public services only.

``published()`` gives a tender with invited bidders; ``offered()`` a bid; ``opened()`` the evaluation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from procurement.bids.services import AnswerInput, LineInput, OfferInput, submit_bid
from procurement.evaluations.models import Evaluation
from procurement.evaluations.queries import evaluation_of_tender
from procurement.evaluations.services import MarkInput, mark_bid, open_evaluation, rank_bids
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


@dataclass
class Bench:
    """The people around one tender."""

    authority: Organisation
    officer: Actor
    evaluator: Actor
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
    questions: Sequence[tuple[str, int]] = (
        ("How will you recruit?", 60),
        ("How will you report?", 40),
    ),
    weighting: Decimal | None = Decimal(20),
    quantitative: Decimal = Decimal(50),
    bidders: int = 2,
    authority: str = "warwickshire",
    **more: object,
) -> Bench:
    """A published tender of Warwickshire. ``weighting`` None makes it pass or fail."""
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
            requirements=[
                RequirementInput(codes[ask.code], ask.is_mandatory, ask.minimum) for ask in asks
            ],
        )
        tender = set_scoring(
            actor=officer,
            tender_id=tender.pk,
            expected_version=tender.version,
            weighting_kind="pass_fail" if weighting is None else "weighted",
            weighting_percent=weighting,
            quantitative_percent=quantitative,
        )
        if questions:
            tender = set_questions(
                actor=officer,
                tender_id=tender.pk,
                expected_version=tender.version,
                questions=[QuestionInput(text, "", Decimal(weight)) for text, weight in questions],
            )
        suppliers = [SupplierFactory() for _ in range(bidders)]
        invite_suppliers(
            actor=officer, tender_id=tender.pk, supplier_ids=[row.pk for row in suppliers]
        )
        tender = publish_tender(actor=officer, tender_id=tender.pk, deadline_at=DEADLINE)
    return Bench(
        authority=home,
        officer=officer,
        evaluator=actor_for_role(Role.EVALUATOR, home),
        manager=actor_for_role(Role.CONTRACT_MANAGER, home),
        procurement=procurement,
        tender=tender,
        bidders=[actor_for_role(Role.SUPPLIER_ADMIN, row) for row in suppliers],
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
    with clock.at(AFTER):
        evaluation = open_evaluation(actor=bench.officer, tender_id=bench.tender.pk)
    bench.tender.refresh_from_db()
    return evaluation


def marked(bench: Bench, bid_id: int, *marks: int) -> None:
    """Marks for the questions in their order."""
    with clock.at(AFTER):
        mark_bid(
            actor=bench.evaluator,
            evaluation_id=bench.evaluation.pk,
            bid_id=bid_id,
            marks=[
                MarkInput(question.id, mark, "Because of what it says.")
                for question, mark in zip(bench.questions, marks, strict=True)
            ],
        )


def ranked(bench: Bench) -> None:
    with clock.at(AFTER):
        rank_bids(actor=bench.officer, evaluation_id=bench.evaluation.pk)
