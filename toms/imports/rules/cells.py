"""Cells of a spreadsheet as text and exact numbers, and where they stand. Pure: no Django, no clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from socialvalue.core.money import parse_decimal

Level = Literal["error", "warning"]
Row = Sequence[Any]
Span = tuple[tuple[int, int], tuple[int, int]]
"""A merged area: (row, column) of its first and of its last cell, from 0."""

PLACES = 9
DIGITS = 15
"""As many digits as a spreadsheet keeps, and as both databases give back unchanged."""
NINE = Decimal("0.000000001")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows as long as each other, and its merged areas."""

    name: str
    rows: Sequence[Row]
    merged: tuple[Span, ...] = ()

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


@dataclass(frozen=True, slots=True)
class Workbook:
    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell and how to mend it. ``row`` counts from 1, ``column`` from 0."""

    level: Level
    sheet: str
    row: int
    column: int
    message: str

    @property
    def cell(self) -> str:
        return f"{column_name(self.column)}{self.row}"


def column_name(index: int) -> str:
    """0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def clean(text: str) -> str:
    """Without control characters and outer spaces; line ends as one character."""
    if text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return _CONTROL.sub("", text).strip()


def text_of(value: Any) -> str:
    """What a person reads in a cell, as far as its value tells."""
    if type(value) is str:
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return plain(exact(value))


def exact(number: Any) -> Decimal:
    """A number of a spreadsheet as the shortest decimal that means it: ``1234.567890123``, never its binary tail."""
    return Decimal(repr(number))


def plain(number: Decimal) -> str:
    """Without exponent and without zeros at the end."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def amount_of(value: Any) -> tuple[str, str, str]:
    """(amount as plain text, an error, a warning). Text that is no number gives the error.

    Finer than nine places is rounded half up and warned about; more than fifteen digits cannot be kept.
    """
    if type(value) is str:
        try:
            number = parse_decimal(value)
        except ValueError:
            return "", f"“{value[:40]}” is not an amount. Write it like 1234.56, without words.", ""
    else:
        number = exact(value)
    if number < 0:
        return "", "A value cannot be below 0. Check the sign.", ""
    shown = plain(number)
    warning = ""
    if len(shown.partition(".")[2]) > PLACES:
        number = number.quantize(NINE, rounding=ROUND_HALF_UP)
        warning = f"{shown} has more than 9 decimal places; it is read as {plain(number)}."
        shown = plain(number)
    if len(shown.replace(".", "").lstrip("0")) > DIGITS or len(shown.partition(".")[0]) > 9:
        return "", f"{shown} has more digits than can be kept. Check where its point belongs.", ""
    return shown, "", warning


def fill_merged(
    rows: Sequence[Row], merged: Sequence[Span], first: int, last: int
) -> list[list[Any]]:
    """The rows ``first`` to ``last`` (from 0) with every merged area filled by its first cell."""
    found = [list(row) for row in rows[first : last + 1]]
    for (top, left), (bottom, right) in merged:
        if top > last or bottom < first or top >= len(rows):
            continue
        value = rows[top][left] if left < len(rows[top]) else ""
        for row in range(max(top, first), min(bottom, last) + 1):
            line = found[row - first] if row - first < len(found) else []
            for column in range(left, min(right + 1, len(line))):
                line[column] = value
    return found
