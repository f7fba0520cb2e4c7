"""The lines below the headings, column by column. Pure.

By column and not by cell: a set of 20,000 lines is read in less time than its file takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from toms.imports.rules.cells import Level, Problem, Sheet, Span, fill_merged, text_of
from toms.imports.rules.content import SHARES
from toms.imports.rules.headings import BY_NAME

AS_CELLS = frozenset({"amount", *SHARES})
"""Parts that are numbers: they are read from the cell itself, never from its text."""
_PLAIN = frozenset({str, float})


class Columns:
    """The columns a person named, as clean text or as cells, and the way to point at one of their cells."""

    def __init__(
        self, sheet: Sheet, after: int, columns: Mapping[str, int], problems: list[Problem]
    ) -> None:
        self.sheet_name, self.index, self.problems = sheet.name, columns, problems
        self.first = after + 1
        """The spreadsheet's number of the first line below the headings."""
        below = [span for span in sheet.merged if span[1][0] >= after]
        self.bare = sheet.rows[after:]
        rows = _filled(sheet, below, after) if below else self.bare
        self.count = len(rows)
        self.nothing = [""] * self.count
        self.texts: dict[str, list[str]] = {}
        self.cells: dict[str, Sequence[Any]] = {}
        for name, column in _columns(rows, sheet.width, columns).items():
            if name in AS_CELLS:
                self.cells[name] = column
            else:
                self.texts[name] = _texts(column)

    def text(self, name: str) -> list[str]:
        return self.texts.get(name, self.nothing)

    def cell(self, name: str) -> Sequence[Any]:
        return self.cells.get(name, self.nothing)

    def text_at(self, name: str, lines: Sequence[int]) -> list[str]:
        """A column at some of its lines only."""
        texts = self.text(name)
        return texts if len(lines) == self.count else [texts[at] for at in lines]

    def tell(self, level: Level, at: int, name: str, message: str) -> None:
        column = self.index.get(name, self.index["code"])
        self.problems.append(Problem(level, self.sheet_name, self.first + at, column, message))

    def check_lengths(self, lines: Sequence[int]) -> None:
        for name, texts in self.texts.items():
            limit = BY_NAME[name].limit
            if not texts or max(map(len, texts)) <= limit:
                continue
            for at in lines:
                if len(texts[at]) > limit:
                    label = BY_NAME[name].label
                    message = f"{label} has {len(texts[at])} characters. Shorten it to {limit}."
                    self.tell("error", at, name, message)


def _columns(
    rows: Sequence[Sequence[Any]], width: int, columns: Mapping[str, int]
) -> dict[str, list[Any]]:
    """Each named column. All cells in one row of their own are cut faster than 20,000 rows are opened for each."""
    cells = list(chain.from_iterable(rows))
    if len(cells) != width * len(rows):
        raise ValueError("the rows of a sheet are as long as each other")
    return {name: cells[index::width] for name, index in columns.items()}


def _texts(column: list[Any]) -> list[str]:
    """A whole column as clean text: at once where nothing in it needs a second look."""
    kinds = set(map(type, column))
    if kinds == {str} and "".join(column).isprintable():
        return list(map(str.strip, column))
    if kinds <= _PLAIN:
        # Years and the like: few texts, often said. A text never equals a number, so none is taken for another.
        said = {value: text_of(value) for value in set(column)}
        return list(map(said.__getitem__, column))
    return list(map(text_of, column))


def _filled(sheet: Sheet, spans: Sequence[Span], after: int) -> Sequence[Sequence[Any]]:
    """Cells merged downwards hold for every line beside them; a line merged across stays one line."""
    kept = [span for span in spans if span[0][1] == span[1][1]]
    return fill_merged(sheet.rows, kept, after, len(sheet.rows) - 1) if kept else sheet.rows[after:]
