"""Points for quantity in words, with round numbers: what a worked example says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from procurement.tenders.rules.asking import HUNDRED, plain
from procurement.tenders.rules.cases import AskedInWords, MeasureInWords
from procurement.tenders.vocabulary import Formula
from socialvalue.core.money import measured, pounds

ZERO = Decimal(0)
HIGHEST = Decimal(200_000)
EXAMPLE_PRICE = Decimal(1_000_000)
HIGHEST_QUANTITY = Decimal(20)
OFFERED_OF_HIGHEST = Decimal("0.75")
OFFERED_IN_TURN = (OFFERED_OF_HIGHEST, Decimal("0.5"))
"""Of the highest, by one measure after the other, so that an example shows more than one."""
Line = tuple[str, str]


class Example(Protocol):
    """Points for quantity: the formula in words, an example, and what a point costs."""

    @property
    def sentences(self) -> list[str]: ...
    @property
    def points(self) -> Decimal: ...
    @property
    def lines(self) -> list[Line]: ...
    def point_cost(self, percent: Decimal) -> str: ...


def example_of(formula: str, share: Decimal, target: Decimal, asked: AskedInWords) -> Example:
    """``share``: the points that quantities carry. ``target``: in pounds, for its formula."""
    if asked.has_weights and formula != Formula.TARGET:
        return ByMeasure(formula == Formula.SHARE_OF_PRICE, share, asked)
    return InAll(formula, share, target)


@dataclass(frozen=True, slots=True)
class InAll:
    """Points by the £ of all measures together."""

    formula: str
    share: Decimal
    target: Decimal

    @property
    def sentences(self) -> list[str]:
        share = plain(self.share)
        head = f"{share} of the 100 social value points are for quantity: "
        if self.formula == Formula.SHARE_OF_PRICE:
            return [
                f"{head}a bid's social value in £ as a percentage of its price, divided by the highest such percentage "
                f"of all bids that pass, times {share}."
            ]
        if self.formula == Formula.TARGET:
            return [
                f"{head}a bid's social value in £ divided by the target, {pounds(self.target)} of social value, "
                f"times {share}. "
                "What goes beyond the target earns no more."
            ]
        return [
            f"{head}a bid's social value in £ divided by the highest social value in £ of all bids that pass, "
            f"times {share}."
        ]

    @property
    def highest(self) -> Decimal:
        """£ that earn every point, at the price of the example."""
        return self.target if self.formula == Formula.TARGET else HIGHEST

    @property
    def points(self) -> Decimal:
        return OFFERED_OF_HIGHEST * self.share

    @property
    def lines(self) -> list[Line]:
        offered, share = self.highest * OFFERED_OF_HIGHEST, plain(self.share)
        result = f" × {share} = {points_text(self.points)} points"
        if self.formula == Formula.SHARE_OF_PRICE:
            own, best = (plain(part * HUNDRED / EXAMPLE_PRICE) for part in (offered, HIGHEST))
            return [
                (
                    f"This bid offers {pounds(offered)} at a price of {pounds(EXAMPLE_PRICE)}, which is {own}%; "
                    f"the highest is {best}%",
                    f"{own} ÷ {best}{result}",
                )
            ]
        most = "the target is" if self.formula == Formula.TARGET else "the highest offers"
        return [
            (
                f"This bid offers {pounds(offered)}; {most} {pounds(self.highest)}",
                f"{pounds(offered)} ÷ {pounds(self.highest)}{result}",
            )
        ]

    def point_cost(self, percent: Decimal) -> str:
        shown = _whole_pounds(self.highest / (percent * self.share / HUNDRED))
        if self.formula == Formula.TARGET:
            return (
                f"Up to the target, one point of the award costs a bidder {shown} of social value."
            )
        is_for_price = self.formula == Formula.SHARE_OF_PRICE
        at = f" at a price of {pounds(EXAMPLE_PRICE)}" if is_for_price else ""
        return (
            f"If the highest offer is {pounds(HIGHEST)} of social value{at}, one point of the award costs another "
            f"bidder {shown} of social value{' at the same price' if at else ''}."
        )


@dataclass(frozen=True, slots=True)
class ByMeasure:
    """Points by each measure in its own weight."""

    is_for_price: bool
    share: Decimal
    asked: AskedInWords

    @property
    def weighted(self) -> list[tuple[MeasureInWords, Decimal]]:
        """Measures with their weights; while some lack one the rest is shown."""
        return [
            (row, row.weight_percent)
            for row in self.asked.measures
            if row.weight_percent is not None
        ]

    @property
    def sentences(self) -> list[str]:
        share = plain(self.share)
        counted = (
            ""
            if all(row.is_valued for row, _ in self.weighted)
            else " (its quantity, as attributed, where it has no £ value)"
        )
        price = " for each pound of its price" if self.is_for_price else ""
        weights = ", ".join(f"{row.code} {plain(weight)}%" for row, weight in self.weighted)
        return [
            f"{share} of the 100 social value points are for quantity, each measure by itself: what a bid offers of it "
            f"in £{counted}{price}, divided by the highest such amount of all bids that pass, times the weight of the "
            f"measure, times {share}.",
            f"The weights of the measures: {weights}.",
        ]

    @property
    def points(self) -> Decimal:
        return sum((self._points(n) for n in range(len(self.weighted))), ZERO)

    @property
    def lines(self) -> list[Line]:
        found = []
        for n, (row, weight) in enumerate(self.weighted):
            best = _most_of(row)
            offered, highest = (_amount(row, amount) for amount in (best * _part(n), best))
            price = f", both at a price of {pounds(EXAMPLE_PRICE)}" if self.is_for_price else ""
            found.append(
                (
                    f"Of {row.code} this bid offers {offered}; the highest offers {highest}{price}",
                    f"{plain(best * _part(n))} ÷ {plain(best)} × {plain(weight)}% × {plain(self.share)} "
                    f"= {points_text(self._points(n))} points",
                )
            )
        return found

    def _points(self, n: int) -> Decimal:
        return _part(n) * self.weighted[n][1] / HUNDRED * self.share

    def point_cost(self, percent: Decimal) -> str:
        """By the measure with most weight."""
        row, weight = max(self.weighted, key=lambda pair: pair[1])
        cost = _most_of(row) / (percent * self.share / HUNDRED * weight / HUNDRED)
        shown = _whole_pounds(cost) if row.is_valued else measured(_tenth(cost), row.unit)
        of_it = " of social value" if row.is_valued else ""
        return (
            f"If the highest offer of {row.code} is {_amount(row, _most_of(row))}{of_it}, one point of the award costs "
            f"another bidder {shown}{of_it} by it{' at the same price' if self.is_for_price else ''}."
        )


def _part(n: int) -> Decimal:
    return OFFERED_IN_TURN[n % len(OFFERED_IN_TURN)]


def _most_of(row: MeasureInWords) -> Decimal:
    return HIGHEST if row.is_valued else HIGHEST_QUANTITY


def _amount(row: MeasureInWords, amount: Decimal) -> str:
    return pounds(amount) if row.is_valued else measured(amount, row.unit)


def _whole_pounds(amount: Decimal) -> str:
    return pounds(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _tenth(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def points_text(points: Decimal) -> str:
    """``37.5``: at most two places, half up."""
    return plain(two_places(points))


def two_places(points: Decimal) -> Decimal:
    return points.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
