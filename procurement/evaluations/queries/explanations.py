"""The last ranking with its reasons, as bidders are told of it. For rooms that have shown the visibility."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from procurement.evaluations.models import (
    Evaluation,
    EvaluationModeration,
    EvaluationResult,
    EvaluationRound,
    EvaluationRuling,
)
from procurement.evaluations.rules import Verdict


@dataclass(frozen=True, slots=True)
class AnswerExplained:
    """The one verdict that counts on an answer, and why."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class BidExplained:
    """One bid's part of the last ranking. Points out of 100 of the social value part; whole pence."""

    bid_id: int
    social_value_pence: int
    quantitative: Decimal
    qualitative: Decimal
    total: Decimal
    is_passed: bool
    reason: str
    rank: int | None
    answers: Mapping[int, AnswerExplained]
    """By question; empty for a bid that was not marked."""
    ruled_out: Mapping[int, str]
    """Reasons by offer line, of the lines that count as nought."""


def explanations_of(tender_id: int) -> dict[int, BidExplained]:
    """By bid; empty before the bids are ranked. Five queries, whatever the number of bids."""
    evaluation = Evaluation.objects.filter(tender_id=tender_id).first()
    if evaluation is None:
        return {}
    last = EvaluationRound.objects.filter(evaluation=evaluation).order_by("-number").first()
    if last is None:
        return {}
    answers: dict[int, dict[int, AnswerExplained]] = {}
    for row in EvaluationModeration.objects.filter(evaluation=evaluation).order_by("pk"):
        verdict = Verdict(row.mark, row.is_met, row.not_applicable)
        answers.setdefault(row.bid_id, {})[row.question_id] = AnswerExplained(verdict, row.reason)
    ruled: dict[int, dict[int, str]] = {}
    standing = EvaluationRuling.objects.filter(evaluation=evaluation, lifted_at__isnull=True)
    for ruling in standing.select_related("offer_line").order_by("pk"):
        ruled.setdefault(ruling.offer_line.bid_id, {})[ruling.offer_line_id] = ruling.reason
    return {
        row.bid_id: BidExplained(
            bid_id=row.bid_id,
            social_value_pence=row.social_value_pence,
            quantitative=row.quantitative_score,
            qualitative=row.qualitative_score,
            total=row.total_score,
            is_passed=row.is_passed,
            reason=row.reason,
            rank=row.rank,
            answers=answers.get(row.bid_id, {}),
            ruled_out=ruled.get(row.bid_id, {}),
        )
        for row in EvaluationResult.objects.filter(round=last).order_by("pk")
    }
