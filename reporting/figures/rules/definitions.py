"""Every named figure once: what it means, its unit, how it is worked out, where it comes from, who may see it."""

from __future__ import annotations

from decimal import Decimal

from reporting.figures.rules.counted import COUNTED_FIGURES
from reporting.figures.rules.from_ledger import LEDGER_FIGURES, is_carbon
from reporting.figures.rules.overseeing import OVERSEEING_FIGURES
from reporting.figures.rules.positions import Position
from reporting.figures.rules.shapes import NOT_REPORTED, Definition, Figure, Kind, Opens
from socialvalue.core.money import percent_text, pounds, pounds_short, quantity_text

__all__ = [
    "FIGURES",
    "NOT_REPORTED",
    "Definition",
    "Figure",
    "Kind",
    "Opens",
    "is_carbon",
    "measured",
    "short",
    "shown",
]

FIGURES: dict[str, Definition] = {
    definition.name: definition
    for definition in (*LEDGER_FIGURES, *COUNTED_FIGURES, *OVERSEEING_FIGURES)
}


def shown(definition: Definition, value: Decimal | None) -> str:
    """The exact text of a value; a percentage with one place, beside the numbers it comes from."""
    if value is None:
        return NOT_REPORTED
    if definition.kind == Kind.MONEY:
        return pounds(value)
    if definition.kind == Kind.PERCENT:
        return percent_text(value, 1)
    if definition.kind == Kind.QUANTITY:
        return f"{quantity_text(value)} {definition.unit}"
    return quantity_text(value)


def short(definition: Definition, value: Decimal | None) -> str:
    """The text of a tile."""
    if value is None:
        return "Not reported"
    if definition.kind == Kind.MONEY:
        return pounds_short(value)
    if definition.kind == Kind.PERCENT:
        return percent_text(value)
    return quantity_text(value)


def measured(definition: Definition, position: Position, opens_url: str = "") -> Figure:
    """The figure at this position."""
    value = definition.compute(position)
    return Figure(
        name=definition.name,
        label=definition.label,
        meaning=definition.meaning,
        kind=definition.kind.value,
        unit=definition.unit,
        computation=definition.computation,
        source=definition.source,
        visible_to=definition.visible_to,
        value=value,
        shown=shown(definition, value),
        short=short(definition, value),
        beside=definition.beside(position) if definition.beside and value is not None else "",
        opens_url=opens_url,
        is_money=definition.is_money,
        is_price=definition.is_price,
    )
