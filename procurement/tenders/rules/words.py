"""How a tender is scored, in words with a worked example. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from procurement.tenders.rules.asking import HUNDRED, plain
from procurement.tenders.vocabulary import WeightingKind
from socialvalue.core.money import pounds

TOP_MARK = 5


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
) -> ScoringInWords | None:
    """The published formula in words with an example of round numbers. None while the scoring is not set.

    ``percent`` is of the whole award. ``of_quality``: the share of the quality score it comes from, and how much of the
    award the quality score counts.
    """
    if kind == WeightingKind.PASS_FAIL:
        return _pass_fail_in_words()
    if kind != WeightingKind.WEIGHTED or percent is None:
        return None
    qualitative = HUNDRED - quantitative_percent
    sentences = [f"Social value decides {plain(percent)}% of the award{_from_quality(of_quality)}."]
    if quantitative_percent:
        sentences.append(
            f"{plain(quantitative_percent)} of the 100 social value points are for quantity: a bid's social value in £ "
            f"divided by the highest social value in £ of all bids that pass, times {plain(quantitative_percent)}."
        )
    if qualitative:
        sentences.append(
            f"{plain(qualitative)} of the 100 points are for quality: each answer is marked 0 to {TOP_MARK}; "
            f"mark ÷ {TOP_MARK} × the weight of the question, added up, times {plain(qualitative)}%."
        )
    return _worked_example(percent, quantitative_percent, qualitative, tuple(sentences))


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


def _worked_example(
    percent: Decimal, quantitative: Decimal, qualitative: Decimal, sentences: tuple[str, ...]
) -> ScoringInWords:
    highest, offered, mark = Decimal(200_000), Decimal(150_000), Decimal(4)
    lines: list[tuple[str, str]] = []
    total = Decimal(0)
    if quantitative:
        points = offered / highest * quantitative
        total += points
        lines.append(
            (
                f"This bid offers {pounds(offered)}; the highest offers {pounds(highest)}",
                f"{pounds(offered)} ÷ {pounds(highest)} × {plain(quantitative)} = {points_text(points)} points",
            )
        )
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
    return ScoringInWords(
        sentences, tuple(lines), result, _point_cost(percent, quantitative, highest)
    )


def _point_cost(percent: Decimal, quantitative: Decimal, highest: Decimal) -> str:
    if not quantitative:
        return ""
    cost = highest / (percent * quantitative / HUNDRED)
    return (
        f"If the highest offer is {pounds(highest)} of social value, one point of the award costs another bidder "
        f"{pounds(cost.quantize(Decimal(1), rounding=ROUND_HALF_UP))} of social value."
    )


def points_text(points: Decimal) -> str:
    """``37.5``: at most two places, half up."""
    return plain(points.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
