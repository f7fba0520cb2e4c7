"""What a dashboard says beside its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from reporting.figures.rules.definitions import Figure
from socialvalue.core.money import count_text, from_pence, percent_text, pounds, quantity_text
from socialvalue.core.periods import uk_date
from socialvalue.core.tables import Table

LONDON = ZoneInfo("Europe/London")
T = TypeVar("T")


class Later(Sequence[T]):
    """Made when somebody looks at it: a region draws other lines instead."""

    def __init__(self, make: Callable[[], Sequence[T]]) -> None:
        self._made = cache(make)

    def __getitem__(self, place: Any) -> Any:
        return self._made()[place]

    def __len__(self) -> int:
        return len(self._made())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as a list


class Tables(Mapping[str, Table]):
    """Tables by name, each made when somebody asks for it: a page draws none of them, a file one or all."""

    def __init__(self, **makers: Callable[[], Table]) -> None:
        self._makers = {name: cache(make) for name, make in makers.items()}

    def add(self, **makers: Callable[[], Table]) -> None:
        """More of them, after those that are there."""
        self._makers |= {name: cache(make) for name, make in makers.items()}

    def join(self, others: Tables) -> None:
        """The others too, in place of those of the same name."""
        self._makers |= others._makers

    def __getitem__(self, name: str) -> Table:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def as_at(moment: datetime | None, at: date | None = None) -> str:
    """``22 November 2026, 14:03:07``, in London; empty when there is nothing yet. A past date is read at its end."""
    if at is not None:
        return f"the end of {uk_date(at)}"
    if moment is None:
        return ""
    local = moment.astimezone(LONDON)
    return f"{uk_date(local.date())}, {local:%H:%M:%S}"


def waiting(pending: int, at: date | None = None) -> str:
    """How many entries are not in the figures yet; of a past date, what the figures hold."""
    if at is not None:
        return "They hold what had been posted by then, and nothing later."
    if not pending:
        return "Every ledger entry is in these figures."
    verb = "waits" if pending == 1 else "wait"
    return f"{count_text(pending, 'ledger entry', 'ledger entries')} {verb} to be added to these figures."


def tile_note(figure: Figure) -> str:
    """The exact figure under a short one, and the quantity it comes from."""
    if figure.value is None:
        return "Nothing reported in this period"
    if figure.kind == "money":
        parts = [f"{figure.shown} exactly" if figure.short != figure.shown else "", figure.beside]
    elif figure.kind == "percent":
        parts = [figure.beside]
    else:
        parts = [figure.unit if figure.kind == "quantity" else "", figure.beside]
    return ", ".join(part for part in parts if part)


def change(now: Figure, before: Figure) -> str:
    """How a figure moved since the year before, with its sign; percentages move in points."""
    if now.value is None or before.value is None:
        return "No comparison"
    difference = now.value - before.value
    if difference == 0:
        return "No change"
    sign = "+" if difference > 0 else "−"
    size = abs(difference)
    if now.kind == "money":
        return f"{sign}{pounds(size)}{_relative(difference, before.value)}"
    if now.kind == "percent":
        return f"{sign}{percent_text(size, 1).removesuffix('%')} percentage points"
    return f"{sign}{quantity_text(size)}{_relative(difference, before.value)}"


def _relative(difference: Decimal, before: Decimal) -> str:
    if before == 0:
        return ""
    share = difference * 100 / before
    sign = "+" if share > 0 else "−"
    return f" ({sign}{percent_text(abs(share), 1)})"


def late_sentence(updates: int, authorities: int) -> str:
    """``3 updates of 2 authorities``; empty when nothing is late."""
    if not updates:
        return ""
    of = count_text(authorities, "authority", "authorities")
    return f"{count_text(updates, 'update')} of {of}"


def late_working(updates: int, contracts: int, planned_pence: int) -> list[tuple[str, str]]:
    """Where the £ beside late updates comes from."""
    return [
        ("Late updates", count_text(updates, "update")),
        ("Of", count_text(contracts, "contract")),
        (
            "Committed for what is not reported in them",
            pounds(from_pence(planned_pence)),
        ),
    ]


def left_comparison(authorities: int) -> str:
    """Who agreed to be compared on a past day and no longer does; empty for nobody."""
    if not authorities:
        return ""
    who = count_text(authorities, "authority", "authorities")
    verb, are = ("agrees", "is") if authorities == 1 else ("agree", "are")
    return (
        f"{who} that agreed then no longer {verb} to be compared, and {are} not shown for any date."
    )
