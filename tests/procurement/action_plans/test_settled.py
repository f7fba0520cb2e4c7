"""Quarters that are over stay as both parties agreed them; nobody plans a shortfall away afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procurement.action_plans.forms import MilestonesForm
from procurement.action_plans.queries import commitment_to_plan, plan_of
from procurement.action_plans.services import change_milestones
from procurement.awards.queries import commitments_of
from procurement.ledger.queries import standing_entries
from procurement.ledger.vocabulary import Basis
from socialvalue.core import clock
from socialvalue.core.errors import RuleBroken
from tests.factories.action_plans import agreed, planned
from tests.factories.awards import awarded, evaluated
from tests.factories.evaluations import AFTER, reference_data

pytestmark = pytest.mark.django_db
STARTS, ENDS = date(2026, 7, 1), date(2027, 3, 31)
Q1, Q2, Q3 = date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)
LATER = datetime(2027, 1, 4, 9, tzinfo=UTC)
"""In the third quarter: the two before are over."""


@pytest.fixture
def bench():
    reference_data()
    return evaluated(offer={"PLB1": "10000", "HSC1": "100"})


@pytest.fixture
def contract(bench):
    """Three quarters, with a plan that nobody agreed."""
    contract = awarded(bench, starts_on=STARTS, ends_on=ENDS)
    planned(contract)
    return contract


def spend(contract):
    return next(row for row in commitments_of(contract.pk) if row.measure.code == "PLB1")


def change(bench, contract, quantities, *, version=1, owner="Supplier", at=LATER):
    with clock.at(at):
        return change_milestones(
            actor=bench.manager,
            contract_id=contract.pk,
            commitment_id=spend(contract).id,
            expected_version=version,
            quantities=quantities,
            owner=owner,
            evidence="Invoices",
        )


def thirds(first, second, third):
    return {Q1: Decimal(first), Q2: Decimal(second), Q3: Decimal(third)}


def standing(contract):
    found = standing_entries(basis=Basis.COMMITTED, commitment_id=spend(contract).id)
    return {entry.period: (entry.quantity, entry.value_pence) for entry in found}


def test_quarters_that_are_over_stay_once_both_agreed_also_in_the_draft_after(bench, contract):
    change(bench, contract, thirds(2000, 3000, 5000), at=AFTER)
    agreed(bench, contract)
    change(bench, contract, thirds(3000, 3000, 4000), version=2, at=AFTER)
    before = standing(contract)
    with clock.at(LATER):
        for wrong in (thirds(0, 3000, 7000), thirds(3000, 2999, 4001)):
            with pytest.raises(RuleBroken, match="is settled and stays 3,000"):
                change(bench, contract, wrong, version=3)
        edit = commitment_to_plan(bench.manager, contract.pk, spend(contract).id)
        assert [row.quarter for row in edit.plan.settled] == [Q1, Q2]
        assert edit.open_quarters == [Q3]
        change(bench, contract, thirds(3000, 3000, 4000), version=3, owner="Depot")
    assert standing(contract) == before


def test_quarters_that_are_over_may_be_planned_while_nobody_agreed(bench, contract):
    with clock.at(LATER):
        change(bench, contract, thirds(0, 3000, 7000), version=1)
    assert standing(contract) == {Q2: (3000, 300_000), Q3: (7000, 700_000)}


def test_the_page_names_what_is_settled_and_a_long_owner_gets_the_house_sentence(bench, contract):
    agreed(bench, contract)
    with clock.at(LATER):
        (row,) = [
            row
            for row in plan_of(bench.manager, contract.pk).commitments
            if row.commitment.measure.code == "PLB1"
        ]
        assert [quarter.is_settled for quarter in row.quarters] == [True, True, False]
        edit = commitment_to_plan(bench.manager, contract.pk, spend(contract).id)
    form = MilestonesForm({"version": "1", "owner": "x" * 151}, edit=edit)
    assert form.errors["owner"] == [
        "Who is responsible at the supplier must be 150 characters or fewer"
    ]
    assert [name for name in form.fields if name.startswith("quantity_")] == [
        f"quantity_{Q3.isoformat()}"
    ]
