"""Duties as a calendar file (RFC 5545), for the calendar that people already look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procurement.duties.queries import DutyLine

MEDIA_TYPE = "text/calendar; charset=utf-8"


def to_calendar(lines: Sequence[DutyLine], *, name: str, at: datetime) -> bytes:
    """One whole-day event for every duty with a day that is still to be done. ``at``: when it was made."""
    rows = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Social value in procurement//Duties//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for line in lines:
        rows += _event(line, stamp)
    rows.append("END:VCALENDAR")
    folded = [part for row in rows for part in _fold(row)]
    return ("\r\n".join(folded) + "\r\n").encode("utf-8")


def _event(line: DutyLine, stamp: str) -> list[str]:
    duty = line.duty
    if duty.due_on is None or not duty.is_open:
        return []
    about = [duty.rule.what, duty.rule.when + ".", duty.rule.law + ".", f"Done by: {line.role}."]
    if duty.reason:
        about.append(duty.reason)
    return [
        "BEGIN:VEVENT",
        # The same duty keeps its name, so that a newer file moves it and does not double it.
        f"UID:{line.reference}-{duty.slug}-{duty.occurrence or 'once'}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{duty.due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{duty.due_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(f'{duty.rule.title}: {line.title}')}",
        f"DESCRIPTION:{_text(' '.join(about))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    for sign in ("\\", ";", ","):
        value = value.replace(sign, "\\" + sign)
    return value.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _fold(row: str) -> Iterator[str]:
    """Lines of at most 75 bytes; what follows begins with a space."""
    rest, room = row, 75
    while len(rest.encode("utf-8")) > room:
        cut = room
        while len(rest[:cut].encode("utf-8")) > room:
            cut -= 1
        yield (" " if room == 74 else "") + rest[:cut]
        rest, room = rest[cut:], 74
    yield (" " if room == 74 else "") + rest
