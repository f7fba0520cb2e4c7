"""Whose file it is: that of the person who asked, while acting for the organisation it was asked for."""

from __future__ import annotations

from typing import Protocol

from socialvalue.accounts.permissions import is_buyer, is_supplier
from socialvalue.core.access import Access
from socialvalue.core.actor import Actor

READER = Access(
    "buyer or supplier",
    lambda actor: is_buyer(actor) or is_supplier(actor),
    "This page is for people who work for a council, a combined authority or a supplier.",
)


class Asked(Protocol):
    asked_by_id: int
    organisation_id: int


def can_see(actor: Actor, file: Asked) -> bool:
    return (actor.user_id, actor.organisation_id) == (file.asked_by_id, file.organisation_id)
