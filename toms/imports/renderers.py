"""Spreadsheets out: the user's own file with its wrong cells marked, and an edition that reads back as it is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from numbers import Real
from typing import Any

import xlsxwriter

from socialvalue.core.errors import RuleBroken
from toms.imports import rules

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""A fixed date: the same rows give the same bytes."""
LONGEST_CELL = 32_767
_UNWRITABLE = re.compile(r"_x[0-9a-fA-F]{4}_x[0-9a-fA-F]{4}_")
"""Two of the format's own escapes in a row are not read back as they were written."""
AUTHOR = "Social value import"


def _book(out: io.BytesIO) -> Any:
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "remove_timezone": True,
        },
    )
    book.set_properties({"created": CREATED})
    return book


# --- the user's own file ----------------------------------------------------------------------------


def marked_copy(book: rules.Workbook, problems: Sequence[rules.Problem]) -> bytes:
    """Every sheet with its values; wrong cells red, odd ones yellow, each with a comment; a last sheet lists them."""
    out = io.BytesIO()
    copy = _book(out)
    looks = {
        "error": copy.add_format({"bg_color": "#F6D7D2", "border": 2, "border_color": "#CA3535"}),
        "warning": copy.add_format({"bg_color": "#FFF2B3", "border": 1, "border_color": "#A88600"}),
    }
    days = copy.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in book.sheets:
        page = copy.add_worksheet(_sheet_name(sheet.name, copy))
        marks = _marks(sheet, problems)
        for at, row in enumerate(sheet.rows):
            for column, value in enumerate(row):
                found = marks.get((at, column))
                look = looks["error" if _is_error(found) else "warning"] if found else None
                _write(page, at, column, value, look, days)
                if found:
                    said = "\n".join(problem.message for problem in found)
                    page.write_comment(at, column, said[:30_000], {"author": AUTHOR, "x_scale": 2})
    _list(copy, problems)
    copy.close()
    return out.getvalue()


def _marks(
    sheet: rules.Sheet, problems: Sequence[rules.Problem]
) -> Mapping[tuple[int, int], list[rules.Problem]]:
    found: dict[tuple[int, int], list[rules.Problem]] = {}
    for problem in problems:
        if problem.sheet == sheet.name:
            found.setdefault((problem.row - 1, problem.column), []).append(problem)
    return found


def _is_error(problems: Sequence[rules.Problem]) -> bool:
    return any(problem.level == "error" for problem in problems)


def _write(page: Any, at: int, column: int, value: Any, look: Any, days: Any) -> None:
    """A value as it was: text as text, numbers as numbers, days as days."""
    if value is None or value == "":
        if look is not None:
            page.write_blank(at, column, None, look)
    elif isinstance(value, bool):
        page.write_boolean(at, column, value, look)
    elif isinstance(value, str):
        page.write_string(at, column, value, look)
    elif isinstance(value, Real):
        page.write_number(at, column, value, look)
    elif isinstance(value, date | time | timedelta):
        page.write_datetime(at, column, value, look or days)
    else:
        page.write_string(at, column, rules.text_of(value), look)


def _sheet_name(name: str, book: Any) -> str:
    plain = "".join(" " if char in "[]:*?/\\" else char for char in name).strip("'")[:31] or "Sheet"
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()}
    return plain if plain.casefold() not in taken else f"{plain[:27]} {len(taken)}"


def _list(book: Any, problems: Sequence[rules.Problem]) -> None:
    page = book.add_worksheet(_sheet_name("What to mend", book))
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, heading in enumerate(("Sheet", "Cell", "Kind", "What is wrong and how to mend it")):
        page.write_string(0, column, heading, bold)
    for at, problem in enumerate(problems, start=1):
        kind = "Wrong" if problem.level == "error" else "Odd: check it"
        for column, text in enumerate((problem.sheet, problem.cell, kind, problem.message)):
            page.write_string(at, column, text)
    page.set_column(0, 2, 16)
    page.set_column(3, 3, 100)
    page.freeze_panes(1, 0)


# --- an edition -------------------------------------------------------------------------------------


def edition_xlsx(content: rules.EditionContent) -> bytes:
    """A sheet a table, every cell text, so that no digit changes on the way. RuleBroken when a text is too long."""
    out = io.BytesIO()
    book = _book(out)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for name, rows in rules.tables_of(content).items():
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        for column, heading in enumerate(rules.TABLES[name]):
            page.write_string(0, column, heading, bold)
            page.set_column(column, column, 24)
        for at, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                if len(text) > LONGEST_CELL or _UNWRITABLE.search(text):
                    raise RuleBroken(
                        "A text of this edition does not fit into a cell. Download it as CSV."
                    )
                if text:
                    page.write_string(at, column, text)
    book.close()
    return out.getvalue()


def edition_csv(content: rules.EditionContent) -> bytes:
    """One table, the first column says which kind of record a line is. Cells are guarded against formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for name, rows in rules.tables_of(content).items():
        if name == "Edition":
            writer.writerow([rules.RECORD, *rules.TABLES[name]])
        elif rows:
            writer.writerow([f"# {name}", *rules.TABLES[name]])
        for row in rows:
            writer.writerow([name, *(rules.guard(text) for text in row)])
    return out.getvalue().encode("utf-8-sig")
