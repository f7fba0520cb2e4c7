"""One claim to decide on, and the decisions on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from procurement.deliveries import queries as deliveries
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.ledger.queries import standing_entries
from procurement.ledger.vocabulary import Basis
from procurement.verifications.models import Verification
from procurement.verifications.permissions import can_verify, why_not_verify
from procurement.verifications.queries.sampling import Draw, draws_of
from procurement.verifications.vocabulary import Sampled, VerificationDecision
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.errors import NotAllowed
from socialvalue.core.money import measured
from socialvalue.core.periods import uk_moment


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. ``accepted`` is None when nothing was."""

    decision: str
    decided_at: datetime
    decided_by: str
    accepted: Decimal | None
    reason: str
    sampled: str

    @property
    def label(self) -> str:
        return VerificationDecision(self.decision).label

    @property
    def sampled_label(self) -> str:
        """How the claim came to be looked into; empty where that was not recorded."""
        return Sampled(self.sampled).label if self.sampled else ""


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
    draw: Draw
    has_evidence: bool
    parts: tuple[deliveries.PartSeen, ...]
    previous_id: int | None
    next_id: int | None

    @property
    def stands_shown(self) -> str:
        """What is verified now: ``4 hours``, or ``30 of 50 (60%)`` for a rate; empty when nothing is."""
        if self.stands is None:
            return ""
        unit = self.claim.commitment.measure.unit
        return deliveries.shown_quantity(self.stands, self.stands_denominator, unit)


def decide_page(actor: Actor, claim_id: int) -> DecidePage:
    """NotVisible for another authority's claim, NotAllowed for who may not verify it."""
    claim = deliveries.claim_for(actor, claim_id)
    refused = why_not_verify(actor, claim)
    if refused:
        raise NotAllowed(refused)
    standing = standing_entries(basis=Basis.VERIFIED, claim_id=claim_id)
    before, after = _neighbours(actor, claim)
    return DecidePage(
        claim=claim,
        decisions=decisions_of(actor, claim_id),
        stands=sum((entry.quantity for entry in standing), Decimal(0)) if standing else None,
        stands_denominator=standing[-1].denominator if standing else None,
        may_decide=claim.status == ClaimStatus.SUBMITTED,
        may_correct=claim.status == ClaimStatus.VERIFIED and can_verify(actor, claim),
        beside=deliveries.beside_claim(actor, claim),
        draw=draws_of([claim])[claim_id],
        has_evidence=bool(deliveries.has_evidence([claim_id])),
        parts=tuple(deliveries.parts_of([claim_id]).get(claim_id, ())),
        previous_id=before,
        next_id=after,
    )


def _neighbours(actor: Actor, claim: deliveries.ClaimRow) -> tuple[int | None, int | None]:
    """The claims that wait before and after this one, oldest first."""
    waiting = deliveries.claims_awaiting(actor).exclude(pk=claim.id)
    sent, same = Q(submitted_at=claim.submitted_at), claim.id
    before = waiting.filter(Q(submitted_at__lt=claim.submitted_at) | sent & Q(pk__lt=same)).last()
    after = waiting.filter(Q(submitted_at__gt=claim.submitted_at) | sent & Q(pk__gt=same)).first()
    return (before.pk if before else None, after.pk if after else None)


def decisions_of(actor: Actor, claim_id: int) -> list[Decision]:
    """Every decision on a claim the actor may see, newest first."""
    deliveries.claim_for(actor, claim_id)
    rows = (
        Verification.objects.filter(claim_id=claim_id).select_related("decided_by").order_by("-id")
    )
    return [
        Decision(
            row.decision,
            row.decided_at,
            str(row.decided_by),
            row.quantity,
            row.reason,
            row.sampled,
        )
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
