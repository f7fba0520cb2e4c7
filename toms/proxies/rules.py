"""Which value holds on a day, and what changed between two editions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from toms.valuation.rules import natural_key

HUNDRED = Decimal(100)


class Dated(Protocol):
    @property
    def valid_from(self) -> date: ...


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Sequence[Row], on: date) -> Row:
    """The row that holds on a day: the latest that has begun, else the first. ``rows`` are in order, at least one."""
    begun = [row for row in rows if row.valid_from <= on]
    return begun[-1] if begun else rows[0]


@dataclass(frozen=True, slots=True)
class DatedAmount:
    valid_from: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class MeasureVersion:
    """A measure as one edition has it. ``texts`` by the name shown; ``amounts`` by place, oldest first."""

    code: str
    title: str
    theme: str
    unit: str
    kind: str
    aggregation: str
    texts: Mapping[str, str]
    amounts: Mapping[str, Sequence[DatedAmount]]


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
    """The £ of one unit at a place from a day on. None: the edition has no value there."""

    code: str
    title: str
    place: str
    since: date
    before: Decimal | None
    after: Decimal | None
    is_same_unit: bool

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
    for place in sorted(old.amounts.keys() | new.amounts.keys()):
        rows = [*old.amounts.get(place, ()), *new.amounts.get(place, ())]
        days = sorted({since, *(row.valid_from for row in rows if row.valid_from > since)})
        last: tuple[Decimal | None, Decimal | None] | None = None
        for day in days:
            pair = (_amount(old, place, day), _amount(new, place, day))
            if pair[0] != pair[1] and pair != last:
                is_same_unit = old.unit == new.unit
                found.append(Moved(new.code, new.title, place, day, *pair, is_same_unit))
            last = pair
    return found


def _amount(version: MeasureVersion, place: str, day: date) -> Decimal | None:
    rows = version.amounts.get(place)
    return in_force(rows, day).amount if rows else None
