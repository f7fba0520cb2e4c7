"""The workbook of claims to fill in, as XLSX and CSV, and the supplier's own file with what is wrong beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from procurement.deliveries.rules.uploads import (
    BOXES,
    CLAIMS,
    DISTRICT,
    GIVEN,
    KEY,
    QUANTITY,
    WHOLE,
    WORDS,
    BookRow,
)
from procurement.deliveries.rules.uploads import TO_MEND as TO_MEND_COLUMN
from socialvalue.core.cells import Problem, Sheet, Workbook
from socialvalue.core.money import parse_decimal
from socialvalue.core.periods import quarter_label
from socialvalue.core.sheets import guard
from socialvalue.core.workbooks import TO_MEND, marked_copy, new_book

HOW_TO = "How to"
HEADINGS = (*GIVEN, *BOXES)
_WIDTHS = {
    KEY: 12, "Contract": 34, "Authority": 24, "Measure": 44, "Quarter": 22, "What is counted": 26,
    "Promised in the quarter": 14, "Claimed so far": 16, QUANTITY: 14, WHOLE: 14, WORDS: 60, DISTRICT: 12,
}  # fmt: skip
_LINES = (
    ("What was delivered", "title"),
    ("Uploading makes nothing final: you see what the file comes to, and send it or not.", "strong"),
    (f"Fill in the white cells of the sheet “{CLAIMS}”. Grey cells say what was promised; they are not read.", "plain"),
    ("Enter only what was delivered since you last reported: it is added to what is claimed already.", "plain"),
    ("Leave a row empty when there is nothing to report. Blank rows may stay, and rows may be sorted.", "plain"),
    ("Several deliveries of one measure: unprotect the sheet (there is no password) and copy the whole row.", "plain"),
    (f"“{WHOLE}”: only for measures that are a percentage. The first box is the part, this one the whole.", "plain"),
    ("Yes or no: 1 when it was done, 0 when it was not.", "plain"),
    ("Words: what was delivered, where and for whom. Roles are enough, do not name people.", "plain"),
    ("Postcode district: the first half of a postcode, like CV1. Of a whole one only the first half is kept.", "plain"),
    ("Numbers: 1200, 1,200 and £1,200.50 are all read. Quantities have up to 3 decimal places.", "plain"),
    ("A claim is verified by the authority once it has evidence: add that on the page of the claim.", "plain"),
    ("The whole file is sent or nothing of it. What is wrong is marked in your own file, cell by cell.", "plain"),
    ("Save it as XLSX, ODS or CSV, without macros or a password. Up to 100,000 claims.", "plain"),
)  # fmt: skip


def claims_workbook(rows: Sequence[BookRow]) -> bytes:
    """Sheets to read and to fill in; what is given is locked, without a password. The same rows give the same bytes."""
    out = io.BytesIO()
    book = new_book(out)
    looks = _looks(book)
    page = book.add_worksheet(HOW_TO)
    page.set_column(0, 0, 110)
    page.hide_gridlines(2)
    for at, (text, look) in enumerate(_LINES):
        page.write_string(at, 0, text, looks[look])
    page.protect("", {"format_columns": True, "format_rows": True})
    sheet = book.add_worksheet(CLAIMS)
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, heading, looks["head"])
        _set_column(sheet, column, heading)
    for at, row in enumerate(rows, start=1):
        for column, text in enumerate(_given(row)):
            sheet.write_string(at, column, text, looks["given"])
        for column, name in enumerate(BOXES, start=len(GIVEN)):
            sheet.write_blank(at, column, None, looks[_look_of(row, name)])
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, max(len(rows), 1), len(HEADINGS) - 1)
    sheet.protect(
        "",
        {
            "format_cells": True, "format_columns": True, "format_rows": True, "sort": True, "autofilter": True,
            "insert_rows": True, "delete_rows": True,
        },
    )  # fmt: skip
    sheet.activate()
    book.close()
    return out.getvalue()


def claims_csv(rows: Sequence[BookRow]) -> bytes:
    """The same rows as CSV: UTF-8 with its mark, so that a spreadsheet reads "£" right."""
    empty = [""] * len(BOXES)
    return _csv([HEADINGS, *([*map(guard, _given(row)), *empty] for row in rows)])


def _given(row: BookRow) -> tuple[str, ...]:
    return (
        row.key, row.contract, row.authority, row.measure, quarter_label(row.quarter), row.counted, row.promised,
        row.claimed,
    )  # fmt: skip


def _look_of(row: BookRow, name: str) -> str:
    if row.is_taken or (name == WHOLE and not row.is_rate):
        return "given"
    return "number" if name in (QUANTITY, WHOLE) else "text"


def _looks(book: Any) -> Mapping[str, Any]:
    wrapped: dict[str, Any] = {"text_wrap": True, "valign": "top"}
    box = wrapped | {"border": 1, "locked": False}
    return {
        "title": book.add_format(wrapped | {"bold": True, "font_size": 16}),
        "strong": book.add_format(wrapped | {"bold": True}),
        "plain": book.add_format(wrapped),
        "head": book.add_format(wrapped | {"bold": True, "bottom": 2, "bg_color": "#F3F2F1"}),
        "given": book.add_format(wrapped | {"bg_color": "#F3F2F1", "font_color": "#0B0C0C"}),
        "number": book.add_format(box | {"num_format": "#,##0.###"}),
        "text": book.add_format(box | {"num_format": "@"}),
    }


def _set_column(page: Any, column: int, heading: str, look: Any = None) -> None:
    """The key says what a row is about, whatever order the rows are in; nobody needs to see it."""
    page.set_column(
        column, column, _WIDTHS.get(heading, 16), look, {"hidden": heading == KEY}
    )  # fmt: skip


# --- the supplier's own file, marked --------------------------------------------------------------


def marked_book(book: Workbook, problems: Sequence[Problem]) -> bytes:
    """A copy of what was sent, a note beside each wrong cell, and a last sheet that lists them."""
    sheets = tuple(sheet for sheet in book.sheets if not sheet.name.startswith(TO_MEND))
    return marked_copy(Workbook(sheets), problems, dress=_dress)


def _dress(target: Any, page: Any, sheet: Sheet) -> None:
    if sheet.name == HOW_TO:
        page.set_column(0, 0, 110)
    head = next((row for row in sheet.rows[:20] if KEY in row), ())
    wrapped = target.add_format({"text_wrap": True, "valign": "top"})
    for column, heading in enumerate(head):
        _set_column(page, column, str(heading), wrapped)


def marked_csv(book: Workbook, problems: Iterable[Problem]) -> bytes:
    """The same lines with one more column: what is wrong in this row, column by column."""
    sheet = book.sheets[0]
    head = next((at for at, row in enumerate(sheet.rows[:20]) if KEY in row), 0)
    headings = [str(value) for value in sheet.rows[head]] if sheet.rows else []
    said: dict[int, list[str]] = {}
    for one in problems:
        name = headings[one.column] if one.column < len(headings) else ""
        said.setdefault(one.row - 1, []).append(f"{name}: {one.message}" if name else one.message)
    is_there = TO_MEND_COLUMN in headings
    at_column = headings.index(TO_MEND_COLUMN) if is_there else len(headings)
    rows = []
    for at, row in enumerate(sheet.rows):
        cells = [_kept(str(value)) for value in row]
        text = TO_MEND_COLUMN if at == head else " ".join(said.get(at, ()))
        rows.append([*cells[:at_column], text, *cells[at_column + 1 :]])
    return _csv(rows)


def _kept(text: str) -> str:
    """As it was, unless a spreadsheet would run it."""
    try:
        parse_decimal(text)
    except ValueError:
        return guard(text)
    return text


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")
