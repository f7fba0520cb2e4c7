"""Who reads and writes statements of priorities.

National statements and the words of a region's come from the platform's data file: every council shares them. What a
regional priority is served by is decided by a policy owner of an authority that leads a region. A council's own
statement, and what serves it, is its own policy owner's.
"""

from __future__ import annotations

from socialvalue.accounts.permissions import PARTY, acts_for, allowed, for_deed, is_buyer
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor
from toms.priorities.vocabulary import PriorityLevel

__all__ = [
    "READER",
    "WHY_NOT_SUPPLIER",
    "WRITER",
    "may_link",
    "may_start",
    "may_write",
    "reads_members",
    "who_reads",
    "why_not_link",
    "why_not_write",
]  # fmt: skip

READER = PARTY
"""National and regional statements are for everybody; the queries say whose own statements beside them."""
WRITER = for_deed(Deed.WRITE_PRIORITIES)
WHY_NOT_SUPPLIER = "A council’s own priorities are read here by the council. Ask its procurement officer for its plan."
OWNER_ONLY = (
    "Only a policy owner of the council can change its priorities. "
    "Ask your organisation's administrator for that role."
)


def may_start(actor: Actor) -> bool:
    """A policy owner writes a statement for the authority where the role is held."""
    return is_buyer(actor) and allowed(actor, Deed.WRITE_PRIORITIES)


def may_write(actor: Actor, level: str, authority_id: int | None) -> bool:
    """Words and dates."""
    return not why_not_write(actor, level, authority_id)


def may_link(actor: Actor, level: str, authority_id: int | None) -> bool:
    """Which outcomes and measures serve its priorities."""
    return not why_not_link(actor, level, authority_id)


def why_not_write(actor: Actor, level: str, authority_id: int | None) -> str:
    """The reason to show; empty when the actor may."""
    if actor.is_system:
        return ""
    if level == PriorityLevel.NATIONAL:
        return "National priorities come with the platform, because every authority shares them."
    if level == PriorityLevel.REGIONAL:
        return "The words of regional priorities come with the platform, because every member shares them."
    return "" if may_start(actor) and acts_for(actor, authority_id) else OWNER_ONLY


def why_not_link(actor: Actor, level: str, authority_id: int | None) -> str:
    """The reason to show; empty when the actor may."""
    if level == PriorityLevel.REGIONAL and not actor.is_system:
        leads = may_start(actor) and bool(actor.region_ids)
        return (
            ""
            if leads
            else "Only a policy owner of the authority that leads the region links its priorities, "
            "because the links hold for every member."
        )
    return why_not_write(actor, level, authority_id)


def reads_members(actor: Actor) -> bool:
    """The analyst of a region's lead reads the statements of its members."""
    return is_buyer(actor) and bool(actor.region_ids) and allowed(actor, Deed.READ_REGION)


def who_reads(level: str, authority_name: str) -> tuple[str, ...]:
    if level != PriorityLevel.COUNCIL:
        return ("Everybody who works here for a council, a combined authority or a supplier.",)
    return (
        f"People who work for {authority_name}.",
        "Regional analysts of the authority that leads its region.",
        "No other council and no supplier sees this page.",
    )
