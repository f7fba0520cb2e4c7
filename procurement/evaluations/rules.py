"""How bids are scored. Pure: no Django, no clock, Decimal only.

The social value part of an award is 100 points. ``quantitative_percent`` of them go by the
quantities offered, the rest by the answers. Published with the tender and never changed after:

* Social value of a bid (SVA) = sum of quantity x unit value x attribution over its lines, in pence.
* Points for quantities by the published formula (``procurement.tenders.rules.formulas``): a share of the
  highest SVA, of the highest SVA for the price, or of a target, among bids that pass.
* Points for one answer = qualitative share x question weight x mark / 5.
* Without questions the quantities carry all 100 points.
* A bid passes when every mandatory measure is offered above nought and at its minimum or more.
  A minimum on an optional measure is a guide and fails nobody.
* Pass or fail: no points; bids that pass are equal; answers are read but not scored.
* A bid that does not pass scores nothing, has no rank, and does not set the highest.
* Scores are rounded once, half up, to six places; equal totals share a rank, the next is skipped.

The price of a bid plays a part in the second formula only; by the others a bid without one is scored like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from procurement.tenders.rules import SCORE_STEP, Offered, quantity_points
from procurement.tenders.vocabulary import Formula
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import from_pence, pounds, quantity_text

HUNDRED = Decimal(100)
ZERO = Decimal(0)
HIGHEST_MARK = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure as the tender asks for it."""

    requirement_id: int
    label: str
    unit: str = ""
    is_mandatory: bool = False
    minimum_quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Scoring:
    """What was published. ``questions`` maps a question to its weight in percent of their part."""

    is_pass_fail: bool
    weighting_percent: Decimal | None
    quantitative_percent: Decimal
    requirements: Sequence[Asked] = ()
    questions: Mapping[int, Decimal] = field(default_factory=dict)
    formula: str = Formula.SHARE_OF_HIGHEST
    target_pence: int | None = None

    @property
    def quantitative_share(self) -> Decimal:
        """Points out of 100 that quantities carry."""
        return self.quantitative_percent if self.questions else HUNDRED

    @property
    def qualitative_share(self) -> Decimal:
        return HUNDRED - self.quantitative_share

    @property
    def needs_marks(self) -> bool:
        return not self.is_pass_fail and self.qualitative_share > 0


