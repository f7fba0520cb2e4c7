"""Who may do what with a procurement. ``why_not_…`` gives the reason, empty when the deed is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procurement.procurements.vocabulary import OverrideStatus, ProcurementStatus
from socialvalue.accounts.permissions import BUYER, acts_for, allowed, for_deed, is_buyer
from socialvalue.accounts.vocabulary import Deed

if TYPE_CHECKING:
    from procurement.procurements.models import Procurement, RouteOverride
    from socialvalue.core.actor import Actor

__all__ = [
    "ANSWERER", "BUYER", "EXPLAINER", "OFFICER", "PUBLISHER", "SPENDER", "can_answer_override",
    "can_create", "can_edit", "can_finish_note", "can_plan", "can_record_pipeline", "can_record_spend",
    "can_see", "can_take_back", "can_withdraw", "why_not_answer_override", "why_not_ask_override",
    "why_not_consider", "why_not_create", "why_not_divide", "why_not_edit", "why_not_explain",
    "why_not_finish_note", "why_not_plan", "why_not_take_back", "why_not_withdraw",
]  # fmt: skip

OFFICER = for_deed(Deed.PREPARE_PROCUREMENT)
ANSWERER = for_deed(Deed.ANSWER_OVERRIDE)
SPENDER = for_deed(Deed.RECORD_SPEND)
PUBLISHER = for_deed(Deed.RECORD_PIPELINE)
EXPLAINER = for_deed(Deed.EXPLAIN_DEVIATION)
_NOT_OFFICER = (
    "Only a procurement officer can do this. Ask your organisation's administrator for that role."
)
_OPEN = (ProcurementStatus.ROUTED, ProcurementStatus.PUBLISHED, ProcurementStatus.EVALUATING)


def can_see(actor: Actor, procurement: Procurement) -> bool:
    """Buyer side of the authority that owns it. Suppliers see a tender, never the procurement."""
    return is_buyer(actor) and acts_for(actor, procurement.authority_id)


def why_not_create(actor: Actor) -> str:
    return "" if is_buyer(actor) and allowed(actor, Deed.PREPARE_PROCUREMENT) else _NOT_OFFICER


def can_create(actor: Actor) -> bool:
    return not why_not_create(actor)


def _why_not_officer_of(actor: Actor, procurement: Procurement) -> str:
    is_theirs = can_see(actor, procurement) and allowed(actor, Deed.PREPARE_PROCUREMENT)
    return "" if is_theirs else _NOT_OFFICER


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


def _why_not_prepare(actor: Actor, procurement: Procurement, deed: str) -> str:
    """An officer, before publication."""
    if reason := _why_not_officer_of(actor, procurement):
        return reason
    if procurement.status != ProcurementStatus.ROUTED:
        return f"This procurement is {procurement.get_status_display().lower()}, so {deed}."
    return ""


def why_not_divide(actor: Actor, procurement: Procurement) -> str:
    return _why_not_prepare(actor, procurement, "its lots no longer change")


def why_not_consider(actor: Actor, procurement: Procurement) -> str:
    return _why_not_prepare(
        actor, procurement, "what was considered before it started can no longer be recorded"
    )


# --- overrides --------------------------------------------------------------------------------


def why_not_ask_override(actor: Actor, procurement: Procurement) -> str:
    return _why_not_prepare(
        actor, procurement, "its route is no longer overridden. Explain the deviation instead"
    )


def why_not_answer_override(actor: Actor, override: RouteOverride) -> str:
    """A second person of the same authority who may approve. Never the one who asked, whatever their roles."""
    procurement = override.procurement
    if not (can_see(actor, procurement) and ANSWERER.allows(actor)):
        return "Only an approver or the policy owner of this authority answers this."
    if actor.user_id == override.asked_by_id:
        return "You asked for this override, so somebody else has to answer it."
    if override.status != OverrideStatus.ASKED:
        return (
            f"This request is {override.get_status_display().lower()}, so it is not answered again."
        )
    return ""


def can_answer_override(actor: Actor, override: RouteOverride) -> bool:
    return not why_not_answer_override(actor, override)


def why_not_take_back(actor: Actor, override: RouteOverride) -> str:
    if not can_see(actor, override.procurement) or actor.user_id != override.asked_by_id:
        return "Only the person who asked for this override can take it back."
    if override.status != OverrideStatus.ASKED:
        return (
            f"This request is {override.get_status_display().lower()}, so it cannot be taken back."
        )
    return ""


def can_take_back(actor: Actor, override: RouteOverride) -> bool:
    return not why_not_take_back(actor, override)


def why_not_explain(actor: Actor, procurement: Procurement) -> str:
    """At any time: a deviation is told when it is noticed."""
    if can_see(actor, procurement) and EXPLAINER.allows(actor):
        return ""
    return "Only a procurement officer or a manager explains why the route was not followed."


def why_not_plan(actor: Actor) -> str:
    """Adding to the pipeline, changing it and taking from it."""
    return why_not_create(actor)


def can_plan(actor: Actor) -> bool:
    return not why_not_plan(actor)


def can_record_spend(actor: Actor) -> bool:
    return is_buyer(actor) and SPENDER.allows(actor)


def can_record_pipeline(actor: Actor) -> bool:
    return is_buyer(actor) and PUBLISHER.allows(actor)
