from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.policies.queries import bank_holidays
from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import (
    FinancialYear,
    add_months,
    add_working_days,
    quarter_end,
    quarter_label,
    quarter_number,
    quarter_start,
    quarters_between,
    uk_date,
)

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2026, 12, 31), 2026)],
)
def test_a_financial_year_starts_on_1_april(day, year):
    assert FinancialYear.of(day).start_year == year


def test_a_financial_year_has_names():
    year = FinancialYear(2025)
    assert (year.slug, year.label) == ("2025-26", "2025 to 2026")
    assert (year.first_day, year.last_day) == (date(2025, 4, 1), date(2026, 3, 31))
    assert year.quarters == [
        date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["2025", "2025-27", "25-26", "2025/26", "abcd-ef", "", "9999-00", "0000-01"]
)
def test_a_year_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="financial year"):
        FinancialYear.parse(text)


def test_the_turn_of_a_century_is_read():
    assert FinancialYear.parse("2099-00") == FinancialYear(2099)


@given(DAYS)
def test_a_year_goes_round(day):
    year = FinancialYear.of(day)
    assert FinancialYear.parse(year.slug) == year
    assert year.first_day <= day <= year.last_day


@given(DAYS)
def test_a_day_lies_in_its_quarter(day):
    start = quarter_start(day)
    assert start <= day <= quarter_end(day)
    assert start.day == 1
    assert quarter_number(day) in (1, 2, 3, 4)
    assert start in FinancialYear.of(day).quarters


def test_quarters_are_those_touched():
    assert quarters_between(date(2026, 3, 31), date(2026, 7, 1)) == [
        date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="before"):
        quarters_between(date(2026, 7, 1), date(2026, 3, 31))


def test_months_end_where_they_end():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)


def test_dates_are_shown_in_words():
    assert uk_date(date(2021, 9, 9)) == "9 September 2021"
    assert quarter_label(date(2026, 8, 1)) == "2026 to 2027, quarter 2"


# --- working days -----------------------------------------------------------------------------


def england() -> set[date]:
    return set(bank_holidays())


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # over a weekend
        (date(2026, 11, 21), 0, date(2026, 11, 23)),  # a Saturday moves to Monday
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2024, 3, 28), 1, date(2024, 4, 2)),  # Good Friday and Easter Monday
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # 26 December is a Saturday: 28 is given
        (date(2021, 12, 24), 1, date(2021, 12, 29)),  # Christmas Day on a Saturday: 27 and 28
        (date(2022, 12, 23), 1, date(2022, 12, 28)),  # Christmas Day on a Sunday: 26 and 27
        (date(2022, 12, 30), 1, date(2023, 1, 3)),  # New Year's Day on a Sunday
        (date(2020, 5, 1), 1, date(2020, 5, 4)),  # the first Monday was no holiday in 2020
        (date(2020, 5, 7), 1, date(2020, 5, 11)),  # 8 May was
        (date(2022, 5, 27), 1, date(2022, 5, 30)),  # the spring holiday moved to June in 2022
        (date(2022, 6, 1), 1, date(2022, 6, 6)),  # 2 and 3 June
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # 19 September
        (date(2023, 5, 5), 1, date(2023, 5, 9)),  # 8 May
    ],
)
def test_working_days_leave_out_weekends_and_holidays(day, number, found):
    assert add_working_days(day, number, england()) == found


@pytest.mark.parametrize(("day", "year"), [(date(2028, 12, 29), 2029), (date(2013, 12, 30), 2013)])
def test_a_year_outside_the_table_is_never_guessed(day, year):
    with pytest.raises(RuleBroken) as caught:
        add_working_days(day, 1, england())
    assert f"does not cover {year}" in caught.value.message


def test_the_last_day_of_the_table_is_still_counted():
    assert add_working_days(date(2028, 12, 28), 1, england()) == date(2028, 12, 29)


def test_working_days_are_counted_forward():
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 1, 5), -1, england())


@given(st.dates(date(2014, 1, 1), date(2027, 12, 31)), st.integers(0, 60), st.integers(0, 60))
def test_working_days_add_up(day, first, second):
    holidays = england()
    step = add_working_days(day, first, holidays)
    assert step.weekday() < 5
    assert step not in holidays
    assert step >= day
    if first:
        both = add_working_days(day, first + second, holidays)
        assert add_working_days(step, second, holidays) == both
