"""A document of blocks that does not know whether it becomes PDF, DOCX or HTML.

Formal documents (tender pack, schedule, letters, records) are the same for everybody who may read them. For a person
who sees counts only, ``counts_only`` makes a copy without pounds of social value, which says so in its first line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from socialvalue.core.money import without_sign, without_social_value

NOT_SHOWN = "£ not shown"
LEFT_OUT = (
    "Counts only: pounds of social value are left out of this copy. The formal document holds them."
)


class Pounds(str):
    """A text with pounds of social value. ``counted`` stands in its place where only counts are shown.

    It is put whole into a cell, a fact, a paragraph or an item: joined to other words it is plain text again.
    """

    counted: str

    def __new__(cls, text: str, counted: str = NOT_SHOWN) -> Pounds:
        made = super().__new__(cls, text)
        made.counted = counted
        return made


def worth(text: str) -> str:
    """A figure in pounds of social value, or the words where there is none: ``Counted, not valued``."""
    return Pounds(text) if "£" in text else text


def quantity(text: str) -> str:
    """Words with a quantity that may be one of money: ``£500`` is no valuation, and is written ``500 pounds``."""
    return Pounds(text, without_sign(without_social_value(text))) if "£" in text else text


def lines(texts: Iterable[str]) -> str:
    """The lines of one cell. What holds pounds in one of them still does."""
    kept = [text for text in texts if text]
    return Pounds("\n".join(kept), "\n".join(_counted(text) for text in kept))


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
    first_line: str = ""
    """What a copy says of itself, above everything else."""


def counts_only(document: Document) -> Document:
    """A copy without pounds of social value; prices stay. A document that holds none is given as it is."""
    copy = replace(
        document,
        facts=_pairs_counted(document.facts),
        blocks=[_block_counted(block) for block in document.blocks],
    )
    return document if _said(copy) == _said(document) else replace(copy, first_line=LEFT_OUT)


def _block_counted(block: Block) -> Block:
    match block:
        case Heading(text, _) | Paragraph(text):
            return replace(block, text=_counted(text))
        case Bullets(items):
            return Bullets(_all_counted(items))
        case Facts(pairs):
            return Facts(_pairs_counted(pairs))
        case Grid():
            return replace(
                block,
                caption=_counted(block.caption),
                headings=_all_counted(block.headings),
                rows=[_all_counted(row) for row in block.rows],
                total=None if block.total is None else _all_counted(block.total),
            )
    return block


def _counted(text: str) -> str:
    """``£1,200 of social value`` is known by its words wherever it is told, as in the history."""
    return text.counted if isinstance(text, Pounds) else without_social_value(text)


def _all_counted(texts: Sequence[str]) -> list[str]:
    return [_counted(text) for text in texts]


def _pairs_counted(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(_counted(name), _counted(text)) for name, text in pairs]


def fingerprint(document: Document) -> str:
    """SHA-256 of what the document says, whatever it is printed as: 64 hexadecimal digits."""
    return hashlib.sha256(_said(document).encode()).hexdigest()


def _said(document: Document) -> str:
    said = [
        document.title,
        document.subtitle,
        list(document.facts),
        [[type(block).__name__, asdict(block)] for block in document.blocks],
    ]
    return json.dumps(said, sort_keys=True, ensure_ascii=False, default=sorted)


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
