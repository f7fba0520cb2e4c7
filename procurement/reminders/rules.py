"""When somebody is reminded. Pure: days and weeks in London, no clock.

Reminders go out on Mondays. One that is promised *before* a day goes on the last Monday that leaves at least that many
days; one *after* it on the first Monday by which that many have passed, so that nothing is called late too early.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import count_text

MORNING = time(7)
"""From when on Monday, London time."""
LATE_WEEKDAY = 2
"""Wednesday: a letter that was not sent on Monday goes until its end; later, that of the next Monday takes it up."""
MOST_BEFORE, MOST_AFTER = 60, 180
LONGEST = 300
"""Characters of a sentence."""
LEAST_KEPT = timedelta(days=180)
"""Reminders and weekly letters stay so long: one that is gone could be sent again. A trigger holds it."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Days before a due date and after it, each of the two, in the order in which they come."""

    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def sentence(self) -> str:
        first, second = self.before
        near = (
            f"{_days(first)} and {_days(second)} before a due date"
            if second
            else f"{_days(first)} before a due date and on the day itself"
        )
        return f"{near}, then {_days(self.after[0])} and {_days(self.after[1])} after it."


SHIPPED = Timing(before=(14, 3), after=(7, 21))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to be reminded of. Its key names it for ever: told once, it is not told again."""

    event: str
    subject: str
    due_on: date
    days: int
    sentence: str
    contract_id: int | None
    """None for what is about no contract."""

    @property
    def key(self) -> tuple[str, str, date, int]:
        return self.event, self.subject, self.due_on, self.days


def check_timing(timing: Timing) -> None:
    """RuleBroken unless the first comes before the second, on both sides, and none is far off."""
    if not 0 < timing.before[0] <= MOST_BEFORE:
        raise RuleBroken(f"Enter 1 to {MOST_BEFORE} days", field="first_before")
    if not 0 <= timing.before[1] < timing.before[0]:
        raise RuleBroken(
            "The second reminder must come later than the first: enter fewer days",
            field="second_before",
        )
    if timing.after[0] < 1:
        raise RuleBroken("Enter 1 day or more after the due date", field="first_after")
    if not timing.after[0] < timing.after[1] <= MOST_AFTER:
        raise RuleBroken(
            f"The second must come later than the first: enter more days, up to {MOST_AFTER}",
            field="second_after",
        )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_to_send(local: datetime) -> date | None:
    """The Monday whose letters may go at this moment in London; None at any other time of the week."""
    monday = monday_of(local.date())
    if local.date() == monday and local.time() < MORNING:
        return None
    return monday if local.weekday() <= LATE_WEEKDAY else None


def stage_of_due(due_on: date, timing: Timing, monday: date) -> int | None:
    """Which reminder of a due date is the latest that goes by this Monday: -14 is a fortnight before; None for none.

    One that was missed is not sent when a nearer one is there, and none that says "falls due" once the day has passed.
    """
    passed = [days for days in timing.after if due_on + timedelta(days=days) <= monday]
    if passed:
        return passed[-1]
    if due_on < monday:
        return None
    week_ends = monday + timedelta(days=6)
    near = [days for days in timing.before if due_on - timedelta(days=days) <= week_ends]
    return -near[-1] if near else None


def stage_of_waiting(since: date, timing: Timing, monday: date) -> int:
    """Of something that waits for an answer: 0 when it is new, then the days after which it is said again."""
    passed = [days for days in timing.after if since + timedelta(days=days) <= monday]
    return passed[-1] if passed else 0


def shortened(text: str, longest: int) -> str:
    """At most so many characters, cut at a word where there is one."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    return (kept.rsplit(" ", 1)[0] if " " in kept else kept) + "…"


def without_person(text: str, name: str, email: str) -> str:
    """The text where ``an erased person`` stands for this name and address, in capitals or not."""
    for said in filter(None, (email.strip(), name.strip())):
        text = re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", "an erased person", text, flags=re.I)
    return shortened(text, LONGEST)


def _days(number: int) -> str:
    return count_text(number, "day")


@dataclass(frozen=True, slots=True)
class DueEvent:
    """A day of a calendar. ``uid`` stays the same when the day moves, so that a calendar moves it and keeps one."""

    uid: str
    due_on: date
    title: str
    about: str
    url: str
