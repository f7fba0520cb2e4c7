"""CSV and XLSX bytes of a ``Table``, guarded so that no cell runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from socialvalue.core.tables import Table, Value
from socialvalue.core.workbooks import new_book

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FORMATS = {
    "money": '"£"#,##0.00',
    "number": "#,##0.###",
    "percent": '0.0"%"',
    "date": "d mmmm yyyy",
}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def guard(value: str) -> str:
    """Text that a spreadsheet would run gets an apostrophe in front."""
    return f"'{value}" if value.startswith(_DANGEROUS) else value


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal | int):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return guard(value)


PERCENT_PLACES = 4


def _shortened(kind: str, value: Value) -> Value:
    """A percentage has at most four decimal places: a third has no last one."""
    if kind != "percent" or not isinstance(value, Decimal):
        return value
    short = round(value, PERCENT_PLACES)
    return value if short == value else short


def to_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark, so that a spreadsheet reads "£" right. One row a row, headings first."""
    kinds = [column.kind for column in table.columns]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(guard(column.heading) for column in table.columns)
    for row in table.rows:
        writer.writerow(_plain(_shortened(*cell)) for cell in zip(kinds, row, strict=True))
    return out.getvalue().encode("utf-8-sig")


TELL_EVERY = 2_000


def to_xlsx(
    *tables: Table,
    with_totals: bool = False,
    foot: str = "",
    tell: Callable[[int], object] | None = None,
) -> bytes:
    """A workbook with one sheet a table: headings frozen, numbers as numbers, the row count printed below.

    ``with_totals`` writes the total of a table that has one, in bold, under its rows. No two sheets have one name.
    ``foot`` is a sentence under each row count.
    ``tell`` is told now and then how many rows of a sheet are written: for long work that is watched.
    """
    out = io.BytesIO()
    book = new_book(out)
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    totals = {kind: _bold(book, kind) for kind in ("", *formats)} if with_totals else {}
    taken: set[str] = set()
    for table in tables:
        name = _free(_sheet_name(table.caption), taken)
        _sheet(book, name, table, heading, formats, totals, foot, tell)
    book.close()
    return out.getvalue()


def _bold(book: xlsxwriter.Workbook, kind: str) -> Any:
    code = _FORMATS.get(kind)
    return book.add_format({"bold": True, "top": 1, **({"num_format": code} if code else {})})


def _sheet(
    book: xlsxwriter.Workbook,
    name: str,
    table: Table,
    heading: Any,
    formats: Mapping[str, Any],
    totals: Mapping[str, Any],
    foot: str,
    tell: Callable[[int], object] | None,
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(table.columns):
        sheet.write_string(0, index, guard(column.heading), heading)
        sheet.set_column(index, index, column.width)
    for number, row in enumerate(table.rows, start=1):
        _write(sheet, number, table, row, formats)
        if tell is not None and number % TELL_EVERY == 0:
            tell(number)
    below = len(table.rows) + 1
    if totals and table.total:
        _write(sheet, below, table, table.total, totals)
        below += 1
    sheet.write_string(below + 1, 0, f"{len(table.rows)} rows")
    if foot:
        sheet.write_string(below + 2, 0, foot)


def _write(
    sheet: Any, number: int, table: Table, row: Sequence[Value], formats: Mapping[str, Any]
) -> None:
    for index, (column, value) in enumerate(zip(table.columns, row, strict=True)):
        if value is None:
            continue
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            sheet.write_number(number, index, value, formats.get(column.kind))
        elif isinstance(value, date):
            shown = datetime(value.year, value.month, value.day, tzinfo=UTC)
            sheet.write_datetime(number, index, shown, formats["date"])
        else:
            sheet.write_string(number, index, _plain(value), formats.get(""))


def _free(name: str, taken: set[str]) -> str:
    """The name, or with a number where another sheet has it: spreadsheets do not tell capitals apart."""
    found, number = name, 2
    while found.lower() in taken:
        found = f"{name[:27]} {number}"
        number += 1
    taken.add(found.lower())
    return found


def _sheet_name(caption: str) -> str:
    return "".join(" " if char in "[]:*?/\\'" else char for char in caption)[:31] or "Sheet"
