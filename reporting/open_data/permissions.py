"""Who decides what is public: a manager of the authority; for a region, of the authority that leads it."""

from __future__ import annotations

from socialvalue.accounts.permissions import acts_for, allowed, is_buyer
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.access import Access
from socialvalue.core.actor import Actor

NOT_A_MANAGER = (
    "Only a directorate manager or an organisation administrator decides what is public. "
    "Ask your organisation's administrator."
)


def is_manager(actor: Actor) -> bool:
    return is_buyer(actor) and allowed(actor, Deed.CHOOSE_PUBLIC)


def can_see_authority(actor: Actor, organisation_id: int) -> bool:
    """That there is a choice to make about this authority."""
    return is_buyer(actor) and acts_for(actor, organisation_id)


def can_see_region(actor: Actor, region_id: int) -> bool:
    return is_buyer(actor) and region_id in actor.region_ids


MANAGER = Access("managers of an authority", is_manager, NOT_A_MANAGER)
