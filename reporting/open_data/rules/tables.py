"""The tables of a public page, the same on the page and in its files. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.ledger.vocabulary import Basis
from reporting.open_data.rules.telling import Line, MeasureLine, Told
from socialvalue.core.tables import Column, Table, Value

EMPTY = "Nothing was reported in this year."


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure by name as it is told."""

    name: str
    label: str
    meaning: str
    unit: str
    value: Told
    short: str
    note: str
    is_money: bool


def amounts(caption: str, heading: str, lines: Sequence[Line], total: Line | None) -> Table:
    """Lines of £ on every basis, with the total that they add up to."""
    return Table(
        caption,
        (
            Column(heading, width=40),
            *(
                Column(f"{Basis(basis).label} (£)", "money", is_social_value=True)
                for basis in Basis.values
            ),
            Column("Verified of committed (%)", "percent", is_social_value=True),
        ),
        [_amounts_row(line) for line in lines],
        _amounts_row(total) if total is not None and lines else None,
        EMPTY,
    )


def _amounts_row(line: Line) -> tuple[Value, ...]:
    return (line.label, *(line.figures[basis] for basis in Basis.values), _one_place(line.share))


def measures(caption: str, lines: Sequence[MeasureLine]) -> Table:
    """Quantities in each measure's unit with £ beside them."""
    columns = [
        Column("Measure", width=44),
        Column("Theme", width=28),
        Column("Unit", width=18),
        *(Column(f"{Basis(basis).label} (quantity)", "number") for basis in Basis.values),
        *(
            Column(f"{Basis(basis).label} (£)", "money", is_social_value=True)
            for basis in Basis.values
        ),
    ]
    return Table(
        caption,
        columns,
        [
            (
                line.name.label,
                line.name.theme,
                line.name.unit,
                *(_three_places(line.quantities[basis]) for basis in Basis.values),
                *(line.pounds[basis] for basis in Basis.values),
            )
            for line in lines
        ],
        None,
        EMPTY,
    )


def figures(caption: str, rows: Sequence[Headline]) -> Table:
    """The headline figures, exactly."""
    return Table(
        caption,
        (
            Column("Figure", width=40),
            Column("What it means", width=60),
            Column("Unit"),
            Column("Value", "number"),
        ),
        [(row.label, row.meaning, row.unit, _three_places(row.value)) for row in rows],
    )


def _one_place(value: Told) -> Told:
    return value.quantize(Decimal("0.1")) if isinstance(value, Decimal) else value


def _three_places(value: Told) -> Told:
    return value.quantize(Decimal("0.001")) if isinstance(value, Decimal) else value
