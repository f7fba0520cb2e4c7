"""What a verification does to a claim."""

from __future__ import annotations

from django.db import transaction

from procurement.awards import queries as awards
from procurement.deliveries.models import Claim
from procurement.deliveries.services.shared import release_parts
from procurement.deliveries.services.steps import (
    claim_to_decide,
    keep_record,
    move,
    reverse_claimed,
)
from procurement.deliveries.vocabulary import ClaimStatus, DeliveryDeed
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken


@transaction.atomic
def mark_verified(*, actor: Actor, claim_id: int, expected_version: int, reason: str = "") -> Claim:
    """Submitted to verified; what was claimed stays. The verification posts what was accepted."""
    return _decide(
        actor,
        claim_id,
        expected_version,
        ClaimStatus.VERIFIED,
        reason,
        DeliveryDeed.CLAIM_VERIFIED,
        "Verified",
    )


@transaction.atomic
def mark_returned(*, actor: Actor, claim_id: int, expected_version: int, reason: str) -> Claim:
    """Submitted to returned: the supplier can mend it, and until then nothing is claimed."""
    return _decide(
        actor,
        claim_id,
        expected_version,
        ClaimStatus.RETURNED,
        reason,
        DeliveryDeed.CLAIM_RETURNED,
        "Returned",
    )


@transaction.atomic
def mark_rejected(*, actor: Actor, claim_id: int, expected_version: int, reason: str) -> Claim:
    """Submitted to rejected, for good: nothing is claimed."""
    return _decide(
        actor,
        claim_id,
        expected_version,
        ClaimStatus.REJECTED,
        reason,
        DeliveryDeed.CLAIM_REJECTED,
        "Rejected",
    )


@transaction.atomic
def mark_corrected(*, actor: Actor, claim_id: int, expected_version: int, reason: str) -> Claim:
    """A verified claim stays verified, and says why its figure changed."""
    claim = claim_to_decide(actor, claim_id)
    move(claim, expected_version, (ClaimStatus.VERIFIED,), decision_reason=reason)
    contract = awards.contract_for(actor, claim.contract_id)
    keep_record(
        actor,
        claim,
        contract,
        DeliveryDeed.CLAIM_CORRECTED,
        f"Corrected what was verified. Reason: {reason}",
    )
    return claim


def _decide(
    actor: Actor,
    claim_id: int,
    expected_version: int,
    status: ClaimStatus,
    reason: str,
    deed: DeliveryDeed,
    word: str,
) -> Claim:
    claim = claim_to_decide(actor, claim_id)
    if status != ClaimStatus.VERIFIED and not reason.strip():
        raise RuleBroken("Enter the reason, so that the supplier knows what to do", field="reason")
    before = {"status": claim.status}
    move(
        claim,
        expected_version,
        (ClaimStatus.SUBMITTED,),
        status=status,
        decision_reason=reason.strip(),
        decided_at=clock.now(),
    )
    if status != ClaimStatus.VERIFIED:
        reverse_claimed(actor, claim, f"{word}: {reason.strip()}")
        release_parts(actor, claim, word)
    contract = awards.contract_for(actor, claim.contract_id)
    why = f" Reason: {reason.strip()}" if reason.strip() else ""
    keep_record(actor, claim, contract, deed, f"{word} the claim.{why}", before)
    return claim
