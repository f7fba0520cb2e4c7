"""Points for what is offered in pounds of social value, by the formula that was published. Pure and exact.

With SVA a bid's social value in pence, P its whole-life price in pence, and ``share`` the points that quantities carry:

* share of the highest: share x SVA / highest SVA
* share of price: share x (SVA / P) / highest (SVA / P). A bid without a price, or with one of 0, gets no points and
  does not set the highest: there is nothing to divide by.
* target: share x min(1, SVA / target). What goes beyond the target earns nothing more.

Where every measure has a weight (percent, adding to 100), each is scored by itself by the first or second formula, on
an amount instead of SVA: its £, or its quantity where it has no value:

* share x sum of weight/100 x (amount / highest amount), amounts divided by P first in the second formula.

Only bids that pass come in. Where the highest is nought nobody gets points. What lies above the most that is scored of
a measure (``capped``) is taken off before. A score is rounded once, half up, to six places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from procurement.tenders.vocabulary import Formula

SCORE_STEP = Decimal("0.000001")
HUNDRED = Decimal(100)
NOUGHT = Fraction(0)


@dataclass(frozen=True, slots=True)
class Offered:
    """Whole pence. ``price_pence`` None: no price was given.

    ``amounts``: by requirement its £ or, where it has none, its quantity; one that is missing is nought. For weights by
    measure only.
    """

    value_pence: int
    price_pence: int | None = None
    amounts: Mapping[int, Decimal] = field(default_factory=dict)


def capped(quantity: Decimal, maximum: Decimal | None) -> Decimal:
    """As much of a quantity as is scored. None: all of it."""
    return quantity if maximum is None else min(quantity, maximum)


def quantity_points(
    offers: Mapping[int, Offered],
    *,
    share: Decimal,
    formula: str = Formula.SHARE_OF_HIGHEST,
    target_pence: int | None = None,
    weights: Mapping[int, Decimal] | None = None,
) -> dict[int, Decimal]:
    """Points by bid. ``weights``: by requirement, in percent; without them the points go by the £ of all together.

    ValueError for anything negative, an unknown formula, a target formula without a target or with weights, or weights
    that do not add to 100.
    """
    if any(
        row.value_pence < 0 or min(row.amounts.values(), default=0) < 0 for row in offers.values()
    ):
        raise ValueError("what is offered cannot be negative")
    if any(row.price_pence is not None and row.price_pence < 0 for row in offers.values()):
        raise ValueError("a price cannot be negative")
    if formula not in Formula.values:
        raise ValueError(f"{formula} is not a formula")
    if weights:
        parts = _parts_by_measure(offers, formula, weights)
    elif formula == Formula.TARGET:
        parts = _parts_of_target(offers, target_pence)
    else:
        values = {bid: Fraction(row.value_pence) for bid, row in offers.items()}
        parts = _of_highest(_for_the_price(values, offers, formula))
    return {bid: rounded(Fraction(share) * part) for bid, part in parts.items()}


def _parts_of_target(
    offers: Mapping[int, Offered], target_pence: int | None
) -> dict[int, Fraction]:
    if target_pence is None or target_pence <= 0:
        raise ValueError("the target formula needs a target above nought")
    return {
        bid: min(Fraction(1), Fraction(row.value_pence, target_pence))
        for bid, row in offers.items()
    }


def _parts_by_measure(
    offers: Mapping[int, Offered], formula: str, weights: Mapping[int, Decimal]
) -> dict[int, Fraction]:
    if formula == Formula.TARGET:
        raise ValueError("weights of measures do not go with a target")
    if sum(weights.values()) != HUNDRED or min(weights.values()) < 0:
        raise ValueError("the weights of measures must add to 100")
    found = dict.fromkeys(offers, NOUGHT)
    for requirement, weight in weights.items():
        amounts = {bid: Fraction(row.amounts.get(requirement, 0)) for bid, row in offers.items()}
        parts = _of_highest(_for_the_price(amounts, offers, formula))
        for bid, part in parts.items():
            found[bid] += Fraction(weight) / 100 * part
    return found


def _for_the_price(
    amounts: Mapping[int, Fraction], offers: Mapping[int, Offered], formula: str
) -> dict[int, Fraction]:
    """Amounts as they are, or a pound of price; nought without a price."""
    if formula != Formula.SHARE_OF_PRICE:
        return dict(amounts)
    prices = {bid: row.price_pence for bid, row in offers.items()}
    return {
        bid: amount / price if (price := prices[bid]) else NOUGHT for bid, amount in amounts.items()
    }


def _of_highest(worth: Mapping[int, Fraction]) -> dict[int, Fraction]:
    """What each earns of all there is, from 0 to 1; nothing where the highest is nought."""
    highest = max(worth.values(), default=NOUGHT)
    return {bid: own / highest if highest else NOUGHT for bid, own in worth.items()}


def rounded(exact: Fraction, step: Decimal = SCORE_STEP) -> Decimal:
    """A fraction as a decimal, half up to the step, whatever its length."""
    steps = exact / Fraction(step)
    whole, rest = divmod(abs(steps.numerator), steps.denominator)
    whole += 2 * rest >= steps.denominator
    sign = -1 if steps < 0 else 1
    return (Decimal(sign * whole) * step).quantize(step, rounding=ROUND_HALF_UP)
