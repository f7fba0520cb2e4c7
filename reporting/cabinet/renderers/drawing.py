"""A report with its charts drawn and the rows of its tables written out, for the web page, print and PDF."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from reporting.cabinet.rules.content import (
    Block,
    CellView,
    ChartView,
    ReportView,
    RowView,
    SectionView,
    TableView,
)
from reporting.cabinet.rules.content.exhibits import definitions as definitions_table
from reporting.cabinet.rules.words import Exhibit
from reporting.cabinet.vocabulary import ReportKind
from socialvalue.core import press
from socialvalue.core.charts import Chart, Series, grouped_bars

DEFINITIONS = "definitions"
LONG = 300
"""From so many rows on a table says that the annex is easier to use."""
CUT = 120
"""From so many rows on the PDF is laid out in pieces."""
LONGEST = 24
"""A word of more letters is broken where it would make its table wider than the page."""
WORDIEST = 40
"""A column is never given more room than text of this length would need."""


def _length(cell: CellView) -> int:
    return len(cell.text) + len(cell.ref)


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """``rows`` are all of its body, the total too. ``is_cut`` may be laid out in pieces."""

    view: TableView
    rows: SafeString
    is_cut: bool = False

    @property
    def start(self) -> SafeString:
        """The mark before a table that may be cut."""
        return _mark(press.LONG_TABLE if self.is_cut else "")

    @property
    def is_long(self) -> bool:
        return len(self.view.rows) > LONG

    @property
    def widths(self) -> SafeString:
        """The widths of the columns of a table that may be cut, by their words: the same in every piece."""
        if not self.is_cut:
            return _mark("")
        total = [self.view.total] if self.view.total else []
        rows = [*(row.cells for row in self.view.rows), *total]
        lengths = [
            min(WORDIEST, max(len(column.text), *(_length(row[at]) for row in rows))) + 3
            for at, column in enumerate(self.view.columns)
        ]
        shares = (round(100 * length / sum(lengths)) for length in lengths)
        # A document for the press alone: no page is ever sent it.
        columns = format_html_join("", '<col style="width:{}%">', ((share,) for share in shares))
        return format_html("<colgroup>{}</colgroup>", columns)


@dataclass(frozen=True, slots=True)
class DrawnBlock:
    """A block with the drawing of a chart, or the rows of a table; a chart may have a table of its own."""

    block: Block
    drawing: Chart | None = None
    table: DrawnTable | None = None

    @property
    def alt(self) -> str:
        """What the chart shows in words; where no table follows, with its figures."""
        assert isinstance(self.block, ChartView)  # noqa: S101  # only charts ask
        if self.block.table is None or self.table is not None:
            return self.block.alt
        told = self.block.alt.removesuffix(" The table that follows has the same figures.")
        rows = "; ".join(
            f"{row.cells[0].text}: {', '.join(cell.text for cell in row.cells[1:])}"
            for row in self.block.table.rows
        )
        return f"{told} {rows}."

    @property
    def image(self) -> str:
        """The drawing as an address for an ``img``, which carries its alternative text into the PDF."""
        text = str(self.drawing.svg if self.drawing else "")
        return "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode()


@dataclass(frozen=True, slots=True)
class DrawnSection:
    anchor: str
    heading: str
    blocks: tuple[DrawnBlock, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the templates need beside the report itself."""

    recommendation: DrawnSection | None
    sections: tuple[DrawnSection, ...]
    contents: tuple[tuple[str, str], ...]
    """Anchor and heading; empty where a report is one page."""
    has_references: bool
    """The references in the text lead to definitions in the same document."""
    has_circulation: bool
    annex_note: str


def drawn(report: ReportView, *, on_page: bool = False, cut: bool = False) -> Drawn:
    """The report drawn. ``on_page`` is for the web page; ``cut`` marks long tables for the press."""
    is_one_page = report.kind == ReportKind.SUMMARY and not on_page
    sections = report.sections if is_one_page else (*report.sections, *_definitions(report))
    has_references = any(
        isinstance(block, TableView) and block.name == DEFINITIONS
        for section in sections
        for block in section.blocks
    )
    drawing = _Drawing(has_references, cut, has_chart_tables=not is_one_page)
    has_circulation = not is_one_page and report.kind != ReportKind.STATEMENT
    ends = [
        ("sign-off", "Sign-off", bool(report.sign_offs)),
        ("contacts", "Contacts", bool(report.contacts)),
        ("circulation", "Circulation", has_circulation),
    ]
    return Drawn(
        drawing.section(report.recommendation) if report.recommendation else None,
        tuple(drawing.section(section) for section in sections),
        ()
        if is_one_page
        else (
            *((section.anchor, section.heading) for section in sections),
            *((anchor, heading) for anchor, heading, is_there in ends if is_there),
        ),
        has_references,
        has_circulation,
        ""
        if has_references or not report.definitions
        else "Each reference (F1, F2 …) is that of a figure in the annex (Excel), with its definition and its rows.",
    )


