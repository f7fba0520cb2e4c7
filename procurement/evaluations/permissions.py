"""Who may open, mark and rank. Bids are read by those who decide, of the buying authority only."""

from __future__ import annotations

from socialvalue.accounts.permissions import acts_for, is_buyer
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor

READERS = (Role.PROCUREMENT_OFFICER, Role.EVALUATOR, Role.APPROVER, Role.AUDITOR)

READ_REASON = "Only the people who evaluate, award or audit a tender can read its bids."
OPEN_REASON = "Only a procurement officer of the buying authority can open bids."
MARK_REASON = "Only an evaluator of the buying authority can mark answers."
RANK_REASON = "Only a procurement officer of the buying authority can rank bids or reopen marking."


def can_read(actor: Actor, authority_id: int) -> bool:
    return acts_for(actor, authority_id) and is_buyer(actor) and actor.has(*READERS)


def can_open(actor: Actor, authority_id: int) -> bool:
    return acts_for(actor, authority_id) and actor.has(Role.PROCUREMENT_OFFICER)


def can_mark(actor: Actor, authority_id: int) -> bool:
    return acts_for(actor, authority_id) and actor.has(Role.EVALUATOR)


def can_rank(actor: Actor, authority_id: int) -> bool:
    return can_open(actor, authority_id)
