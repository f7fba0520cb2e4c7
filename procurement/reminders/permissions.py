"""Who is reminded, who sets when, and who has a calendar."""

from __future__ import annotations

from procurement.awards.permissions import PARTY
from socialvalue.accounts.permissions import allowed, for_deed, is_buyer, roles_for
from socialvalue.accounts.vocabulary import BUYER_ROLES, SUPPLIER_ROLES, Deed
from socialvalue.core.actor import Actor

__all__ = ["OF_AUTHORITY", "OF_SUPPLIER", "PARTY", "SETTER", "SET_REASON", "can_set", "is_reminded"]

OF_SUPPLIER = tuple(role for role in roles_for(Deed.BE_REMINDED) if role in SUPPLIER_ROLES)
"""Reminded of what the supplier has to deliver and mend."""
OF_AUTHORITY = tuple(role for role in roles_for(Deed.BE_REMINDED) if role in BUYER_ROLES)
"""Reminded of what waits for a decision."""

SETTER = for_deed(Deed.SET_REMINDERS)
SET_REASON = "Only a contract manager, a policy owner or an administrator of the authority can set the reminders."


def can_set(actor: Actor) -> bool:
    return is_buyer(actor) and SETTER.allows(actor)


def is_reminded(actor: Actor) -> bool:
    return allowed(actor, Deed.BE_REMINDED)
