"""Who claims, who reads a claim and its evidence."""

from __future__ import annotations

from procurement.awards.permissions import PARTY, Parties, can_see_contract, is_buying, is_supplying
from socialvalue.accounts.permissions import SUPPLIER, allowed
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor

__all__ = [
    "CLAIMANT",
    "CLAIM_REASON",
    "PARTY",
    "can_ask",
    "can_cancel",
    "can_claim",
    "can_see_claim",
    "decides",
    "is_buying",
]

CLAIM_REASON = "Only the supplier of the contract can claim a delivery."
CLAIMANT = SUPPLIER


def can_claim(actor: Actor, contract: Parties) -> bool:
    return is_supplying(actor, contract) and allowed(actor, Deed.CLAIM_DELIVERY)


def can_see_claim(actor: Actor, claim: Parties) -> bool:
    """The two parties of the contract. The region sees totals, never a claim or its evidence."""
    return can_see_contract(actor, claim)


def decides(actor: Actor, claim: Parties) -> bool:
    """A contract manager of the buying authority, to whom the way to a decision is shown."""
    return is_buying(actor, claim) and allowed(actor, Deed.VERIFY_CLAIMS)


def can_ask(actor: Actor, claim: Parties) -> bool:
    """The supplier, or a contract manager, asks the group that benefited."""
    return can_claim(actor, claim) or decides(actor, claim)


def can_cancel(actor: Actor, claim: Parties, asked_by_id: int) -> bool:
    """Who asked takes the question back, or a contract manager: a supplier never silences the authority's question."""
    return decides(actor, claim) or (can_claim(actor, claim) and actor.user_id == asked_by_id)
