"""What a quantity of a measure is worth, asked in words: the one answer behind ``manage.py value``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotVisible, RuleBroken
from socialvalue.core.money import MAX_QUANTITY, parse_decimal
from toms.frameworks import queries as frameworks
from toms.frameworks.queries import MeasureInfo
from toms.frameworks.vocabulary import MeasureKind
from toms.proxies.queries import UnitValue, proxies_of, unit_value
from toms.proxies.rules import lacking, until
from toms.valuation.rules import (
    LAST_YEAR,
    Additionality,
    Timing,
    Working,
    WorkingLine,
    worth,
)

ONE = Decimal(1)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST = 1000
"""Years. Further ahead than any appraisal looks; a bound, so that a slip of the hand gets an answer."""
NO_VALUE = {
    MeasureKind.RECORD_ONLY: "Record only: this measure is counted and reported. It has no value in pounds.",
    MeasureKind.NEGOTIATED: "Negotiated: the bidder proposes a value with its source. There is none before that.",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Everything as typed. Shares are fractions from 0 to 1; an empty text was not given."""

    edition: str = ""
    measure: str = ""
    quantity: str = ""
    place: str = ""
    sector: str = ""
    on: str = ""
    attribution: str = ""
    deadweight: str = ""
    displacement: str = ""
    leakage: str = ""
    substitution: str = ""
    in_year: str = ""
    discount_rate: str = ""
    drop_off: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    measure: MeasureInfo
    edition: str
    place: str
    sector: str
    on: date
    working: Working
    unit_value: UnitValue | None
    note: str
    """Why there is no value; empty when there is one."""

    @property
    def source(self) -> str:
        return self.unit_value.cited if self.unit_value else ""

    @property
    def lines(self) -> list[str]:
        """The sum as it is printed, one line each."""
        return [*(line.text for line in self.working.lines), *([self.note] if self.note else [])]


def answer(question: Question) -> Answer:
    """The value and its working. RuleBroken, naming the option, when something is wrong or missing."""
    measure = _measure(question)
    quantity = _quantity(question.quantity)
    on = _day(question.on)
    attribution = _fraction("--attribution", question.attribution)
    additionality = _additionality(measure, question)
    timing = _timing(question)
    value, note = _value(measure, question.place, question.sector, on)
    working = worth(
        quantity=quantity,
        unit_value=value.amount if value else None,
        attribution=ONE if attribution is None else attribution,
        additionality=additionality,
        timing=timing,
        unit=measure.unit,
        source=value.cited if value else "",
    )
    working = _with_replaced(working, measure.additionality, additionality)
    return Answer(
        measure, question.edition, question.place, question.sector, on, working, value, note
    )


def _with_replaced(working: Working, own: Additionality, asked: Additionality) -> Working:
    """The sum with what the measure's own method would have taken off, where something else was asked for."""
    if not working.is_valued:
        return working
    said = [
        WorkingLine("Given instead of the measure's own", f"{label}, {share}")
        for label, share in own.replaced(asked)
    ]
    at = next(n for n, line in enumerate(working.lines) if line.label == "Value")
    return replace(working, lines=(*working.lines[:at], *said, *working.lines[at:]))


def _measure(question: Question) -> MeasureInfo:
    if not question.edition:
        raise RuleBroken(f"Give an edition with --edition: {_editions()}.")
    try:
        edition = frameworks.edition(question.edition)
    except NotVisible as error:
        raise RuleBroken(
            f"There is no published edition called {question.edition}. Published: {_editions()}."
        ) from error
    if not question.measure:
        raise RuleBroken("Give the code of a measure with --measure, for example GSE1.")
    try:
        return frameworks.measure(edition.slug, question.measure)
    except NotVisible as error:
        raise RuleBroken(
            f"There is no measure {question.measure} in {edition.slug}. "
            f"List them with manage.py measures --edition {edition.slug}."
        ) from error


def _editions() -> str:
    return ", ".join(row.slug for row in frameworks.edition_infos(SYSTEM)) or "none is loaded yet"


