"""A document with long tables, cut into pieces that are laid out one after the other. Text in, text out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from socialvalue.core.press import LAST_ROW, LONG_TABLE, ROW

# Some fifteen pages. Fewer would be laid out twice too often, more would hold too much memory.
ROWS = 300
FEWEST = 60
"""A table is not cut so that fewer rows are left over: its total needs company."""
LINK = re.compile(r'<a href="#([^"]+)" data-page="">')
# The numbers of the pages are drawn on at the end, when it is known how many there are.
LATER = (
    "<style>@page{@top-left{content:none}@top-center{content:none}@top-right{content:none}"
    "@bottom-left{content:none}@bottom-center{content:none}@bottom-right{content:none}}"
    'a[data-page]::after{content:leader(".") " " attr(data-page)!important}</style>'
)
# A table that goes on begins at the very top, as on any later page.
AGAIN = "<style>body,body>table:first-child{margin-top:0!important}</style>"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A row of a long table; row 0 has the text before the table with it."""

    table: int
    row: int

    @property
    def anchor(self) -> str:
        return f"press-row-{self.table}-{self.row}"


PLACE = re.compile(r"press-row-(\d+)-(\d+)\Z")


def place_of(anchor: str) -> Place | None:
    found = PLACE.match(anchor)
    return Place(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class LongTable:
    """``opening`` is everything before its first row: caption and headings too."""

    opening: str
    rows: tuple[str, ...]

    @property
    def again(self) -> str:
        """The opening where the table goes on: no second caption, as on any later page of a table."""
        return re.sub(r"<caption.*?</caption>", "", self.opening, count=1, flags=re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """``start`` is its first row. ``is_end`` says that the document ends with it."""

    html: str
    start: Place
    is_end: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """``head`` is everything up to the opened body. ``texts`` has one more than ``tables``."""

    head: str
    title: str
    """The first heading as it is written, for what repeats on every page."""
    texts: tuple[str, ...]
    tables: tuple[LongTable, ...]

    def piece(self, start: Place, rows: int, pages: Mapping[str, int] | None = None) -> Piece:
        """About ``rows`` rows from ``start`` on. ``pages`` are the numbers that the contents show."""
        number, row, left = start.table, start.row, rows
        table = self.tables[number]
        out = [table.again if row else self.texts[number] + table.opening]
        while True:
            end = min(row + max(left, FEWEST), len(table.rows))
            if len(table.rows) - end < FEWEST:
                end = len(table.rows)
            out += [_named(table.rows[at], Place(number, at)) for at in range(row, end)]
            left -= end - row
            if end < len(table.rows):
                return Piece(self._whole(out, start, pages), start, is_end=False)
            number, row = number + 1, 0
            out.append(self.texts[number])
            if number == len(self.tables):
                return Piece(self._whole(out, start, pages), start, is_end=True)
            table = self.tables[number]
            out.append(table.opening)

    def _whole(self, out: Sequence[str], start: Place, pages: Mapping[str, int] | None) -> str:
        body = "".join(out)
        if pages is not None:
            body = LINK.sub(
                lambda found: f'<a href="#{found[1]}" data-page="{pages.get(found[1], "")}">', body
            )
        looks = f"{LATER}{AGAIN}" if start.row else LATER
        return self.head.replace("</head>", f"{looks}</head>", 1) + body

    def feet(self, pages: int) -> str:
        """So many empty pages with nothing but what repeats on every page."""
        breaks = '<div style="break-before:page"></div>' * (pages - 1)
        return (
            f'{self.head}<div style="visibility:hidden;height:0;overflow:hidden">{self.title}</div>'
            f"{breaks}"
        )


def _named(row: str, place: Place) -> str:
    return row.replace("<tr", f'<tr id="{place.anchor}"', 1)


def flow_of(html: str) -> Flow:
    """The parts of a document whose long tables are marked."""
    start = html.index(">", html.index("<body")) + 1
    head, body = html[:start], html[start:]
    first, *others = body.split(LONG_TABLE)
    texts, tables = [first], []
    for other in others:
        opening, *rows = other.split(ROW)
        rows[-1], after = rows[-1].split(LAST_ROW, 1)
        tables.append(LongTable(opening, tuple(rows)))
        texts.append(after)
    title = re.search(r"<h1.*?</h1>", body, re.DOTALL)
    return Flow(head, title[0] if title else "", tuple(texts), tuple(tables))
