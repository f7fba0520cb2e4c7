"""The calendar file: readable by a calendar, every line within its length, nothing that runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from procurement.duties.queries import DutyLine, duty_rules
from procurement.duties.renderers import to_calendar
from procurement.duties.rules import Duty
from procurement.duties.vocabulary import DutyState

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
RULE = next(rule for rule in duty_rules() if rule.slug == "contract-details-notice")


def line(title="Café, roads; and paths\nin the north", **more) -> DutyLine:
    values = {"rule": RULE, "state": DutyState.DUE, "due_on": date(2026, 12, 31), **more}
    return DutyLine(7, "SV-2026-00007", title, "", Duty(**values), date(2026, 11, 22))


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_one_event_a_day_with_a_name_that_stays():
    rows = unfolded(to_calendar([line()], name="Duties", at=AT))
    assert rows[0] == "BEGIN:VCALENDAR"
    assert rows[-2:] == ["END:VCALENDAR", ""]
    for row in (
        "UID:SV-2026-00007-contract-details-notice-once",
        "DTSTAMP:20261122T093000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
    ):
        assert row in rows
    (summary,) = [row for row in rows if row.startswith("SUMMARY:")]
    assert summary == (
        "SUMMARY:Publish the contract details notice (UK7): Café\\, roads\\; and paths\\nin the north"
    )


def test_no_line_is_longer_than_75_bytes_and_none_cuts_a_letter():
    content = to_calendar([line(title="é" * 200)], name="ü" * 90, at=AT)
    parts = content.split(b"\r\n")
    assert max(len(part) for part in parts) <= 75
    for part in parts:
        part.decode()
    assert f"X-WR-CALNAME:{'ü' * 90}" in unfolded(content)


def test_a_reference_with_a_line_in_it_stays_on_its_line():
    hostile = replace(line(), reference="SV\rBEGIN:VALARM\r\nACTION:EMAIL")
    rows = unfolded(to_calendar([hostile], name="Duties\rX-EVIL:1", at=AT))
    assert not {row for row in rows if row.startswith(("BEGIN:VALARM", "ACTION", "X-EVIL"))}
    assert "UID:SV\\nBEGIN:VALARM\\nACTION:EMAIL-contract-details-notice-once" in rows


def test_what_is_done_or_has_no_day_is_left_out():
    lines = [line(state=DutyState.DONE), line(due_on=None), line(state=DutyState.DOES_NOT_APPLY)]
    assert b"VEVENT" not in to_calendar(lines, name="Duties", at=AT)


def test_each_time_of_a_yearly_duty_has_its_own_name():
    first = line(occurrence="2027-06-30")
    second = replace(first, duty=replace(first.duty, occurrence="2028-06-30"))
    rows = unfolded(to_calendar([first, second], name="Duties", at=AT))
    assert len({row for row in rows if row.startswith("UID:")}) == 2
