"""Who is reminded, who sets when, and who has a calendar."""

from __future__ import annotations

from procurement.awards.permissions import PARTY
from socialvalue.accounts.permissions import is_buyer, roles
from socialvalue.accounts.vocabulary import SUPPLIER_ROLES, Role
from socialvalue.core.actor import Actor

__all__ = ["OF_AUTHORITY", "OF_SUPPLIER", "PARTY", "SETTER", "SET_REASON", "can_set", "is_reminded"]

OF_SUPPLIER = tuple(sorted(SUPPLIER_ROLES))
"""Reminded of what the supplier has to deliver and mend."""
OF_AUTHORITY = (Role.APPROVER, Role.CONTRACT_MANAGER)
"""Reminded of what waits for a decision."""

SETTER = roles(Role.CONTRACT_MANAGER, Role.ORGANISATION_ADMIN, Role.POLICY_OWNER)
SET_REASON = "Only a contract manager, a policy owner or an administrator of the authority can set the reminders."


def can_set(actor: Actor) -> bool:
    return is_buyer(actor) and SETTER.allows(actor)


def is_reminded(actor: Actor) -> bool:
    return actor.has(*(OF_AUTHORITY if is_buyer(actor) else OF_SUPPLIER))
