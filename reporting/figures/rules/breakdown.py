"""Sums broken down by one thing: each part goes to its lines, and a line adds up its own parts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from procurement.ledger.vocabulary import Basis
from reporting.figures.rules.positions import Bases, MeasureCell, bases_of, combined_quantity
from reporting.figures.rules.tables import added
from socialvalue.core.money import from_pence
from socialvalue.core.tables import Column, Table, Value

NO_MEASURE = 0
"""The measure of a part that mixes measures: it has no quantity."""


class By(StrEnum):
    """What the sums can be broken down by, in the order of the page."""

    THEME = "theme"
    OUTCOME = "outcome"
    MEASURE = "measure"
    DIRECTORATE = "directorate"
    PLACE = "place"
    SUPPLIER = "supplier"
    SIZE = "size"
    ROUTE = "route"
    OBJECTIVE = "objective"
    PRIORITY = "national-priority"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to break the sums down. ``overlaps``: an entry can stand on several lines."""

    by: By
    label: str
    many: str
    about: str = ""
    overlaps: bool = False
    of_contract: bool = False
    """Known of the contract as it is today, not of the entry."""

    @property
    def slug(self) -> str:
        return self.by.value


DIMENSIONS: dict[str, Dimension] = {
    row.slug: row
    for row in (
        Dimension(By.THEME, "Theme", "themes"),
        Dimension(By.OUTCOME, "Outcome", "outcomes"),
        Dimension(By.MEASURE, "Measure", "measures"),
        Dimension(By.DIRECTORATE, "Directorate", "directorates", of_contract=True),
        Dimension(
            By.PLACE,
            "Place",
            "places",
            "The first half of the postcode that a claim names. The second half is never kept, so there are no wards. "
            "What is committed has no place until it is claimed.",
        ),
        Dimension(By.SUPPLIER, "Supplier", "suppliers", of_contract=True),
        Dimension(
            By.SIZE,
            "Size of supplier",
            "sizes of supplier",
            "What the supplier says of itself. A supplier that answered one question with no and left the other out is "
            "not stated.",
            of_contract=True,
        ),
        Dimension(
            By.ROUTE,
            "Route",
            "routes",
            "The latest route decision on the procurement.",
            of_contract=True,
        ),
        Dimension(
            By.OBJECTIVE,
            "Objective",
            "objectives",
            "The objectives that the measure's own record names.",
            overlaps=True,
        ),
        Dimension(
            By.PRIORITY,
            "National priority",
            "national priorities",
            "Priorities of the national statements in force when the procurement commenced that the measure serves.",
            overlaps=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Part:
    """A sum under one key: a contract, a measure, a district, or a contract with a measure."""

    key: Any
    cell: MeasureCell


@dataclass(frozen=True, slots=True)
class LineKey:
    """What a line is. ``asks`` narrows the ledger to its entries; ``place`` is its place before any sorting."""

    label: str
    asks: tuple[tuple[str, str], ...]
    place: tuple[int, int] = (0, 0)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quantities:
    """What one measure adds up to by basis, in its unit; None where nothing was reported or nothing adds up."""

    unit: str
    committed: Decimal | None
    claimed: Decimal | None
    evidenced: Decimal | None
    verified: Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    key: LineKey
    pence: Bases
    entries: Bases
    quantities: Quantities | None = None
    """Only of a line of one measure: units do not mix."""

    @property
    def label(self) -> str:
        return self.key.label


@dataclass(frozen=True, slots=True)
class Counting:
    """How one measure's quantities come together."""

    unit: str
    aggregation: str


def broken_down(
    parts: Iterable[Part],
    lines_of: Callable[[Any], Sequence[LineKey]],
    measures: Mapping[int, Counting],
    always: Sequence[LineKey] = (),
) -> list[Line]:
    """A line for each key that ``lines_of`` names, and for those of ``always``, in their own order.

    Where every part has exactly one line, the lines add up to ``whole`` of the same parts.
    """
    grouped: dict[LineKey, list[MeasureCell]] = {key: [] for key in always}
    for part in parts:
        for key in lines_of(part.key):
            grouped.setdefault(key, []).append(part.cell)
    lines = [_line(key, cells, measures) for key, cells in grouped.items()]
    return sorted(lines, key=_own_order)


def whole(parts: Iterable[Part], measures: Mapping[int, Counting]) -> Line:
    """Every part once, whatever lines it stands on."""
    return _line(LineKey("Total", ()), [part.cell for part in parts], measures)


def _line(key: LineKey, cells: Sequence[MeasureCell], measures: Mapping[int, Counting]) -> Line:
    return Line(key, bases_of(cells), bases_of(cells, entries=True), _quantities(cells, measures))


def _quantities(
    cells: Sequence[MeasureCell], measures: Mapping[int, Counting]
) -> Quantities | None:
    ids = {cell.measure_id for cell in cells}
    counting = measures.get(ids.pop()) if len(ids) == 1 else None
    if counting is None:
        return None

    def of(basis: str) -> Decimal | None:
        rows = [cell for cell in cells if cell.basis == basis]
        return combined_quantity(counting.aggregation, rows)

    return Quantities(counting.unit, *(of(basis) for basis in Basis.values))


def _own_order(line: Line) -> tuple[object, ...]:
    pence = line.pence
    largest = (-pence.committed, -pence.claimed, -pence.verified)
    return (*line.key.place, *largest, line.label.casefold(), line.key.asks)


SORTS: dict[str, Callable[[Line], object]] = {
    "name": lambda line: line.label.casefold(),
    "committed": lambda line: (line.pence.committed, line.entries.committed),
    "claimed": lambda line: (line.pence.claimed, line.entries.claimed),
    "evidenced": lambda line: (line.pence.evidenced, line.entries.evidenced),
    "verified": lambda line: (line.pence.verified, line.entries.verified),
    # Nothing committed is no share, which comes before 0%.
    "share": lambda line: (line.pence.share is not None, line.pence.share or Decimal(0)),
}


def in_order(lines: Sequence[Line], sort: str) -> list[Line]:
    """Sorted by a key of ``SORTS``, ``-`` before it for largest first; in their own order when it is none of them."""
    by = SORTS.get(sort.removeprefix("-"))
    if by is None:
        return list(lines)
    return sorted(lines, key=by, reverse=sort.startswith("-"))  # type: ignore[arg-type]  # keys of one sort compare


def adds_up(lines: Sequence[Line], total: Line) -> bool:
    """Whether the lines together are the total, to the penny and to the entry."""
    return (
        added([line.pence for line in lines]) == total.pence
        and added([line.entries for line in lines]) == total.entries
    )


# --- as a table -------------------------------------------------------------------------------


def breakdown_table(
    caption: str, dimension: Dimension, lines: Sequence[Line], total: Line, *, money: bool
) -> Table:
    """Every line with its £, numbers of entries, and quantities where lines are of one measure."""
    has_quantities = any(line.quantities for line in lines)
    columns = [Column(dimension.label, width=44)]
    if has_quantities:
        columns.append(Column("Unit", width=18))
    for label in Basis.labels:
        if money:
            columns.append(Column(f"{label} (£)", "money", is_social_value=True))
        if has_quantities:
            columns.append(Column(f"{label} (quantity)", "number"))
        columns.append(Column(f"{label} (entries)", "number"))
    if money:
        columns.append(Column("Verified of committed (%)", "percent", is_social_value=True))
    return Table(
        caption,
        columns,
        [_row(line, money=money, has_quantities=has_quantities) for line in lines],
        _row(total, money=money, has_quantities=has_quantities) if lines else None,
    )


def _row(line: Line, *, money: bool, has_quantities: bool) -> tuple[Value, ...]:
    row: list[Value] = [line.label]
    if has_quantities:
        row.append(line.quantities.unit if line.quantities else "")
    for basis in Basis.values:
        if money:
            row.append(from_pence(getattr(line.pence, basis)))
        if has_quantities:
            found = getattr(line.quantities, basis) if line.quantities else None
            row.append(None if found is None else found.quantize(Decimal("0.001")))
        row.append(getattr(line.entries, basis))
    if money:
        row.append(line.pence.share)
    return tuple(row)
