"""Who looks after the roll-ups."""

from __future__ import annotations

from socialvalue.accounts.permissions import for_deed, is_buyer
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed

KEEPER = for_deed(Deed.RUN_ROLLUPS)


def may_run(actor: Actor) -> bool:
    """The system itself, and the administrators and regional analysts of an authority."""
    return actor.is_system or (is_buyer(actor) and KEEPER.allows(actor))


def check_may_run(actor: Actor) -> None:
    if not may_run(actor):
        raise NotAllowed(KEEPER.reason)
