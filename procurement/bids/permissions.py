"""Who may write and read an offer: people of the supplier that makes it. Nobody else before the deadline."""

from __future__ import annotations

from socialvalue.accounts.permissions import acts_for, is_buyer, is_supplier
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor

OPENERS = (Role.PROCUREMENT_OFFICER, Role.APPROVER)
READERS = (Role.PROCUREMENT_OFFICER, Role.EVALUATOR, Role.APPROVER, Role.AUDITOR)
WHY_NOT_OPEN = "Opening bids is for procurement officers and approvers of the buying authority."
WHY_NOT_TWICE = (
    "You started the opening, so another person confirms it: a procurement officer or an approver."
)


def can_offer(actor: Actor, supplier_id: int | None) -> bool:
    """Write, read and submit the offer of this supplier."""
    return is_supplier(actor) and acts_for(actor, supplier_id)


def can_read(actor: Actor, authority_id: int) -> bool:
    """Read the bids of this authority's tender, once they are open: those who decide or audit."""
    return acts_for(actor, authority_id) and is_buyer(actor) and actor.has(*READERS)


def can_open(actor: Actor, authority_id: int) -> bool:
    """Be one of the two people who open the bids of this authority's tender, once the deadline has passed."""
    return acts_for(actor, authority_id) and actor.has(*OPENERS)
