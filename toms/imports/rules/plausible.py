"""Values that may be right but look wrong beside the edition before. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from toms.imports.rules.cells import Problem
from toms.imports.rules.content import Row

HUNDRED = Decimal(100)
LONG = 7
"""A whole number of so many digits among values that have pence has perhaps lost its point."""


@dataclass(frozen=True, slots=True)
class Before:
    """What the previous edition said of a measure."""

    unit: str
    amounts: Mapping[tuple[str, str], Decimal]
    """By place and sector; "" is everywhere and every sector."""


class Found(NamedTuple):
    """A value of the file with the cell it stands in."""

    code: str
    place: str
    sector: str
    amount: str
    row: int


def _digits(text: str) -> str:
    return text.replace(".", "").strip("0")


def _lost_point(now: Decimal, before: Decimal) -> bool:
    """Same digits, another magnitude."""
    same = _digits(f"{now:f}") == _digits(f"{before:f}")
    return same and now != before and len(_digits(f"{before:f}")) >= 2


def check_values(
    values: Sequence[Found], before: Mapping[str, Before], *, sheet: str, column: int
) -> list[Problem]:
    """Warnings for values 100 times those of the previous edition or more, or that have lost their point."""
    problems = []
    have_pence = sum("." in value.amount for value in values) * 2 >= len(values)
    looked_at = values if before else [row for row in values if len(row.amount) >= LONG]
    for value in looked_at:
        known = before.get(value.code)
        old = known.amounts.get((value.place, value.sector)) if known else None
        message = ""
        if old is not None:
            message = _against(Decimal(value.amount), old)
        elif have_pence and "." not in value.amount and len(value.amount) >= LONG:
            message = (
                f"£{value.amount} for one unit is a long whole number among values with pence. "
                "Has it lost its point?"
            )
        if message:
            problems.append(Problem("warning", sheet, value.row, column, message))
    return problems


def _against(now: Decimal, old: Decimal) -> str:
    if now == old or not old:
        return ""
    before = f"The edition before says {old.normalize():f}."
    if _lost_point(now, old):
        return (
            f"{now:f} has the digits of {old.normalize():f} with its point elsewhere. {before} "
            "Has it lost its point?"
        )
    if not now or now >= old * HUNDRED or now * HUNDRED <= old:
        return f"{now:f} is 100 times away from what it was, or more. {before} Check the value and the unit."
    return ""


def check_units(
    measures: Sequence[Row],
    before: Mapping[str, Before],
    rows: Mapping[str, int],
    *,
    sheet: str,
    column: int,
) -> list[Problem]:
    """Warnings for measures that are counted in another unit than before."""
    problems: list[Problem] = []
    if not before:
        return problems
    for measure in measures:
        known = before.get(measure["code"])
        if known and known.unit != measure["unit"]:
            message = (
                f"{measure['code']} was counted in “{known.unit}” before. "
                "Check that its value moved with the unit."
            )
            problems.append(Problem("warning", sheet, rows[measure["code"]], column, message))
    return problems
