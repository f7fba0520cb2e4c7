"""Steps 6 and 7: the action plan, the claims and their verification."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from procurement.action_plans import queries as plans
from procurement.action_plans.services import agree_plan, change_milestones, start_plan
from procurement.deliveries import queries as deliveries
from procurement.deliveries.services import add_evidence, resubmit_claim, submit_claim
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from procurement.verifications.services import correct_claim, return_claim, verify_claim
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.demo.evidence import pdf
from tests.flows.test_thread.people import QUARTERS, Thread, day


def plan(thread: Thread) -> None:
    contract_id, promised = thread.ids["contract"], thread.kept["promised"]
    with clock.at(day(2026, 3, 9)):
        with pytest.raises(NotAllowed):
            start_plan(actor=thread["winner"], contract_id=contract_id)
        started = start_plan(actor=SYSTEM, contract_id=contract_id)
        change = {
            "contract_id": contract_id,
            "commitment_id": promised["PLB1"].id,
            "expected_version": started.version,
            "owner": "Buyer",
            "evidence": "Invoices",
        }
        short = dict(zip(QUARTERS, map(Decimal, (4000, 2000, 2000, 1999)), strict=True))
        with pytest.raises(RuleBroken):
            change_milestones(actor=thread["manager"], quantities=short, **change)
        with pytest.raises(NotAllowed):
            change_milestones(actor=thread["officer"], quantities=short, **change)
        exact = dict(zip(QUARTERS, map(Decimal, (4000, 2000, 2000, 2000)), strict=True))
        change_milestones(actor=thread["manager"], quantities=exact, **change)
        with pytest.raises(NotAllowed):
            agree_plan(actor=thread["officer"], contract_id=contract_id)
        half = agree_plan(actor=thread["manager"], contract_id=contract_id)
        assert half.agreed_at is None
        agree_plan(actor=thread["winner"], contract_id=contract_id)
    planned = {
        row.quarter: row.quantity
        for row in plans.milestones_of([contract_id])
        if row.commitment_id == promised["PLB1"].id
    }
    assert planned == exact
    committed = ledger.sums(basis=Basis.COMMITTED, by=("commitment_id",))
    assert {row.key[0]: row.value_pence for row in committed} == {
        promised["GSE1"].id: 7_959_400,
        promised["PLB1"].id: 1_000_000,
    }


def claim(thread: Thread, code: str, quantity: str, *, whole: str = "", key: str = "") -> Any:
    contract_id = thread.ids["contract"]
    file = add_evidence(
        actor=thread["winner"], contract_id=contract_id, name="proof.txt", content=pdf(["Payroll"])
    )
    assert file.name == "proof.pdf"
    return submit_claim(
        actor=thread["winner"],
        commitment_id=thread.kept["promised"][code].id,
        quarter=QUARTERS[0],
        quantity=Decimal(quantity),
        denominator=Decimal(whole) if whole else None,
        narrative="Delivered from April to June.",
        evidence_ids=[file.pk],
        submission_key=key or f"claim-{code}",
    )


def deliver_and_verify(thread: Thread) -> None:
    with clock.at(day(2026, 7, 10)):
        jobs = claim(thread, "GSE1", "0.5")
        spend = claim(thread, "PLB1", "5000")
        waste = claim(thread, "ENV5", "18", whole="20")
    manager, known = thread["manager"], {"claim_id": jobs.pk, "expected_version": jobs.version}
    with clock.at(day(2026, 7, 20)):
        # Two people, two organisations: neither the claimant nor a stranger decides.
        for refused, kind in (
            ("winner", NotAllowed),
            ("officer", NotAllowed),
            ("neighbours_manager", NotVisible),
            ("loser", NotVisible),
        ):
            with pytest.raises(kind):
                verify_claim(actor=thread[refused], **known)
        with pytest.raises(RuleBroken):
            return_claim(actor=manager, reason=" ", **known)
        return_claim(actor=manager, reason="One role began in July.", **known)
        assert not ledger.standing_entries(basis=Basis.CLAIMED, claim_id=jobs.pk)
        verify_claim(actor=manager, claim_id=spend.pk, expected_version=spend.version)
        verify_claim(actor=manager, claim_id=waste.pk, expected_version=waste.version)
        with pytest.raises(Conflict):
            verify_claim(actor=manager, claim_id=spend.pk, expected_version=spend.version)
    with clock.at(day(2026, 7, 28)):
        with pytest.raises(NotVisible):
            resubmit_claim(
                actor=thread["loser"],
                claim_id=jobs.pk,
                expected_version=jobs.version + 1,
                quantity=Decimal("0.4"),
                narrative="Mended.",
            )
        jobs = resubmit_claim(
            actor=thread["winner"],
            claim_id=jobs.pk,
            expected_version=jobs.version + 1,
            quantity=Decimal("0.4"),
            narrative="Without the role that began in July.",
        )
    with clock.at(day(2026, 8, 3)):
        verify_claim(
            actor=manager,
            claim_id=jobs.pk,
            expected_version=jobs.version,
            quantity=Decimal("0.3"),
            reason="The payroll shows 0.3.",
        )
    with clock.at(day(2026, 9, 1)):
        with pytest.raises(NotAllowed):
            correct_claim(
                actor=thread["officer"],
                claim_id=spend.pk,
                quantity=Decimal(4500),
                reason="Counted twice.",
            )
        correct_claim(
            actor=manager, claim_id=spend.pk, quantity=Decimal(4500), reason="Counted twice."
        )
    statuses = {deliveries.claim_for(manager, row.pk).status for row in (jobs, spend, waste)}
    assert statuses == {ClaimStatus.VERIFIED}
    thread.kept["claims"] = {"jobs": jobs.pk, "spend": spend.pk, "waste": waste.pk}
