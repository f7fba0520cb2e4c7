"""Points and places. Published with the tender and never changed after. Pure and exact.

* Social value of a bid (SVA) = sum of quantity x unit value x attribution over its lines, in pence, without what lies
  above a cap and without lines that were ruled out.
* Points for quantities by the published formula (``procurement.tenders.rules.formulas``), among bids that pass.
* Points for answers = share x sum of weight x mark / 5, over the sum of the weights of the answers that apply: an
  answer that is not applicable leaves the sum of this bid, and the weights of its others are scaled to 100. Where none
  applies the bid has no points for answers.
* Pass or fail: no points; bids that pass are equal.
* A bid that does not pass scores nothing, has no rank, and does not set the highest.
* Each of the two parts is rounded once, half up, to six places; a total is their sum. Equal totals are told apart by
  the published tie rule; where that does not tell either they share a rank and the next is skipped.

The price of a bid plays a part in one formula and one tie rule only; by the others one without it is scored like any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from procurement.evaluations.rules.gate import unmarked, unmet
from procurement.evaluations.rules.scoring import (
    HUNDRED,
    ZERO,
    AskedQuestion,
    Score,
    ScoredBid,
    Scoring,
    round_score,
)
from procurement.evaluations.rules.verdicts import HIGHEST_MARK, Verdict, check_verdict
from procurement.tenders.rules import Offered, quantity_points, rounded
from procurement.tenders.vocabulary import TieRule
from socialvalue.core.errors import RuleBroken


def rank(scoring: Scoring, bids: Sequence[ScoredBid]) -> list[Score]:
    """Every bid with its points and rank, best first, then those that do not pass, each by id.

    The order of ``bids`` makes no difference. RuleBroken when a verdict is missing or does not fit its question.
    """
    if unmarked(scoring, bids):
        raise RuleBroken("Moderate every answer before you rank the bids.")
    _check(scoring, bids)
    reasons = {bid.bid_id: unmet(scoring, bid) for bid in bids}
    passing = [bid for bid in bids if not reasons[bid.bid_id]]
    points = {} if scoring.is_pass_fail else _points(scoring, passing)
    places = _places(scoring, passing, points)
    scores = []
    for bid in bids:
        quantitative, qualitative = points.get(bid.bid_id, (ZERO, ZERO))
        scores.append(
            Score(
                bid.bid_id, bid.social_value_pence, quantitative, qualitative, quantitative + qualitative,
                bid.bid_id in places, reasons[bid.bid_id], places.get(bid.bid_id),
            )
        )  # fmt: skip
    return sorted(scores, key=lambda score: (score.rank is None, score.rank or 0, score.bid_id))


def qualitative_score(
    questions: Sequence[AskedQuestion], verdicts: Mapping[int, Verdict], share: Decimal
) -> Decimal:
    """Points for the answers of one bid, rounded once. RuleBroken for a mark that is missing or outside 0 to 5."""
    earned, applicable = Fraction(0), Fraction(0)
    for asked in questions:
        if asked.weight_percent is None:
            continue
        verdict = verdicts.get(asked.question_id)
        if verdict is None:
            raise RuleBroken("Moderate every answer before you rank the bids.")
        check_verdict(verdict, is_pass_fail=False)
        if verdict.mark is not None:
            earned += Fraction(asked.weight_percent) * verdict.mark / HIGHEST_MARK
            applicable += Fraction(asked.weight_percent)
    return rounded(Fraction(share) * earned / applicable) if applicable else round_score(ZERO)


def award_points(total: Decimal, weighting_percent: Decimal | None) -> Decimal | None:
    """Points of the whole award: ``total`` x weighting. None when the tender is pass or fail."""
    if weighting_percent is None:
        return None
    return round_score(total * weighting_percent / HUNDRED)


def _check(scoring: Scoring, bids: Sequence[ScoredBid]) -> None:
    kinds = {row.question_id: row.is_pass_fail for row in scoring.to_mark}
    for bid in bids:
        for question_id, verdict in bid.verdicts.items():
            if question_id in kinds:
                check_verdict(verdict, is_pass_fail=kinds[question_id])


def _points(scoring: Scoring, passing: Sequence[ScoredBid]) -> dict[int, tuple[Decimal, Decimal]]:
    by_quantity = quantity_points(
        {
            bid.bid_id: Offered(bid.social_value_pence, bid.price_pence, bid.amounts)
            for bid in passing
        },
        share=scoring.quantitative_share,
        formula=scoring.formula,
        target_pence=scoring.target_pence,
        weights=scoring.weights,
    )
    share = scoring.qualitative_share
    return {
        bid.bid_id: (
            by_quantity[bid.bid_id],
            qualitative_score(scoring.questions, bid.verdicts, share) if share else ZERO,
        )
        for bid in passing
    }


def _places(
    scoring: Scoring,
    passing: Sequence[ScoredBid],
    points: Mapping[int, tuple[Decimal, Decimal]],
) -> dict[int, int]:
    """1 for the best. Bids that the tie rule does not tell apart share a place."""
    if scoring.is_pass_fail:
        return {bid.bid_id: 1 for bid in passing}
    keys = {bid.bid_id: _key(scoring.tie_rule, bid, points[bid.bid_id]) for bid in passing}
    return {own: 1 + sum(key > keys[own] for key in keys.values()) for own in keys}


def _key(
    tie_rule: str, bid: ScoredBid, points: tuple[Decimal, Decimal]
) -> tuple[Decimal, Decimal | int]:
    """The greater, the better: the total, then what the tie rule looks at."""
    quantitative, qualitative = points
    return quantitative + qualitative, _second(tie_rule, bid, qualitative)


def _second(tie_rule: str, bid: ScoredBid, qualitative: Decimal) -> Decimal | int:
    if tie_rule == TieRule.ANSWERS:
        return qualitative
    if tie_rule == TieRule.SOCIAL_VALUE:
        return bid.social_value_pence
    if tie_rule == TieRule.LOWER_PRICE:
        # No price, or one of nought, is no lower price.
        return Decimal(-bid.price_pence) if bid.price_pence else Decimal("-Infinity")
    return 0
