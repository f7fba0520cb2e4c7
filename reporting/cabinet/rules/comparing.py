"""Two issues of a report beside each other: what moved, and what moved it. Pure.

The ledger only grows, so a sum of entries moves by the entries that came into it, less those that left its scope. Each
of these has exactly one reason, and what no entry explains is said as such: the parts always add up to the movement.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from procurement.ledger.vocabulary import Basis
from socialvalue.core.money import from_pence
from socialvalue.core.tables import Column, Table, Value


class Why(StrEnum):
    """Why entries are in the later issue and not in the earlier, or the other way about."""

    NEW = "new"
    CORRECTED = "corrected"
    PLAN = "plan"
    EDITION = "edition"
    LEFT = "left"
    LATEST = "latest"
    UNEXPLAINED = "unexplained"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS: dict[Why, str] = {
    Why.NEW: "New entries",
    Why.CORRECTED: "Corrections",
    Why.PLAN: "Changes to plans",
    Why.EDITION: "Entries of another edition",
    Why.LEFT: "No longer counted",
    Why.LATEST: "The latest figure counts",
    Why.UNEXPLAINED: "Not explained by entries",
}
MEANINGS: dict[Why, str] = {
    Why.NEW: "Posted since: deliveries, verifications and contracts that the earlier issue did not know.",
    Why.CORRECTED: "Entries taken back since, and those posted in their place.",
    Why.PLAN: "Promises of contracts the earlier issue knew, moved to other quarters or changed in amount.",
    Why.EDITION: "New entries valued with an edition that no entry of the earlier issue was valued with.",
    Why.LEFT: "In the earlier issue and not in this one: an authority or a contract that is no longer part of it.",
    Why.LATEST: "Of a measure whose last figure counts: a new figure stands in place of the one before.",
    Why.UNEXPLAINED: "The entries do not explain it. Ask whoever runs this service.",
}


MOST_NAMED = 10
"""So many records of a kind are named on the page; the table has all."""


@dataclass(frozen=True, slots=True)
class Moving:
    """An entry that one of the two issues counts and the other does not."""

    id: int
    basis: str
    measure_id: int
    commitment_id: int
    claim_id: int | None
    edition_id: int
    corrects_id: int | None
    quantity: Decimal
    value_pence: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the earlier issue counted: the commitments with promises in it, and the editions of its entries."""

    commitment_ids: frozenset[int] = frozenset()
    edition_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """What one reason moved a figure by, in its unit, and how many entries that were."""

    why: Why
    amount: Decimal
    entries: int
    shown: str = ""
    """The amount with its sign, as it is read."""


def reasons(came: Sequence[Moving], known: Known) -> dict[int, Why]:
    """By entry that came: the one reason it has."""
    taken_back = {_about(entry) for entry in came if entry.corrects_id is not None}
    found: dict[int, Why] = {}
    for entry in came:
        if entry.basis == Basis.COMMITTED:
            is_plan = entry.corrects_id is not None or entry.commitment_id in known.commitment_ids
            why = Why.PLAN if is_plan else Why.NEW
        else:
            is_corrected = entry.corrects_id is not None or _about(entry) in taken_back
            why = Why.CORRECTED if is_corrected else Why.NEW
        if why == Why.NEW and known.edition_ids and entry.edition_id not in known.edition_ids:
            why = Why.EDITION
        found[entry.id] = why
    return found


def _about(entry: Moving) -> tuple[str, int | None, int]:
    """What an entry says something of: entries that say something else of the same stand in its place."""
    return entry.basis, entry.claim_id, entry.commitment_id


def parts_of(
    moved: Decimal,
    came: Iterable[Moving],
    left: Iterable[Moving],
    why: Mapping[int, Why],
    amount: Callable[[Moving], Decimal],
    *,
    rest: Why = Why.UNEXPLAINED,
) -> tuple[Part, ...]:
    """The movement of a sum in parts, in the order of ``Why``. They add up to ``moved``, exactly."""
    sums: dict[Why, tuple[Decimal, int]] = {}
    for reason, sign, entries in ((None, 1, came), (Why.LEFT, -1, left)):
        for entry in entries:
            key = reason or why[entry.id]
            so_far, count = sums.get(key, (Decimal(0), 0))
            sums[key] = (so_far + sign * amount(entry), count + 1)
    over = moved - sum((so_far for so_far, _ in sums.values()), Decimal(0))
    if over:
        sums[rest] = (over, 0)
    return tuple(Part(key, *sums[key]) for key in Why if key in sums)


