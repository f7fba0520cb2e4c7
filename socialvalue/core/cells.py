"""Cells of a spreadsheet as text and exact numbers, and where they stand. Pure: no Django, no clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Any, Literal

Level = Literal["error", "warning"]
Row = Sequence[Any]
Span = tuple[tuple[int, int], tuple[int, int]]
"""A merged area: (row, column) of its first and of its last cell, from 0."""

DIGITS = 15
"""As many digits as a spreadsheet keeps, and as both databases give back unchanged."""
_SHOWN = Context(prec=DIGITS)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows as long as each other, its merged areas, and cells whose formula failed (row, column, from 0)."""

    name: str
    rows: Sequence[Row]
    merged: tuple[Span, ...] = ()
    failed: frozenset[tuple[int, int]] = frozenset()

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


def column_index(name: str) -> int:
    """A is 0, AA is 26."""
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1


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


def shown(number: Any) -> Decimal:
    """A number of a spreadsheet to the 15 digits that it shows: 0.1 + 0.2 is ``0.3``."""
    return _SHOWN.plus(exact(number))


def plain(number: Decimal) -> str:
    """Without exponent and without zeros at the end."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
