"""What a report holds, as plain values: built once, kept as JSON when frozen, shown as page and PDF from the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from reporting.cabinet.rules import words
from reporting.cabinet.vocabulary import SectionKind
from reporting.figures.rules.definitions import Figure
from reporting.figures.rules.shapes import Kind
from socialvalue.core.money import percent_text, pounds, quantity_text
from socialvalue.core.periods import FinancialYear, uk_date
from socialvalue.core.tables import Column, Table, Value

Json = dict[str, Any]
FORMAT = 1
LONDON = ZoneInfo("Europe/London")

# Which exhibits stand at the end of which section, in this order.
EXHIBITS: dict[str, tuple[tuple[str, str], ...]] = {
    SectionKind.EXECUTIVE_SUMMARY: (("chart", "themes"), ("table", "themes")),
    SectionKind.FINANCIAL: (("chart", "quarters"), ("table", "quarters")),
    SectionKind.ENVIRONMENTAL: (("table", "environment"),),
    SectionKind.SUPPORTING: (("table", "compared"), ("table", "contracts"), ("table", "measures")),
    SectionKind.APPENDICES: (("table", "definitions"),),
}


def canonical(content: Mapping[str, Any]) -> str:
    """The one text of a content: the same values give the same letters."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def figure_json(figure: Figure) -> Json:
    return {
        "name": figure.name,
        "label": figure.label,
        "meaning": figure.meaning,
        "kind": figure.kind,
        "unit": figure.unit,
        "computation": figure.computation,
        "source": figure.source,
        "value": None if figure.value is None else f"{figure.value:f}",
        "shown": figure.shown,
        "beside": figure.beside,
        "opens_url": figure.opens_url,
        "is_money": figure.is_money,
    }


def table_json(table: Table) -> Json:
    """A table as JSON: numbers as text with all their places, None for "not reported"."""
    return {
        "caption": table.caption,
        "columns": [
            {"heading": c.heading, "kind": c.kind, "width": c.width} for c in table.columns
        ],
        "rows": [[_raw(value) for value in row] for row in table.rows],
        "total": [_raw(value) for value in table.total] if table.total else None,
    }


def _raw(value: Value) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return f"{Decimal(value):f}"


def table_of(found: Json) -> Table:
    """The table again, with its numbers and dates."""
    columns = [Column(c["heading"], c["kind"], c["width"]) for c in found["columns"]]

    def row(values: Sequence[str | None]) -> list[Value]:
        return [_typed(column, value) for column, value in zip(columns, values, strict=True)]

    return Table(
        found["caption"],
        columns,
        [row(values) for values in found["rows"]],
        row(found["total"]) if found["total"] else None,
    )


def _typed(column: Column, value: str | None) -> Value:
    if value is None or not value:
        return value
    if column.kind == "date":
        return date.fromisoformat(value)
    # A total row has words in its first cell and empty texts where nothing adds up.
    return Decimal(value) if column.is_numeric else value


def _shown(column: Column, value: Value, *, with_pence: bool = False) -> str:
    """A value as it is read. Nothing in a column of £ means that the measure is counted and not valued.

    A column in which any amount has pence shows them in every row, so that the figures stand under one another.
    """
    if value is None:
        return "Not valued" if column.kind == "money" else "Not reported"
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return uk_date(value)
    number = Decimal(value)
    if column.kind == "money":
        shown = pounds(number)
        return f"{shown}.00" if with_pence and "." not in shown else shown
    return percent_text(number, 1) if column.kind == "percent" else quantity_text(number)


def chart_json(
    title: str,
    heading: str,
    unit: str,
    categories: Sequence[str],
    series: Mapping[str, Sequence[Decimal]],
) -> Json:
    return {
        "title": title,
        "heading": heading,
        "unit": unit,
        "categories": list(categories),
        "series": [
            {"name": name, "values": [f"{value:f}" for value in values]}
            for name, values in series.items()
        ],
    }


@dataclass(frozen=True, slots=True)
class TableView:
    """``label`` is ``Table 1``; ``name`` tells which of the report's tables it is."""

    name: str
    label: str
    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]
    total: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class ChartView:
    """``label`` is ``Figure 1``; the values are drawn by the renderer."""

    name: str
    label: str
    title: str
    heading: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[Decimal, ...]], ...]

    @property
    def alt(self) -> str:
        """The chart in words, for those who do not see it."""
        names = ", ".join(name.lower() for name, _ in self.series)
        return f"Bar chart. {self.title}: {names}. The table that follows has the same figures."


@dataclass(frozen=True, slots=True)
class SectionView:
    kind: str
    anchor: str
    heading: str
    is_numbered: bool
    paragraphs: tuple[words.Paragraph, ...]
    exhibits: tuple[ChartView | TableView, ...]


