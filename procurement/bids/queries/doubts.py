"""What is hard to believe about an offer, by the Real Living Wage of its day."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from procurement.bids.rules import Overclaim, PromisedLine, double_counted, overclaims
from toms.frameworks.queries import MeasureInfo
from toms.valuation.rules import Working

LIVING_WAGE = Path(__file__).parent.parent / "data" / "living-wage.csv"


@cache
def _wages() -> tuple[tuple[date, Decimal], ...]:
    """From which month on which wage is known, oldest first; read once."""
    with LIVING_WAGE.open(encoding="utf-8", newline="") as lines:
        rows = [
            (date.fromisoformat(f"{row['announced']}-01"), Decimal(row["uk_hourly"]))
            for row in csv.DictReader(lines)
        ]
    return tuple(sorted(rows))


def living_wage(on: date) -> Decimal:
    """The UK Real Living Wage announced last before or on a day, in pounds an hour; before the first, the first."""
    announced = [wage for since, wage in _wages() if since <= on]
    return announced[-1] if announced else _wages()[0][1]


def doubts(
    lines: Sequence[tuple[MeasureInfo, Decimal | None, Working | None]],
    *,
    price: Decimal | None,
    on: date,
    pairs: Sequence[tuple[MeasureInfo, MeasureInfo]] = (),
) -> list[Overclaim]:
    """What to look at twice in an offer: its measures with what is offered and its value. Never a ground to refuse.

    ``pairs``: the measures asked that may count one deed twice, as ``double_counting_pairs`` gives them.
    """
    promised = [
        PromisedLine(
            measure.label,
            measure.unit_parts,
            quantity,
            working.value_pence if working else 0,
            measure.is_local_employment,
        )
        for measure, quantity, working in lines
        if quantity
    ]
    offered = {measure.id for measure, quantity, _ in lines if quantity}
    both = [(a.label, b.label) for a, b in pairs if {a.id, b.id} <= offered]
    return overclaims(promised, price=price, living_wage=living_wage(on)) + double_counted(both)