def _quantity(text: str) -> Decimal:
    if not text:
        raise RuleBroken("Give a quantity with --quantity, for example 25.")
    try:
        number = parse_decimal(text)
    except ValueError as error:
        raise RuleBroken(
            f"--quantity must be a number, for example 25 or 2.5, not {text}."
        ) from error
    if number < 0:
        raise RuleBroken("--quantity must be 0 or more.")
    if number > MAX_QUANTITY:
        raise RuleBroken(f"--quantity must be at most {MAX_QUANTITY:,f}.")
    return number


def _day(text: str) -> date:
    if not text:
        return clock.today()
    wrong = f"--on must be a date written YYYY-MM-DD, for example 2026-04-01, not {text}."
    # date.fromisoformat reads 20260401 and weeks too, which is not what the message says.
    if not _DAY.fullmatch(text):
        raise RuleBroken(wrong)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RuleBroken(wrong) from error


def _fraction(option: str, text: str) -> Decimal | None:
    if not text:
        return None
    wrong = f"{option} must be a fraction from 0 to 1, for example 0.25 for 25%, not {text}."
    try:
        number = parse_decimal(text)
    except ValueError as error:
        raise RuleBroken(wrong) from error
    if not 0 <= number <= 1:
        raise RuleBroken(wrong)
    return number


def _additionality(measure: MeasureInfo, question: Question) -> Additionality:
    """What is taken off: as the measure's own method says, with every share that was given in its stead."""
    given = Additionality(
        deadweight=_fraction("--deadweight", question.deadweight),
        leakage=_fraction("--leakage", question.leakage),
        displacement=_fraction("--displacement", question.displacement),
        substitution=_fraction("--substitution", question.substitution),
    )
    return replace(measure.additionality, **{name: part for name, _, part in given.parts()})


def _timing(question: Question) -> Timing | None:
    rate = _fraction("--discount-rate", question.discount_rate)
    drop_off = _fraction("--drop-off", question.drop_off)
    if not question.in_year:
        if rate is not None or drop_off is not None:
            raise RuleBroken(
                "Say in which year the value falls with --in-year; 0 is now, 1 is a year ahead."
            )
        return None
    if not (question.in_year.isascii() and question.in_year.isdecimal()):
        raise RuleBroken(
            f"--in-year must be a whole number of years, 0 or more, not {question.in_year}."
        )
    year = int(question.in_year[:9])
    if rate is None and year > LAST_YEAR:
        raise RuleBroken(
            f"The Green Book schedule ends at year {LAST_YEAR}. Give a rate with --discount-rate for year {year}."
        )
    if year > LONGEST:
        raise RuleBroken(f"--in-year must be at most {LONGEST}.")
    return Timing(year, rate, drop_off)


def _value(measure: MeasureInfo, place: str, sector: str, on: date) -> tuple[UnitValue | None, str]:
    """The unit value, or the reason there is none. RuleBroken when a place or a sector would give one."""
    if measure.kind in NO_VALUE:
        return None, NO_VALUE[MeasureKind(measure.kind)]
    found = unit_value(measure, place=place, on=on, sector=sector)
    if found is not None:
        return found, ""
    held = [(row.value.place, row.value.sector) for row in proxies_of(measure.id)]
    if not held:
        raise RuleBroken(f"No value is held for {measure.code} in this edition.")
    lacks = lacking(held, place, sector)
    places = ", ".join(dict.fromkeys(p for p, _ in held if p))
    sectors = ", ".join(dict.fromkeys(s for _, s in held if s))
    options = [
        f"{option} with one of: {listed}"
        for word, option, listed in (("place", "--place", places), ("sector", "--sector", sectors))
        if f"a {word}" in lacks
    ]
    if options:
        on_what = lacks.replace("another", "the").replace("a ", "the ")
        either = " or " if " or " in lacks else " and "
        raise RuleBroken(
            f"{measure.code} has no value until {until(lacks)}, because its value depends on {on_what}. "
            f"Add {either.join(options)}."
        )
    here = " in ".join(text for text in (sector, place) if text)
    known = [
        f"{word} with a value: {listed}."
        for word, listed in (("Places", places), ("Sectors", sectors))
        if listed
    ]
    raise RuleBroken(f"{measure.code} has no value in {here}. {' '.join(known)}")
