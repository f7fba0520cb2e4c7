"""Who claims, who reads a claim and its evidence."""

from __future__ import annotations

from typing import Protocol

from socialvalue.accounts.permissions import SUPPLIER, acts_for, is_buyer, is_supplier
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.access import Access
from socialvalue.core.actor import Actor

CLAIM_REASON = "Only the supplier of the contract can claim a delivery."
CLAIMANT = SUPPLIER

PARTY = Access(
    "buyer or supplier",
    lambda actor: is_buyer(actor) or is_supplier(actor),
    "This page is for people who work for a council, a combined authority or a supplier.",
)


class Parties(Protocol):
    """Anything between an authority and a supplier."""

    @property
    def authority_id(self) -> int: ...

    @property
    def supplier_id(self) -> int: ...


def can_claim(actor: Actor, contract: Parties) -> bool:
    return is_supplier(actor) and acts_for(actor, contract.supplier_id)


def is_buying(actor: Actor, claim: Parties) -> bool:
    return is_buyer(actor) and acts_for(actor, claim.authority_id)


def can_see_claim(actor: Actor, claim: Parties) -> bool:
    """The buying authority and the supplier. The region sees totals, never a claim or its evidence."""
    return can_claim(actor, claim) or is_buying(actor, claim)


def decides(actor: Actor, claim: Parties) -> bool:
    """A contract manager of the buying authority, to whom the way to a decision is shown."""
    return is_buying(actor, claim) and actor.has(Role.CONTRACT_MANAGER)