@dataclass(frozen=True, slots=True)
class ScoredBid:
    """A bid as it is scored: whole pence, quantity a requirement, mark a question."""

    bid_id: int
    social_value_pence: int
    quantities: Mapping[int, Decimal] = field(default_factory=dict)
    marks: Mapping[int, int] = field(default_factory=dict)
    price_pence: int | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Points out of 100 of the social value part. ``rank`` is set if and only if the bid passed."""

    bid_id: int
    social_value_pence: int
    quantitative: Decimal
    qualitative: Decimal
    total: Decimal
    is_passed: bool
    reason: str
    rank: int | None


def round_score(points: Decimal) -> Decimal:
    return points.quantize(SCORE_STEP, rounding=ROUND_HALF_UP)


def unmet(requirements: Sequence[Asked], quantities: Mapping[int, Decimal]) -> str:
    """Why a bid does not pass, in sentences, or an empty text. A missing quantity is nought.

    ValueError for a negative quantity: no bid can hold one.
    """
    reasons = []
    for asked in requirements:
        offered = quantities.get(asked.requirement_id, ZERO)
        if offered < 0:
            raise ValueError("a quantity cannot be negative")
        if not asked.is_mandatory:
            continue
        if offered == 0:
            reasons.append(f"{asked.label} is mandatory and was not offered.")
        elif asked.minimum_quantity is not None and offered < asked.minimum_quantity:
            least = f"{quantity_text(asked.minimum_quantity)} {asked.unit}".strip()
            reasons.append(
                f"{asked.label} needs at least {least}; {quantity_text(offered)} was offered."
            )
    return " ".join(reasons)


def qualitative_score(
    marks: Mapping[int, int], weights: Mapping[int, Decimal], share: Decimal
) -> Decimal:
    """Points for answers: the sum of ``share`` x weight x mark / 5, rounded once.

    RuleBroken for a mark outside 0 to 5 or a question without a mark.
    """
    points = ZERO
    for question, weight in weights.items():
        if question not in marks:
            raise RuleBroken("Mark every answer before you rank the bids.")
        check_mark(marks[question])
        points += share * weight * marks[question] / (HUNDRED * HIGHEST_MARK)
    return round_score(points)


def check_mark(mark: int) -> None:
    if not 0 <= mark <= HIGHEST_MARK:
        raise RuleBroken(f"A mark must be a whole number from 0 to {HIGHEST_MARK}.", field="mark")


def unmarked(scoring: Scoring, bids: Sequence[ScoredBid]) -> dict[int, int]:
    """How many marks each bid still needs before ranking; bids that need none are left out."""
    if not scoring.needs_marks:
        return {}
    waiting = {
        bid.bid_id: len(set(scoring.questions) - set(bid.marks))
        for bid in bids
        if not unmet(scoring.requirements, bid.quantities)
    }
    return {bid: count for bid, count in waiting.items() if count}


def rank(scoring: Scoring, bids: Sequence[ScoredBid]) -> list[Score]:
    """Every bid with its points and rank, best first, then those that do not pass, each by id.

    The order of ``bids`` makes no difference. RuleBroken when a mark is missing.
    """
    reasons = {bid.bid_id: unmet(scoring.requirements, bid.quantities) for bid in bids}
    passing = [bid for bid in bids if not reasons[bid.bid_id]]
    if unmarked(scoring, passing):
        raise RuleBroken("Mark every answer before you rank the bids.")
    points = {} if scoring.is_pass_fail else _points(scoring, passing)
    totals = {bid.bid_id: sum(points.get(bid.bid_id, (ZERO, ZERO))) for bid in passing}
    scores = []
    for bid in bids:
        quantitative, qualitative = points.get(bid.bid_id, (ZERO, ZERO))
        is_passed = bid.bid_id in totals
        own = quantitative + qualitative
        place = 1 + sum(total > own for total in totals.values()) if is_passed else None
        scores.append(
            Score(
                bid.bid_id, bid.social_value_pence, quantitative, qualitative, own, is_passed,
                reasons[bid.bid_id], place,
            )
        )  # fmt: skip
    return sorted(scores, key=lambda score: (score.rank is None, score.rank or 0, score.bid_id))


def _points(scoring: Scoring, passing: Sequence[ScoredBid]) -> dict[int, tuple[Decimal, Decimal]]:
    by_quantity = quantity_points(
        {bid.bid_id: Offered(bid.social_value_pence, bid.price_pence) for bid in passing},
        share=scoring.quantitative_share,
        formula=scoring.formula,
        target_pence=scoring.target_pence,
    )
    weights = scoring.questions if scoring.needs_marks else {}
    return {
        bid.bid_id: (
            by_quantity[bid.bid_id],
            qualitative_score(bid.marks, weights, scoring.qualitative_share),
        )
        for bid in passing
    }


def award_points(total: Decimal, weighting_percent: Decimal | None) -> Decimal | None:
    """Points of the whole award: ``total`` x weighting. None when the tender is pass or fail."""
    if weighting_percent is None:
        return None
    return round_score(total * weighting_percent / HUNDRED)


def _quantities_sentence(scoring: Scoring) -> str:
    head = (
        f"Quantities: {quantity_text(scoring.quantitative_share)} points × the bid's social value"
    )
    if scoring.formula == Formula.SHARE_OF_PRICE:
        return (
            f"{head} as a share of its price ÷ the highest such share among bids that pass. If nobody offers any "
            "social value, nobody gets these points; a bid without a price gets none of them."
        )
    if scoring.formula == Formula.TARGET:
        return (
            f"{head} ÷ the target, {pounds(from_pence(scoring.target_pence or 0))} of social value. "
            "What goes beyond the target earns no more."
        )
    return (
        f"{head} ÷ the highest social value among bids that pass. If nobody offers any social value, nobody gets these "
        "points."
    )


def formula_sentences(scoring: Scoring) -> list[str]:
    """The published formula in words, for the page."""
    if scoring.is_pass_fail:
        return [
            "Social value is pass or fail. A bid passes when it offers every mandatory measure, "
            "at or above the minimum where one is set. Bids that pass are equal on social value."
        ]
    weighting = quantity_text(scoring.weighting_percent or ZERO)
    found = [f"Social value is {weighting}% of the whole award. It is scored out of 100 here."]
    if scoring.quantitative_share:
        found.append(_quantities_sentence(scoring))
    if scoring.needs_marks:
        found.append(
            f"Answers: {quantity_text(scoring.qualitative_share)} points × the question's weight "
            "× mark ÷ 5."
        )
    found.append(
        "A bid that leaves out a mandatory measure, or offers less than its minimum, does not "
        "pass. It is not ranked and does not set the highest."
    )
    return found
