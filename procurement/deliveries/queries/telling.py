"""What letters are written about: claims that wait for a decision, and claims that were sent back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from procurement.deliveries.models import Claim
from procurement.deliveries.queries.claims import claims_awaiting
from procurement.deliveries.vocabulary import ClaimStatus
from socialvalue.core.actor import Actor


@dataclass(frozen=True, slots=True)
class WaitingClaims:
    """How many claims of a contract wait, and since when."""

    contract_id: int
    how_many: int
    oldest_at: datetime
    newest_at: datetime


@dataclass(frozen=True, slots=True)
class ReturnedClaim:
    """A claim that waits to be mended. ``version`` is that of this return."""

    id: int
    version: int
    supplier_id: int
    returned_at: datetime


def waiting_by_contract(actor: Actor, before: datetime) -> list[WaitingClaims]:
    """Claims to the actor's authority that were sent before a moment and wait, by contract; one query."""
    rows = (
        claims_awaiting(actor)
        .filter(submitted_at__lt=before)
        .order_by()
        .values("contract_id")
        .annotate(
            how_many=Count("id"), oldest_at=Min("submitted_at"), newest_at=Max("submitted_at")
        )
        .order_by("contract_id")
    )
    return [WaitingClaims(**row) for row in rows]


def returned_since(moment: datetime) -> list[ReturnedClaim]:
    """Claims that were returned since and are not mended yet, oldest first. For the system only."""
    rows = Claim.objects.filter(status=ClaimStatus.RETURNED, decided_at__gte=moment)
    return [
        ReturnedClaim(row.pk, row.version, row.supplier_id, row.decided_at)
        for row in rows.order_by("decided_at", "pk")
        if row.decided_at is not None
    ]
