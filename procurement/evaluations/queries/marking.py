"""What is to be marked, and how far marking and moderation are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procurement.bids import queries as bids
from procurement.evaluations import rules
from procurement.evaluations.models import Evaluation, EvaluationMark
from procurement.evaluations.queries.panel import seats_of
from procurement.evaluations.queries.scoring import scored_bids, scoring_of
from procurement.evaluations.queries.standing import evaluation_of_tender
from procurement.evaluations.queries.verdicts import Answer, moderated_of
from procurement.evaluations.rules.panels import all_locked

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class MarkingProgress:
    """Where marking and moderation stand, in numbers only."""

    bids: int
    answers: int = 0
    """Answers that need a verdict."""
    evaluators: int = 0
    locked: int = 0
    marks_missing: int = 0
    """Of all evaluators together."""
    moderations_missing: int = 0


def failed_as_offered(scoring: rules.Scoring, opened: Iterable[bids.OpenedBid]) -> dict[int, str]:
    """Why bids do not pass as they were offered, empty where they do: the others are marked, whatever is ruled out."""
    return {bid.bid_id: rules.unmet_measures(scoring, bid) for bid in scored_bids(opened, {})}


def answers_to_mark(scoring: rules.Scoring, opened: Iterable[bids.OpenedBid]) -> dict[Answer, None]:
    """Every answer that needs a verdict, bid by bid in the order of opening."""
    if not scoring.to_mark:
        return {}
    return {
        (bid_id, row.question_id): None
        for bid_id, reason in failed_as_offered(scoring, opened).items()
        if not reason
        for row in scoring.to_mark
    }


def marking_progress(tender: Tender) -> MarkingProgress:
    """Counts for the thread and the board, with as many queries for one bid as for thirty."""
    evaluation = evaluation_of_tender(tender.pk)
    if evaluation is None:
        return MarkingProgress(0)
    opened = bids.opened_bids(tender.pk)
    answers = answers_to_mark(scoring_of(tender), opened)
    evaluators = {seat.member_id: seat for seat in seats_of(tender.pk) if seat.is_evaluator}
    given = EvaluationMark.objects.filter(evaluation=evaluation, member_id__in=evaluators)
    done = sum(pair in answers for pair in given.values_list("bid_id", "question_id"))
    settled = {(bid, q) for bid, rows in moderated_of(evaluation.pk).items() for q in rows}
    return MarkingProgress(
        bids=len(opened),
        answers=len(answers),
        evaluators=len(evaluators),
        locked=sum(seat.locked_at is not None for seat in evaluators.values()),
        marks_missing=len(answers) * len(evaluators) - done,
        moderations_missing=len(answers.keys() - settled),
    )


def locked_marks_of(evaluation_id: int) -> dict[Answer, tuple[int, ...]]:
    """The marks of every evaluator who counts, by answer; empty until all have locked.

    For callers who have shown the visibility.
    """
    tender_id = Evaluation.objects.values_list("tender_id", flat=True).get(pk=evaluation_id)
    seats = seats_of(tender_id)
    if not all_locked(seats):
        return {}
    found: dict[Answer, tuple[int, ...]] = {}
    rows = EvaluationMark.objects.filter(
        evaluation_id=evaluation_id,
        member_id__in=[seat.member_id for seat in seats if seat.is_evaluator],
    )
    for row in rows.order_by("pk"):
        if row.mark is not None:
            pair = (row.bid_id, row.question_id)
            found[pair] = (*found.get(pair, ()), row.mark)
    return found
