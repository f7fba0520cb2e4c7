"""Due dates as a calendar that other programs read again and again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from procurement.reminders.rules import DueEvent
from socialvalue.core import calendars
from socialvalue.core.calendars import WholeDay

AGAIN = timedelta(hours=6)


def to_calendar(events: Sequence[DueEvent], *, name: str, at: datetime, site_url: str) -> bytes:
    """A whole day for each. ``at``: when it was made. ``site_url`` makes names and links the site's own."""
    host = urlsplit(site_url).hostname or "localhost"
    days = (
        WholeDay(
            f"{event.uid}@{host}",
            event.due_on,
            event.title,
            event.about,
            f"{site_url}{event.url}",
        )
        for event in events
    )
    return calendars.to_calendar(days, name=name, of="Due dates", at=at, again=AGAIN)