@dataclass(frozen=True, slots=True)
class ContactView:
    role: str
    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as page and PDF show it: one object for both."""

    organisation: str
    title: str
    committee: str
    meeting_on: str
    year: str
    is_draft: bool
    is_demonstration: bool
    counts_only: bool
    standing: str
    """As at when, up to which ledger entry, and the hash when frozen."""
    recommendation: SectionView
    sections: tuple[SectionView, ...]
    contacts: tuple[ContactView, ...]
    circulation_local: str
    circulation_other: str
    created: str
    """ISO moment for the PDF's metadata: when frozen, or when the figures were last rolled up."""

    @property
    def marks(self) -> list[str]:
        """What stands at the top of every page."""
        marks = ["Demonstration data"] if self.is_demonstration else []
        return [*marks, "Draft"] if self.is_draft else marks


def report_view(
    content: Json, *, figures_hash: str = "", counts_only: bool = False, opens: bool = False
) -> ReportView:
    """The view of a content, frozen (with its hash) or live.

    ``opens`` marks the figures in its text with the address of their rows, for the web page: see ``words.opening``.
    """

    def shown_as(row: Json) -> str:
        if counts_only and row["is_money"]:
            return words.WITHHELD if row["kind"] == Kind.MONEY else words.SHARE_WITHHELD
        url = row["opens_url"] if opens else ""
        return words.opening(url, row["shown"]) if url else str(row["shown"])

    shown = {row["name"]: shown_as(row) for row in content["figures"]}
    numbers = {"chart": 0, "table": 0}
    sections = [
        _section(row, content, shown, numbers, counts_only=counts_only)
        for row in content["sections"]
    ]
    return ReportView(
        organisation=content["organisation"],
        title=content["title"],
        committee="Cabinet",
        meeting_on=uk_date(date.fromisoformat(content["meeting_on"])),
        year=FinancialYear.parse(content["year"]).label,
        is_draft=not figures_hash,
        is_demonstration=content["is_demonstration"],
        counts_only=counts_only,
        standing=_standing(content, figures_hash),
        recommendation=sections[0],
        sections=tuple(sections[1:]),
        contacts=tuple(ContactView(**row) for row in content["contacts"] if any(row.values())),
        circulation_local=content["circulation_local"] or "None",
        circulation_other=content["circulation_other"] or "None",
        created=content["moment"],
    )


def _standing(content: Json, figures_hash: str) -> str:
    figures = f"Figures as at {content['as_at']}" if content["as_at"] else "No figures posted yet"
    position = (
        f", up to ledger entry {content['ledger_position']}" if content["ledger_position"] else ""
    )
    if not figures_hash:
        return f"Draft. {figures}{position}. They follow the ledger until the report is frozen."
    frozen_on = uk_date(datetime.fromisoformat(content["moment"]).astimezone(LONDON).date())
    return f"{figures}{position}. Frozen on {frozen_on}. SHA-256 of the content: {figures_hash}"


def _section(
    row: Json,
    content: Json,
    shown: Mapping[str, str],
    numbers: dict[str, int],
    *,
    counts_only: bool,
) -> SectionView:
    kind = row["kind"]
    number = words.number_of(kind)
    text = words.resolve(row["narrative"], _Shown(shown))
    exhibits: list[ChartView | TableView] = []
    for what, name in EXHIBITS.get(kind, ()):
        found = content[f"{what}s"][name]["counts" if counts_only else "money"]
        if not (found.get("rows") or found.get("categories")):
            continue
        numbers[what] += 1
        exhibits.append(
            _chart(name, numbers[what], found)
            if what == "chart"
            else _table(name, numbers[what], found, counts_only=counts_only)
        )
    return SectionView(
        kind,
        kind.replace("_", "-"),
        words.heading_of(kind),
        number is not None,
        tuple(words.paragraphs(text, number)),
        tuple(exhibits),
    )


class _Shown(dict[str, str]):
    """A reference that is no figure stays as typed in a draft; a report with one does not freeze."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def _chart(name: str, number: int, found: Json) -> ChartView:
    return ChartView(
        name,
        f"Figure {number}",
        found["title"],
        found["heading"],
        found["unit"],
        tuple(found["categories"]),
        tuple((s["name"], tuple(Decimal(v) for v in s["values"])) for s in found["series"]),
    )


def _has_pence(value: Value) -> bool:
    return isinstance(value, Decimal) and value % 1 != 0


def _table(name: str, number: int, found: Json, *, counts_only: bool) -> TableView:
    table = table_of(found).counts_only() if counts_only else table_of(found)

    every = [*table.rows, *([table.total] if table.total else [])]
    pence = [any(_has_pence(row[n]) for row in every) for n in range(len(table.columns))]

    def cells(row: Sequence[Value], *, is_total: bool = False) -> tuple[tuple[str, bool], ...]:
        return tuple(
            (
                "" if is_total and value is None else _shown(column, value, with_pence=has_pence),
                column.is_numeric,
            )
            for column, value, has_pence in zip(table.columns, row, pence, strict=True)
        )

    return TableView(
        name,
        f"Table {number}",
        table.caption,
        tuple((column.heading, column.is_numeric) for column in table.columns),
        tuple(cells(row) for row in table.rows),
        cells(table.total, is_total=True) if table.total else (),
    )
