"""Who may see and write a tender. Suppliers read it through their invitation, see the queries."""

from __future__ import annotations

from socialvalue.accounts.permissions import acts_for, allowed, for_deed, is_buyer, is_supplier
from socialvalue.accounts.rules import Sight, people_of
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor

APPROVER = for_deed(Deed.APPROVE_TENDER)
"""Roles a policy may name for an approval before publication."""
WHY_NOT_PREPARE = "Preparing a tender is for procurement officers of the buying authority."
WHY_NOT_MOVE = "Opening and awarding are for procurement officers, evaluators and approvers of the buying authority."


def can_see(actor: Actor, authority_id: int) -> bool:
    """Anybody on the buyer side of the authority."""
    return is_buyer(actor) and acts_for(actor, authority_id)


def can_prepare(actor: Actor, authority_id: int) -> bool:
    """Write, invite, publish."""
    return can_see(actor, authority_id) and allowed(actor, Deed.PREPARE_TENDER)


def can_move_on(actor: Actor, authority_id: int) -> bool:
    """Open the bids after the deadline, and record the award."""
    return can_see(actor, authority_id) and allowed(actor, Deed.MOVE_TENDER)


def can_be_invited(actor: Actor) -> bool:
    """Somebody who acts for a supplier."""
    return is_supplier(actor)


def who_sees_tender(authority: tuple[int, str], *, is_published: bool) -> tuple[Sight, ...]:
    """What ``can_see`` and an invitation give, in words. ``authority`` is its id and its name."""
    place, name = authority
    found = [
        people_of(name, place, Deed.READ_AUTHORITY, what="the tender and who is invited"),
        people_of(name, place, Deed.PREPARE_TENDER, what="may change it until it is published"),
    ]
    suppliers = "the tender on a page of their own, not who else is invited"
    found.append(
        Sight(
            "Suppliers that are invited",
            suppliers if is_published else "nothing until it is published",
            deeds=frozenset({Deed.READ_SUPPLIER}),
            is_here=False,
        )
    )
    found.append(
        people_of(
            name,
            place,
            Deed.READ_BIDS,
            what="the bids, once two people have opened them",
            is_here=False,
        )
    )
    return tuple(found)
