"""What loading the law and the policies has in common."""

from __future__ import annotations

from pathlib import Path

from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed

DATA = Path(__file__).parent.parent / "data"


def only_platform(actor: Actor) -> None:
    if not actor.is_system:
        raise NotAllowed("Thresholds and policies are loaded by the platform.")
