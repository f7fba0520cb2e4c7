"""A plan is read: by both parties, to date, and in short."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.action_plans.queries import due_milestones, plan_brief, plan_of, planned_to_date
from procurement.action_plans.rules import quarters_of
from socialvalue.core.errors import NotVisible
from tests.procurement.action_plans.test_services.steps import ENDS, Q1, Q2, STARTS, spend

pytestmark = pytest.mark.django_db


def test_both_parties_read_the_plan(bench, contract, plan):
    assert plan_of(bench.manager, contract.pk).may_change
    view = plan_of(bench.bidders[0], contract.pk)
    assert (view.may_change, view.may_agree, view.may_start) == (False, True, False)
    assert len(view.commitments) == 2
    for row in view.commitments:
        assert sum(quarter.value for quarter in row.quarters) == row.commitment.value
    with pytest.raises(NotVisible):
        plan_of(bench.bidders[1], contract.pk)


def test_planned_to_date(contract, plan):
    pk = spend(contract).id
    assert planned_to_date(contract.pk, date(2026, 9, 29)) == {}
    assert planned_to_date(contract.pk, date(2026, 9, 30))[pk] == Decimal("3333.333")
    assert planned_to_date(contract.pk, ENDS)[pk] == 10_000


def test_due_milestones_are_the_suppliers_own(bench, contract, plan):
    due = due_milestones(bench.bidders[0], date(2026, 10, 1))
    assert {row.quarter for row in due} == {Q1, Q2}
    assert due_milestones(bench.bidders[1], date(2030, 1, 1)) == []
    assert due_milestones(bench.manager, date(2030, 1, 1)) == []


def test_the_plan_in_short(contract, plan):
    brief = plan_brief(contract.pk, date(2026, 10, 5))
    assert (brief.milestones, brief.due, brief.next_due_on) == (6, 2, date(2026, 12, 31))
    assert len(quarters_of(STARTS, ENDS)) == 3
