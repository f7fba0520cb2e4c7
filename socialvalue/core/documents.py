"""A document of blocks that does not know whether it becomes PDF, DOCX or HTML.

Formal documents (tender pack, schedule, letters, records) are the same for everybody who may read them, so pounds
stay in them where a person otherwise sees counts only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is the document's own title; blocks have 2 to 4."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. The first cell of a row names the row."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()
    """Columns set to the right, counted from 0."""
    widths: Sequence[int] | None = None
    """Shares of the whole width, one a column; None: as the words need."""
    total: Sequence[str] | None = None
    """A last row that equals the sum of those above."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what they are, in two columns."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


Block = Heading | Paragraph | Bullets | Grid | Facts | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """``notice`` stands on every page: "Draft", "Demonstration data"."""

    title: str
    subtitle: str = ""
    facts: Sequence[tuple[str, str]] = ()
    blocks: Sequence[Block] = ()
    notice: str = ""


def fingerprint(document: Document) -> str:
    """SHA-256 of what the document says, whatever it is printed as: 64 hexadecimal digits."""
    said = [
        document.title,
        document.subtitle,
        list(document.facts),
        [[type(block).__name__, asdict(block)] for block in document.blocks],
    ]
    told = json.dumps(said, sort_keys=True, ensure_ascii=False, default=sorted)
    return hashlib.sha256(told.encode()).hexdigest()


SHORT = 6
"""Rows of a table that is never split between pages, if they hold little enough."""
LITTLE = 1200
"""Characters that stand on a third of a page. Kept whole, a table of more would leave its heading alone on a page."""


def is_to_fill_in(row: Sequence[str]) -> bool:
    """A row of a form: two or more of its cells are empty."""
    return sum(not text for text in row) > 1


def stays_whole(grid: Grid) -> bool:
    """A table that is never split between pages: few rows with little in them."""
    return len(grid.rows) <= SHORT and sum(len(text) for row in grid.rows for text in row) <= LITTLE


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    is_numeric: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """One block as the template draws it."""

    kind: str
    block: Block
    name: str

    @property
    def heads(self) -> list[_Cell]:
        return _cells(self._grid, self._grid.headings)

    @property
    def rows(self) -> Iterator[list[_Cell]]:
        return (_cells(self._grid, row) for row in self._grid.rows)

    @property
    def total(self) -> list[_Cell]:
        return _cells(self._grid, self._grid.total or ())

    @property
    def look(self) -> str:
        """The classes of the table: as wide as told, a form to write on, so short that it stays on one page."""
        grid = self._grid
        said = [
            ("grid", True),
            ("grid--told", grid.widths is not None),
            ("grid--form", all(is_to_fill_in(row) for row in grid.rows)),
            ("grid--short", stays_whole(grid)),
        ]
        return " ".join(name for name, holds in said if holds)

    @property
    def is_little(self) -> bool:
        """Facts that stay on one page: those with more may be split between two names."""
        pairs = self.block.pairs if isinstance(self.block, Facts) else ()
        return sum(len(text) for _, text in pairs) <= LITTLE

    @property
    def _grid(self) -> Grid:
        if not isinstance(self.block, Grid):
            raise TypeError(f"{self.kind} has no rows")
        return self.block


def _cells(grid: Grid, row: Sequence[str]) -> list[_Cell]:
    return [_Cell(text, index in grid.numeric) for index, text in enumerate(row)]


def html_of(document: Document) -> str:
    """The whole document as one HTML file with its own style, for print and to keep."""
    parts = [
        _Part(type(block).__name__.lower(), block, f"part-{number}")
        for number, block in enumerate(document.blocks, start=1)
    ]
    return render_to_string(
        "core/document.html", {"document": document, "parts": parts, "look": _look(parts)}
    )


def _look(parts: Sequence[_Part]) -> SafeString:
    # A document by itself: it is never served as a page, so the site's rule against inline style does not meet it.
    widths = "".join(
        f"#{part.name} col:nth-child({column}){{width:{share}%}}"
        for part in parts
        if isinstance(part.block, Grid) and part.block.widths
        for column, share in enumerate(part.block.widths, start=1)
    )
    sheet = render_to_string("core/document.css") + widths
    return format_html("<style>{}</style>", mark_safe(sheet))  # noqa: S308  # our own file
