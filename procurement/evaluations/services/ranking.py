"""Ranking the bids, and reopening the marking. A ranking is a round; earlier rounds are kept as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from procurement.evaluations import rules
from procurement.evaluations.models import (
    Evaluation,
    EvaluationResult,
    EvaluationRound,
)
from procurement.evaluations.permissions import RANK_REASON, can_rank
from procurement.evaluations.queries.grounds import Grounds, grounds_of
from procurement.evaluations.queries.panel import seats_of
from procurement.evaluations.rules.panels import all_locked
from procurement.evaluations.services.holding import held_before_award
from procurement.evaluations.vocabulary import EvaluationDeed, EvaluationStatus
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.money import count_text

if TYPE_CHECKING:
    from procurement.tenders.models import Tender

FIRST = "The bids were ranked for the first time."
AGAIN = "The bids were ranked again after the moderation was reopened."


@transaction.atomic
def rank_bids(*, actor: Actor, evaluation_id: int) -> EvaluationRound:
    """Score every bid by the published formula and rank those that pass, as a new round.

    NotAllowed without the officer's role; RuleBroken while marks are not locked or a moderated verdict is missing, or
    without bids; Conflict when they are ranked already.
    """
    evaluation, tender = held_before_award(actor, evaluation_id)
    if not can_rank(actor, tender.authority_id):
        raise NotAllowed(RANK_REASON)
    if evaluation.status != EvaluationStatus.OPEN:
        raise Conflict("The bids are ranked already. Look at the ranking on the board.")
    grounds = grounds_of(tender, evaluation)
    check_complete(tender, grounds)
    Evaluation.objects.filter(pk=evaluation.pk, status=EvaluationStatus.OPEN).update(
        status=EvaluationStatus.RANKED, ranked_at=clock.now(), ranked_by_id=actor.user_id
    )
    return write_round(actor, evaluation, tender, grounds)


@transaction.atomic
def reopen_marking(*, actor: Actor, evaluation_id: int) -> Evaluation:
    """Take the ranking back so that moderated verdicts can change; its round is kept. Not after the award.

    The evaluators' own marks stay locked: by now everybody has seen everybody's. NotAllowed without the officer's
    role; RuleBroken after the award; Conflict when it is open.
    """
    evaluation, tender = held_before_award(actor, evaluation_id)
    if not can_rank(actor, tender.authority_id):
        raise NotAllowed(RANK_REASON)
    if tender.status == TenderStatus.AWARDED:
        raise RuleBroken("The contract is awarded, so the marks can no longer change.")
    moved = Evaluation.objects.filter(pk=evaluation.pk, status=EvaluationStatus.RANKED).update(
        status=EvaluationStatus.OPEN, ranked_at=None, ranked_by=None
    )
    if not moved:
        raise Conflict("The moderation is open already.")
    evaluation.refresh_from_db()
    record(
        actor=actor,
        deed=EvaluationDeed.REOPENED,
        sentence="Reopened the moderation. The ranking was taken back; it stays on the record.",
        target=evaluation,
        procurement_id=tender.procurement_id,
    )
    return evaluation


def check_complete(tender: Tender, grounds: Grounds) -> None:
    """RuleBroken unless every verdict that a ranking needs is there."""
    if not grounds.scored:
        raise RuleBroken("No bids were submitted, so there is nothing to rank.")
    missing = sum(rules.unmarked(grounds.scoring, grounds.scored).values())
    if missing:
        raise RuleBroken(
            f"Moderate every answer before you rank: {count_text(missing, 'answer')} "
            f"{'has' if missing == 1 else 'have'} no moderated mark."
        )
    if grounds.scoring.needs_marks and not all_locked(seats_of(tender.pk)):
        raise RuleBroken("Wait until every evaluator has locked their marks, then rank the bids.")


def write_round(
    actor: Actor, evaluation: Evaluation, tender: Tender, grounds: Grounds, cause: str = ""
) -> EvaluationRound:
    """Score and rank, and keep the result as the next round. The caller holds the evaluation and has checked.

    ``cause``: why the bids are ranked again, where it is not that the marking was reopened.
    """
    scores = rules.rank(grounds.scoring, grounds.scored)
    rounds = EvaluationRound.objects.filter(evaluation=evaluation).count()
    made = EvaluationRound.objects.create(
        evaluation=evaluation,
        number=rounds + 1,
        cause=shortened(cause or (AGAIN if rounds else FIRST)),
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    EvaluationResult.objects.bulk_create(
        EvaluationResult(
            round=made,
            evaluation=evaluation,
            bid_id=score.bid_id,
            social_value_pence=score.social_value_pence,
            quantitative_score=score.quantitative,
            qualitative_score=score.qualitative,
            total_score=score.total,
            is_passed=score.is_passed,
            reason=shortened(score.reason),
            rank=score.rank,
        )
        for score in scores
    )
    passed = sum(score.is_passed for score in scores)
    record(
        actor=actor,
        deed=EvaluationDeed.RANKED,
        sentence=f"Ranked {count_text(len(scores), 'bid')}; {passed} passed.",
        target=made,
        procurement_id=tender.procurement_id,
        after={str(score.bid_id): [score.rank, str(score.total)] for score in scores},
    )
    return made


def shortened(text: str, most: int = 500) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
