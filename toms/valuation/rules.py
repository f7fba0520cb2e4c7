"""Quantity x unit value x attribution, and the working shown. Pure: no Django, no clock, no floats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from socialvalue.core.money import pounds, quantity_text, round_pounds, to_pence

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class WorkingLine:
    """One line of a sum, as a person reads it: ``Quantity``, ``25 FTE-years``."""

    label: str
    shown: str


@dataclass(frozen=True, slots=True)
class Working:
    """A value with its sum. ``value`` is pounds rounded once, half up, to the penny; None when nothing is valued."""

    lines: tuple[WorkingLine, ...]
    value: Decimal | None
    value_pence: int

    @property
    def is_valued(self) -> bool:
        return self.value is not None

    @property
    def shown(self) -> str:
        return pounds(self.value) if self.value is not None else "Counted, not valued"


def value_of(
    *,
    quantity: Decimal,
    unit_value: Decimal | None,
    attribution_percent: Decimal = HUNDRED,
    unit: str = "",
    source: str = "",
) -> Working:
    """What ``quantity`` units are worth.

    ``unit_value`` is pounds of one unit (None: the measure is counted, not valued), ``attribution_percent`` the share
    (0 to 100] of the outcome that is due to this contract. ValueError for a share outside that range.
    """
    if not 0 < attribution_percent <= HUNDRED:
        raise ValueError("attribution_percent must be above 0 and at most 100")
    lines = [WorkingLine("Quantity", f"{quantity_text(quantity)} {unit}".strip())]
    if unit_value is None:
        return Working((*lines, WorkingLine("Value", "Counted, not valued")), None, 0)
    lines.append(WorkingLine("Value of one", f"£{_pounds_of_one(unit_value)}"))
    if attribution_percent != HUNDRED:
        lines.append(WorkingLine("Share due to this contract", f"{_plain(attribution_percent)}%"))
    value = round_pounds(quantity * unit_value * attribution_percent / HUNDRED)
    share = "" if attribution_percent == HUNDRED else f" × {_plain(attribution_percent)}%"
    sum_shown = (
        f"{quantity_text(quantity)} × £{_pounds_of_one(unit_value)}{share} = {pounds(value)}"
    )
    lines.append(WorkingLine("Value", sum_shown))
    if source:
        lines.append(WorkingLine("Source", source))
    return Working(tuple(lines), value, to_pence(value))


def _plain(number: Decimal) -> str:
    """All the places there are and none that are not: ``30,180``, ``0.123456789``."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _pounds_of_one(number: Decimal) -> str:
    """Pence are two places or none: ``12.50``, ``30,180``; a finer value keeps all it has."""
    text = _plain(number)
    return f"{text}0" if text[-2:-1] == "." else text


def natural_key(code: str) -> str:
    """A text that sorts codes as people read them: GSE2 before GSE10, GSE1 before GSE1a."""
    return re.sub(r"\d+", lambda found: found.group().zfill(6), code.upper())
