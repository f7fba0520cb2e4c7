"""How long a platform operator may look at an organisation, and how soon after a second step. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from socialvalue.core.errors import RuleBroken

MOST_HOURS = 4
HOURS = (1, 2, MOST_HOURS)
SECOND_STEP_MINUTES = 15
"""So long ago the second step may have been made when an access is opened."""
SHORTEST_REASON = 15


def ends_at(now: datetime, hours: int) -> datetime:
    """When an access that is opened now ends by itself. RuleBroken for a time that is not offered."""
    if hours not in HOURS:
        raise RuleBroken(f"Select {HOURS[0]}, {HOURS[1]} or {HOURS[2]} hours", field="hours")
    return now + timedelta(hours=hours)


def checked_reason(reason: str) -> str:
    """The reason in one line. RuleBroken for one too short to tell the organisation anything."""
    told = " ".join(reason.split())
    if len(told) < SHORTEST_REASON:
        raise RuleBroken(
            "Say in a sentence why this access is needed: the organisation is told", field="reason"
        )
    return told


def is_recent(done_at: datetime | None, now: datetime) -> bool:
    """The second step was made a short while ago."""
    return done_at is not None and timedelta(0) <= now - done_at <= timedelta(
        minutes=SECOND_STEP_MINUTES
    )
