"""The pipeline notice: the day, the two lines of money, the 18 months, the reminder."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.policies.rules import Estimate
from procurement.procurements.rules.pipeline import (
    CONTRACT_LINE,
    SPEND_LINE,
    check_plan_dates,
    is_in_notice,
    needs_notice,
    notice_due_on,
    pipeline_stand,
    remind_from,
    reporting_period,
)
from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import FinancialYear
from tests.factories.policies import law_of_the_file

YEAR = FinancialYear(2026)
SPEND = next(row for row in law_of_the_file() if row.category == SPEND_LINE)
CONTRACT = next(row for row in law_of_the_file() if row.category == CONTRACT_LINE)
MUCH, LINE = Decimal("100000000.01"), Decimal("100000000")


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_the_notice_is_due_on_26_may_and_asked_for_from_26_april(year):
    """56 days that begin with 1 April end on 26 May, in a leap year too."""
    assert notice_due_on(FinancialYear(year)) == date(year, 5, 26)
    assert remind_from(FinancialYear(year)) == date(year, 4, 26)


def test_the_notice_looks_eighteen_months_ahead():
    assert reporting_period(YEAR) == (date(2026, 4, 1), date(2027, 9, 30))


@pytest.mark.parametrize(
    ("spend", "needed"),
    [(None, False), (Decimal("99999999.99"), False), (LINE, False), (MUCH, True)],
)
def test_more_than_a_hundred_million_means_more(spend, needed):
    assert needs_notice(spend, SPEND) is needed
    assert needs_notice(spend, None) is False


@pytest.mark.parametrize(
    ("gross", "notice_on", "is_in"),
    [
        ("2000000.00", date(2026, 6, 1), False),
        ("2000000.01", date(2026, 6, 1), True),
        ("2000000.01", date(2026, 3, 31), False),
        ("2000000.01", date(2026, 4, 1), True),
        ("2000000.01", date(2027, 9, 30), True),
        ("2000000.01", date(2027, 10, 1), False),
    ],
)
def test_what_belongs_in_the_notice(gross, notice_on, is_in):
    assert is_in_notice(Estimate(Decimal(gross), "incl"), notice_on, YEAR, CONTRACT) is is_in
    assert is_in_notice(Estimate(Decimal(gross), "incl"), notice_on, YEAR, None) is False


def test_the_line_is_compared_including_vat():
    net = Estimate(Decimal("1700000"), "excl")
    assert is_in_notice(net, date(2026, 6, 1), YEAR, CONTRACT)
    exempt = Estimate(Decimal("1700000"), "excl", Decimal(0))
    assert not is_in_notice(exempt, date(2026, 6, 1), YEAR, CONTRACT)


@pytest.mark.parametrize(
    ("today", "spend", "published", "state", "reminds"),
    [
        (date(2026, 4, 25), MUCH, None, "not_due", False),
        (date(2026, 4, 26), MUCH, None, "due", True),
        (date(2026, 5, 26), MUCH, None, "due", True),
        (date(2026, 5, 27), MUCH, None, "overdue", True),
        (date(2026, 5, 27), MUCH, date(2026, 5, 20), "completed", False),
        (date(2026, 5, 27), LINE, None, "not_needed", False),
        (date(2026, 4, 25), None, None, "not_known", False),
        (date(2026, 4, 26), None, None, "not_known", True),
        (date(2026, 5, 27), None, None, "overdue", True),
    ],
)
def test_the_reminder(today, spend, published, state, reminds):
    stand = pipeline_stand(YEAR, today, spend, published, SPEND)
    assert (stand.state, stand.is_reminder) == (state, reminds)
    assert stand.state_label


def test_before_the_law_no_notice_is_asked_for():
    stand = pipeline_stand(FinancialYear(2024), date(2024, 6, 1), MUCH, None, None)
    assert (stand.state, stand.is_reminder, stand.can_ask) == ("not_asked", False, False)


@given(
    st.dates(date(2026, 4, 1), date(2027, 3, 31)),
    st.none() | st.decimals("0", "999999999", places=2),
    st.none() | st.dates(date(2026, 4, 1), date(2027, 3, 31)),
)
def test_a_published_notice_reminds_nobody_and_a_needed_one_somebody(today, spend, published):
    stand = pipeline_stand(YEAR, today, spend, published, SPEND)
    if published:
        assert not stand.is_reminder
    else:
        is_asked = spend is None or spend > LINE
        assert stand.is_reminder is (is_asked and today >= date(2026, 4, 26))


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (date(2027, 2, 28), None, "starts_expected_on"),
        (date(2027, 3, 2), date(2027, 3, 1), "ends_expected_on"),
    ],
)
def test_dates_the_wrong_way_round_name_the_box(start, end, field):
    with pytest.raises(RuleBroken) as caught:
        check_plan_dates(date(2027, 3, 1), start, end)
    assert caught.value.errors[0][0] == field


def test_all_on_one_day_is_allowed():
    day = date(2027, 3, 1)
    check_plan_dates(day, day, day)
