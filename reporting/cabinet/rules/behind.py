"""The rows behind each figure of a content, and what they add up to: the figure, to the penny. Pure.

Ledger entries are kept once; each figure says by its own filters which of them stand under it. Records that are counted
are kept in sheets; each figure says which column of its sheet adds up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from procurement.ledger.vocabulary import Basis
from reporting.cabinet.rules.content.jsons import Json, canonical, sha256_of
from reporting.figures.rules.shapes import Kind
from socialvalue.core.money import count_text, from_pence, pounds, quantity_text
from toms.frameworks.vocabulary import Aggregation

ENTRY = (
    "id",
    "basis",
    "posted_on",
    "month",
    "authority_id",
    "supplier_id",
    "contract_id",
    "commitment_id",
    "claim_id",
    "measure_id",
    "edition_id",
    "quantity",
    "denominator",
    "value_pence",
    "corrects_id",
    "reason",
    "is_valued",
)
"""What is kept of an entry, in the order of a row."""
SHEETS = {
    Basis.COMMITTED: "Committed entries",
    Basis.CLAIMED: "Claimed entries",
    Basis.EVIDENCED: "Evidenced entries",
    Basis.VERIFIED: "Verified entries",
}


class Rule(StrEnum):
    """How rows make a figure: their sum, their part of a whole in percent, or their mean."""

    SUM = "sum"
    SHARE = "share"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Entry:
    """A ledger entry as it was when the content was built."""

    id: int
    basis: str
    posted_on: date
    month: date
    authority_id: int
    supplier_id: int | None
    contract_id: int | None
    commitment_id: int | None
    claim_id: int | None
    measure_id: int
    edition_id: int
    quantity: Decimal
    denominator: Decimal | None
    value_pence: int
    corrects_id: int | None
    reason: str
    is_valued: bool
    """False: counted, with no £."""


def entry_of(row: Sequence[object]) -> Entry:
    """An entry from the row that is kept of it."""
    said = dict(zip(ENTRY, row, strict=True))
    said["posted_on"] = date.fromisoformat(str(said["posted_on"]))
    said["month"] = date.fromisoformat(str(said["month"]))
    said["quantity"] = Decimal(str(said["quantity"]))
    whole = said["denominator"]
    said["denominator"] = None if whole is None else Decimal(str(whole))
    return Entry(**said)  # type: ignore[arg-type]  # a row holds what ``raw_entry`` put in it


class Entries:
    """The entries of a content with the names of what they are about."""

    def __init__(self, found: Json) -> None:
        self.found = found

    @cached_property
    def rows(self) -> tuple[Entry, ...]:
        return tuple(entry_of(row) for row in self.found["rows"])

    @cached_property
    def measures(self) -> Mapping[int, Json]:
        return {int(key): row for key, row in self.found["measures"].items()}

    @cached_property
    def contracts(self) -> Mapping[int, Json]:
        return {int(key): row for key, row in self.found["contracts"].items()}

    def name(self, kind: str, key: int | None) -> str:
        """Of an authority, a supplier or an edition; empty where it is not told."""
        return "" if key is None else str(self.found[kind].get(str(key), ""))

    @cached_property
    def superseded(self) -> frozenset[int]:
        """Entries whose quantity no longer counts: of a measure whose last month does, those of the months before."""
        last: dict[tuple[str, int, int], date] = {}
        latest = {
            key for key, row in self.measures.items() if row["aggregation"] == Aggregation.LAST
        }
        rows = [row for row in self.rows if row.measure_id in latest]
        for row in rows:
            key = (row.basis, row.measure_id, row.authority_id)
            last[key] = max(last.get(key, row.month), row.month)
        return frozenset(
            row.id for row in rows if row.month < last[row.basis, row.measure_id, row.authority_id]
        )

    def under(self, figure: Json) -> list[Entry]:
        """The entries under a figure by its own filters, in the order of the ledger."""
        asked = figure["query"]
        bases, measures = set(asked["bases"]), asked["measure_ids"]
        wanted = None if measures is None else set(measures)
        out = self.superseded if figure["kind"] == Kind.QUANTITY else frozenset()
        return [
            row
            for row in self.rows
            if row.basis in bases
            and (wanted is None or row.measure_id in wanted)
            and row.id not in out
        ]


# --- what rows add up to ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sum:
    """``total`` by ``rule``; ``of`` is the whole of a share or the number of a mean, None for a sum."""

    rule: Rule
    total: Decimal
    of: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        """The figure; None where there is nothing to be a part of."""
        if self.rule == Rule.SUM:
            return self.total
        if not self.of:
            return None
        return self.total * 100 / self.of if self.rule == Rule.SHARE else self.total / self.of


def sum_of_entries(figure: Json, entries: Iterable[Entry]) -> Sum:
    rows = list(entries)
    if figure["kind"] == Kind.PERCENT:
        part, whole = figure["query"]["bases"]
        return Sum(Rule.SHARE, _pounds(rows, part), _pounds(rows, whole))
    if figure["kind"] == Kind.MONEY:
        return Sum(Rule.SUM, from_pence(sum(row.value_pence for row in rows)))
    return Sum(Rule.SUM, sum((row.quantity for row in rows), Decimal(0)))


def _pounds(rows: Iterable[Entry], basis: str) -> Decimal:
    return from_pence(sum(row.value_pence for row in rows if row.basis == basis))


def sum_of_sheet(
    rule: Rule, rows: Sequence[Sequence[str | None]], part: int | None, of: int | None
) -> Sum:
    """The sum of a column, or of the rows themselves where ``part`` is None; ``of`` likewise for the whole."""

    def added(column: int | None) -> Decimal:
        if column is None:
            return Decimal(len(rows))
        return sum((Decimal(row[column]) for row in rows if row[column]), Decimal(0))  # type: ignore[arg-type]

    return Sum(rule, added(part), None if rule == Rule.SUM else added(of))


def under_entries(figure: Json, entries: Sequence[Entry]) -> Json:
    """How many entries, what they add up to, and the hash of exactly these rows."""
    found = sum_of_entries(figure, entries)
    listed = [
        [row.id, row.basis, f"{row.quantity:f}", row.value_pence, row.corrects_id]
        for row in entries
    ]
    return _under("entries", figure, found, len(listed), listed, sheet_of(figure))


def sheet_of(figure: Json) -> str:
    """The sheet, or for a share the two sheets, that list its entries."""
    return " and ".join(SHEETS[Basis(basis)] for basis in figure["query"]["bases"])


def under_sheet(
    figure: Json, kind: str, sheet: Json, rule: Rule, part: int | None, of: int | None
) -> Json:
    """The same of records that are counted. ``part`` and ``of`` are columns of the sheet's table."""
    rows = sheet["table"]["rows"]
    found = sum_of_sheet(rule, rows, part, of)
    listed = [[key, *row] for key, row in zip(sheet["ids"], rows, strict=True)]
    said = _under(kind, figure, found, len(rows), listed, sheet["sheet"])
    return {**said, "part": part, "whole": of}


