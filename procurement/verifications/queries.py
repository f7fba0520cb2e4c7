"""The queue of the buying authority, and the decisions on a claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from procurement.deliveries import queries as deliveries
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.ledger.queries import standing_entries
from procurement.ledger.vocabulary import Basis
from procurement.verifications.models import Verification
from procurement.verifications.permissions import can_verify, why_not_verify
from procurement.verifications.vocabulary import VerificationDecision
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.errors import NotAllowed
from socialvalue.core.money import measured
from socialvalue.core.periods import uk_moment

if TYPE_CHECKING:
    from procurement.deliveries.models import Claim


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A claim beside whether this actor may decide on it, and the reason when not."""

    claim: deliveries.ClaimRow
    refused: str

    @property
    def may_decide(self) -> bool:
        return not self.refused


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. ``accepted`` is None when nothing was."""

    decision: str
    decided_at: datetime
    decided_by: str
    accepted: Decimal | None
    reason: str

    @property
    def label(self) -> str:
        return VerificationDecision(self.decision).label


def queue(actor: Actor, filters: deliveries.ClaimFilters | None = None) -> QuerySet[Claim]:
    """Claims to the actor's authority in the order asked for; without filters those that wait, oldest first.

    NotAllowed for anybody who is not of an authority.
    """
    if not is_buyer(actor):
        raise NotAllowed("Claims are decided on by the buying authority.")
    if filters is None:
        return deliveries.claims_awaiting(actor)
    return deliveries.claims_for(actor, filters).filter(authority_id=actor.organisation_id)


def queue_rows(actor: Actor, claims: Iterable[Claim]) -> list[QueueRow]:
    return [
        QueueRow(claim, why_not_verify(actor, claim)) for claim in deliveries.claim_rows(claims)
    ]


def awaiting_count(actor: Actor) -> int:
    return deliveries.claims_awaiting(actor).count()


@dataclass(frozen=True, slots=True)
class DecidePage:
    """A claim with all decisions on it, newest first, and what may be done now."""

    claim: deliveries.ClaimRow
    decisions: list[Decision]
    stands: Decimal | None
    stands_denominator: Decimal | None
    may_decide: bool
    may_correct: bool
    beside: deliveries.BesideClaim


def decide_page(actor: Actor, claim_id: int) -> DecidePage:
    """NotVisible for another authority's claim, NotAllowed for who may not verify it."""
    claim = deliveries.claim_for(actor, claim_id)
    refused = why_not_verify(actor, claim)
    if refused:
        raise NotAllowed(refused)
    standing = standing_entries(basis=Basis.VERIFIED, claim_id=claim_id)
    return DecidePage(
        claim=claim,
        decisions=decisions_of(actor, claim_id),
        stands=sum((entry.quantity for entry in standing), Decimal(0)) if standing else None,
        stands_denominator=standing[-1].denominator if standing else None,
        may_decide=claim.status == ClaimStatus.SUBMITTED,
        may_correct=claim.status == ClaimStatus.VERIFIED and can_verify(actor, claim),
        beside=deliveries.beside_claim(actor, claim),
    )


def decisions_of(actor: Actor, claim_id: int) -> list[Decision]:
    """Every decision on a claim the actor may see, newest first."""
    deliveries.claim_for(actor, claim_id)
    rows = (
        Verification.objects.filter(claim_id=claim_id).select_related("decided_by").order_by("-id")
    )
    return [
        Decision(row.decision, row.decided_at, str(row.decided_by), row.quantity, row.reason)
        for row in rows
    ]


def what_happened(actor: Actor, claim_id: int) -> str:
    """Who did the last thing to a claim, what and when: for somebody who decides on it too late."""
    claim = deliveries.claim_for(actor, claim_id)
    if claim.status == ClaimStatus.SUBMITTED:
        sent = f"{claim.supplier_name} sent this claim again on {_moment(claim.submitted_at)}"
        return f"{sent}. Read it as it is now, then decide."
    if claim.status == ClaimStatus.WITHDRAWN:
        when = f" on {_moment(claim.decided_at)}" if claim.decided_at else ""
        return f"{claim.supplier_name} withdrew this claim{when}. There is nothing left to decide."
    latest = (
        Verification.objects.filter(claim_id=claim_id)
        .select_related("decided_by")
        .order_by("-id")
        .first()
    )
    if latest is None:
        return "This claim was changed after you opened it."
    who = "You" if latest.decided_by_id == actor.user_id else str(latest.decided_by)
    deed = VerificationDecision(latest.decision).label.lower()
    told = f"{who} {deed} this claim on {_moment(latest.decided_at)}"
    if latest.quantity is not None:
        unit = "" if claim.commitment.measure.is_rate else claim.commitment.measure.unit
        told += f", {measured(latest.quantity, unit)} accepted"
    return f"{told}. Reason given: {latest.reason}" if latest.reason else f"{told}."


def _moment(at: datetime) -> str:
    return uk_moment(at.astimezone(LONDON))
