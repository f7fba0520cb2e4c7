"""How a tender is scored, in words with a worked example. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.tenders.rules.asking import HUNDRED, plain
from procurement.tenders.rules.cases import (
    AskedInWords,
    Case,
    cases_of,
    cases_of_pass_fail,
    to_pass,
)
from procurement.tenders.rules.examples import ZERO, Example, example_of, points_text
from procurement.tenders.rules.marks import TOP_MARK
from procurement.tenders.vocabulary import Formula, TieRule, WeightingKind


@dataclass(frozen=True, slots=True)
class ScoringInWords:
    """How social value is scored: the formula, every case it does not say, and an example line by line."""

    formula: tuple[str, ...]
    cases: tuple[Case, ...]
    """What may happen, and what then."""
    example: tuple[tuple[str, str], ...]
    example_result: str
    point: str
    """What one point of the whole award costs a bidder, as a sentence; empty when there is none."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it but the example, a line each."""
        return (*self.formula, *(f"{case}: {then}" for case, then in self.cases))


def scoring_in_words(
    *,
    kind: str,
    percent: Decimal | None,
    quantitative_percent: Decimal,
    of_quality: tuple[Decimal, Decimal] | None = None,
    formula: str = Formula.SHARE_OF_HIGHEST,
    target: Decimal | None = None,
    tie_rule: str = TieRule.SHARED,
    asked: AskedInWords | None = None,
) -> ScoringInWords | None:
    """The published formula in words with an example of round numbers. None while the scoring is not set.

    ``percent`` is of the whole award. ``of_quality``: the share of the quality score it comes from, and how much of the
    award the quality score counts. ``target``: pounds of social value that earn every point, for the target formula.
    """
    asked = asked or AskedInWords()
    if kind == WeightingKind.PASS_FAIL:
        return _pass_fail_in_words(asked)
    if kind != WeightingKind.WEIGHTED or percent is None:
        return None
    if quantitative_percent and formula == Formula.TARGET and target is None:
        return None
    qualitative = HUNDRED - quantitative_percent
    sentences = [f"Social value decides {plain(percent)}% of the award{_from_quality(of_quality)}."]
    by: Example | None = None
    if quantitative_percent:
        by = example_of(formula, quantitative_percent, target or ZERO, asked)
        sentences += by.sentences
    if qualitative:
        sentences.append(
            f"{plain(qualitative)} of the 100 points are for answers: each is marked 0 to {TOP_MARK}; "
            f"mark ÷ {TOP_MARK} × the weight of the question, added up, times {plain(qualitative)}%."
        )
    if to_pass(asked):
        sentences.append(f"A bid passes when it {_and(to_pass(asked))}.")
    cases = cases_of(
        asked,
        formula=formula,
        tie_rule=tie_rule,
        by_quantity=bool(quantitative_percent),
        by_answers=bool(qualitative),
    )
    return _worked_example(percent, qualitative, (tuple(sentences), cases), by)


def _from_quality(of_quality: tuple[Decimal, Decimal] | None) -> str:
    if of_quality is None:
        return ""
    share, quality = of_quality
    return f": {plain(share)}% of the quality score, which counts {plain(quality)}% of the award"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _pass_fail_in_words(asked: AskedInWords) -> ScoringInWords:
    wanted = to_pass(asked)
    passes = f"when it {_and(wanted)}" if wanted else "as it is: nothing is mandatory"
    return ScoringInWords(
        (
            "Social value is pass or fail and adds no points to the award.",
            f"A bid passes {passes}.",
        ),
        cases_of_pass_fail(asked),
        (
            ("Mandatory measure with a minimum of 10", "10 or more offered: pass"),
            ("The same measure", "9.5 offered: fail"),
        ),
        "Pass or fail",
        "",
    )


def _worked_example(
    percent: Decimal,
    qualitative: Decimal,
    told: tuple[tuple[str, ...], tuple[Case, ...]],
    by: Example | None,
) -> ScoringInWords:
    mark = Decimal(4)
    lines: list[tuple[str, str]] = []
    total = ZERO
    if by is not None:
        total += by.points
        lines += by.lines
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
    return ScoringInWords(*told, tuple(lines), result, cost)
