"""Bids as they are ranked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.bids import queries as bids
from procurement.evaluations import rules
from procurement.evaluations.models import Evaluation
from procurement.evaluations.queries.standing import (
    evaluation_for,
    evaluation_of_tender,
    results_of,
)
from procurement.evaluations.queries.whole import other_scores_of, whole_scores_of
from procurement.tenders import queries as tenders
from socialvalue.core.actor import Actor

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class RankedBid:
    """A bid as ranked, for the award. ``award_points`` is None in a pass or fail tender.

    ``whole_points``: points of 100 with price and quality, None until their scores are entered or for a bid that did
    not pass.
    """

    bid_id: int
    supplier_id: int
    supplier_name: str
    price: Decimal | None
    social_value_pence: int
    total: Decimal
    award_points: Decimal | None
    is_passed: bool
    reason: str
    rank: int | None
    whole_points: Decimal | None = None
    whole_rank: int | None = None


def ranking(actor: Actor, evaluation_id: int) -> list[RankedBid]:
    """Every bid as ranked, best first. Empty while the bids are being marked."""
    evaluation = evaluation_for(actor, evaluation_id)
    return _ranking(tenders.tender_for(actor, evaluation.tender_id), evaluation)


def ranking_of_tender(tender: Tender) -> list[RankedBid]:
    """The same for a later room that has shown that the actor may read the tender's bids."""
    evaluation = evaluation_of_tender(tender.pk)
    return _ranking(tender, evaluation) if evaluation else []


def _ranking(tender: Tender, evaluation: Evaluation) -> list[RankedBid]:
    results = results_of(evaluation)
    if not results:
        return []
    whole = {
        row.bid_id: row
        for row in whole_scores_of(tender, evaluation, results, other_scores_of(evaluation))
    }
    found = [
        RankedBid(
            bid_id=bid.id,
            supplier_id=bid.supplier_id,
            supplier_name=bid.supplier_name,
            price=bid.price,
            social_value_pence=results[bid.id].social_value_pence,
            total=results[bid.id].total_score,
            award_points=rules.award_points(results[bid.id].total_score, tender.whole_percent),
            is_passed=results[bid.id].is_passed,
            reason=results[bid.id].reason,
            rank=results[bid.id].rank,
            whole_points=whole[bid.id].points if bid.id in whole else None,
            whole_rank=whole[bid.id].rank if bid.id in whole else None,
        )
        for bid in bids.opened_bids(tender.pk)
        if bid.id in results
    ]
    return sorted(found, key=lambda bid: (bid.rank is None, bid.rank or 0, bid.supplier_name))
