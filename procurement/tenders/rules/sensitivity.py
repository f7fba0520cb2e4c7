"""What a point of social value costs, and at which weighting another bid would win. Pure and exact.

The whole award is 100 points. Social value counts ``weighting`` of them; price and quality share the rest in a fixed
proportion, so that a change of the weighting leaves what they are to each other as it was:

    points(bid) = w/100 x S + (100 - w)/100 x R        R = p/100 x price score + (100 - p)/100 x quality score

S is the social value score out of 100, w the weighting in percent, p the share of price in the rest in percent, and the
price score the usual one: 100 x lowest price / price.

Two bids change places where their lines cross: w = 100 x (R2 - R1) / ((S1 - S2) + (R2 - R1)).

One more point of S is worth w/100 of the award. Price earns it back where the price score falls by
w / ((100 - w) x p/100), so a bid with price score s may ask  100 x lowest / (s - that)  instead of its price.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations, pairwise

from procurement.tenders.rules.formulas import Offered, quantity_points, rounded
from procurement.tenders.rules.marks import TOP_MARK
from socialvalue.core.money import to_pence

HUNDRED = Fraction(100)
LEAST_WEIGHTING, MOST_WEIGHTING = Decimal(5), Decimal(30)
PENNY = Decimal("0.01")
CENTI = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ExampleBid:
    """A bid to try out: price in pounds above nought, scores out of 100."""

    name: str
    price: Decimal
    social_value_score: Decimal
    quality_score: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Gap:
    """``gap``: pounds more this bid could ask if it had one more social value point. None: any price would do."""

    name: str
    price: Decimal
    points: Decimal
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one weighting to another these bids win; more than one where they are equal throughout."""

    first: Decimal
    last: Decimal
    winners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """``leaders``: who has the most points at the tender's own weighting.

    ``crossings``: weightings between the least and the most at which the winner changes, to two places.
    """

    leaders: tuple[str, ...]
    gaps: tuple[Gap, ...]
    stretches: tuple[Stretch, ...]

    @property
    def crossings(self) -> tuple[Decimal, ...]:
        return tuple(row.last for row in self.stretches[:-1])


def sensitivity(
    bids: Sequence[ExampleBid],
    *,
    weighting: Decimal,
    price_share: Decimal,
    least: Decimal = LEAST_WEIGHTING,
    most: Decimal = MOST_WEIGHTING,
) -> Sensitivity:
    """What a point costs at this weighting, and who wins from ``least`` to ``most``.

    ``price_share`` is what price counts of all that is not social value, in percent. The order of bids makes no
    difference to who wins. ValueError without bids, for a price that is not above nought, or a score outside 0 to 100.
    """
    _check(bids, weighting, price_share)
    lowest = min(Fraction(row.price) for row in bids)
    lines = {
        row.name: (Fraction(row.social_value_score), _rest(row, lowest, price_share))
        for row in bids
    }
    return Sensitivity(
        _winners(lines, Fraction(weighting)),
        tuple(_gap(row, lowest, lines[row.name], weighting, price_share) for row in bids),
        stretches(lines, Fraction(least), Fraction(most)),
    )


@dataclass(frozen=True, slots=True)
class TriedBid:
    """An example as it is typed: pounds, the average mark of its answers from 0 to 5, quality out of 100."""

    name: str
    price: Decimal
    social_value: Decimal
    mark: Decimal = Decimal(0)
    quality: Decimal = Decimal(0)


_USUAL = (
    ("Bid A", "0.90", "0.02", 3, 65),
    ("Bid B", "0.96", "0.08", 3, 65),
    ("Bid C", "1.00", "0.18", 3, 65),
)
"""Name; price and social value as parts of the estimate; mark; quality score."""


def usual_examples(estimate: Decimal) -> list[TriedBid]:
    """Three bids to begin with: a cheap one that offers little, a dear one that offers much, one between."""
    pound = Decimal(1)
    return [
        TriedBid(
            name,
            max(pound, (estimate * Decimal(price)).quantize(pound, rounding=ROUND_HALF_UP)),
            (estimate * Decimal(social)).quantize(pound, rounding=ROUND_HALF_UP),
            Decimal(mark),
            Decimal(quality),
        )
        for name, price, social, mark, quality in _USUAL
    ]


