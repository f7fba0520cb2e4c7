"""What is written into a tender, and what makes it right. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procurement.policies.vocabulary import ShareOf
from procurement.tenders.rules.marks import TOP_MARK
from procurement.tenders.vocabulary import Formula, TieRule, WeightingKind
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
YES_OR_NO = ("yes/no", "statement")
"""Units of what is offered or not: 1 or 0."""


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
    """One measure to ask for. Quantities are in the measure's unit; None asks for no minimum, sets no maximum.

    ``weight_percent``: of the points for quantities, where each measure is scored by itself. ``place``: where this
    measure is valued, when not at the tender's place.
    """

    measure_id: int
    is_mandatory: bool = False
    minimum_quantity: Decimal | None = None
    guidance: str = ""
    maximum_quantity: Decimal | None = None
    weight_percent: Decimal | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class QuestionInput:
    """A question. ``weight_percent`` is its share of the qualitative part; None where it is judged pass or fail.

    An answer marked below ``minimum_mark`` fails the bid.
    """

    text: str
    guidance: str = ""
    weight_percent: Decimal | None = HUNDRED
    is_pass_fail: bool = False
    minimum_mark: int | None = None


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
    tie_rule: str = TieRule.SHARED,
) -> None:
    """RuleBroken unless the weighting lies in the policy's range, the split is a percentage and ties can be decided.

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
    if wrong := tie_rule_wrong(tie_rule, kind=kind, quantitative_percent=quantitative_percent):
        raise RuleBroken(wrong, field="tie_rule")


def tie_rule_wrong(tie_rule: str, *, kind: str, quantitative_percent: Decimal | None) -> str:
    """What is wrong with a tie rule beside this scoring, or an empty string."""
    if tie_rule not in TieRule.values:
        return "Select what decides between equal bids"
    earns_nothing = kind == WeightingKind.PASS_FAIL or quantitative_percent == HUNDRED
    if tie_rule == TieRule.ANSWERS and earns_nothing:
        return "Answers earn no points in this tender. Choose something else to decide between equal bids."
    return ""


def most_offered(unit: str) -> Decimal | None:
    """The largest quantity a bid can offer in this unit; None where only the number's size limits it."""
    if unit in YES_OR_NO:
        return Decimal(1)
    return HUNDRED if unit == "%" else None


def beyond_unit(unit: str, quantity: Decimal | None) -> str:
    """What is wrong with a minimum, or a most that is scored, that no bid can offer; empty when nothing is."""
    most = most_offered(unit)
    if most is None or quantity is None or quantity <= most:
        return ""
    if most == HUNDRED:
        return f"A share cannot be more than 100%: {plain(quantity)} can be offered by nobody."
    return f"It is offered or not, so the number is 1: {plain(quantity)} can be offered by nobody."


def check_requirements(requirements: Sequence[RequirementInput]) -> None:
    """RuleBroken for a measure asked for twice, a minimum not above zero, or a maximum below it. Not for weights."""
    ids = [row.measure_id for row in requirements]
    if len(ids) != len(set(ids)):
        raise RuleBroken("A measure can be asked for once only. Remove the second one.")
    for row in requirements:
        least, most = row.minimum_quantity, row.maximum_quantity
        if least is not None and least <= 0:
            raise RuleBroken("A minimum quantity must be more than 0. Leave it empty for none.")
        if most is not None and most <= 0:
            raise RuleBroken("A maximum quantity must be more than 0. Leave it empty for none.")
        if most is not None and least is not None and most < least:
            raise RuleBroken(
                f"The most that is scored is {plain(most)}, and the minimum is {plain(least)}. "
                "Raise the one or lower the other."
            )


def weights_sentence(weights: Sequence[Decimal]) -> str:
    """What is wrong with the weights, or an empty string when they add to 100 exactly."""
    total = sum(weights, Decimal(0))
    if not weights or total == HUNDRED:
        return ""
    gap = HUNDRED - total
    mend = f"Add {plain(gap)} more" if gap > 0 else f"Take {plain(-gap)} away"
    return f"The weights add to {plain(total)}. They must add to 100. {mend}."


def measure_weights_sentence(
    weights: Sequence[tuple[str, Decimal | None]], *, kind: str = "", formula: str = ""
) -> str:
    """What is wrong with the weights of (measure, weight), or an empty string. All measures have one, or none has.

    They share out the points for quantity among measures, so they need points, and no target for the sum in £.
    """
    given = [weight for _, weight in weights if weight is not None]
    if not given:
        return ""
    if kind == WeightingKind.PASS_FAIL:
        return "Take the weights off the measures: this tender is pass or fail and has no points."
    if formula == Formula.TARGET:
        return (
            "Take the weights off the measures: with a target the points go by the social value "
            "of all measures together."
        )
    if any(not 0 < weight <= HUNDRED for weight in given):
        return "The weight of a measure must be more than 0 and at most 100."
    without = [name for name, weight in weights if weight is None]
    if without:
        left = HUNDRED - sum(given, Decimal(0))
        named = " and ".join(filter(None, [", ".join(without[:-1]), without[-1]]))
        has = f"{named} {'has' if len(without) == 1 else 'have'} no weight."
        return (
            f"{has} Give every measure one, {plain(left)} are left, or take all weights away."
            if left > 0
            else f"{has} Give every measure one, 100 in all, or take all weights away."
        )
    return weights_sentence(given)


def check_questions(questions: Sequence[QuestionInput]) -> None:
    """RuleBroken for empty text, a weight outside (0, 100], too many rows, or weights that do not add to 100.

    A question that is judged pass or fail has neither a weight nor a minimum mark.
    """
    if len(questions) > MOST_QUESTIONS:
        raise RuleBroken(f"Ask at most {MOST_QUESTIONS} questions.")
    for number, row in enumerate(questions, start=1):
        _check_question(number, row)
    wrong = weights_sentence(scored_weights(questions))
    if wrong:
        raise RuleBroken(wrong)


def _check_question(number: int, row: QuestionInput) -> None:
    if not row.text.strip():
        raise RuleBroken(f"Enter the text of question {number}, or remove it.")
    if row.is_pass_fail:
        if row.weight_percent is not None or row.minimum_mark is not None:
            raise RuleBroken(
                f"Question {number} is pass or fail: it has no weight and no minimum mark."
            )
        return
    if row.weight_percent is None or not 0 < row.weight_percent <= HUNDRED:
        raise RuleBroken(f"The weight of question {number} must be more than 0 and at most 100.")
    if row.minimum_mark is not None and not 1 <= row.minimum_mark <= TOP_MARK:
        raise RuleBroken(
            f"The minimum mark of question {number} must be a whole number from 1 to {TOP_MARK}."
        )


def scored_weights(questions: Sequence[QuestionInput]) -> list[Decimal]:
    """The weights of those that are marked."""
    return [row.weight_percent for row in questions if row.weight_percent is not None]


def check_deadline(deadline_at: datetime, now: datetime, *, now_shown: str) -> None:
    """RuleBroken unless the deadline is later than now."""
    if deadline_at <= now:
        raise RuleBroken(
            f"The deadline must be in the future. It is {now_shown} now.", field="deadline_on"
        )
