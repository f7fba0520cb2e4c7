"""Who may write editions."""

from __future__ import annotations

from socialvalue.accounts.permissions import acts_for, is_buyer
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor


def may_write(actor: Actor, holder_id: int | None) -> bool:
    """The platform writes open editions; an authority's policy owner those that it holds."""
    if actor.is_system:
        return True
    return is_buyer(actor) and acts_for(actor, holder_id) and actor.has(Role.POLICY_OWNER)
