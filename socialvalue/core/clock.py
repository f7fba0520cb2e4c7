"""The one clock. Services ask it; rules take the date as an argument; tests and the demo set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

LONDON = ZoneInfo("Europe/London")
_fixed: ContextVar[datetime | None] = ContextVar("fixed_now", default=None)


def now() -> datetime:
    """The moment, aware, in UTC."""
    return _fixed.get() or timezone.now()


def today() -> date:
    """The date in London."""
    return now().astimezone(LONDON).date()


def day_of(moment: datetime) -> date:
    """The day in London of a moment."""
    return moment.astimezone(LONDON).date()


def start_of(day: date) -> datetime:
    """The moment this day begins in London."""
    return datetime.combine(day, time.min, LONDON)


def end_of(day: date) -> datetime:
    """The moment this day is over in London: everything of the day is before it."""
    return datetime.combine(day + timedelta(days=1), time.min, LONDON)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment`` (aware) inside the block. For the demonstration's past years and for tests."""
    if moment.tzinfo is None:
        raise ValueError("clock.at needs an aware datetime")
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
