"""The claim that a group is asked about, for who may ask."""

from __future__ import annotations

from procurement.deliveries.permissions import can_ask
from procurement.deliveries.queries.claims import ClaimRow, claim_for
from procurement.deliveries.rules.confirming import NOT_WAITING
from procurement.deliveries.vocabulary import ClaimStatus
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, RuleBroken

WHO_ASKS = (
    "Only the supplier, or a contract manager of the buying authority, can ask for a confirmation."
)


def claim_to_ask_about(actor: Actor, claim_id: int) -> ClaimRow:
    """A claim that waits for verification. NotVisible for others', NotAllowed for who may not ask, RuleBroken for a
    claim that waits for nobody."""
    claim = claim_for(actor, claim_id)
    if not can_ask(actor, claim):
        raise NotAllowed(WHO_ASKS)
    if claim.status != ClaimStatus.SUBMITTED:
        raise RuleBroken(NOT_WAITING.format(status=claim.status_label.lower()))
    return claim
