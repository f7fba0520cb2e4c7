"""Who sets the targets of a region: people of the authority that leads it."""

from __future__ import annotations

from socialvalue.accounts.permissions import allowed, is_buyer
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.access import Access
from socialvalue.core.actor import Actor

NOT_THEIRS = (
    "Only a regional analyst or policy owner of the authority that leads the region sets its targets. "
    "Ask your organisation's administrator for that role."
)


def sets_targets(actor: Actor) -> bool:
    return is_buyer(actor) and bool(actor.region_ids) and allowed(actor, Deed.SET_TARGETS)


def can_set_target(actor: Actor, region_id: int) -> bool:
    return sets_targets(actor) and region_id in actor.region_ids


TARGETS = Access("analysts and policy owners of the leading authority", sets_targets, NOT_THEIRS)
"""They read the targets; the figures beside them are for who may see the region's totals."""
