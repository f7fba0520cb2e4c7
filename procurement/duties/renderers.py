"""Duties as a calendar file, for the calendar that people already look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from socialvalue.core import calendars
from socialvalue.core.calendars import WholeDay

if TYPE_CHECKING:
    from procurement.duties.queries import DutyLine


def to_calendar(lines: Sequence[DutyLine], *, name: str, at: datetime) -> bytes:
    """One whole day for every duty with a day that is still to be done. ``at``: when it was made."""
    return calendars.to_calendar(_days(lines), name=name, of="Duties", at=at)


def _days(lines: Sequence[DutyLine]) -> Iterator[WholeDay]:
    for line in lines:
        duty = line.duty
        if duty.due_on is None or not duty.is_open:
            continue
        about = [
            duty.rule.what,
            duty.rule.when + ".",
            duty.rule.law + ".",
            f"Done by: {line.role}.",
            duty.reason,
        ]
        yield WholeDay(
            f"{line.reference}-{duty.slug}-{duty.occurrence or 'once'}",
            duty.due_on,
            f"{duty.rule.title}: {line.title}",
            " ".join(filter(None, about)),
        )
