"""What a landing page is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from socialvalue.core.money import count_text
from socialvalue.core.periods import uk_date

LONDON = ZoneInfo("Europe/London")
SOON = timedelta(days=7)
MOST = 5


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to do: what, where, by when. ``status`` empty: a place to look, nothing waits there."""

    title: str
    href: str
    status: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Errands of one kind. ``more`` is how many there are beyond those shown, ``more_url`` the list of all."""

    title: str
    errands: tuple[Errand, ...] = ()
    more: int = 0
    more_url: str = ""
    more_text: str = ""
    empty: str = ""
    empty_action: str = ""
    empty_url: str = ""


@dataclass(frozen=True, slots=True)
class NumberTile:
    label: str
    figure: str
    note: str
    href: str
    is_alert: bool = False


@dataclass(frozen=True, slots=True)
class Landing:
    """Needs attention first, then the numbers."""

    heading: str
    caption: str
    tiles: tuple[NumberTile, ...]
    panels: tuple[Panel, ...]
    numbers: tuple[NumberTile, ...] = ()
    numbers_note: str = ""


def panel(
    title: str,
    errands: list[Errand],
    *,
    more_url: str,
    more_text: str,
    empty: str = "",
    empty_action: str = "",
    empty_url: str = "",
) -> Panel:
    """The first few errands, and where the others are."""
    return Panel(
        title,
        tuple(errands[:MOST]),
        max(len(errands) - MOST, 0),
        more_url,
        more_text,
        empty,
        empty_action,
        empty_url,
    )


def deadline_words(deadline: datetime, now: datetime) -> str:
    """``Closes 3 December 2026, 12:00, in 4 days``."""
    local = deadline.astimezone(LONDON)
    return f"Closes {uk_date(local.date())}, {local:%H:%M}, {left_words(deadline, now)}"


def left_words(deadline: datetime, now: datetime) -> str:
    left = deadline - now
    if left.days >= 2:
        return f"in {left.days} days"
    hours = int(left.total_seconds() // 3600)
    return f"in {hours} hours" if hours >= 2 else "in less than 2 hours"


def is_soon(deadline: datetime, now: datetime) -> bool:
    return deadline - now <= SOON


def due_words(due_on: date, today: date) -> str:
    """``Was due 30 June 2026, 12 days ago`` or ``Due 30 September 2026``."""
    late = (today - due_on).days
    if late <= 0:
        return f"Due {uk_date(due_on)}"
    return f"Was due {uk_date(due_on)}, {count_text(late, 'day')} ago"
