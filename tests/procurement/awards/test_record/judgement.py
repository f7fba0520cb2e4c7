"""A tender judged with everything that the evaluation record has to hold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from procurement.awards.models import Contract
from procurement.awards.queries.record import evaluation_record
from procurement.bids.queries import OpenedBid, opened_bids
from procurement.evaluations.models import EvaluationInterest
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import (
    Declaration,
    OtherScoreInput,
    add_panel_member,
    decide_interest,
    declare_interests,
    lock_marks,
    rule_out,
    set_other_scores,
)
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.documents import Document
from tests.factories.accounts import actor_for_role
from tests.factories.awards import awarded
from tests.factories.evaluations import (
    AFTER,
    WRITTEN,
    Ask,
    Bench,
    marked_by,
    moderated,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)

INTEREST = "My sister works for them."


@dataclass
class Judgement:
    """A tender judged by two evaluators after a third was recused; one claim ruled out; the first bidder awarded."""

    bench: Bench
    recused: Actor
    bids: list[OpenedBid]
    contract: Contract | None = None

    @property
    def record(self) -> Document:
        return evaluation_record(self.bench.officer, self.bench.procurement.pk)

    @property
    def names(self) -> list[str]:
        return [bid.supplier_name for bid in self.bids]


def judged(*, award: bool = True) -> Judgement:
    reference_data()
    bench = published(
        asks=[Ask("PLB1", maximum=Decimal(10000)), Ask("HSC1")],
        bidders=3,
        weighting=Decimal(20),
    )
    third = recused(bench)
    offered(bench, 0, {"PLB1": "20000", "HSC1": "100"})
    offered(bench, 1, {"PLB1": "8000"}, price="150000")
    offered(bench, 2, {"PLB1": "9000", "HSC1": "50"}, price="300000")
    opened(bench)
    order = [bidder.organisation_id for bidder in bench.bidders]
    bids = sorted(opened_bids(bench.tender.pk), key=lambda bid: order.index(bid.supplier_id))
    for bid in bids:
        for actor, marks in ((bench.evaluator, (4, 3)), (bench.evaluator2, (2, 3))):
            given = dict(zip((row.id for row in bench.questions), marks, strict=True))
            marked_by(bench, actor, bid.id, {key: Verdict(mark) for key, mark in given.items()})
    evaluation_id = bench.evaluation.pk
    with clock.at(AFTER):
        for actor in (bench.evaluator, bench.evaluator2):
            lock_marks(actor=actor, evaluation_id=evaluation_id)
    for bid in bids:
        for question in bench.questions:
            moderated(bench, bid.id, question.id, Verdict(3))
    ranked(bench)
    line = next(line for line in bids[2].lines if line.measure.code == "HSC1")
    with clock.at(AFTER):
        rule_out(actor=bench.officer, offer_line_id=line.id, reason="Not of this contract.")
        set_other_scores(
            actor=bench.officer,
            evaluation_id=evaluation_id,
            price_percent=Decimal(50),
            quality_percent=Decimal(30),
            scores=[OtherScoreInput(bid.id, Decimal(80), Decimal(60)) for bid in bids],
        )
    contract = awarded(bench) if award else None
    return Judgement(bench, third, bids, contract)


def recused(bench: Bench) -> Actor:
    """A third evaluator who declares an interest in the first bidder and is recused for it before the opening."""
    third = actor_for_role(Role.EVALUATOR, bench.authority)
    suppliers = [bidder.organisation_id for bidder in bench.bidders]
    with clock.at(WRITTEN):
        add_panel_member(
            actor=bench.officer,
            tender_id=bench.tender.pk,
            person_id=third.person_id,
            role="evaluator",
        )
        declare_interests(
            actor=third,
            tender_id=bench.tender.pk,
            declarations=[
                Declaration(pk, pk == suppliers[0], INTEREST if pk == suppliers[0] else "")
                for pk in suppliers
            ],
        )
        declared = EvaluationInterest.objects.get(has_interest=True)
        decide_interest(
            actor=bench.officer,
            interest_id=declared.pk,
            decision="recused",
            reason="Too near to be seen as fair.",
        )
    return third
