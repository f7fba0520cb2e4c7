"""Who may write editions, and who decides which of them are used."""

from __future__ import annotations

from socialvalue.accounts.permissions import acts_for, is_buyer
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor


def may_write(actor: Actor, holder_id: int | None) -> bool:
    """The platform writes open editions; an authority's policy owner those that it holds."""
    if actor.is_system:
        return True
    return is_buyer(actor) and acts_for(actor, holder_id) and actor.has(Role.POLICY_OWNER)


WHY_NOT_ADOPT = "Choosing which measures are used is for the policy owner of your organisation."
WHY_NOT_ADOPT_FOR_REGION = (
    "Choosing which measures a region uses is for the policy owner of the authority that leads it."
)


def can_adopt(actor: Actor, authority_id: int | None, region_id: int | None) -> bool:
    """The authority's policy owner; for a region, the policy owner of the authority that leads it."""
    if actor.is_system:
        return True
    if not is_buyer(actor) or not actor.has(Role.POLICY_OWNER):
        return False
    return acts_for(actor, authority_id) or (
        region_id is not None and region_id in actor.region_ids
    )
