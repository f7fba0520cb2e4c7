"""After any sequence of changes the plan adds up and the past has not moved."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.awards.queries import commitments_of, contract_brief
from socialvalue.core.errors import RuleBroken
from tests.procurement.action_plans.test_planning_again.steps import (
    changed,
    check,
    entries_before,
    plan,
)

pytestmark = pytest.mark.django_db


moves = st.one_of(
    st.tuples(
        st.just("quantity"), st.integers(0, 5), st.decimals(0, 20_000, places=3), st.booleans()
    ),
    st.tuples(st.just("extension"), st.integers(0, 5), st.integers(-400, 700), st.booleans()),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    days=st.lists(st.integers(0, 200), min_size=1, max_size=5),
    deeds=st.lists(moves, min_size=1, max_size=5),
)
def test_any_sequence_of_changes(bench, contract, days, deeds):
    """Time goes on, changes come from either side; what is refused changes nothing."""
    day = date(2026, 7, 5)
    with transaction.atomic():
        for wait, (kind, ahead, amount, by_supplier) in zip(days, deeds, strict=False):
            day = date.fromordinal(day.toordinal() + wait)
            brief = contract_brief(contract.pk)
            index = (day.year * 12 + day.month - 1) // 3 + ahead
            from_quarter = date(index // 4, index % 4 * 3 + 1, 1)
            facts = {"kind": kind, "from_quarter": from_quarter}
            if kind == "quantity":
                facts["quantity"] = amount
            else:
                facts["ends_on"] = date.fromordinal(brief.ends_on.toordinal() + amount)
            infos = commitments_of(contract.pk)
            before = {row.id: entries_before(row, from_quarter) for row in infos}
            plans = {row.id: plan(contract, row) for row in infos}
            sides = (bench.manager, bench.bidders[0])
            asker, agreer = sides if by_supplier else sides[::-1]
            try:
                changed(
                    bench, contract, asker=asker, agreer=agreer,
                    at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC), **facts,
                )  # fmt: skip
            except RuleBroken:
                assert {row.id: plan(contract, row) for row in infos} == plans
            else:
                for row in infos:
                    assert entries_before(row, from_quarter) == before[row.id]
                    now = plan(contract, row)
                    was = plans[row.id]
                    past = {q: n for q, n in now.items() if q < from_quarter}
                    assert {q: past[q] for q in was if q < from_quarter} == {
                        q: n for q, n in was.items() if q < from_quarter
                    }
                    # An end moved beyond a quarter that is not planned again brings it in with nothing due.
                    if row.measure.adds_up:
                        assert {past[q] for q in set(past) - set(was)} <= {0}
            check(contract)
        transaction.set_rollback(True)
