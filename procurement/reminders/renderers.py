"""Due dates as a calendar that other programs read again and again (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from procurement.reminders.rules import DueEvent

MEDIA_TYPE = "text/calendar; charset=utf-8"
_LONGEST = 75
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def to_calendar(events: Sequence[DueEvent], *, name: str, at: datetime, site_url: str) -> bytes:
    """A whole-day event for each. ``at``: when it was made. ``site_url`` makes names and links the site's own."""
    host = urlsplit(site_url).hostname or "localhost"
    rows = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Social value in procurement//Due dates//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for event in events:
        rows += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}@{host}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{event.due_on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.due_on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(event.title)}",
            f"DESCRIPTION:{_text(event.about)}",
            f"URL:{site_url}{event.url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    rows.append("END:VCALENDAR")
    folded = [part for row in rows for part in _fold(row)]
    return ("\r\n".join(folded) + "\r\n").encode("utf-8")


def _text(value: str) -> str:
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = _CONTROLS.sub("", value)
    for sign in ("\\", ";", ","):
        value = value.replace(sign, "\\" + sign)
    return value.replace("\n", "\\n")


def _fold(row: str) -> Iterator[str]:
    """Lines of at most 75 bytes that cut no letter; what follows begins with a space."""
    line, size = "", 0
    for letter in row:
        width = len(letter.encode("utf-8"))
        if size + width > _LONGEST:
            yield line
            line, size = " ", 1
        line, size = line + letter, size + width
    yield line
