"""Cells as amounts, and merged cells filled. Pure: no Django, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from socialvalue.core.cells import (
    DIGITS,
    Level,
    Problem,
    Row,
    Sheet,
    Span,
    Workbook,
    clean,
    column_name,
    exact,
    plain,
    shown,
    text_of,
)
from socialvalue.core.money import parse_decimal

__all__ = [
    "NINE", "PLACES", "Level", "Problem", "Row", "Sheet", "Span", "Workbook", "amount_of", "clean", "column_name",
    "exact", "fill_merged", "plain", "text_of",
]  # fmt: skip

PLACES = 9
NINE = Decimal("0.000000001")


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
        if -int(number.as_tuple().exponent) > PLACES:
            # The digits behind the fifteenth are noise of a binary number: nobody saw them in their spreadsheet.
            number = shown(value)
    if number < 0:
        return "", "A value cannot be below 0. Check the sign.", ""
    said = plain(number)
    warning = ""
    if len(said.partition(".")[2]) > PLACES:
        number = number.quantize(NINE, rounding=ROUND_HALF_UP)
        warning = f"{said} has more than 9 decimal places; it is read as {plain(number)}."
        said = plain(number)
    if len(said.replace(".", "").lstrip("0")) > DIGITS or len(said.partition(".")[0]) > 9:
        return "", f"{said} has more digits than can be kept. Check where its point belongs.", ""
    return said, "", warning


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
