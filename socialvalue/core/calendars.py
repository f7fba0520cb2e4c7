"""Whole days as a calendar file (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, vDuration, vText

MEDIA_TYPE = "text/calendar; charset=utf-8"
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""Signs that RFC 5545 keeps out of a text, or that some programs end a line at."""


@dataclass(frozen=True, slots=True)
class WholeDay:
    """An event of one day. ``uid`` stays the same when the day moves, so that a calendar moves it and keeps one."""

    uid: str
    on: date
    title: str
    about: str
    url: str = ""


def to_calendar(
    days: Iterable[WholeDay], *, name: str, of: str, at: datetime, again: timedelta | None = None
) -> bytes:
    """The file. ``of`` names the kind of days, ``at`` is when it was made; ``again``: programs read it again after so
    long."""
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", f"-//Social value in procurement//{of}//EN")
    made.add("calscale", "GREGORIAN")
    if again is not None:
        made.add("method", "PUBLISH")
    made.add("x-wr-calname", vText(_text(name)))
    if again is not None:
        made.add("refresh-interval", again, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", vDuration(again))
    for day in days:
        made.add_component(_event(day, at))
    return made.to_ical(sorted=False)


def _event(day: WholeDay, at: datetime) -> Event:
    event = Event()
    event.add("uid", _text(day.uid))
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("summary", _text(day.title))
    event.add("description", _text(day.about))
    if day.url:
        event.add("url", day.url)
    event.add("transp", "TRANSPARENT")
    return event


def _text(value: str) -> str:
    return _NO_TEXT.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
