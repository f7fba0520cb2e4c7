"""What is written into a tender, and what makes it right. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procurement.policies.vocabulary import ShareOf
from procurement.tenders.vocabulary import Formula, WeightingKind
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import quantity_text

HUNDRED = Decimal(100)
MOST_MEASURES = 10
"""More than this is warned about: bidders answer fewer measures better."""
FEW_MEASURES = 6
"""What suits most contracts."""
SMALL_PACK = 8
"""A larger pack is offered in a smaller form too: unticking the rest would be work."""
MOST_QUESTIONS = 20


def plain(number: Decimal) -> str:
    """A number without empty decimals."""
    return quantity_text(number)


def few_of(
    pack: Sequence[tuple[int, int]],
    apart: Collection[frozenset[int]] = (),
    most: int = FEW_MEASURES,
) -> list[int]:
    """At most so many measures of a pack of (measure, theme), one theme after the other, in the order of the pack.

    ``apart`` are pairs that may count one deed twice: only the first of a pair is taken.
    """
    themes: dict[int, list[int]] = {}
    for measure, theme in pack:
        themes.setdefault(theme, []).append(measure)
    chosen: list[int] = []
    while any(themes.values()) and len(chosen) < most:
        for waiting in themes.values():
            while waiting:
                measure = waiting.pop(0)
                if not any({measure, other} in apart for other in chosen):
                    chosen.append(measure)
                    break
    kept = chosen[:most]
    return [measure for measure, _ in pack if measure in kept]


@dataclass(frozen=True, slots=True)
class RequirementInput:
    """One measure to ask for. ``minimum_quantity`` is in the measure's unit; None asks for no minimum."""

    measure_id: int
    is_mandatory: bool = False
    minimum_quantity: Decimal | None = None
    guidance: str = ""


@dataclass(frozen=True, slots=True)
class QuestionInput:
    """A question to be marked. ``weight_percent`` is its share of the qualitative part."""

    text: str
    guidance: str = ""
    weight_percent: Decimal = HUNDRED


@dataclass(frozen=True, slots=True)
class WeightingRange:
    """What the policy allows, from the route decision."""

    least: Decimal
    most: Decimal
    pass_fail_allowed: bool
    share_of: str = ShareOf.TOTAL
    """What the range is a share of."""

    @property
    def is_share_of_quality(self) -> bool:
        return self.share_of == ShareOf.QUALITY

    @property
    def words(self) -> str:
        """``Between 5 and 30, the range of the policy, as a share of the quality score.``"""
        share = ", as a share of the quality score" if self.is_share_of_quality else ""
        return (
            f"Between {plain(self.least)} and {plain(self.most)}, the range of the policy{share}."
        )


def check_scoring(
    *,
    allowed: WeightingRange,
    kind: str,
    percent: Decimal | None,
    quantitative_percent: Decimal,
    quality_percent: Decimal | None = None,
    formula: str = Formula.SHARE_OF_HIGHEST,
    target_value: Decimal | None = None,
) -> None:
    """RuleBroken unless the weighting lies in the policy's range and the split is a percentage.

    ``percent`` is a share of what the policy says; of quality, ``quality_percent`` is the quality score's share of all.
    """
    if kind == WeightingKind.PASS_FAIL:
        if not allowed.pass_fail_allowed:
            raise RuleBroken(
                "The policy does not allow pass or fail here. Choose a weighted score.",
                field="weighting_kind",
            )
    elif kind == WeightingKind.WEIGHTED:
        whole = "the quality score" if allowed.is_share_of_quality else "the whole award"
        if percent is None:
            raise RuleBroken(
                f"Enter the weighting as a percentage of {whole}", field="weighting_percent"
            )
        if allowed.is_share_of_quality and quality_percent is None:
            raise RuleBroken(
                "Enter how much of the whole award the quality score counts",
                field="quality_percent",
            )
        if quality_percent is not None and not 0 < quality_percent <= HUNDRED:
            raise RuleBroken(
                "The quality score must count more than 0% and at most 100% of the award",
                field="quality_percent",
            )
        if not allowed.least <= percent <= allowed.most:
            raise RuleBroken(
                f"The weighting must be between {plain(allowed.least)}% and {plain(allowed.most)}%, "
                "the range of the policy",
                field="weighting_percent",
            )
    else:
        raise RuleBroken("Select a weighted score or pass or fail", field="weighting_kind")
    if not 0 <= quantitative_percent <= HUNDRED:
        raise RuleBroken("The share must be between 0% and 100%", field="quantitative_percent")
    if formula not in Formula.values:
        raise RuleBroken("Select how quantities become points", field="formula")
    if formula == Formula.TARGET and (target_value is None or target_value <= 0):
        raise RuleBroken(
            "Enter the social value in £ that earns every point, for example 150,000",
            field="target_value",
        )


def check_requirements(requirements: Sequence[RequirementInput]) -> None:
    """RuleBroken for a measure asked for twice or a minimum that is not above zero."""
    ids = [row.measure_id for row in requirements]
    if len(ids) != len(set(ids)):
        raise RuleBroken("A measure can be asked for once only. Remove the second one.")
    if any(row.minimum_quantity is not None and row.minimum_quantity <= 0 for row in requirements):
        raise RuleBroken("A minimum quantity must be more than 0. Leave it empty for none.")


def weights_sentence(weights: Sequence[Decimal]) -> str:
    """What is wrong with the weights, or an empty string when they add to 100 exactly."""
    total = sum(weights, Decimal(0))
    if not weights or total == HUNDRED:
        return ""
    gap = HUNDRED - total
    mend = f"Add {plain(gap)} more" if gap > 0 else f"Take {plain(-gap)} away"
    return f"The weights add to {plain(total)}. They must add to 100. {mend}."


def check_questions(questions: Sequence[QuestionInput]) -> None:
    """RuleBroken for empty text, a weight outside (0, 100], too many rows, or weights that do not add to 100."""
    if len(questions) > MOST_QUESTIONS:
        raise RuleBroken(f"Ask at most {MOST_QUESTIONS} questions.")
    for number, row in enumerate(questions, start=1):
        if not row.text.strip():
            raise RuleBroken(f"Enter the text of question {number}, or remove it.")
        if not 0 < row.weight_percent <= HUNDRED:
            raise RuleBroken(
                f"The weight of question {number} must be more than 0 and at most 100."
            )
    wrong = weights_sentence([row.weight_percent for row in questions])
    if wrong:
        raise RuleBroken(wrong)


def check_deadline(deadline_at: datetime, now: datetime, *, now_shown: str) -> None:
    """RuleBroken unless the deadline is later than now."""
    if deadline_at <= now:
        raise RuleBroken(
            f"The deadline must be in the future. It is {now_shown} now.", field="deadline_on"
        )
