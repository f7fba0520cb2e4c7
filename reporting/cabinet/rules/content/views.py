"""A report as page and PDF show it: one object for both, with every text ready to print."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text. A figure has its reference (``F3``) and, on the web page, the address of its rows."""

    text: str
    ref: str = ""
    url: str = ""
    is_price: bool = False
    """What something costs: no social value, so it is shown with the counts."""

    @property
    def anchor(self) -> str:
        """Where the figure's definition stands; empty for plain words."""
        return anchor_of(self.ref)


Text = tuple[Piece, ...]


def anchor_of(ref: str) -> str:
    """``figure-f3``."""
    return f"figure-{ref.lower()}" if ref else ""


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """``number`` is ``1.1``, empty where paragraphs have none. ``bullets`` follow the text, which may be empty."""

    number: str
    text: Text
    bullets: tuple[Text, ...] = ()
    what: str = "paragraph"


@dataclass(frozen=True, slots=True)
class CellView:
    """``ref`` is of the figure that the cell, or the row it names, is."""

    text: str
    is_numeric: bool = False
    ref: str = ""
    is_price: bool = False

    @property
    def anchor(self) -> str:
        return anchor_of(self.ref)


@dataclass(frozen=True, slots=True)
class RowView:
    """``anchor`` is the row's own place in the document: only rows that define a figure have one."""

    cells: tuple[CellView, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """``label`` is ``Table 1``, empty under a chart; ``name`` tells which of the report's tables it is."""

    name: str
    label: str
    caption: str
    columns: tuple[CellView, ...]
    rows: tuple[RowView, ...]
    total: tuple[CellView, ...] = ()
    note: str = ""
    """A sentence under it; empty without one."""
    what: str = "table"

    @property
    def title(self) -> str:
        """``Table 1. Social value by theme``."""
        return f"{self.label}. {self.caption}" if self.label else self.caption


@dataclass(frozen=True, slots=True)
class ChartView:
    """``label`` is ``Chart 1``; the values are drawn by the renderer."""

    name: str
    label: str
    title: str
    heading: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[Decimal, ...]], ...]
    table: TableView | None = None
    """Its figures, where the same table does not follow by itself."""
    what: str = "chart"

    @property
    def caption(self) -> str:
        return f"{self.label}. {self.title}"

    @property
    def alt(self) -> str:
        """The chart in words, for those who do not see it."""
        names = ", ".join(name.lower() for name, _ in self.series)
        return f"Bar chart. {self.title}: {names}. The table that follows has the same figures."


@dataclass(frozen=True, slots=True)
class StoryView:
    """A published story, with what is verified of it and who agreed to its being told."""

    slug: str
    label: str
    """``Story 1``."""
    title: str
    caption: str
    """What the author wrote under it; else the story's own summary."""
    paragraphs: tuple[str, ...]
    supplier: str
    contract: str
    figures: tuple[tuple[str, str, str, str], ...]
    """Measure, quantity, pounds of it, address of the rows under it; pounds empty where it is counted and not valued,
    or only counts are shown; no address in reports frozen before there was one."""
    consent: str
    """A sentence."""
    url: str
    """Of its public page; empty where there is none."""
    what: str = "story"

    @property
    def anchor(self) -> str:
        return f"story-{self.slug}"


Block = ParagraphView | ChartView | TableView | StoryView


@dataclass(frozen=True, slots=True)
class SectionView:
    """``heading`` has its number in it. ``kind`` is the key of the section."""

    kind: str
    anchor: str
    heading: str
    is_numbered: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ContactView:
    role: str
    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure with its definition and what stands under it, for the block that the references lead to."""

    ref: str
    name: str
    label: str
    shown: str
    beside: str
    meaning: str
    unit: str
    computation: str
    source: str
    rows: str
    """``214 ledger entries that add up to £1,200.50``."""
    sheet: str
    """The sheet of the annex that lists them; empty without rows."""
    sha256: str
    opens_url: str
    is_price: bool = False

    @property
    def anchor(self) -> str:
        return anchor_of(self.ref)


@dataclass(frozen=True, slots=True)
class SignOffView:
    """``by`` is who signed; ``note`` may be empty."""

    step: str
    answer: str
    by: str
    on: str
    note: str


@dataclass(frozen=True, slots=True)
class ReportView:
    kind: str
    """``cabinet``, ``annual``, ``directorate``, ``region``, ``summary`` or ``statement``."""
    organisation: str
    about: str
    """What the figures are of: the organisation, one directorate of it, or a region."""
    title: str
    committee: str
    meeting_on: str
    period: str
    issue: int
    replaces: str
    """A sentence on the issue before this one; empty for the first."""
    is_draft: bool
    is_demonstration: bool
    counts_only: bool
    standing: str
    """As at when, up to which ledger entry, and the hash when frozen."""
    editions: tuple[str, ...]
    recommendation: SectionView | None
    """The first section where it is the recommendation; it is not among ``sections``."""
    sections: tuple[SectionView, ...]
    definitions: tuple[FigureView, ...]
    """The figures used; empty where a table of the report has their definitions already."""
    sign_offs: tuple[SignOffView, ...]
    contacts: tuple[ContactView, ...]
    circulation_local: str
    circulation_other: str
    created: str
    """ISO moment for the PDF's metadata: when frozen, or when the figures were last rolled up."""

    @property
    def year(self) -> str:
        return self.period

    @property
    def marks(self) -> list[str]:
        """What stands at the top of every page."""
        marks = ["Demonstration data"] if self.is_demonstration else []
        return [*marks, "Draft"] if self.is_draft else marks

    @property
    def all_sections(self) -> tuple[SectionView, ...]:
        first = (self.recommendation,) if self.recommendation else ()
        return (*first, *self.sections)
