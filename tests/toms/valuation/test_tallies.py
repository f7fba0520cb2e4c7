"""From people, hours, weeks and dates to a quantity, with the working."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from toms.valuation.rules import Facts, asked_for, tally, weeks_between, years_run

D = Decimal
FTE = ("FTE", "years")


def quantity(parts, facts):
    return tally(parts, " x ".join(parts), facts).quantity


@pytest.mark.parametrize(
    ("people", "hours", "weeks", "found"),
    [
        ("10", "35", "104", "20"),
        ("5", "17.5", "104", "5"),
        ("1", "35", "52", "1"),
        ("1", "36", "52", "1"),
        ("1", "17.5", "13", "0.125"),
        ("7", "20", "20", "1.538"),
        ("3", "11.6666666667", "52", "1"),
    ],
)
def test_full_time_years(people, hours, weeks, found):
    facts = Facts(people=D(people), hours_a_week=D(hours), weeks=D(weeks))
    assert quantity(FTE, facts) == D(found)


def test_the_working_says_each_step_and_when_it_was_rounded():
    found = tally(FTE, "FTE-years", Facts(people=D(7), hours_a_week=D(20), weeks=D(20)))
    assert [line.text for line in found.lines] == [
        "One person: 20 hours a week ÷ 35 = 0.5714 FTE",
        "Part of a year: 20 weeks ÷ 52 = 0.3846 years",
        "Quantity counted: 7 people × 0.5714 FTE × 0.3846 years = 1.538 FTE-years, to three places",
    ]
    long = tally(FTE, "FTE-years", Facts(people=D(1), hours_a_week=D(40)))
    assert "Longer hours: nobody is more than 1 FTE" in [line.text for line in long.lines]
    assert long.lines[-1].shown == "1 person × 1 FTE × 1 years = 1 FTE-year"


def test_two_hours_for_eight_people_are_sixteen():
    assert quantity(("people", "hours"), Facts(people=D(8), hours=D(2))) == D(16)


@pytest.mark.parametrize(
    ("parts", "last", "hired", "found"),
    [
        (("weeks",), date(2026, 4, 7), None, "1"),
        (("weeks",), date(2026, 4, 8), None, "1.143"),
        (("people", "weeks"), date(2026, 4, 14), None, "6"),
        (("people", "weeks"), date(2027, 12, 31), date(2026, 4, 1), "156"),
        (("weeks",), date(2026, 4, 28), date(2025, 4, 15), "2"),
        (("people", "years"), date(2027, 3, 31), None, "3"),
        (("people", "years"), date(2027, 9, 30), None, "4.5"),
    ],
)
def test_dates(parts, last, hired, found):
    facts = Facts(people=D(3), first_on=date(2026, 4, 1), last_on=last, hired_on=hired)
    assert quantity(parts, facts) == D(found)


def test_years_and_weeks_of_a_period():
    assert years_run(date(2024, 2, 29), date(2025, 2, 28)) == 1
    assert years_run(date(2026, 4, 1), date(2028, 3, 31)) == 2
    assert weeks_between(date(2026, 4, 1), date(2026, 4, 14)) == 2
    for counts in (years_run, weeks_between):
        with pytest.raises(ValueError, match="before the start"):
            counts(date(2026, 4, 2), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        (("years", "FTE"), ("people", "hours_a_week", "weeks")),
        (("people", "hours"), ("people", "hours")),
        (("weeks",), ("first_on", "last_on", "hired_on")),
        (("tCO2e",), ()),
        (("people",), ()),
    ],
)
def test_what_is_asked_is_what_the_unit_calls_for(parts, names):
    assert asked_for(parts) == names


def test_a_unit_that_is_not_counted_is_refused():
    with pytest.raises(ValueError, match="not counted"):
        tally(("trees",), "trees", Facts())
    with pytest.raises(ValueError, match="not counted"):
        tally(("weeks",), "weeks", Facts())
