"""What a dashboard says beside its figures."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from reporting.figures.rules.definitions import Figure, plural
from socialvalue.core.money import from_pence, percent_text, pounds, quantity_text
from socialvalue.core.periods import uk_date

LONDON = ZoneInfo("Europe/London")


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
    return (
        f"{plural(pending, 'ledger entry', 'ledger entries')} {verb} to be added to these figures."
    )


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
    of = plural(authorities, "authority", "authorities")
    return f"{plural(updates, 'update')} of {of}"


def late_working(updates: int, contracts: int, planned_pence: int) -> list[tuple[str, str]]:
    """Where the £ beside late updates comes from."""
    return [
        ("Late updates", plural(updates, "update")),
        ("Of", plural(contracts, "contract")),
        (
            "Committed for what is not reported in them",
            pounds(from_pence(planned_pence)),
        ),
    ]
