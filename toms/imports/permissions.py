"""Who brings a licensed framework in, and who takes an edition out."""

from __future__ import annotations

from socialvalue.accounts.permissions import PARTY, allowed, is_buyer
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.access import Access
from socialvalue.core.actor import Actor

__all__ = ["IMPORTER", "READER", "may_import"]


def may_import(actor: Actor) -> bool:
    """A policy owner acting for a council or combined authority."""
    return is_buyer(actor) and allowed(actor, Deed.WRITE_MEASURES)


IMPORTER = Access(
    "policy owner of an authority",
    may_import,
    "Only the policy owner of a council or combined authority imports a framework. "
    "Ask your organisation's administrator for that role.",
)
READER = PARTY
"""An edition is written out for whoever may read it; the query asks which."""
