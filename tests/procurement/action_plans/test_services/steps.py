"""What these tests share: the quarters, and a change of the plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from procurement.action_plans.services import change_milestones
from procurement.awards.queries import commitments_of
from procurement.ledger.queries import standing_entries
from procurement.ledger.vocabulary import Basis
from socialvalue.core import clock
from tests.factories.evaluations import AFTER

STARTS, ENDS = date(2026, 7, 1), date(2027, 3, 31)
Q1, Q2, Q3 = date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)


def spend(contract):
    return next(row for row in commitments_of(contract.pk) if row.measure.code == "PLB1")


def change(bench, contract, quantities, *, actor=None, commitment=None, version=1, **more):
    facts = {"owner": "Supplier", "evidence": "Invoices"} | more
    with clock.at(AFTER):
        return change_milestones(
            actor=actor or bench.manager,
            contract_id=contract.pk,
            commitment_id=(commitment or spend(contract)).id,
            expected_version=version,
            quantities=quantities,
            **facts,
        )


def thirds(first, second, third):
    return {Q1: Decimal(first), Q2: Decimal(second), Q3: Decimal(third)}


def standing(contract, commitment=None):
    found = standing_entries(
        basis=Basis.COMMITTED, commitment_id=(commitment or spend(contract)).id
    )
    return {entry.period: (entry.quantity, entry.value_pence) for entry in found}
