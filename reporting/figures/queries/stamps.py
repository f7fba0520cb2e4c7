"""While nothing has changed, what was made of the figures once is good."""

from __future__ import annotations

from reporting.rollups import queries as rollups
from socialvalue.audit.queries import recent_deeds
from socialvalue.core import clock


def stamp() -> str:
    """Moves with the cells, with what waits to be added to them, with every deed and with the day.

    Read before what it stands for: a body made a moment later is then newer than its stamp says, never older.
    """
    newest, there = recent_deeds()
    version, waiting = rollups.cube_version(), rollups.freshness().pending
    return f"{version}:{waiting}:{newest}:{there}:{clock.today().isoformat()}"
