"""Who may read and record duties. ``why_not_…`` gives the reason, empty when the deed is allowed."""

from __future__ import annotations

from socialvalue.accounts.permissions import BUYER, for_deed, is_buyer
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor

__all__ = ["BUYER", "RECORDER", "can_record", "why_not_record"]

RECORDER = for_deed(Deed.RECORD_DUTY)


def why_not_record(actor: Actor) -> str:
    """Whether the procurement is the actor's own authority's is asked where it is read."""
    if is_buyer(actor) and RECORDER.allows(actor):
        return ""
    return (
        "Only a procurement officer or a contract manager can record a duty as done. "
        "Ask your organisation's administrator for that role."
    )


def can_record(actor: Actor) -> bool:
    return not why_not_record(actor)
