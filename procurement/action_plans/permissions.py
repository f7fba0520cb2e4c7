"""Who starts, changes and agrees a plan. Both parties read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procurement.action_plans.vocabulary import Side
from procurement.awards.permissions import Parties, is_supplying
from socialvalue.accounts.permissions import acts_for, allowed
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor

if TYPE_CHECKING:
    from procurement.action_plans.models import ActionPlan

START_REASON = "Only the buying authority's contract managers and officers can start a plan."
CHANGE_REASON = "Only a contract manager of the buying authority can change an action plan."
AGREE_REASON = (
    "An action plan is agreed by a contract manager of the buying authority and by an administrator "
    "of the supplier."
)
BOTH_REASON = "You agreed this plan for the other party, so somebody else agrees it for this one."
AGAIN_REASON = "A plan is planned again by the person who agreed the change of the contract."


def can_start(actor: Actor, contract: Parties) -> bool:
    """The job after an award, or the buying side by hand."""
    return actor.is_system or (
        acts_for(actor, contract.authority_id) and allowed(actor, Deed.START_PLAN)
    )


def can_change(actor: Actor, contract: Parties) -> bool:
    return acts_for(actor, contract.authority_id) and allowed(actor, Deed.MANAGE_CONTRACT)


def side_of(actor: Actor, contract: Parties) -> Side | None:
    """The party the actor can agree a plan for; None for neither."""
    if can_change(actor, contract):
        return Side.AUTHORITY
    if is_supplying(actor, contract) and allowed(actor, Deed.AGREE_FOR_SUPPLIER):
        return Side.SUPPLIER
    return None


def why_not_agree(actor: Actor, contract: Parties, plan: ActionPlan) -> str:
    """Why the actor cannot agree this plan: for neither party, or for both at once. Empty when they can."""
    side = side_of(actor, contract)
    if side is None:
        return AGREE_REASON
    other_id = plan.supplier_agreed_by_id if side == Side.AUTHORITY else plan.agreed_by_id
    return BOTH_REASON if other_id is not None and other_id == actor.user_id else ""