def pounds_of(entry: Moving) -> Decimal:
    return from_pence(entry.value_pence)


def quantity_of(entry: Moving) -> Decimal:
    return entry.quantity


@dataclass(frozen=True, slots=True)
class Moved:
    """One figure of both issues. ``before`` and ``after`` are as read; ``movement`` is in its unit."""

    name: str
    label: str
    unit: str
    is_money: bool
    """It is hidden where only counts are shown."""
    before: str
    after: str
    movement: Decimal | None
    """None where one of the two has no number to compare."""
    shown: str
    """The movement as it is read."""
    before_value: Decimal | None = None
    after_value: Decimal | None = None
    parts: tuple[Part, ...] = ()
    came: tuple[str, ...] = ()
    """Titles of contracts, procurements and the like that are counted now."""
    left: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    """Those counted in both, with another number."""
    note: str = ""
    is_in_both: bool = True

    @property
    def has_moved(self) -> bool:
        rows = self.came or self.left or self.changed
        return self.before != self.after or bool(self.movement) or bool(rows)

    @property
    def whys(self) -> list[tuple[str, str, int]]:
        """Each reason, what it moved the figure by as it is read, and how many entries that were."""
        return [(part.why.label, part.shown, part.entries) for part in self.parts]

    @property
    def records(self) -> list[tuple[str, tuple[str, ...], int]]:
        """What came, left and changed: the first of each, and how many more there are."""
        named = (("Came", self.came), ("Left", self.left), ("Changed", self.changed))
        return [
            (word, titles[:MOST_NAMED], max(len(titles) - MOST_NAMED, 0))
            for word, titles in named
            if titles
        ]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every figure of two contents, in the order of the later one."""

    rows: tuple[Moved, ...] = field(default=())

    @property
    def moved(self) -> tuple[Moved, ...]:
        return tuple(row for row in self.rows if row.is_in_both and row.has_moved)

    @property
    def unmoved(self) -> tuple[Moved, ...]:
        return tuple(row for row in self.rows if row.is_in_both and not row.has_moved)

    @property
    def alone(self) -> tuple[Moved, ...]:
        """The figures that only one of the two has."""
        return tuple(row for row in self.rows if not row.is_in_both)

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Every reason that occurs, with what it means."""
        used = {part.why for row in self.rows for part in row.parts}
        return [(why.label, MEANINGS[why]) for why in Why if why in used]

    def counts_only(self) -> Comparison:
        return Comparison(tuple(row for row in self.rows if not row.is_money))


def movement_of(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """What was not reported counts as nothing beside a number; two that were not reported have not moved."""
    if before is None and after is None:
        return None
    return (after or Decimal(0)) - (before or Decimal(0))


@dataclass(frozen=True, slots=True)
class Record:
    """A contract, procurement and the like that a figure counts, and the number it puts in; empty where it is one."""

    title: str
    number: str = ""


def records_moved(
    before: Mapping[int, Record], after: Mapping[int, Record]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What is counted only after, only before, and in both with another number. By key."""

    def said(record: Record) -> str:
        return f"{record.title} ({record.number})" if record.number else record.title

    return (
        tuple(said(record) for key, record in after.items() if key not in before),
        tuple(said(record) for key, record in before.items() if key not in after),
        tuple(
            f"{record.title} ({before[key].number} before, {record.number} after)"
            for key, record in after.items()
            if key in before and before[key].number != record.number
        ),
    )


def table(caption: str, rows: Collection[Moved]) -> Table:
    """One row a figure, one column a reason: the amounts of a row add up to its movement."""
    columns = [
        Column("Figure", width=44),
        Column("Unit"),
        Column("Before", "number"),
        Column("After", "number"),
        Column("Moved by", "number"),
        *(Column(f"Of it: {LABELS[why].lower()}", "number") for why in Why),
        Column("Entries", "number"),
        Column("Came", width=40),
        Column("Left", width=40),
        Column("Changed", width=40),
        Column("Note", width=50),
    ]
    return Table(caption, columns, [_cells(row) for row in rows])


def _cells(row: Moved) -> tuple[Value, ...]:
    amounts = {part.why: part.amount for part in row.parts}
    return (
        row.label,
        row.unit,
        row.before_value,
        row.after_value,
        row.movement,
        *(amounts.get(why) for why in Why),
        sum(part.entries for part in row.parts) if row.parts else None,
        "; ".join(row.came),
        "; ".join(row.left),
        "; ".join(row.changed),
        row.note,
    )
