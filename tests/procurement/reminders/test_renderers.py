"""The file itself (RFC 5545): names that stay, whole days, lines within their length, nothing that breaks out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from procurement.reminders.renderers import to_calendar
from procurement.reminders.rules import DueEvent

AT = datetime(2026, 12, 2, 9, 30, tzinfo=UTC)
SITE = "https://social-value.example:8443"
ONE = DueEvent(
    "deliveries-7-2026-10-01", date(2026, 12, 31), "Café; roads, paths", "A\\B\nC", "/contracts/7/"
)


def rows(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def made(*events: DueEvent, name: str = "Due") -> bytes:
    return to_calendar(events, name=name, at=AT, site_url=SITE)


def test_one_event_as_calendars_read_it():
    assert rows(made(ONE)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Social value in procurement//Due dates//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Due",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "BEGIN:VEVENT",
        "UID:deliveries-7-2026-10-01@social-value.example",
        "DTSTAMP:20261202T093000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Café\\; roads\\, paths",
        "DESCRIPTION:A\\\\B\\nC",
        "URL:https://social-value.example:8443/contracts/7/",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_day_that_moves_keeps_its_name():
    before, after = (
        [row for row in rows(made(event)) if row.startswith("UID:")]
        for event in (ONE, replace(ONE, due_on=date(2027, 1, 15)))
    )
    assert before == after


def test_an_empty_calendar_is_a_calendar():
    assert rows(made())[-2:] == ["END:VCALENDAR", ""]
    assert not any("VEVENT" in row for row in rows(made()))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_whatever_a_title_holds_the_file_stays_whole(title):
    content = made(replace(ONE, title=title), name=title)
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()
    text = content.decode().replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") >= 1
    (summary,) = [row for row in text.split("\r\n") if row.startswith("SUMMARY:")]
    assert not any(ord(sign) < 32 and sign != "\t" for sign in summary)
    assert text.split("\r\n").count("END:VEVENT") == 1
