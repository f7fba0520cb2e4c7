"""Points for what is offered in pounds of social value, by the formula that was published. Pure and exact.

With SVA a bid's social value in pence, P its whole-life price in pence, and ``share`` the points that quantities carry:

* share of the highest: share x SVA / highest SVA
* share of price: share x (SVA / P) / highest (SVA / P). A bid without a price, or with one of 0, gets no points and
  does not set the highest: there is nothing to divide by.
* target: share x min(1, SVA / target). What goes beyond the target earns nothing more.

Only bids that pass come in. Where the highest is nought nobody gets points. A score is rounded once, half up, to six
places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from procurement.tenders.vocabulary import Formula

SCORE_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Offered:
    """Whole pence. ``price_pence`` None: no price was given."""

    value_pence: int
    price_pence: int | None = None


def quantity_points(
    offers: Mapping[int, Offered],
    *,
    share: Decimal,
    formula: str = Formula.SHARE_OF_HIGHEST,
    target_pence: int | None = None,
) -> dict[int, Decimal]:
    """Points by bid. ValueError for a negative value, an unknown formula, or a target formula without a target."""
    if any(row.value_pence < 0 for row in offers.values()):
        raise ValueError("a social value cannot be negative")
    parts = _parts(offers, formula, target_pence)
    return {bid: rounded(Fraction(share) * part) for bid, part in parts.items()}


def _parts(
    offers: Mapping[int, Offered], formula: str, target_pence: int | None
) -> dict[int, Fraction]:
    """What each bid earns of all the points there are, from 0 to 1."""
    if formula == Formula.TARGET:
        if target_pence is None or target_pence <= 0:
            raise ValueError("the target formula needs a target above nought")
        return {
            bid: min(Fraction(1), Fraction(row.value_pence, target_pence))
            for bid, row in offers.items()
        }
    if formula == Formula.SHARE_OF_HIGHEST:
        worth = {bid: Fraction(row.value_pence) for bid, row in offers.items()}
    elif formula == Formula.SHARE_OF_PRICE:
        worth = {
            bid: Fraction(row.value_pence, row.price_pence) if row.price_pence else Fraction(0)
            for bid, row in offers.items()
        }
    else:
        raise ValueError(f"{formula} is not a formula")
    highest = max(worth.values(), default=Fraction(0))
    return {bid: own / highest if highest else Fraction(0) for bid, own in worth.items()}


def rounded(exact: Fraction, step: Decimal = SCORE_STEP) -> Decimal:
    """A fraction as a decimal, half up to the step, whatever its length."""
    steps = exact / Fraction(step)
    whole, rest = divmod(abs(steps.numerator), steps.denominator)
    whole += 2 * rest >= steps.denominator
    sign = -1 if steps < 0 else 1
    return (Decimal(sign * whole) * step).quantize(step, rounding=ROUND_HALF_UP)
