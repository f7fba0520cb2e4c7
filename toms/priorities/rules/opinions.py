"""What a second opinion compares: which measure of another edition stands for one, and on what terms. Pure.

A counterpart is never guessed. It is the measure itself, the same code in the same family, a code the two families are
known to share, or what the region has decided in its crosswalk. It counts in the same unit, or the region has decided
how many units of the one are one of the other.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from toms.valuation.rules import ALL_ADDITIONAL, Additionality

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Known:
    """A measure, as far as it is compared. ``family`` is the slug of the framework it belongs to."""

    id: int
    code: str
    unit: str
    edition_id: int
    family: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the region decided: one unit counts as ``factor`` units of another measure."""

    target: Known
    factor: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The measure that stands for another; ``measure_id`` None with the reason why there is none to compare with."""

    measure_id: int | None
    reason: str = ""
    how: str = ""
    """How they were matched, where it is not plain."""
    factor: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Place:
    """The edition that is asked: its own id, its family and its name, and its measures by code."""

    edition_id: int
    family: str
    name: str
    measures: Mapping[str, Known]


def counterpart(
    measure: Known, there: Place, *, mapped: Mapped | None = None, aliases: Collection[str] = ()
) -> Counterpart:
    """Which measure of an edition stands for this one.

    ``mapped`` is the region's decision, if it points into that edition; ``aliases`` are the codes by which the other
    family knows the measure.
    """
    if measure.edition_id == there.edition_id:
        return Counterpart(measure.id)
    if mapped is not None:
        how = f"counted as {mapped.target.code} in the region's crosswalk"
        return Counterpart(mapped.target.id, how=how, factor=mapped.factor)
    if measure.family == there.family:
        found = there.measures.get(measure.code)
        return _if_same_unit(measure, found, there) if found else _none(there)
    known = [there.measures[code] for code in sorted({*aliases}) if code in there.measures]
    if len(known) > 1:
        codes = " and ".join(row.code for row in known)
        return Counterpart(None, f"Known by several codes in {there.name}: {codes}")
    if not known:
        return _none(there)
    return replace(_if_same_unit(measure, known[0], there), how=f"known there as {known[0].code}")


def _none(there: Place) -> Counterpart:
    return Counterpart(None, f"No counterpart in {there.name}")


def _if_same_unit(measure: Known, found: Known, there: Place) -> Counterpart:
    if not _is_same(measure.unit, found.unit):
        return Counterpart(
            None, f"Counted in {measure.unit} as awarded, and in {found.unit} in {there.name}"
        )
    return Counterpart(found.id)


def _is_same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


@dataclass(frozen=True, slots=True)
class Terms:
    """What is switched on for a second opinion; nothing unless asked for.

    ``place`` values everything at one place instead of where it was awarded. ``additionality`` names what is taken off
    in place of what each measure's own method says. ``is_discounted`` takes later years to today's value, by the Green
    Book schedule or by ``rate``.
    """

    place: str = ""
    additionality: Additionality = ALL_ADDITIONAL
    is_discounted: bool = False
    rate: Decimal | None = None

    @staticmethod
    def of(
        *,
        place: str,
        fractions: Mapping[str, Decimal],
        is_discounted: bool,
        rate: Decimal | None,
    ) -> Terms:
        """From the answers of a form; ``fractions`` by name, from 0 to 1."""
        taken_off = Additionality(**fractions) if fractions else ALL_ADDITIONAL
        return Terms(place, taken_off, is_discounted, rate if is_discounted else None)

    @property
    def is_plain(self) -> bool:
        """Nothing is switched on."""
        return not (self.place or self.is_discounted or any(self.additionality.parts()))

    def taken_off(self, own: Additionality) -> Additionality:
        """A measure's own method, with every part that was named in its stead."""
        named = {name: part for name, _, part in self.additionality.parts()}
        return replace(own, **named) if named else own


@dataclass(frozen=True, slots=True)
class ValuedRow:
    """A deed that was valued: a commitment, or an entry of the ledger.

    ``unit_value`` and ``value_pence`` are None where it was counted, not valued. ``on`` is the day whose unit values
    count. ``years`` says how much falls in which year, the first being 0; empty is all in year 0.
    """

    key: Hashable
    measure_id: int
    quantity: Decimal
    on: date
    unit_value: Decimal | None
    value_pence: int | None
    attribution_percent: Decimal = Decimal(100)
    place: str = ""
    sector: str = ""
    source: str = ""
    years: tuple[tuple[int, Decimal], ...] = ()


def year_of(begins_on: date, day: date) -> int:
    """Whole years from the beginning to a day: 0 in the first twelve months, and before them."""
    years = day.year - begins_on.year - ((day.month, day.day) < (begins_on.month, begins_on.day))
    return max(years, 0)
