"""Steps that every decision shares: who may, how the claim came to be looked into, what is kept and posted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from procurement.deliveries import queries as deliveries
from procurement.deliveries.rules import posting_for
from procurement.ledger.rules import reverse
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from procurement.verifications.models import Verification
from procurement.verifications.permissions import OWN_PERSON, why_not_verify
from procurement.verifications.queries import draws_of, what_happened
from procurement.verifications.services.sampling import seed_of
from procurement.verifications.vocabulary import Sampled, VerificationDecision
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed

if TYPE_CHECKING:
    from procurement.awards.queries import CommitmentInfo
    from procurement.deliveries.models import Claim
    from procurement.deliveries.queries import ClaimRow
    from procurement.ledger.models import LedgerEntry
    from procurement.verifications.queries import Draw


def claim_to_decide(actor: Actor, claim_id: int) -> ClaimRow:
    claim = deliveries.claim_for(actor, claim_id)
    refused = why_not_verify(actor, claim)
    if refused:
        raise NotAllowed(refused)
    return claim


def draw_of(actor: Actor, claim: ClaimRow) -> Draw:
    """How the claim comes to be looked into; the sample of its quarter is drawn now if it was not yet."""
    draw = draws_of([claim])[claim.id]
    if draw.sampled != Sampled.UNSAID:
        return draw
    seed_of(actor, claim.authority_id, claim.quarter)
    return draws_of([claim])[claim.id]


@contextmanager
def saying_who_was_first(actor: Actor, claim_id: int) -> Iterator[None]:
    """A claim that moved on meanwhile is a Conflict that says who moved it, when, and what differs."""
    try:
        yield
    except Conflict as error:
        raise Conflict(what_happened(actor, claim_id), changed=error.changed) from error


def keep(
    actor: Actor,
    claim: Claim,
    decision: VerificationDecision,
    *,
    sampled: Sampled,
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
                sampled=sampled,
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


def post(
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
