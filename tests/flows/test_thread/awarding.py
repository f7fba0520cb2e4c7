"""Step 5: the panel, the evaluation, the award and the signature."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from procurement.awards import queries as awards
from procurement.awards.services import (
    approve_award,
    issue_summaries,
    propose_award,
    set_standstill,
    sign_contract,
)
from procurement.awards.vocabulary import ContractStatus
from procurement.bids import queries as bids
from procurement.evaluations import queries as evaluations
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import (
    Declaration,
    MarkInput,
    add_panel_member,
    declare_interests,
    lock_marks,
    mark_bid,
    moderate,
    open_evaluation,
    rank_bids,
    start_opening,
)
from procurement.procurements.queries import procurement_for
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders import queries as tenders
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.flows.test_thread.people import LOCAL_JOB, QUARTERS, YEAR, Thread, day

PANEL = (("evaluator", "evaluator"), ("second", "evaluator"), ("officer", "moderator"))


def name_the_panel(thread: Thread) -> None:
    """The officer names it, and everybody on it declares an interest in every supplier that is invited, or none."""
    tender_id, officer = thread.ids["tender"], thread["officer"]
    none = [Declaration(row.pk, False, "") for row in (thread.winner, thread.loser)]
    with clock.at(day(2026, 2, 1)):
        with pytest.raises(NotAllowed):
            declare_interests(actor=thread["evaluator"], tender_id=tender_id, declarations=none)
        for who, role in PANEL:
            add_panel_member(
                actor=officer, tender_id=tender_id, person_id=thread[who].person_id, role=role
            )
    with clock.at(day(2026, 2, 3, 8)), pytest.raises(RuleBroken, match="declare"):
        start_opening(actor=officer, tender_id=tender_id)
    with clock.at(day(2026, 2, 3, 9)):
        for who, _ in PANEL:
            declare_interests(actor=thread[who], tender_id=tender_id, declarations=none)


def evaluate(thread: Thread) -> None:
    tender_id, question = thread.ids["tender"], tenders.questions_of(thread.ids["tender"])[0]
    with clock.at(day(2026, 2, 3)):
        with pytest.raises(NotAllowed):
            start_opening(actor=thread["manager"], tender_id=tender_id)
        start_opening(actor=thread["officer"], tender_id=tender_id)
        with pytest.raises(NotAllowed):
            open_evaluation(actor=thread["officer"], tender_id=tender_id)
        evaluation = open_evaluation(actor=thread["approver"], tender_id=tender_id)
        thread.ids["evaluation"] = evaluation.pk
        found = {bid.supplier_id: bid for bid in bids.opened_bids(tender_id)}
        assert found[thread.winner.pk].social_value_pence == 100 * (2 * LOCAL_JOB + 10_000)
        with pytest.raises(RuleBroken):
            rank_bids(actor=thread["officer"], evaluation_id=evaluation.pk)
        for supplier, mark in ((thread.winner, 5), (thread.loser, 3)):
            marking = {
                "evaluation_id": evaluation.pk,
                "bid_id": found[supplier.pk].id,
                "marks": [MarkInput(question.id, mark, "Partners are named.")],
            }
            with pytest.raises(NotAllowed):
                mark_bid(actor=thread["officer"], **marking)
            mark_bid(actor=thread["evaluator"], **marking)
            lower = [MarkInput(question.id, mark - 1, "Partners are still few.")]
            mark_bid(actor=thread["second"], **marking | {"marks": lower})
        agree_on_marks(thread, evaluation.pk, found, question.id)
        with pytest.raises(NotAllowed):
            rank_bids(actor=thread["evaluator"], evaluation_id=evaluation.pk)
        rank_bids(actor=thread["officer"], evaluation_id=evaluation.pk)
    ranked = evaluations.ranking(thread["officer"], evaluation.pk)
    assert [(row.supplier_id, row.rank) for row in ranked] == [
        (thread.winner.pk, 1),
        (thread.loser.pk, 2),
    ]
    # 60 points for the highest social value, 40 for the highest mark.
    assert ranked[0].total == 100
    thread.ids["bid"] = ranked[0].bid_id


def agree_on_marks(
    thread: Thread, evaluation_id: int, found: dict[int, Any], question_id: int
) -> None:
    """Nobody moderates before both have locked, and nobody marks after."""
    settled = {
        supplier.pk: {
            "evaluation_id": evaluation_id,
            "bid_id": found[supplier.pk].id,
            "question_id": question_id,
            "verdict": Verdict(mark=mark),
            "reason": "The partners that are named count.",
        }
        for supplier, mark in ((thread.winner, 5), (thread.loser, 3))
    }
    lock_marks(actor=thread["evaluator"], evaluation_id=evaluation_id)
    with pytest.raises(RuleBroken):
        moderate(actor=thread["officer"], **settled[thread.winner.pk])
    lock_marks(actor=thread["second"], evaluation_id=evaluation_id)
    with pytest.raises(RuleBroken):
        mark_bid(
            actor=thread["second"],
            evaluation_id=evaluation_id,
            bid_id=found[thread.loser.pk].id,
            marks=[MarkInput(question_id, 5, "Second thoughts.", 1)],
        )
    with pytest.raises(NotAllowed):
        moderate(actor=thread["evaluator"], **settled[thread.winner.pk])
    for one in settled.values():
        moderate(actor=thread["officer"], **one)


def award(thread: Thread) -> None:
    terms = {
        "procurement_id": thread.ids["procurement"],
        "bid_id": thread.ids["bid"],
        "reason": "The best offer over price, quality and social value.",
        "value": Decimal(280_000),
        "value_basis": "excl",
        "starts_on": QUARTERS[0],
        "ends_on": YEAR.last_day,
    }
    with clock.at(day(2026, 2, 20)):
        for refused in ("evaluator", "manager"):
            with pytest.raises(NotAllowed):
                propose_award(actor=thread[refused], **terms)
        with pytest.raises(NotVisible):
            propose_award(actor=thread["neighbour"], **terms)
        proposal = propose_award(actor=thread["officer"], **terms)
        with pytest.raises(Conflict):
            propose_award(actor=thread["officer"], **terms)
        for refused in ("officer", "manager"):
            with pytest.raises(NotAllowed):
                approve_award(actor=thread[refused], proposal_id=proposal.pk)
        contract = approve_award(actor=thread["approver"], proposal_id=proposal.pk)
        with pytest.raises(Conflict):
            approve_award(actor=thread["approver"], proposal_id=proposal.pk)
    thread.ids["contract"] = contract.pk
    procurement = procurement_for(thread["officer"], thread.ids["procurement"])
    assert procurement.status == ProcurementStatus.AWARDED
    assert procurement.award_value == 280_000
    promised = {row.measure.code: row for row in awards.commitments_of(contract.pk)}
    assert promised["GSE1"].unit_value == LOCAL_JOB
    assert promised["GSE1"].place == "warwick"
    assert promised["GSE1"].value_pence == 2 * 3_979_700
    assert promised["PLB1"].value_pence == 1_000_000
    assert promised["ENV5"].unit_value is None
    thread.kept["promised"] = promised
    # Nobody but the council sees it until every bidder is told.
    for bidder in ("winner", "loser"):
        with pytest.raises(NotVisible):
            awards.contract_for(thread[bidder], contract.pk)


def sign(thread: Thread) -> None:
    """Every bidder is told, the standstill runs its eight working days, and only then is the contract signed."""
    contract_id, officer = thread.ids["contract"], thread["officer"]
    award_id = awards.contract_for(officer, contract_id).award_id
    with clock.at(day(2026, 2, 20, 12)):
        with pytest.raises(RuleBroken):
            sign_contract(actor=officer, contract_id=contract_id, signed_on=date(2026, 2, 20))
        issue_summaries(actor=officer, award_id=award_id)
    assert awards.contract_for(thread["winner"], contract_id).pk == contract_id
    with pytest.raises(NotVisible):
        awards.contract_for(thread["loser"], contract_id)
    with clock.at(day(2026, 2, 23)):
        set_standstill(
            actor=officer, award_id=award_id, notice_on=date(2026, 2, 23), notice_reference="UK6"
        )
    # The day of the notice is the first of eight working days; the last is 4 March.
    last = date(2026, 3, 4)
    with clock.at(day(2026, 3, 4)), pytest.raises(RuleBroken):
        sign_contract(actor=officer, contract_id=contract_id, signed_on=last)
    with clock.at(day(2026, 3, 5)):
        signed = sign_contract(actor=officer, contract_id=contract_id, signed_on=date(2026, 3, 5))
    assert signed.status == ContractStatus.LIVE
