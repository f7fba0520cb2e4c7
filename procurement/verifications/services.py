"""Deciding on claims. A verification is posted to the ledger in the transaction that keeps the decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from procurement.awards import queries as awards
from procurement.deliveries import queries as deliveries
from procurement.deliveries import services as claims
from procurement.deliveries.rules import posting_for
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.ledger.queries import standing_entries
from procurement.ledger.rules import reverse
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from procurement.verifications.models import Verification
from procurement.verifications.permissions import OWN_PERSON, why_not_verify
from procurement.verifications.queries import what_happened
from procurement.verifications.rules import (
    NOT_TO_CORRECT,
    accepted_quantity,
    check_correction,
    check_reason,
)
from procurement.verifications.vocabulary import VerificationDecision
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed

if TYPE_CHECKING:
    from procurement.awards.queries import CommitmentInfo
    from procurement.deliveries.models import Claim
    from procurement.deliveries.queries import ClaimRow
    from procurement.ledger.models import LedgerEntry


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

    What was claimed stays in the ledger. NotVisible for another authority's claim, NotAllowed without the role or for
    one's own claim, Conflict when it was decided on or changed since ``expected_version``.
    """
    claim = _claim_to_decide(actor, claim_id)
    commitment = awards.commitment_info(claim.commitment.id)
    accepted = accepted_quantity(
        claimed=claim.quantity, accepted=quantity, reason=reason, adds_up=commitment.measure.adds_up
    )
    note = reason.strip() if accepted != claim.quantity else ""
    with _saying_who_was_first(actor, claim_id):
        row = claims.mark_verified(
            actor=actor, claim_id=claim_id, expected_version=expected_version, reason=note
        )
    verification = _keep(actor, row, VerificationDecision.VERIFIED, quantity=accepted, reason=note)
    _post(actor, row, commitment, verification, accepted, row.denominator)
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
) -> Verification:
    """Put another figure in place of what was verified: the old entry is reversed and a new one posted.

    Both carry the reason. Conflict when the claim is not verified, or was changed since
    ``expected_version``; RuleBroken when nothing changes.
    """
    claim = _claim_to_decide(actor, claim_id)
    if claim.status != ClaimStatus.VERIFIED:
        raise Conflict(NOT_TO_CORRECT)
    commitment = awards.commitment_info(claim.commitment.id)
    standing = standing_entries(basis=Basis.VERIFIED, claim_id=claim_id)
    reason = check_correction(
        quantity=quantity,
        denominator=denominator,
        stands=sum((entry.quantity for entry in standing), Decimal(0)),
        stands_denominator=standing[-1].denominator if standing else None,
        is_rate=commitment.measure.is_rate,
        reason=reason,
    )
    with _saying_who_was_first(actor, claim_id):
        row = claims.mark_corrected(
            actor=actor,
            claim_id=claim_id,
            expected_version=claim.version if expected_version is None else expected_version,
            reason=reason,
        )
    verification = _keep(
        actor, row, VerificationDecision.CORRECTED, quantity=quantity, reason=reason
    )
    _post(actor, row, commitment, verification, quantity, denominator, instead_of=standing)
    return verification


def _refuse(
    decision: VerificationDecision,
    mark: Callable[..., Claim],
    actor: Actor,
    claim_id: int,
    expected_version: int,
    reason: str,
) -> Verification:
    _claim_to_decide(actor, claim_id)
    reason = check_reason(reason)
    with _saying_who_was_first(actor, claim_id):
        row = mark(actor=actor, claim_id=claim_id, expected_version=expected_version, reason=reason)
    return _keep(actor, row, decision, reason=reason)


def _claim_to_decide(actor: Actor, claim_id: int) -> ClaimRow:
    claim = deliveries.claim_for(actor, claim_id)
    refused = why_not_verify(actor, claim)
    if refused:
        raise NotAllowed(refused)
    return claim


@contextmanager
def _saying_who_was_first(actor: Actor, claim_id: int) -> Iterator[None]:
    """A claim that moved on meanwhile is a Conflict that says who moved it, when, and what differs."""
    try:
        yield
    except Conflict as error:
        raise Conflict(what_happened(actor, claim_id), changed=error.changed) from error


def _keep(
    actor: Actor,
    claim: Claim,
    decision: VerificationDecision,
    *,
    quantity: Decimal | None = None,
    reason: str = "",
) -> Verification:
    """The decision as a row of its own. The audit row is written by the claim's own service, in this transaction."""
    if actor.user_id is None or actor.organisation_id is None:
        raise NotAllowed(OWN_PERSON)
    try:
        with transaction.atomic():
            return Verification.objects.create(
                claim_id=claim.pk,
                decision=decision,
                quantity=quantity,
                reason=reason,
                decided_at=clock.now(),
                decided_by_id=actor.user_id,
                organisation_id=actor.organisation_id,
                claimant_organisation_id=claim.supplier_id,
                claimant_id=claim.submitted_by_id,
            )
    except IntegrityError as error:
        if Verification.objects.filter(
            claim_id=claim.pk,
            decision__in=(VerificationDecision.VERIFIED, VerificationDecision.REJECTED),
        ).exists():
            raise Conflict(what_happened(actor, claim.pk)) from error
        raise


def _post(
    actor: Actor,
    claim: Claim,
    commitment: CommitmentInfo,
    verification: Verification,
    quantity: Decimal,
    denominator: Decimal | None,
    *,
    instead_of: Sequence[LedgerEntry] = (),
) -> None:
    """Post what is accepted, and take out of the totals what it stands ``instead_of``."""
    reversals = [
        reverse(entry, f"verification:{verification.pk}:reverses:{entry.pk}", verification.reason)
        for entry in instead_of
    ]
    accepted = posting_for(
        claim,
        commitment,
        basis=Basis.VERIFIED,
        quantity=quantity,
        denominator=denominator,
        posting_key=f"verification:{verification.pk}",
        verification_id=verification.pk,
        reason=verification.reason,
    )
    post_entries(actor=actor, postings=[*reversals, accepted])
