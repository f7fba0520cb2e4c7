"""Who may see and write a tender. Suppliers read it through their invitation, see the queries."""

from __future__ import annotations

from socialvalue.accounts.permissions import acts_for, is_buyer, is_supplier
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor

APPROVING_ROLES = (
    Role.APPROVER, Role.POLICY_OWNER, Role.PROCUREMENT_OFFICER, Role.DIRECTORATE_MANAGER,
)  # fmt: skip
"""Roles a policy may name for an approval before publication."""
WHY_NOT_PREPARE = "Preparing a tender is for procurement officers of the buying authority."
WHY_NOT_MOVE = "Opening and awarding are for procurement officers, evaluators and approvers of the buying authority."


def can_see(actor: Actor, authority_id: int) -> bool:
    """Anybody on the buyer side of the authority."""
    return is_buyer(actor) and acts_for(actor, authority_id)


def can_prepare(actor: Actor, authority_id: int) -> bool:
    """Write, invite, publish."""
    return can_see(actor, authority_id) and actor.has(Role.PROCUREMENT_OFFICER)


def can_move_on(actor: Actor, authority_id: int) -> bool:
    """Open the bids after the deadline, and record the award."""
    return can_see(actor, authority_id) and actor.has(
        Role.PROCUREMENT_OFFICER, Role.EVALUATOR, Role.APPROVER
    )


def can_be_invited(actor: Actor) -> bool:
    """Somebody who acts for a supplier."""
    return is_supplier(actor)
