"""Who may open, mark and rank. Bids are read by those who decide, of the buying authority only."""

from __future__ import annotations

from procurement.bids.permissions import can_open, can_read, who_sees_bid
from socialvalue.accounts.permissions import acts_for, allowed, roles_for
from socialvalue.accounts.rules import Sight, people_of
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor

__all__ = [
    "PANEL_ROLES",
    "can_decide_interest",
    "can_mark",
    "can_name_panel",
    "can_open",
    "can_rank",
    "can_read",
    "can_read_interests",
    "can_read_record",
    "can_word",
]

PANEL_ROLES = roles_for(Deed.SIT_ON_PANEL)
"""Whoever holds one of these at the authority may sit on a panel."""

READ_REASON = "Only the people who evaluate, award or audit a tender can read its bids."
OPEN_REASON = "Only procurement officers and approvers of the buying authority can open bids."
MARK_REASON = "Only an evaluator on the panel of this tender can mark answers."
MODERATE_REASON = "Only the moderator on the panel of this tender sets moderated marks."
PANEL_REASON = "Only a procurement officer of the buying authority names the panel."
DECLARE_REASON = "Only people on the panel of this tender declare interests."
OWN_INTEREST_REASON = "Nobody decides about their own interest. Another procurement officer decides it, or an approver."
DECIDE_REASON = "A procurement officer decides about interests; about an officer's own, another one or an approver."
WORDING_REASON = (
    "Only a policy owner or a procurement officer changes the wording of the declaration."
)
RECORD_REASON = "Only procurement officers, approvers, auditors and the panel's moderator read the evaluation record."
RANK_REASON = "Only a procurement officer of the buying authority can rank bids or reopen marking."
RULE_REASON = "Only a procurement officer or the moderator of this tender's panel rules claims out."
AWARDED_REASON = "The contract is awarded, so what counts can no longer change."
OTHER_REASON = (
    "Only a procurement officer of the buying authority enters scores for price and quality."
)


def can_mark(actor: Actor, authority_id: int) -> bool:
    """Sit on a panel of this authority. Whether they do is a matter of the panel."""
    return acts_for(actor, authority_id) and allowed(actor, Deed.SIT_ON_PANEL)


def can_name_panel(actor: Actor, authority_id: int) -> bool:
    return acts_for(actor, authority_id) and allowed(actor, Deed.NAME_PANEL)


def can_decide_interest(
    actor: Actor, authority_id: int, *, person_id: int, is_officer: bool
) -> bool:
    """About the interest of this person; ``is_officer`` is whether that person is a procurement officer."""
    if not acts_for(actor, authority_id) or actor.user_id == person_id:
        return False
    about = Deed.DECIDE_OFFICERS_INTEREST if is_officer else Deed.DECIDE_INTEREST
    return allowed(actor, about)


def can_read_interests(actor: Actor, authority_id: int, *, person_id: int) -> bool:
    """What exactly was declared: those who decide or audit, and the person who declared it."""
    return acts_for(actor, authority_id) and (
        actor.user_id == person_id or allowed(actor, Deed.READ_INTERESTS)
    )


def can_word(actor: Actor, authority_id: int) -> bool:
    """Change how the authority words its declaration of interests."""
    return acts_for(actor, authority_id) and allowed(actor, Deed.WORD_DECLARATION)


def can_rank(actor: Actor, authority_id: int) -> bool:
    """Rank the bids, take the ranking back, enter scores for price and quality."""
    return acts_for(actor, authority_id) and allowed(actor, Deed.RANK_BIDS)


def can_read_record(actor: Actor, authority_id: int, *, is_moderator: bool) -> bool:
    """The whole evaluation record, every mark by name: who answers for it or audits it, and the panel's moderator."""
    return acts_for(actor, authority_id) and (
        is_moderator or allowed(actor, Deed.READ_EVALUATION_RECORD)
    )


def who_sees_evaluation(authority: tuple[int, str], *, is_open: bool) -> tuple[Sight, ...]:
    """What ``can_read`` and ``can_read_record`` ask, in words. ``authority`` is its id and its name."""
    place, name = authority
    found = who_sees_bid(authority=authority, supplier=None, is_open=is_open)
    if not is_open:
        return found
    return (
        *found,
        people_of(
            name,
            place,
            Deed.SIT_ON_PANEL,
            what="their own marks until all marks are locked",
            is_here=False,
        ),
        people_of(
            name, place, Deed.READ_EVALUATION_RECORD, what="the whole record, every mark by name"
        ),
    )
