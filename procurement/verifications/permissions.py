"""Who decides on a claim: a contract manager of the buying authority, never the organisation or person that made it."""

from __future__ import annotations

from typing import Protocol

from procurement.deliveries.permissions import PARTY
from socialvalue.accounts.permissions import BUYER, acts_for, for_deed, is_buyer
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor

__all__ = [
    "OWN_ORGANISATION",
    "OWN_PERSON",
    "PARTY",
    "READER",
    "SAMPLER",
    "VERIFIER",
    "can_set_sampling",
    "can_verify",
    "why_not_verify",
]

VERIFIER = for_deed(Deed.VERIFY_CLAIMS)
SAMPLER = for_deed(Deed.SET_SAMPLING)
"""Who says which claims of their authority are opened one by one."""
READER = BUYER
"""Who may see the rule and draw a sample of their authority again: everybody there."""
OWN_ORGANISATION = "A claim is verified by another organisation than the one that made it."
OWN_PERSON = "You made this claim, so somebody else has to verify it."


class Claimed(Protocol):
    """A claim, as far as it matters who made it."""

    @property
    def authority_id(self) -> int: ...

    @property
    def supplier_id(self) -> int: ...

    @property
    def submitted_by_id(self) -> int: ...


def why_not_verify(actor: Actor, claim: Claimed) -> str:
    """The reason why this actor may not decide on this claim; empty when they may."""
    if acts_for(actor, claim.supplier_id):
        return OWN_ORGANISATION
    if not (is_buyer(actor) and acts_for(actor, claim.authority_id) and VERIFIER.allows(actor)):
        return VERIFIER.reason
    if actor.user_id is None or actor.user_id == claim.submitted_by_id:
        return OWN_PERSON
    return ""


def can_verify(actor: Actor, claim: Claimed) -> bool:
    return not why_not_verify(actor, claim)


def can_set_sampling(actor: Actor) -> bool:
    """Set the sampling rule of the authority the actor acts for."""
    return is_buyer(actor) and SAMPLER.allows(actor)