def scored_examples(
    bids: Sequence[TriedBid],
    *,
    quantitative_percent: Decimal,
    formula: str,
    target_value: Decimal | None,
) -> list[ExampleBid]:
    """Each with its social value score out of 100, by the tender's own formula and split."""
    points = quantity_points(
        {n: Offered(to_pence(row.social_value), to_pence(row.price)) for n, row in enumerate(bids)},
        share=quantitative_percent,
        formula=formula,
        target_pence=None if target_value is None else to_pence(target_value),
    )
    answers = Fraction(100 - quantitative_percent) / TOP_MARK
    return [
        ExampleBid(
            row.name,
            row.price,
            points[n] + rounded(answers * Fraction(row.mark)),
            row.quality,
        )
        for n, row in enumerate(bids)
    ]


def crossing(one: tuple[Fraction, Fraction], other: tuple[Fraction, Fraction]) -> Fraction | None:
    """The weighting in percent at which two bids (S, R) have equal points; None where they never have, or always."""
    steeper = (one[0] - other[0]) + (other[1] - one[1])
    return HUNDRED * (other[1] - one[1]) / steeper if steeper else None


def _check(bids: Sequence[ExampleBid], weighting: Decimal, price_share: Decimal) -> None:
    if not bids:
        raise ValueError("give at least one bid")
    if len({row.name for row in bids}) < len(bids):
        raise ValueError("give every bid a name of its own")
    if any(row.price <= 0 for row in bids):
        raise ValueError("a price must be above nought")
    scores = [score for row in bids for score in (row.social_value_score, row.quality_score)]
    if any(not 0 <= number <= 100 for number in (*scores, weighting, price_share)):
        raise ValueError("a score, a weighting and a share lie between 0 and 100")


def _rest(row: ExampleBid, lowest: Fraction, price_share: Decimal) -> Fraction:
    share = Fraction(price_share) / HUNDRED
    return share * _price_score(row, lowest) + (1 - share) * Fraction(row.quality_score)


def _price_score(row: ExampleBid, lowest: Fraction) -> Fraction:
    return HUNDRED * lowest / Fraction(row.price)


def _points(line: tuple[Fraction, Fraction], weighting: Fraction) -> Fraction:
    return (weighting * line[0] + (HUNDRED - weighting) * line[1]) / HUNDRED


def _gap(
    row: ExampleBid,
    lowest: Fraction,
    line: tuple[Fraction, Fraction],
    weighting: Decimal,
    price_share: Decimal,
) -> Gap:
    points = rounded(_points(line, Fraction(weighting)), CENTI)
    price_weight = (HUNDRED - Fraction(weighting)) * Fraction(price_share) / HUNDRED
    # Nothing counts for price: no price can lose the point again.
    left = _price_score(row, lowest) - Fraction(weighting) / price_weight if price_weight else 0
    if left <= 0:
        return Gap(row.name, row.price, points, None)
    return Gap(
        row.name,
        row.price,
        points,
        rounded(HUNDRED * lowest / left - Fraction(row.price), PENNY),
    )


def stretches(
    lines: dict[str, tuple[Fraction, Fraction]], least: Fraction, most: Fraction
) -> tuple[Stretch, ...]:
    """Who is highest between every two neighbouring crossings; neighbours with the same winners are one stretch.

    ``lines``: by name the social value score S and the score R of all else, both out of 100.
    """
    inside = {
        at
        for one, other in combinations(lines.values(), 2)
        if (at := crossing(one, other)) is not None and least < at < most
    }
    edges = [least, *sorted(inside), most]
    found: list[Stretch] = []
    for first, last in pairwise(edges):
        winners = _winners(lines, (first + last) / 2)
        if found and found[-1].winners == winners:
            found[-1] = Stretch(found[-1].first, rounded(last, CENTI), winners)
        else:
            found.append(Stretch(rounded(first, CENTI), rounded(last, CENTI), winners))
    return tuple(found)


def _winners(lines: dict[str, tuple[Fraction, Fraction]], at: Fraction) -> tuple[str, ...]:
    points = {name: _points(line, at) for name, line in lines.items()}
    highest = max(points.values())
    return tuple(sorted(_names(points.items(), highest)))


def _names(points: Iterable[tuple[str, Fraction]], highest: Fraction) -> Iterable[str]:
    return (name for name, own in points if own == highest)
