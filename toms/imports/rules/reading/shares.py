"""What a measure's method takes off, as a file says it: percentages or fractions. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from numbers import Real
from typing import Any, NamedTuple

from socialvalue.core.money import parse_decimal
from toms.imports.rules.cells import NINE, PLACES, clean, exact, plain
from toms.imports.rules.content import SHARES
from toms.imports.rules.reading.columns import Columns
from toms.imports.rules.reading.lines import Lines
from toms.imports.rules.words import NO_VALUE

HUNDRED, ONE = Decimal(100), Decimal(1)
BETWEEN = "Write a share from 0% to 100%, or a fraction from 0 to 1."


class Share(NamedTuple):
    """A share as fraction text, "" for none; how it was written; what is wrong with it or odd."""

    fraction: str
    is_percent: bool = False
    """A bare number above 1, or one with its sign."""
    error: str = ""
    warning: str = ""


def share_of(value: Any) -> Share:
    """A cell as a share. With a % sign, or above 1, a number is a percentage; from 0 to 1 it is a fraction."""
    if value is None or isinstance(value, bool):
        return Share("")
    if isinstance(value, str):
        return _share(clean(value))
    if not isinstance(value, Real):
        return Share("", error=f"This cell holds a date or time. {BETWEEN}")
    return _share(plain(exact(value)))


@lru_cache(maxsize=512)
def _share(text: str) -> Share:
    if text.casefold() in NO_VALUE:
        return Share("")
    has_sign = text.endswith("%")
    try:
        number = parse_decimal(text.removesuffix("%").strip())
    except ValueError:
        return Share("", error=f"“{text[:40]}” is not a share. {BETWEEN}")
    is_percent = has_sign or number > ONE
    if number < 0 or number > (HUNDRED if is_percent else ONE):
        return Share("", error=f"{text} is not between 0% and 100%. {BETWEEN}")
    fraction = number / HUNDRED if is_percent else number
    if -int(fraction.normalize().as_tuple().exponent) > PLACES:
        fraction = fraction.quantize(NINE, rounding=ROUND_HALF_UP)
        read_as = f"{text} has more digits than can be kept; it is read as {plain(fraction)}."
        return Share(plain(fraction), is_percent, warning=read_as)
    return Share(plain(fraction), is_percent)


class Shares:
    """The columns of what is taken off, read once a measure."""

    def __init__(self, cells: Columns, lines: Lines) -> None:
        self.cells, self.lines = cells, lines
        self.mapped = [name for name in SHARES if name in cells.index]

    def of_measures(self) -> list[Mapping[str, str]]:
        """By the name of each share, as fraction text; only those that are said."""
        if not self.mapped:
            return [{}] * len(self.lines.at)
        found: list[dict[str, str]] = [{} for _ in self.lines.at]
        for name in self.mapped:
            read = [share_of(self.cells.cell(name)[at]) for at in self.lines.at]
            is_mixed = any(share.is_percent for share in read)
            for at, share, row in zip(self.lines.at, read, found, strict=True):
                self._tell(at, name, share, is_mixed)
                if share.fraction:
                    row[name] = share.fraction
        return list(found)

    def _tell(self, at: int, name: str, share: Share, is_mixed: bool) -> None:
        if share.error:
            self.cells.tell("error", at, name, share.error)
            return
        code, label = self.cells.text("code")[at], name.capitalize()
        if share.warning:
            self.cells.tell("warning", at, name, share.warning)
        if share.fraction == "1":
            message = f"{label} of 100% leaves nothing of {code}: whatever is done is worth £0. Is that meant?"
            self.cells.tell("warning", at, name, message)
        elif is_mixed and share.fraction not in ("", "0") and not share.is_percent:
            percent = plain(Decimal(share.fraction) * HUNDRED)
            message = (
                f"{share.fraction} is read as {percent}%, and other lines of this column are percentages. "
                f"Write {share.fraction}% if that is meant."
            )
            self.cells.tell("warning", at, name, message)

    def check_again(self, at: int, rows_of: Mapping[str, int]) -> None:
        """A code once more says nothing else than its first line."""
        code = self.cells.text("code")[at]
        first = rows_of[code] - self.cells.first
        for name in self.mapped:
            column = self.cells.cell(name)
            share = share_of(column[at])
            if share.error:
                self.cells.tell("error", at, name, share.error)
            elif share.fraction and share.fraction != share_of(column[first]).fraction:
                message = (
                    f"{code} says another {name} in row {rows_of[code]}. It is the same for every value "
                    "of a measure: say it there, and leave this cell empty."
                )
                self.cells.tell("error", at, name, message)
