"""Who may see totals: people of the authority, and for a region the analysts of the authority that leads it."""

from __future__ import annotations

from socialvalue.accounts.permissions import acts_for, allowed, is_buyer
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.access import Access
from socialvalue.core.actor import Actor


def can_see_authority(actor: Actor, authority_id: int) -> bool:
    """Totals of one authority: its own people."""
    return is_buyer(actor) and acts_for(actor, authority_id)


def leads_region(actor: Actor) -> bool:
    return is_buyer(actor) and allowed(actor, Deed.READ_REGION) and bool(actor.region_ids)


def can_see_region(actor: Actor, region_id: int) -> bool:
    """Totals of a region and each of its members: regional analysts of the authority that leads it."""
    return leads_region(actor) and region_id in actor.region_ids


REGION = Access(
    "regional analysts of the leading authority",
    leads_region,
    "This page is for regional analysts of the combined authority that leads the region. "
    "Ask your organisation's administrator for that role.",
)
