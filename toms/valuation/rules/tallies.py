"""From what a person knows to the quantity a measure counts, with the working: people, hours, weeks, dates.

Quantities are kept to three places, so a tally is rounded to three, half up, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from toms.valuation.rules.counting import (
    FTE_HOURS_A_WEEK,
    WEEKS_IN_A_YEAR,
    attendee_hours,
    fte,
    fte_years,
    weeks_between,
    weeks_in_first_year,
    years_run,
)
from toms.valuation.rules.numbers import EXACT, amount_of, plain
from toms.valuation.rules.values import WorkingLine

MILLI = Decimal("0.001")
NOTHING = Decimal("1e-30")
ASKED: dict[frozenset[str], tuple[str, ...]] = {
    frozenset({"FTE", "years"}): ("people", "hours_a_week", "weeks"),
    frozenset({"people", "hours"}): ("people", "hours"),
    frozenset({"people", "weeks"}): ("people", "first_on", "last_on", "hired_on"),
    frozenset({"people", "years"}): ("people", "first_on", "last_on"),
    frozenset({"weeks"}): ("first_on", "last_on", "hired_on"),
}
"""What is asked to count in a unit, by its parts. ``hired_on`` may be left out."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A quantity and how it was counted."""

    quantity: Decimal
    lines: tuple[WorkingLine, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person knows. Only what ``asked_for`` names is read."""

    people: Decimal = Decimal(1)
    hours: Decimal = Decimal(0)
    hours_a_week: Decimal = FTE_HOURS_A_WEEK
    weeks: Decimal = WEEKS_IN_A_YEAR
    first_on: date | None = None
    last_on: date | None = None
    hired_on: date | None = None


def asked_for(unit_parts: Sequence[str]) -> tuple[str, ...]:
    """What to ask so that this unit can be counted; empty where a quantity is simply known."""
    return ASKED.get(frozenset(unit_parts), ())


def tally(unit_parts: Sequence[str], unit: str, facts: Facts) -> Tally:
    """The quantity with its working. ValueError for a unit that is not counted, or an end before its start."""
    parts = frozenset(unit_parts)
    if parts == {"FTE", "years"}:
        return _fte_years(unit, facts)
    if parts == {"people", "hours"}:
        found = attendee_hours(facts.hours, int(facts.people))
        return _tally(unit, found, [], f"{_people(facts.people)} × {plain(facts.hours)} hours")
    if facts.first_on is None or facts.last_on is None or not asked_for(unit_parts):
        raise ValueError(f"{unit} is not counted from what is known")
    if parts == {"people", "years"}:
        return _over(years_run(facts.first_on, facts.last_on), "years", parts, unit, facts)
    if facts.hired_on is None:
        return _over(weeks_between(facts.first_on, facts.last_on), "weeks", parts, unit, facts)
    weeks = weeks_in_first_year(facts.hired_on, facts.first_on, facts.last_on)
    return _over(weeks, "weeks in the first twelve months of the job", parts, unit, facts)


def _fte_years(unit: str, facts: Facts) -> Tally:
    years = EXACT.divide(facts.weeks, WEEKS_IN_A_YEAR)
    found = fte_years([(facts.people, facts.hours_a_week, years)])
    hours = plain(facts.hours_a_week)
    lines = [
        WorkingLine(
            "One person",
            f"{hours} hours a week ÷ {plain(FTE_HOURS_A_WEEK)} = {_short(fte(facts.hours_a_week))} FTE",
        ),
        WorkingLine(
            "Part of a year",
            f"{plain(facts.weeks)} weeks ÷ {plain(WEEKS_IN_A_YEAR)} = {_short(years)} years",
        ),
    ]
    if facts.hours_a_week > FTE_HOURS_A_WEEK:
        lines.insert(1, WorkingLine("Longer hours", "nobody is more than 1 FTE"))
    return _tally(
        unit,
        found,
        lines,
        f"{_people(facts.people)} × {_short(fte(facts.hours_a_week))} FTE × {_short(years)} years",
    )


def _over(time: Decimal, of_what: str, parts: frozenset[str], unit: str, facts: Facts) -> Tally:
    """So long, for each of the people where the unit counts people."""
    if "people" not in parts:
        return _tally(unit, time, [], f"{_short(time)} {of_what}")
    found = EXACT.multiply(facts.people, time)
    return _tally(unit, found, [], f"{_people(facts.people)} × {_short(time)} {of_what}")


def _people(number: Decimal) -> str:
    return f"{plain(number)} {'person' if number == 1 else 'people'}"


def _tally(unit: str, exact: Decimal, lines: list[WorkingLine], terms: str) -> Tally:
    quantity = exact.quantize(MILLI, rounding=ROUND_HALF_UP)
    # A third of a year taken three times is a year: what is lost far behind the comma is no rounding.
    about = "" if abs(quantity - exact) < NOTHING else ", to three places"
    sum_line = WorkingLine("Quantity counted", f"{terms} = {amount_of(quantity, unit)}{about}")
    return Tally(quantity, (*lines, sum_line))


def _short(number: Decimal) -> str:
    """To four places, for reading; the sum itself is made of the whole number."""
    return plain(number.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP))
