"""Who may see an entry: the two it is between, and the region its authority belonged to in that period and shares its
figures with."""

from __future__ import annotations

from procurement.ledger.rules import Entry
from socialvalue.accounts.permissions import acts_for, allowed, is_buyer, is_supplier
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.access import Access
from socialvalue.core.actor import Actor

READER = Access(
    "buyer or supplier",
    lambda actor: is_buyer(actor) or is_supplier(actor),
    "This page is for people who work for a council, a combined authority or a supplier.",
)


def reads_region(actor: Actor) -> bool:
    """A regional analyst of the authority that leads a region reads its members' entries, without their evidence."""
    return bool(actor.region_ids) and is_buyer(actor) and allowed(actor, Deed.READ_REGION)


def can_open_source(actor: Actor, entry: Entry) -> bool:
    """May open the claim, plan or evidence behind an entry: the buying authority and the supplier only."""
    return (is_buyer(actor) and acts_for(actor, entry.authority_id)) or (
        is_supplier(actor) and acts_for(actor, entry.supplier_id)
    )
