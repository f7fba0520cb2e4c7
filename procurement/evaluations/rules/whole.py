"""The whole award: social value beside price and quality, 100 points together. Pure and exact.

    points(bid) = w/100 x S + p/100 x P + q/100 x Q        w + p + q = 100

S is the social value score, P and Q the scores for price and for quality apart from social value, each out of 100. A
pass or fail tender has no w: then p + q = 100. A bid that does not pass on social value has no points and no place.

For other weightings w' of social value price and quality keep their proportion to each other:

    points(bid) = w'/100 x S + (100 - w')/100 x R        R = (p x P + q x Q) / (p + q)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from procurement.evaluations.rules.scoring import HUNDRED, ZERO
from procurement.tenders.rules import (
    LEAST_WEIGHTING,
    MOST_WEIGHTING,
    Stretch,
    plain,
    rounded,
    stretches,
)
from socialvalue.core.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Weights:
    """Percent of the whole award. ``social_value`` None: it is pass or fail."""

    social_value: Decimal | None
    price: Decimal
    quality: Decimal


@dataclass(frozen=True, slots=True)
class WholeBid:
    """One bid that passed: scores out of 100; a missing one is not entered yet."""

    bid_id: int
    social_value: Decimal
    price: Decimal | None = None
    quality: Decimal | None = None


@dataclass(frozen=True, slots=True)
class WholeScore:
    bid_id: int
    points: Decimal
    rank: int


def weights_missing(weights: Weights) -> str:
    """What price and quality still need to add to 100 with social value, in one sentence; empty when they do."""
    social = weights.social_value or ZERO
    total = social + weights.price + weights.quality
    if total == HUNDRED:
        return ""
    parts = (
        "Price and quality" if weights.social_value is None else "Social value, price and quality"
    )
    gap = (
        f"{plain(HUNDRED - total)}% is missing"
        if total < HUNDRED
        else f"that is {plain(total - HUNDRED)}% too much"
    )
    return f"{parts} must add to 100%. They add to {plain(total)}%: {gap}"


def check_weights(weights: Weights) -> None:
    """RuleBroken unless the weights are from 0 to 100 and add to 100."""
    for field, share in (("price_percent", weights.price), ("quality_percent", weights.quality)):
        if not 0 <= share <= HUNDRED:
            raise RuleBroken("A weight must be from 0 to 100, for example 40", field=field)
    missing = weights_missing(weights)
    if missing:
        raise RuleBroken(missing, field="price_percent")


def usual_price_scores(prices: Mapping[int, Decimal | None]) -> dict[int, Decimal]:
    """100 x lowest / price, by bid; bids without a price above nought are left out and do not set the lowest."""
    given = {bid: Fraction(price) for bid, price in prices.items() if price}
    lowest = min(given.values(), default=Fraction(0))
    return {bid: rounded(100 * lowest / price) for bid, price in given.items()}


def whole_scores(weights: Weights, bids: Sequence[WholeBid]) -> list[WholeScore]:
    """Points of 100 and place, best first, of the bids whose scores are entered. Empty while one is missing.

    Points are rounded once; equal points share a place and the next is skipped.
    """
    if not bids or any(row.price is None or row.quality is None for row in bids):
        return []
    points = {row.bid_id: rounded(_points(weights, row)) for row in bids}
    scores = [
        WholeScore(bid, own, 1 + sum(other > own for other in points.values()))
        for bid, own in points.items()
    ]
    return sorted(scores, key=lambda row: (row.rank, row.bid_id))


def whole_stretches(weights: Weights, bids: Sequence[WholeBid]) -> tuple[Stretch, ...]:
    """Who has the most points from 5% to 30% of social value. ``winners`` are bid ids as text.

    Empty where social value is pass or fail, scores are missing, or it alone decides.
    """
    if weights.social_value is None or not whole_scores(weights, bids):
        return ()
    if not weights.price + weights.quality:
        return ()
    return stretches(
        {str(row.bid_id): (Fraction(row.social_value), _rest(weights, row)) for row in bids},
        Fraction(LEAST_WEIGHTING),
        Fraction(MOST_WEIGHTING),
    )


def points_at(weights: Weights, row: WholeBid, weighting: Decimal) -> Decimal:
    """Points of one bid if social value counted ``weighting`` percent, to two places."""
    share = Fraction(weighting) / 100
    exact = share * Fraction(row.social_value) + (1 - share) * _rest(weights, row)
    return rounded(exact, Decimal("0.01"))


def _points(weights: Weights, row: WholeBid) -> Fraction:
    return (
        Fraction(weights.social_value or ZERO) * Fraction(row.social_value)
        + Fraction(weights.price) * Fraction(row.price or ZERO)
        + Fraction(weights.quality) * Fraction(row.quality or ZERO)
    ) / 100


def _rest(weights: Weights, row: WholeBid) -> Fraction:
    """The score out of 100 on all that is not social value."""
    price, quality = Fraction(weights.price), Fraction(weights.quality)
    return (price * Fraction(row.price or ZERO) + quality * Fraction(row.quality or ZERO)) / (
        price + quality
    )
