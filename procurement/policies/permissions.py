"""Who may do what with policies and the law."""

from __future__ import annotations

from socialvalue.accounts.permissions import BUYER, acts_for, is_buyer, roles
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.access import Access
from socialvalue.core.actor import Actor

__all__ = [
    "BUYER",
    "LAW_KEEPER",
    "READER",
    "WHY_NOT_ADOPT",
    "WHY_NOT_ALONE",
    "WHY_NOT_WRITE",
    "WRITER",
    "can_adopt",
    "can_see_drafts",
    "can_write",
]  # fmt: skip

WRITER = roles(Role.POLICY_OWNER)
READER = roles(Role.POLICY_OWNER, Role.APPROVER, Role.AUDITOR)
WHY_NOT_WRITE = (
    "Only a policy owner can write a policy. Ask your organisation's administrator for that role."
)
WHY_NOT_ADOPT = "Only an approver or another policy owner of the authority can answer a proposed policy version."
WHY_NOT_ALONE = "You proposed this version, so a second person must answer it."


def can_write(actor: Actor, organisation_id: int | None) -> bool:
    """A policy owner writes for the authority where the role is held."""
    return is_buyer(actor) and actor.has(Role.POLICY_OWNER) and acts_for(actor, organisation_id)


def can_adopt(actor: Actor, organisation_id: int | None) -> bool:
    """The role alone; that it is a second person is asked of the version."""
    may = actor.has(Role.POLICY_OWNER, Role.APPROVER)
    return is_buyer(actor) and may and acts_for(actor, organisation_id)


def can_see_drafts(actor: Actor, organisation_id: int | None) -> bool:
    may = actor.has(Role.POLICY_OWNER, Role.APPROVER, Role.AUDITOR)
    return is_buyer(actor) and may and acts_for(actor, organisation_id)


def _keeps_the_law(actor: Actor) -> bool:
    return is_buyer(actor) and actor.has(Role.POLICY_OWNER) and bool(actor.region_ids)


LAW_KEEPER = Access(
    "policy owner of a region's lead authority",
    _keeps_the_law,
    "The statutory thresholds are the same for every authority, so only a policy owner of a combined authority that "
    "leads a region updates them, or the platform. Ask the policy owner of your region's lead authority.",
)
