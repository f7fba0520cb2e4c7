"""While nothing has changed, what was made of the figures once is good."""

from __future__ import annotations

from dataclasses import dataclass

from reporting.rollups import queries as rollups
from reporting.rollups.queries import Freshness
from socialvalue.audit.queries import recent_deeds
from socialvalue.core import clock


@dataclass(frozen=True, slots=True)
class Stamp:
    """``text`` moves with the cells, with what waits to be added to them, with every deed and with the day."""

    text: str
    fresh: Freshness


def read_stamp() -> Stamp:
    """Read before what it stands for: a body made a moment later is then newer than its stamp says, never older."""
    newest, there = recent_deeds()
    fresh = rollups.freshness()
    day = clock.today().isoformat()
    return Stamp(f"{fresh.version}:{fresh.pending}:{newest}:{there}:{day}", fresh)


def stamp() -> str:
    """The text alone."""
    return read_stamp().text
