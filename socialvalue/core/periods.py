"""Periods: months, quarters and financial years. A financial year starts on 1 April and is named by its first year."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from socialvalue.core.errors import RuleBroken


def month_of(day: date) -> date:
    """The first of the month."""
    return day.replace(day=1)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def quarter_start(day: date) -> date:
    """First day of the calendar quarter, which is also a quarter of the financial year."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def quarter_end(day: date) -> date:
    return add_months(quarter_start(day), 3) - timedelta(days=1)


def quarter_label(day: date) -> str:
    """``2026 to 2027, quarter 2``."""
    return f"{FinancialYear.of(day).label}, quarter {quarter_number(day)}"


def quarter_number(day: date) -> int:
    """1 for April to June … 4 for January to March."""
    return ((day.month - 4) % 12) // 3 + 1


def quarters_between(first: date, last: date) -> list[date]:
    """First days of every quarter touched by ``first`` … ``last`` inclusive. ValueError when last is before first."""
    if last < first:
        raise ValueError("last is before first")
    found = []
    start = quarter_start(first)
    while start <= last:
        found.append(start)
        start = add_months(start, 3)
    return found


def add_working_days(day: date, number: int, holidays: Collection[date]) -> date:
    """The ``number``-th working day after ``day``, which is not counted. 0: ``day`` itself, or the next working day.

    Saturdays, Sundays and ``holidays`` do not count. The table of holidays covers whole years: RuleBroken when a day
    falls in a year that it has no holiday of, because a working day is never guessed. ValueError below 0.
    """
    if number < 0:
        raise ValueError("working days are counted forward")
    covered = {holiday.year for holiday in holidays}
    found, left = day, number
    while left or not _is_working(found, holidays, covered):
        found += timedelta(days=1)
        left -= bool(left) and _is_working(found, holidays, covered)
    return found


def _is_working(day: date, holidays: Collection[date], covered: set[int]) -> bool:
    if day.year not in covered:
        raise RuleBroken(
            f"The table of bank holidays does not cover {day.year}, so working days up to "
            f"{uk_date(day)} cannot be counted. Add that year to the table."
        )
    return day.weekday() < 5 and day not in holidays


@dataclass(frozen=True, slots=True, order=True)
class FinancialYear:
    """1 April ``start_year`` to 31 March of the next."""

    start_year: int

    @classmethod
    def of(cls, day: date) -> FinancialYear:
        return cls(day.year if day.month >= 4 else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> FinancialYear:
        """From ``2025-26``. ValueError for anything else, also when the two years are not consecutive."""
        head, _, tail = text.partition("-")
        if not (head.isdecimal() and len(head) == 4 and tail.isdecimal() and len(tail) == 2):
            raise ValueError("Write a financial year like 2025-26")
        if (int(head) + 1) % 100 != int(tail):
            raise ValueError("Write a financial year as two years in a row, like 2025-26")
        if not 1900 <= int(head) <= 2199:
            raise ValueError("Write a financial year between 1900-01 and 2199-00")
        return cls(int(head))

    @property
    def first_day(self) -> date:
        return date(self.start_year, 4, 1)

    @property
    def last_day(self) -> date:
        return date(self.start_year + 1, 3, 31)

    @property
    def slug(self) -> str:
        return f"{self.start_year}-{(self.start_year + 1) % 100:02d}"

    @property
    def label(self) -> str:
        return f"{self.start_year} to {self.start_year + 1}"

    @property
    def quarters(self) -> list[date]:
        return [add_months(self.first_day, 3 * i) for i in range(4)]

    @property
    def months(self) -> list[date]:
        return [add_months(self.first_day, i) for i in range(12)]

    def __iter__(self) -> Iterator[date]:
        return iter(self.months)


def uk_date(day: date) -> str:
    """``9 September 2021``."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def uk_moment(local: datetime) -> str:
    """``9 September 2021, 2:30pm`` of a moment in the zone it is to be read in."""
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    time = f"{hour}{half}" if local.minute == 0 else f"{hour}:{local.minute:02d}{half}"
    if (local.hour, local.minute) == (0, 0):
        time = "midnight"
    if (local.hour, local.minute) == (12, 0):
        time = "midday"
    return f"{uk_date(local.date())}, {time}"
