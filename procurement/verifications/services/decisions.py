"""One decision on one claim."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from procurement.awards import queries as awards
from procurement.deliveries import queries as deliveries
from procurement.deliveries import services as claims
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.ledger.queries import standing_entries
from procurement.ledger.vocabulary import Basis
from procurement.verifications.models import Verification
from procurement.verifications.rules import (
    NO_EVIDENCE,
    NOT_TO_CORRECT,
    Verified,
    accepted_quantity,
    check_correction,
    check_reason,
)
from procurement.verifications.services.steps import (
    claim_to_decide,
    draw_of,
    keep,
    post,
    saying_who_was_first,
)
from procurement.verifications.vocabulary import VerificationDecision
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, RuleBroken

if TYPE_CHECKING:
    from procurement.deliveries.models import Claim


@transaction.atomic
def verify_claim(
    *,
    actor: Actor,
    claim_id: int,
    expected_version: int,
    quantity: Decimal | None = None,
    reason: str = "",
) -> Verification:
    """Accept a claim, or less of it with a reason, and post what is accepted as verified.

    What was claimed stays in the ledger. RuleBroken without a piece of evidence, NotVisible for another authority's
    claim, NotAllowed without the role or for one's own claim, Conflict when it was decided on or changed since
    ``expected_version``.
    """
    claim = claim_to_decide(actor, claim_id)
    if claim.status == ClaimStatus.SUBMITTED and not deliveries.has_evidence([claim_id]):
        raise RuleBroken(NO_EVIDENCE)
    commitment = awards.commitment_info(claim.commitment.id)
    accepted = accepted_quantity(
        claimed=claim.quantity, accepted=quantity, reason=reason, adds_up=commitment.measure.adds_up
    )
    note = reason.strip() if accepted != claim.quantity else ""
    sampled = draw_of(actor, claim).sampled
    with saying_who_was_first(actor, claim_id):
        row = claims.mark_verified(
            actor=actor, claim_id=claim_id, expected_version=expected_version, reason=note
        )
    verification = keep(
        actor, row, VerificationDecision.VERIFIED, sampled=sampled, quantity=accepted, reason=note
    )
    post(actor, row, commitment, verification, accepted, row.denominator)
    return verification


@transaction.atomic
def return_claim(
    *, actor: Actor, claim_id: int, expected_version: int, reason: str
) -> Verification:
    """Send a claim back to be mended. Nothing stands claimed until it is sent again."""
    return _refuse(
        VerificationDecision.RETURNED,
        claims.mark_returned,
        actor,
        claim_id,
        expected_version,
        reason,
    )


@transaction.atomic
def reject_claim(
    *, actor: Actor, claim_id: int, expected_version: int, reason: str
) -> Verification:
    """Refuse a claim for good."""
    return _refuse(
        VerificationDecision.REJECTED,
        claims.mark_rejected,
        actor,
        claim_id,
        expected_version,
        reason,
    )


@transaction.atomic
def correct_claim(
    *,
    actor: Actor,
    claim_id: int,
    quantity: Decimal,
    reason: str,
    denominator: Decimal | None = None,
    expected_version: int | None = None,
    is_sure: bool = False,
) -> Verification:
    """Put another figure in place of what was verified: the old entry is reversed and a new one posted.

    Both carry the reason. Conflict when the claim is not verified, or was changed since
    ``expected_version``; RuleBroken when nothing changes, for more than was claimed of what adds up, and under
    ``is_sure`` for more of what does not until it is said that the figure is right.
    """
    claim = claim_to_decide(actor, claim_id)
    if claim.status != ClaimStatus.VERIFIED:
        raise Conflict(NOT_TO_CORRECT)
    commitment = awards.commitment_info(claim.commitment.id)
    standing = standing_entries(basis=Basis.VERIFIED, claim_id=claim_id)
    measure = commitment.measure
    about = Verified(
        unit=measure.unit,
        adds_up=measure.adds_up,
        is_rate=measure.is_rate,
        claimed=claim.quantity,
        claimed_whole=claim.denominator,
        stands=sum((entry.quantity for entry in standing), Decimal(0)),
        stands_whole=standing[-1].denominator if standing else None,
        promised=commitment.quantity,
    )
    reason = check_correction(
        about, quantity=quantity, whole=denominator, reason=reason, is_sure=is_sure
    )
    sampled = draw_of(actor, claim).sampled
    with saying_who_was_first(actor, claim_id):
        row = claims.mark_corrected(
            actor=actor,
            claim_id=claim_id,
            expected_version=claim.version if expected_version is None else expected_version,
            reason=reason,
        )
    verification = keep(
        actor,
        row,
        VerificationDecision.CORRECTED,
        sampled=sampled,
        quantity=quantity,
        reason=reason,
    )
    post(actor, row, commitment, verification, quantity, denominator, instead_of=standing)
    return verification


def _refuse(
    decision: VerificationDecision,
    mark: Callable[..., Claim],
    actor: Actor,
    claim_id: int,
    expected_version: int,
    reason: str,
) -> Verification:
    claim = claim_to_decide(actor, claim_id)
    reason = check_reason(reason)
    sampled = draw_of(actor, claim).sampled
    with saying_who_was_first(actor, claim_id):
        row = mark(actor=actor, claim_id=claim_id, expected_version=expected_version, reason=reason)
    return keep(actor, row, decision, sampled=sampled, reason=reason)
