"""How a tender is scored, in words with a worked example. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from procurement.tenders.rules.asking import HUNDRED, plain
from procurement.tenders.vocabulary import Formula, WeightingKind
from socialvalue.core.money import pounds

TOP_MARK = 5
ZERO = Decimal(0)
HIGHEST = Decimal(200_000)
EXAMPLE_PRICE = Decimal(1_000_000)
OFFERED_OF_HIGHEST = Decimal("0.75")


@dataclass(frozen=True, slots=True)
class ScoringInWords:
    """How social value is scored: sentences, and a worked example line by line (what, how much)."""

    sentences: tuple[str, ...]
    example: tuple[tuple[str, str], ...]
    example_result: str
    point: str
    """What one point of the whole award costs a bidder, as a sentence; empty when there is none."""


def scoring_in_words(
    *,
    kind: str,
    percent: Decimal | None,
    quantitative_percent: Decimal,
    of_quality: tuple[Decimal, Decimal] | None = None,
    formula: str = Formula.SHARE_OF_HIGHEST,
    target: Decimal | None = None,
) -> ScoringInWords | None:
    """The published formula in words with an example of round numbers. None while the scoring is not set.

    ``percent`` is of the whole award. ``of_quality``: the share of the quality score it comes from, and how much of the
    award the quality score counts. ``target``: pounds of social value that earn every point, for the target formula.
    """
    if kind == WeightingKind.PASS_FAIL:
        return _pass_fail_in_words()
    if kind != WeightingKind.WEIGHTED or percent is None:
        return None
    qualitative = HUNDRED - quantitative_percent
    by: _Example | None = None
    sentences = [f"Social value decides {plain(percent)}% of the award{_from_quality(of_quality)}."]
    if quantitative_percent:
        if formula == Formula.TARGET and target is None:
            return None
        by = _Example(formula, quantitative_percent, target or ZERO)
        sentences += by.sentences
    if qualitative:
        sentences.append(
            f"{plain(qualitative)} of the 100 points are for quality: each answer is marked 0 to {TOP_MARK}; "
            f"mark ÷ {TOP_MARK} × the weight of the question, added up, times {plain(qualitative)}%."
        )
    return _worked_example(percent, qualitative, tuple(sentences), by)


def _from_quality(of_quality: tuple[Decimal, Decimal] | None) -> str:
    if of_quality is None:
        return ""
    share, quality = of_quality
    return f": {plain(share)}% of the quality score, which counts {plain(quality)}% of the award"


def _pass_fail_in_words() -> ScoringInWords:
    return ScoringInWords(
        (
            "Social value is pass or fail and adds no points to the award.",
            "A bid passes when it offers every mandatory measure, at or above the minimum where one is set.",
        ),
        (
            ("Mandatory measure with a minimum of 10", "10 or more offered: pass"),
            ("The same measure", "9.5 offered: fail"),
        ),
        "Pass or fail",
        "",
    )


@dataclass(frozen=True, slots=True)
class _Example:
    """Quantities by one formula, in words and with round numbers. ``share``: the points they carry."""

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
                f"of all bids that pass, times {share}. A bid without a price earns none of them."
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
    def line(self) -> tuple[str, str]:
        offered, share = self.highest * OFFERED_OF_HIGHEST, plain(self.share)
        result = f" × {share} = {points_text(self.points)} points"
        if self.formula == Formula.SHARE_OF_PRICE:
            own, best = (plain(part * HUNDRED / EXAMPLE_PRICE) for part in (offered, HIGHEST))
            return (
                f"This bid offers {pounds(offered)} at a price of {pounds(EXAMPLE_PRICE)}, which is {own}%; "
                f"the highest is {best}%",
                f"{own} ÷ {best}{result}",
            )
        if self.formula == Formula.TARGET:
            return (
                f"This bid offers {pounds(offered)}; the target is {pounds(self.target)}",
                f"{pounds(offered)} ÷ {pounds(self.target)}{result}",
            )
        return (
            f"This bid offers {pounds(offered)}; the highest offers {pounds(HIGHEST)}",
            f"{pounds(offered)} ÷ {pounds(HIGHEST)}{result}",
        )

    def point_cost(self, percent: Decimal) -> str:
        cost = self.highest / (percent * self.share / HUNDRED)
        shown = pounds(cost.quantize(Decimal(1), rounding=ROUND_HALF_UP))
        if self.formula == Formula.TARGET:
            return (
                f"Up to the target, one point of the award costs a bidder {shown} of social value."
            )
        at = (
            f" at a price of {pounds(EXAMPLE_PRICE)}"
            if self.formula == Formula.SHARE_OF_PRICE
            else ""
        )
        return (
            f"If the highest offer is {pounds(HIGHEST)} of social value{at}, one point of the award costs another "
            f"bidder {shown} of social value{' at the same price' if at else ''}."
        )


def _worked_example(
    percent: Decimal, qualitative: Decimal, sentences: tuple[str, ...], by: _Example | None
) -> ScoringInWords:
    mark = Decimal(4)
    lines: list[tuple[str, str]] = []
    total = ZERO
    if by is not None:
        total += by.points
        lines.append(by.line)
    if qualitative:
        points = mark / TOP_MARK * qualitative
        total += points
        lines.append(
            (
                f"Every answer is marked {plain(mark)} of {TOP_MARK}",
                f"{plain(mark)} ÷ {TOP_MARK} × {plain(qualitative)} = {points_text(points)} points",
            )
        )
    lines.append(("Social value points of 100", points_text(total)))
    share = total * percent / HUNDRED
    result = f"{points_text(total)} × {plain(percent)}% = {points_text(share)} of 100 points of the award"
    cost = by.point_cost(percent) if by is not None else ""
    return ScoringInWords(sentences, tuple(lines), result, cost)


def points_text(points: Decimal) -> str:
    """``37.5``: at most two places, half up."""
    return plain(two_places(points))


def two_places(points: Decimal) -> Decimal:
    return points.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
