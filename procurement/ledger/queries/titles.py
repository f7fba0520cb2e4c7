"""Which titles of measures stand beside the entries an actor sees."""

from __future__ import annotations

from procurement.ledger.permissions import reads_region
from socialvalue.core.actor import Actor
from toms.frameworks.queries import Readership, readership


def titles_for(actor: Actor) -> Readership | None:
    """Whom titles are told to; None where every entry seen is the actor's own, whose titles are told.

    A regional analyst reads entries of other authorities, whose measures may stand under their own licence.
    """
    return readership(actor) if reads_region(actor) else None
