"""Price and quality beside social value, as they were scored elsewhere, so that the whole award is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from procurement.bids import queries as bids
from procurement.evaluations import rules
from procurement.evaluations.models import Evaluation, EvaluationOtherScore
from procurement.evaluations.permissions import OTHER_REASON, can_rank
from procurement.evaluations.services.holding import held_before_award
from procurement.evaluations.vocabulary import EvaluationDeed
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken


@dataclass(frozen=True, slots=True)
class OtherScoreInput:
    """Scores out of 100. ``expected_version`` is the version the person saw; 0 for first scores."""

    bid_id: int
    price_score: Decimal
    quality_score: Decimal
    expected_version: int = 0


@transaction.atomic
def set_other_scores(
    *,
    actor: Actor,
    evaluation_id: int,
    price_percent: Decimal,
    quality_percent: Decimal,
    scores: Sequence[OtherScoreInput],
) -> Evaluation:
    """What price and quality count of the award, and every bid's scores for them: all together or not at all.

    NotAllowed without the officer's role; RuleBroken for weights that do not add to 100 with social value, a score
    outside 0 to 100, a bid left out, or after the award; NotVisible for a bid of another tender; Conflict when somebody
    saved since. Every save is a new version of every score, so that a change of the weights is seen too.
    """
    evaluation, tender = held_before_award(actor, evaluation_id)
    if not can_rank(actor, tender.authority_id):
        raise NotAllowed(OTHER_REASON)
    if tender.status == TenderStatus.AWARDED:
        raise RuleBroken("The contract is awarded, so the scores can no longer change.")
    rules.check_weights(rules.Weights(tender.whole_percent, price_percent, quality_percent))
    _check(scores, set(bids.opened_bidders(tender.pk)))
    before = _as_kept(evaluation)
    _check_versions(evaluation, scores)
    for given in scores:
        _save(actor, evaluation, given)
    Evaluation.objects.filter(pk=evaluation.pk).update(
        price_percent=price_percent, quality_percent=quality_percent
    )
    evaluation.refresh_from_db()
    record(
        actor=actor,
        deed=EvaluationDeed.OTHER_SCORES,
        sentence="Entered the scores for price and quality.",
        target=evaluation,
        procurement_id=tender.procurement_id,
        before=before,
        after=_as_kept(evaluation),
    )
    return evaluation


def _check(scores: Sequence[OtherScoreInput], wanted: set[int]) -> None:
    given = [row.bid_id for row in scores]
    if not set(given) <= wanted:
        raise NotVisible
    if set(given) != wanted or len(given) != len(set(given)):
        raise RuleBroken("Enter the scores of every bid, once each.")
    for row in scores:
        if not (0 <= row.price_score <= 100 and 0 <= row.quality_score <= 100):
            raise RuleBroken("A score must be from 0 to 100, for example 72.5")


def _check_versions(evaluation: Evaluation, scores: Sequence[OtherScoreInput]) -> None:
    kept = dict(
        EvaluationOtherScore.objects.filter(evaluation=evaluation).values_list("bid_id", "version")
    )
    if any(kept.get(row.bid_id, 0) != row.expected_version for row in scores):
        raise Conflict(
            "Somebody else saved scores while you were on this page. Check theirs, then save yours again."
        )


def _save(actor: Actor, evaluation: Evaluation, given: OtherScoreInput) -> None:
    facts = {
        "price_score": given.price_score,
        "quality_score": given.quality_score,
        "entered_by_id": actor.person_id,
        "entered_at": clock.now(),
    }
    rows = EvaluationOtherScore.objects.filter(evaluation=evaluation, bid_id=given.bid_id)
    if not rows.update(**facts, version=F("version") + 1):
        EvaluationOtherScore.objects.create(evaluation=evaluation, bid_id=given.bid_id, **facts)


def _as_kept(evaluation: Evaluation) -> dict[str, str]:
    rows = EvaluationOtherScore.objects.filter(evaluation=evaluation).order_by("bid_id")
    found = {f"bid {row.bid_id}": f"{row.price_score} {row.quality_score}" for row in rows}
    if evaluation.price_percent is not None:
        found |= {
            "price_percent": str(evaluation.price_percent),
            "quality_percent": str(evaluation.quality_percent),
        }
    return found
