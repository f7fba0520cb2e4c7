"""What is removed when its time is over: each room says what it has, one list in the settings gathers them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed

REMOVED = "removed.invalid"
"""No mail is ever delivered to this domain: RFC 2606 keeps it free."""


@dataclass(frozen=True, slots=True)
class Purge:
    """One kind of thing that goes by itself. ``due`` counts what would go now; ``remove(actor=…)`` removes it.

    ``kind`` is its key in the data map, ``what`` words that fit behind a number: "drafts of claims".
    """

    kind: str
    what: str
    due: Callable[[], int]
    remove: Callable[..., int]


def only_the_clock(actor: Actor) -> None:
    """NotAllowed for a person."""
    if not actor.is_system:
        raise NotAllowed("What has had its time is removed by the clock.")


def days_kept(kind: str) -> int:
    """Days from ``settings.RETENTION``."""
    return settings.RETENTION[kind]


def kept_since(kind: str) -> datetime:
    """What of this kind is older than that moment has had its time."""
    return clock.now() - timedelta(days=days_kept(kind))


def removed_address(number: int) -> str:
    """What stands where an e-mail address was: different for each row, and nobody's."""
    return f"removed-{number}@{REMOVED}"


def shown_address(email: str) -> str:
    """The address, or that it was removed."""
    return "address removed" if email.endswith(f"@{REMOVED}") else email