def _under(kind: str, figure: Json, found: Sum, count: int, listed: object, sheet: str) -> Json:
    return {
        "kind": kind,
        "rule": found.rule.value,
        "count": count,
        "sum": f"{found.total:f}",
        "of": None if found.of is None else f"{found.of:f}",
        "sha256": sha256_of(canonical({"rows": listed})),
        "sheet": sheet,
        "says": _says(figure, found, count),
    }


def _says(figure: Json, found: Sum, count: int) -> str:
    """What stands after the number of rows: `` that add up to £1,200.50``; empty where it says nothing new."""
    total = _shown(figure, found.total, is_part=found.rule != Rule.SUM)
    verb = "adds" if count == 1 else "add"
    if figure["kind"] == Kind.COUNT:
        return "" if found.total == count else f": {total}"
    if found.rule == Rule.SUM:
        return f" that {verb} up to {total}"
    if found.rule == Rule.MEAN:
        return f" with {count_text(found.of or Decimal(0), 'weighting')}"
    return f": {total} of {_shown(figure, found.of or Decimal(0), is_part=True)}"


def _shown(figure: Json, number: Decimal, *, is_part: bool) -> str:
    in_pounds = figure["kind"] == Kind.MONEY or (is_part and figure["query"].get("in_pounds"))
    if in_pounds:
        return pounds(number)
    if is_part:
        return quantity_text(number)
    unit = figure["unit"]
    if figure["kind"] == Kind.COUNT and number == 1:
        unit = {"remedies": "remedy"}.get(unit, unit.removesuffix("s"))
    return f"{quantity_text(number)} {unit}"


# --- do they agree ------------------------------------------------------------------------------


def disagreements(content: Json) -> list[str]:
    """The figures that their rows do not add up to, each a sentence; empty when all do."""
    return [
        f"{row['label']} is {row['shown']}, but its rows make {_made(row)}."
        for row in content["figures"]
        if row["rows"] is not None and not agrees(row)
    ]


def _sum_in(row: Json) -> Sum:
    under = row["rows"]
    of = None if under["of"] is None else Decimal(under["of"])
    return Sum(Rule(under["rule"]), Decimal(under["sum"]), of)


def _made(row: Json) -> str:
    value = _sum_in(row).value
    return "nothing" if value is None else f"{value:f}"


def agrees(row: Json) -> bool:
    """Whether the rows make the figure, exactly. What is not reported has no rows, or nothing known of them."""
    if row["value"] is None:
        return row["rows"]["count"] == 0 or row["kind"] in (Kind.PERCENT, Kind.MONEY)
    return _sum_in(row).value == Decimal(row["value"])
