"""Who reads a region's crosswalk and who decides in it."""

from __future__ import annotations

from socialvalue.accounts.permissions import BUYER, allowed, is_buyer
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.access import Access
from socialvalue.core.actor import Actor

__all__ = ["BUYER", "MAPPER", "WHY_NOT_MAP", "can_map", "can_read_crosswalk"]

WHY_NOT_MAP = (
    "How measures count in the region's is decided by a policy owner of the authority that leads the region. "
    "Ask that authority."
)


def _leads(actor: Actor) -> bool:
    return is_buyer(actor) and allowed(actor, Deed.MAP_MEASURES) and bool(actor.region_ids)


MAPPER = Access("policy owner of a region's lead authority", _leads, WHY_NOT_MAP)


def can_map(actor: Actor, region_id: int) -> bool:
    """A policy owner of the authority that leads this region."""
    return _leads(actor) and region_id in actor.region_ids


def can_read_crosswalk(actor: Actor, region_id: int, own_region_id: int | None) -> bool:
    """People of the authority that leads the region, and of its members on the day."""
    return is_buyer(actor) and (region_id in actor.region_ids or region_id == own_region_id)
