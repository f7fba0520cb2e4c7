"""Units: from what a person knows (hours a week, heads, days) to the quantity a measure counts.

Counting rules of the field: 1.0 FTE is 35 hours a week for a year; FTE measures count each contract year; hours are
multiplied by attendees; hire of people at a disadvantage counts for the first twelve months only; when others pay for
the same thing, each claims its share.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from toms.valuation.rules.numbers import EXACT, exactly

FTE_HOURS_A_WEEK = Decimal(35)
WEEKS_IN_A_YEAR = Decimal(52)
DAYS_IN_A_WEEK = 7


def _not_negative(name: str, number: Decimal) -> Decimal:
    exactly(name, number)
    if not (number.is_finite() and number >= 0):
        raise ValueError(f"{name} must be 0 or more")
    return number


def fte(hours_a_week: Decimal) -> Decimal:
    """One person's part of a full-time post: 17.5 hours are 0.5.

    Nobody is more than 1.0, however long the hours: the field's rule is silent here, and overtime is not another job.
    """
    hours = min(_not_negative("hours a week", hours_a_week), FTE_HOURS_A_WEEK)
    return EXACT.divide(hours, FTE_HOURS_A_WEEK)


def fte_years(posts: Iterable[tuple[Decimal, Decimal, Decimal]]) -> Decimal:
    """FTE-years of posts given as people, hours a week each, and years.

    Each contract year counts: 10 at 35 hours and 5 at 17.5 hours, both for two years, are 25.
    """
    total = Decimal(0)
    for people, hours_a_week, years in posts:
        heads = EXACT.multiply(_not_negative("people", people), fte(hours_a_week))
        total = EXACT.add(total, EXACT.multiply(heads, _not_negative("years", years)))
    return total


def attendee_hours(hours: Decimal, attendees: int) -> Decimal:
    """Hours of a session times those who came: 2 hours for 8 people are 16."""
    if attendees < 0:
        raise ValueError("attendees must be 0 or more")
    return EXACT.multiply(_not_negative("hours", hours), Decimal(attendees))


def _year_after(day: date) -> date:
    """The same day a year on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def year_share(starts_on: date, ends_on: date, year_starts_on: date) -> Decimal:
    """The part of one year that a post or service ran, by days, both ends included: 0 to 1.

    The year is the one that begins on ``year_starts_on``; a leap year has 366 days. ValueError when it ends before it
    starts.
    """
    if ends_on < starts_on:
        raise ValueError("the end must not be before the start")
    next_year = _year_after(year_starts_on)
    first, last = (
        max(starts_on, year_starts_on),
        min(ends_on.toordinal() + 1, next_year.toordinal()),
    )
    days = max(last - first.toordinal(), 0)
    return EXACT.divide(Decimal(days), Decimal((next_year - year_starts_on).days))


def weeks_between(starts_on: date, ends_on: date) -> Decimal:
    """Weeks of a period, both ends included, unrounded. ValueError when it ends before it starts."""
    if ends_on < starts_on:
        raise ValueError("the end must not be before the start")
    days = ends_on.toordinal() + 1 - starts_on.toordinal()
    return EXACT.divide(Decimal(days), Decimal(DAYS_IN_A_WEEK))


def years_run(starts_on: date, ends_on: date) -> Decimal:
    """Years of a period, both ends included: whole years from its first day, and the part of the last one by days.

    1 April 2025 to 30 September 2026 is 1 and 183/365. ValueError when it ends before it starts.
    """
    if ends_on < starts_on:
        raise ValueError("the end must not be before the start")
    years, begins = 0, starts_on
    while (following := _year_after(begins)) <= ends_on:
        years, begins = years + 1, following
    return EXACT.add(Decimal(years), year_share(begins, ends_on, begins))


def within_first_year(hired_on: date, day: date) -> bool:
    """Whether a day of work still counts for a measure that counts the first twelve months of a job only."""
    return hired_on <= day < _year_after(hired_on)


def weeks_in_first_year(hired_on: date, starts_on: date, ends_on: date) -> Decimal:
    """Weeks of a period, both ends included, that fall in the first twelve months of a job; at most 52."""
    if ends_on < starts_on:
        raise ValueError("the end must not be before the start")
    first = max(hired_on, starts_on)
    end = min(ends_on.toordinal() + 1, _year_after(hired_on).toordinal())
    days = max(end - first.toordinal(), 0)
    return min(EXACT.divide(Decimal(days), Decimal(DAYS_IN_A_WEEK)), WEEKS_IN_A_YEAR)


def attribution_shares(total: Decimal, shares: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """A total over those who paid for it, by their weights: £1,500 over three equal contracts is £500 each.

    Unrounded. ValueError when there is no weight above 0, or one is negative.
    """
    weights = [_not_negative("a share", share) for share in shares]
    whole = sum(weights, Decimal(0))
    if whole <= 0:
        raise ValueError("at least one share must be above 0")
    return tuple(EXACT.divide(EXACT.multiply(total, weight), whole) for weight in weights)
