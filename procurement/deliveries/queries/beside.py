"""What stands beside a claim when it is decided on: the promise, what is verified of it, and other claims."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from procurement.action_plans.queries import milestone_of
from procurement.deliveries.queries.claims import ClaimFilters, ClaimRow, claim_rows, claims_for
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.ledger.queries import commitment_sums
from procurement.ledger.vocabulary import Basis
from socialvalue.core.actor import Actor
from socialvalue.core.money import measured

SHOWN = 5
LIVE = (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED, ClaimStatus.VERIFIED)


@dataclass(frozen=True, slots=True)
class BesideClaim:
    """In words, each with its unit. ``in_quarter`` is empty when nothing was planned for the quarter, ``verified``
    where figures are not added up. ``others`` are the newest of the other live claims of the commitment in the quarter,
    of which there are ``others_count``."""

    in_quarter: str
    in_all: str
    verified: str
    others: tuple[ClaimRow, ...]
    others_count: int


def beside_claim(actor: Actor, claim: ClaimRow) -> BesideClaim:
    """Of a claim the actor was shown."""
    commitment = claim.commitment
    unit = commitment.measure.unit
    milestone = milestone_of(commitment.id, claim.quarter)
    found = claims_for(
        actor,
        ClaimFilters(statuses=LIVE, commitment_id=commitment.id, quarter=claim.quarter),
    ).exclude(pk=claim.id)
    return BesideClaim(
        in_quarter="" if milestone is None else measured(milestone.quantity, unit),
        in_all=measured(commitment.quantity, unit),
        verified=measured(verified_of(commitment.id), unit) if commitment.measure.adds_up else "",
        others=tuple(claim_rows(found[:SHOWN])),
        others_count=found.count(),
    )


def verified_of(commitment_id: int) -> Decimal:
    sums = commitment_sums([commitment_id], basis=Basis.VERIFIED).values()
    return sum((row.quantity for row in sums), Decimal(0))
