"""Who may do what with policies and the law."""

from __future__ import annotations

from socialvalue.accounts.permissions import BUYER, acts_for, allowed, for_deed, is_buyer
from socialvalue.accounts.rules import Sight, people_of, people_of_authorities
from socialvalue.accounts.vocabulary import Deed
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
    "who_sees_policy",
]  # fmt: skip

WRITER = for_deed(Deed.WRITE_POLICY)
READER = for_deed(Deed.READ_POLICY_DRAFTS)
WHY_NOT_WRITE = (
    "Only a policy owner can write a policy. Ask your organisation's administrator for that role."
)
WHY_NOT_ADOPT = "Only an approver or another policy owner of the authority can answer a proposed policy version."
WHY_NOT_ALONE = "You proposed this version, so a second person must answer it."


def can_write(actor: Actor, organisation_id: int | None) -> bool:
    """A policy owner writes for the authority where the role is held."""
    may = allowed(actor, Deed.WRITE_POLICY)
    return is_buyer(actor) and may and acts_for(actor, organisation_id)


def can_adopt(actor: Actor, organisation_id: int | None) -> bool:
    """The role alone; that it is a second person is asked of the version."""
    may = allowed(actor, Deed.ANSWER_POLICY)
    return is_buyer(actor) and may and acts_for(actor, organisation_id)


def can_see_drafts(actor: Actor, organisation_id: int | None) -> bool:
    may = allowed(actor, Deed.READ_POLICY_DRAFTS)
    return is_buyer(actor) and may and acts_for(actor, organisation_id)


def _keeps_the_law(actor: Actor) -> bool:
    return is_buyer(actor) and allowed(actor, Deed.KEEP_LAW) and bool(actor.region_ids)


LAW_KEEPER = Access(
    "policy owner of a region's lead authority",
    _keeps_the_law,
    "The statutory thresholds are the same for every authority, so only a policy owner of a combined authority that "
    "leads a region updates them, or the platform. Ask the policy owner of your region's lead authority.",
)


def who_sees_policy(owner: tuple[int, str], *, is_adopted: bool) -> tuple[Sight, ...]:
    """An adopted version is for every authority, because others may inherit it; a draft for who writes, adopts or
    audits it. ``owner`` is the id and the name of the authority whose policy it is."""
    if is_adopted:
        return (people_of_authorities("the policy, from the day it was adopted"),)
    place, name = owner
    return (
        people_of(name, place, Deed.READ_POLICY_DRAFTS, what="the draft", until="it is adopted"),
        people_of(name, place, Deed.WRITE_POLICY, what="may change it", until="it is proposed"),
        people_of(
            name, place, Deed.ANSWER_POLICY, what="may adopt or return it, unless they proposed it"
        ),
    )