def _definitions(report: ReportView) -> tuple[SectionView, ...]:
    """The figures of a report whose author has put no table of them into the text."""
    if not report.definitions:
        return ()
    tables = [
        block
        for section in report.all_sections
        for block in section.blocks
        if isinstance(block, TableView)
    ]
    table = definitions_table(
        len(tables) + 1, Exhibit("table", DEFINITIONS, ""), report.definitions
    )
    heading = "Figures in this report"
    return (SectionView(DEFINITIONS, DEFINITIONS, heading, False, (table,)),)


@dataclass
class _Drawing:
    has_references: bool
    cut: bool
    has_chart_tables: bool
    charts: int = 0

    def section(self, section: SectionView) -> DrawnSection:
        blocks = tuple(self._block(block) for block in section.blocks)
        return DrawnSection(section.anchor, section.heading, blocks)

    def _block(self, block: Block) -> DrawnBlock:
        if isinstance(block, TableView):
            return DrawnBlock(block, table=self._table(block))
        if not isinstance(block, ChartView):
            return DrawnBlock(block)
        self.charts += 1
        drawing = grouped_bars(
            title=block.title,
            categories=list(block.categories),
            series=[Series(name, values) for name, values in block.series],
            unit=block.unit,
            uid=f"report-{self.charts}-{block.name}",
            table_heading=block.heading,
        )
        has_table = block.table is not None and self.has_chart_tables
        return DrawnBlock(block, drawing, self._table(block.table) if has_table else None)  # type: ignore[arg-type]  # there is one

    def _table(self, table: TableView) -> DrawnTable:
        # A row with a place of its own cannot be given the mark that a cut needs.
        is_cut = self.cut and len(table.rows) >= CUT and not table.rows[0].anchor
        rows = [_row(row, self.has_references) for row in table.rows]
        if is_cut:
            rows = [_mark(press.ROW) + row for row in rows] + [_mark(press.LAST_ROW)]
        if table.total:
            rows.append(_tr(' class="total"', table.total, self.has_references))
        return DrawnTable(table, _mark("".join(rows)), is_cut)


def _mark(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308  # our own marks


def _row(row: RowView, has_references: bool) -> SafeString:
    anchor = format_html(' id="{}"', row.anchor) if row.anchor else ""
    return _tr(anchor, row.cells, has_references)


def _look(cell: CellView, *, is_first: bool = False) -> SafeString:
    """The class of a cell: of a number, or of a text with a word that may have to be broken."""
    if cell.is_numeric and not is_first:
        return _mark(' class="n sv-price"' if cell.is_price else ' class="n"')
    if cell.is_price:
        return _mark(' class="sv-price"')
    return _mark(' class="w"' if any(len(w) > LONGEST for w in cell.text.split()) else "")


def _tr(attributes: str, cells: Sequence[CellView], has_references: bool) -> SafeString:
    first, *others = cells
    return format_html(
        '<tr{}><th scope="row"{}>{}</th>{}</tr>\n',
        _mark(attributes),
        _look(first, is_first=True),
        _told(first, has_references),
        format_html_join(
            "",
            "<td{}>{}</td>",
            ((_look(cell), _told(cell, has_references)) for cell in others),
        ),
    )


def _told(cell: CellView, has_references: bool) -> str:
    """The text with the reference of its figure, which stays with its last word."""
    if not cell.ref:
        return cell.text
    before, space, last = cell.text.rpartition(" ")
    reference = (
        format_html(
            '<a class="report-ref" href="#{}"><span class="report-ref__what">Figure </span>{}</a>',
            cell.anchor,
            cell.ref,
        )
        if has_references
        else format_html('<span class="report-ref">{}</span>', cell.ref)
    )
    return format_html(
        '{}{}<span class="report-figure">{} {}</span>', before, space, last, reference
    )
