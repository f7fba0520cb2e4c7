"""Who may open a page at all. Every view declares one of these as ``access``; a test finds a view without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from socialvalue.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Access:
    """A named rule about the actor alone. Rules about an object are asked in its room's permissions."""

    name: str
    allows: Callable[[Actor], bool]
    reason: str = "Your role does not include this page."
    needs_sign_in: bool = True


ANYONE = Access("anyone", lambda actor: True, needs_sign_in=False)
SIGNED_IN = Access("signed in", lambda actor: actor.is_signed_in)
