from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialvalue.core.periods import (
    FinancialYear,
    add_months,
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


@pytest.mark.parametrize("text", ["2025", "2025-27", "25-26", "2025/26", "abcd-ef", ""])
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
