"""Sums that people do on paper before they enter a figure: full-time jobs, hours times people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from socialvalue.core.money import quantity_text

FULL_WEEK = Decimal(35)
"""Paid hours a week of one full-time job, as the counting rule of jobs has it."""
WEEKS = Decimal(52)
THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Part:
    """One box of a calculator. ``over`` divides what is entered: 35 for the hours of a full-time week."""

    name: str
    label: str
    over: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Calculator:
    """Boxes that are multiplied with each other."""

    title: str
    parts: tuple[Part, ...]
    unit: str


PEOPLE = Part("people", "People")
HOURS = Part("hours", "Hours each")
BY_UNIT = {
    "FTE-years": (
        "Work out FTE from people, hours and weeks",
        (
            PEOPLE,
            Part("hours", "Paid hours a week", FULL_WEEK),
            Part("weeks", "Weeks worked in the quarter", WEEKS),
        ),
    ),
    "people x hours": ("Work out people times hours", (PEOPLE, HOURS)),
    "staff hours": ("Work out staff times hours", (Part("people", "Members of staff"), HOURS)),
    "people x weeks": ("Work out people times weeks", (PEOPLE, Part("weeks", "Weeks each"))),
    "weeks": ("Work out placements times weeks", (Part("people", "Placements"), Part("weeks", "Weeks each"))),
}  # fmt: skip


def calculator_for(unit: str) -> Calculator | None:
    """The calculator of a unit; None where a figure is simply counted."""
    found = BY_UNIT.get(unit)
    return None if found is None else Calculator(found[0], found[1], unit)


def work_out(calculator: Calculator, figures: Sequence[Decimal]) -> Decimal:
    """The product, to three places, halves up. One figure a part, in their order."""
    result = Decimal(1)
    for figure in figures:
        result *= figure
    for part in calculator.parts:
        result /= part.over
    return result.quantize(THOUSANDTH, rounding=ROUND_HALF_UP)


def in_words(calculator: Calculator, figures: Sequence[Decimal]) -> str:
    """``4 x 17.5 / 35 x 13 / 52 = 0.5``."""
    shown = [
        quantity_text(figure) + ("" if part.over == 1 else f" / {quantity_text(part.over)}")
        for part, figure in zip(calculator.parts, figures, strict=True)
    ]
    return f"{' x '.join(shown)} = {quantity_text(work_out(calculator, figures))}"
