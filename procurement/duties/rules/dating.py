"""When a duty falls due. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from procurement.duties.rules.table import DutyRule
from procurement.duties.vocabulary import Unit
from socialvalue.core.periods import add_months, add_working_days


def due_on(rule: DutyRule, clock: date, holidays: Collection[date]) -> date | None:
    """The last day of the period that counts from ``clock``; None when the rule has no fixed day.

    RuleBroken when the table of bank holidays does not reach that far.
    """
    if rule.number is None:
        return None
    if rule.unit == Unit.WORKING_DAYS:
        start = clock - timedelta(days=1) if rule.counts_first_day else clock
        return add_working_days(start, rule.number, holidays)
    last = clock + timedelta(days=rule.number - rule.counts_first_day)
    return add_working_days(last, 0, holidays) if rule.ends_on_working_day else last


def yearly(starts_on: date, ends_on: date) -> list[date]:
    """The last day of every 12 months of the contract, and its own last day."""
    days = []
    years = 1
    while (last := add_months(starts_on, 12 * years) - timedelta(days=1)) < ends_on:
        days.append(last)
        years += 1
    return [*days, ends_on]
