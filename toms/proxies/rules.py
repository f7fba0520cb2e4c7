"""Which value holds where and when, and what changed between two editions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from toms.valuation.rules import natural_key

HUNDRED = Decimal(100)
Where = tuple[str, str]
"""Place and sector, by slug; an empty one is everywhere and every sector."""


class Dated(Protocol):
    @property
    def valid_from(self) -> date: ...


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Sequence[Row], on: date) -> Row:
    """The row that holds on a day: the latest that has begun, else the first. ``rows`` are in order, at least one."""
    begun = [row for row in rows if row.valid_from <= on]
    return begun[-1] if begun else rows[0]


def nearest(place: str, sector: str) -> list[Where]:
    """Where a value is looked for, the nearest first: a value of the place goes before one of the sector."""
    return list(dict.fromkeys([(place, sector), (place, ""), ("", sector), ("", "")]))


def lacking(held: Iterable[Where], place: str, sector: str) -> str:
    """What is not known yet for one of the values held to be used; "" when one can be, or when none is held."""
    needs = {(p not in (place, ""), s not in (sector, "")) for p, s in held}
    if not needs or (False, False) in needs:
        return ""
    a_place = "another place" if place else "a place"
    a_sector = "another sector" if sector else "a sector"
    if needs == {(True, True)}:
        return f"{a_place} and {a_sector}"
    either = [a_place] * ((True, False) in needs) + [a_sector] * ((False, True) in needs)
    return " or ".join(either)


def until(lacks: str) -> str:
    """What ``lacking`` found, as the end of a sentence: "a place is set", "a place and a sector are set"."""
    return f"{lacks} {'are' if ' and ' in lacks else 'is'} set" if lacks else ""


_SMALL = frozenset({"and", "by", "in", "le", "of", "on", "the", "under", "upon"})


def place_name(place: str) -> str:
    """``stratford-on-avon`` as people write it, Stratford on Avon. Its slug is all that is known of a place."""
    words = place.split("-")
    said = [word if at and word in _SMALL else word.capitalize() for at, word in enumerate(words)]
    return " ".join(said) if place else "Everywhere"


def sector_name(sector: str) -> str:
    """``real-estate`` as people write it. Its slug is all that is known of a sector."""
    return sector.replace("-", " ").capitalize() if sector else "Every sector"


def where_name(place: str, sector: str) -> str:
    """``Coventry``; ``Coventry, Construction``; ``Everywhere``."""
    return f"{place_name(place)}, {sector_name(sector)}" if sector else place_name(place)


@dataclass(frozen=True, slots=True)
class DatedAmount:
    valid_from: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class MeasureVersion:
    """A measure as one edition has it. ``texts`` by the name shown; ``amounts`` by place and sector, oldest first."""

    code: str
    title: str
    theme: str
    unit: str
    kind: str
    aggregation: str
    texts: Mapping[str, str]
    amounts: Mapping[Where, Sequence[DatedAmount]]


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing about a measure that reads differently."""

    code: str
    title: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The £ of one unit at a place, in a sector, from a day on. None: the edition has no value there."""

    code: str
    title: str
    place: str
    since: date
    before: Decimal | None
    after: Decimal | None
    is_same_unit: bool
    sector: str = ""

    @property
    def where(self) -> str:
        return where_name(self.place, self.sector)

    @property
    def percent(self) -> Decimal | None:
        """How far it moved, as a percentage of what it was; None when that says nothing."""
        if not self.before or self.after is None or not self.is_same_unit:
            return None
        return (self.after - self.before) * HUNDRED / self.before


@dataclass(frozen=True, slots=True)
class Difference:
    """What a newer edition adds, leaves out and changes. Every list is in reading order of the codes."""

    added: tuple[MeasureVersion, ...]
    removed: tuple[MeasureVersion, ...]
    units: tuple[Changed, ...]
    """Unit, kind and how it adds up: what makes a quantity mean something else."""
    moved: tuple[Moved, ...]
    reworded: tuple[Changed, ...]
    same: int
    """Measures in both with nothing changed."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two editions that are compared."""

    slug: str
    label: str
    name: str
    framework: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two editions and what differs. Values are compared from ``since`` on: the first day on which both hold."""

    before: Side
    after: Side
    since: date
    found: Difference

    @property
    def is_same_framework(self) -> bool:
        return self.before.framework == self.after.framework


def difference(
    before: Sequence[MeasureVersion], after: Sequence[MeasureVersion], *, since: date
) -> Difference:
    """Compare two editions by code. Values are compared on ``since`` and on every later day on which one changes."""
    old, new = ({row.code: row for row in rows} for rows in (before, after))
    both = sorted(old.keys() & new.keys(), key=natural_key)
    units: list[Changed] = []
    moved: list[Moved] = []
    reworded: list[Changed] = []
    same = 0
    for code in both:
        found = (
            _kinds(old[code], new[code]),
            _moves(old[code], new[code], since),
            _words(old[code], new[code]),
        )
        units += found[0]
        moved += found[1]
        reworded += found[2]
        same += not any(found)
    return Difference(
        tuple(new[code] for code in sorted(new.keys() - old.keys(), key=natural_key)),
        tuple(old[code] for code in sorted(old.keys() - new.keys(), key=natural_key)),
        tuple(units),
        tuple(moved),
        tuple(reworded),
        same,
    )


def _kinds(old: MeasureVersion, new: MeasureVersion) -> list[Changed]:
    pairs = (
        ("Unit", old.unit, new.unit),
        ("Kind", old.kind, new.kind),
        ("How it adds up", old.aggregation, new.aggregation),
    )
    return [Changed(new.code, new.title, *pair) for pair in pairs if pair[1] != pair[2]]


def _words(old: MeasureVersion, new: MeasureVersion) -> list[Changed]:
    pairs = [("Title", old.title, new.title), ("Theme", old.theme, new.theme)]
    pairs += [(name, old.texts.get(name, ""), text) for name, text in new.texts.items()]
    return [Changed(new.code, new.title, *pair) for pair in pairs if pair[1] != pair[2]]


def _moves(old: MeasureVersion, new: MeasureVersion, since: date) -> list[Moved]:
    found = []
    for where in sorted(old.amounts.keys() | new.amounts.keys()):
        place, sector = where
        rows = [*old.amounts.get(where, ()), *new.amounts.get(where, ())]
        days = sorted({since, *(row.valid_from for row in rows if row.valid_from > since)})
        last: tuple[Decimal | None, Decimal | None] | None = None
        for day in days:
            pair = (_amount(old, where, day), _amount(new, where, day))
            if pair[0] != pair[1] and pair != last:
                is_same_unit = old.unit == new.unit
                found.append(Moved(new.code, new.title, place, day, *pair, is_same_unit, sector))
            last = pair
    return found


def _amount(version: MeasureVersion, where: Where, day: date) -> Decimal | None:
    rows = version.amounts.get(where)
    return in_force(rows, day).amount if rows else None


@dataclass(frozen=True, slots=True)
class OwnValue:
    """The £ of one unit as an authority writes it for a measure of its own, everywhere in its area."""

    amount: Decimal
    price_year: str
    source_name: str
    source_url: str
    licence: str
    method: str


MOST_DIGITS = 15
"""As many as both databases give back unchanged."""
MOST_POUNDS = Decimal("999999999.999999999")


def wrong_amount(amount: Decimal) -> str:
    """What is wrong with the £ of one unit; "" when nothing is."""
    if amount <= 0:
        return "The value of one unit must be more than £0. Select record only for a measure without one"
    if amount > MOST_POUNDS:
        return "The value of one unit must be less than £1,000,000,000"
    if len(f"{amount.normalize():f}".replace(".", "").lstrip("0")) > MOST_DIGITS:
        return f"The value of one unit must have at most {MOST_DIGITS} digits"
    return ""
