"""Who may do what with a procurement. ``why_not_…`` gives the reason, empty when the deed is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procurement.procurements.vocabulary import ProcurementStatus
from socialvalue.accounts.permissions import BUYER, acts_for, is_buyer, roles
from socialvalue.accounts.vocabulary import Role

if TYPE_CHECKING:
    from procurement.procurements.models import Procurement
    from socialvalue.core.actor import Actor

__all__ = [
    "BUYER", "OFFICER", "can_create", "can_edit", "can_finish_note", "can_see", "can_withdraw",
    "why_not_create", "why_not_edit", "why_not_finish_note", "why_not_withdraw",
]  # fmt: skip

OFFICER = roles(Role.PROCUREMENT_OFFICER)
_NOT_OFFICER = (
    "Only a procurement officer can do this. Ask your organisation's administrator for that role."
)
_OPEN = (ProcurementStatus.ROUTED, ProcurementStatus.PUBLISHED, ProcurementStatus.EVALUATING)


def can_see(actor: Actor, procurement: Procurement) -> bool:
    """Buyer side of the authority that owns it. Suppliers see a tender, never the procurement."""
    return is_buyer(actor) and acts_for(actor, procurement.authority_id)


def why_not_create(actor: Actor) -> str:
    return "" if is_buyer(actor) and actor.has(Role.PROCUREMENT_OFFICER) else _NOT_OFFICER


def can_create(actor: Actor) -> bool:
    return not why_not_create(actor)


def _why_not_officer_of(actor: Actor, procurement: Procurement) -> str:
    allowed = can_see(actor, procurement) and actor.has(Role.PROCUREMENT_OFFICER)
    return "" if allowed else _NOT_OFFICER


def why_not_edit(actor: Actor, procurement: Procurement) -> str:
    """Until publication the officer may change anything; after it suppliers rely on what was published."""
    if reason := _why_not_officer_of(actor, procurement):
        return reason
    if procurement.status != ProcurementStatus.ROUTED:
        return f"This procurement is {procurement.get_status_display().lower()}, so it no longer changes."
    return ""


def can_edit(actor: Actor, procurement: Procurement) -> bool:
    return not why_not_edit(actor, procurement)


def why_not_withdraw(actor: Actor, procurement: Procurement) -> str:
    if reason := _why_not_officer_of(actor, procurement):
        return reason
    if procurement.status not in _OPEN:
        return f"This procurement is {procurement.get_status_display().lower()}, so it cannot be withdrawn."
    return ""


def can_withdraw(actor: Actor, procurement: Procurement) -> bool:
    return not why_not_withdraw(actor, procurement)


def why_not_finish_note(actor: Actor, procurement: Procurement) -> str:
    """The status only: whether the route is light touch is a fact of the latest decision."""
    if reason := _why_not_officer_of(actor, procurement):
        return reason
    if procurement.status == ProcurementStatus.COMPLETE:
        return "The note is finished, so it no longer changes."
    if procurement.status != ProcurementStatus.ROUTED:
        return f"This procurement is {procurement.get_status_display().lower()}, so it needs no light-touch note."
    return ""


def can_finish_note(actor: Actor, procurement: Procurement) -> bool:
    return not why_not_finish_note(actor, procurement)
