"""From hours, heads and days to the quantity a measure counts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from toms.valuation.rules import (
    attendee_hours,
    attribution_shares,
    fte,
    fte_years,
    weeks_in_first_year,
    within_first_year,
    worth,
    year_share,
)


def test_ten_full_time_and_five_half_time_for_two_years_are_twenty_five():
    ten, five = Decimal(10), Decimal(5)
    full, half, years = Decimal(35), Decimal("17.5"), Decimal(2)
    assert fte_years([(ten, full, years), (five, half, years)]) == Decimal(25)


@pytest.mark.parametrize(
    ("hours", "part"), [("0", "0"), ("17.5", "0.5"), ("35", "1"), ("35.01", "1"), ("48", "1")]
)
def test_thirty_five_hours_are_one(hours, part):
    assert fte(Decimal(hours)) == Decimal(part)


def test_two_hours_for_eight_people_are_sixteen():
    assert attendee_hours(Decimal(2), 8) == Decimal(16)


def test_an_event_over_three_contracts_is_five_hundred_pounds_each():
    assert attribution_shares(Decimal(1500), [Decimal(1)] * 3) == (Decimal(500),) * 3
    third = Decimal(1) / Decimal(3)
    assert worth(quantity=Decimal(1500), unit_value=Decimal(1), attribution=third).value == Decimal(
        "500.00"
    )


def test_shares_follow_what_each_paid():
    assert attribution_shares(Decimal(1000), [Decimal(3), Decimal(1), Decimal(0)]) == (
        Decimal(750), Decimal(250), Decimal(0),
    )  # fmt: skip


@pytest.mark.parametrize("shares", [[], [Decimal(0)], [Decimal(-1), Decimal(2)]])
def test_shares_of_nothing_are_refused(shares):
    with pytest.raises(ValueError, match="share"):
        attribution_shares(Decimal(10), shares)


@pytest.mark.parametrize(
    ("starts", "ends", "days", "of"),
    [
        (date(2026, 4, 1), date(2027, 3, 31), 365, 365),
        (date(2026, 10, 1), date(2027, 3, 31), 182, 365),
        (date(2026, 1, 1), date(2026, 4, 1), 1, 365),
        (date(2026, 1, 1), date(2026, 3, 31), 0, 365),
        (date(2027, 4, 1), date(2027, 4, 30), 0, 365),
        (date(2020, 1, 1), date(2030, 1, 1), 365, 365),
    ],
)
def test_part_of_a_year_by_days(starts, ends, days, of):
    share = year_share(starts, ends, date(2026, 4, 1))
    assert (share * of).quantize(Decimal("0.000001")) == Decimal(days)


def test_a_leap_year_has_one_day_more():
    assert year_share(date(2027, 4, 1), date(2028, 3, 31), date(2027, 4, 1)) == 1
    half = year_share(date(2027, 4, 1), date(2027, 9, 30), date(2027, 4, 1))
    assert half == Decimal("0.5")


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2026, 4, 30), False),
        (date(2026, 5, 1), True),
        (date(2027, 4, 30), True),
        (date(2027, 5, 1), False),
    ],
)
def test_only_the_first_twelve_months_count(day, counts):
    assert within_first_year(date(2026, 5, 1), day) is counts


def test_somebody_hired_on_the_leap_day_counts_to_the_end_of_february():
    hired = date(2028, 2, 29)
    assert within_first_year(hired, date(2029, 2, 28))
    assert not within_first_year(hired, date(2029, 3, 1))


def test_weeks_stop_after_the_first_year():
    hired = date(2026, 5, 1)
    assert weeks_in_first_year(hired, date(2026, 5, 1), date(2026, 5, 14)) == 2
    assert weeks_in_first_year(hired, date(2026, 4, 1), date(2026, 5, 7)) == 1
    assert weeks_in_first_year(hired, date(2026, 5, 1), date(2030, 5, 1)) == 52
    assert weeks_in_first_year(hired, date(2027, 5, 1), date(2027, 6, 1)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: fte(Decimal(-1)),
        lambda: attendee_hours(Decimal(2), -1),
        lambda: attendee_hours(Decimal("NaN"), 1),
        lambda: fte_years([(Decimal(1), Decimal(35), Decimal(-1))]),
        lambda: year_share(date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 1)),
        lambda: weeks_in_first_year(date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 1)),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="must"):
        wrong()
