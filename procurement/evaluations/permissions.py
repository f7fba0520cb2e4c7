"""Who may open, mark and rank. Bids are read by those who decide, of the buying authority only."""

from __future__ import annotations

from procurement.bids.permissions import READERS, can_open, can_read
from socialvalue.accounts.permissions import acts_for
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor

__all__ = ["READERS", "can_mark", "can_open", "can_rank", "can_read"]

READ_REASON = "Only the people who evaluate, award or audit a tender can read its bids."
OPEN_REASON = "Only a procurement officer of the buying authority can open bids."
MARK_REASON = "Only an evaluator of the buying authority can mark answers."
RANK_REASON = "Only a procurement officer of the buying authority can rank bids or reopen marking."


def can_mark(actor: Actor, authority_id: int) -> bool:
    return acts_for(actor, authority_id) and actor.has(Role.EVALUATOR)


def can_rank(actor: Actor, authority_id: int) -> bool:
    return can_open(actor, authority_id)
