"""When people are reminded, by authority and day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from procurement.reminders.models import ReminderRule
from procurement.reminders.permissions import can_set
from procurement.reminders.rules import SHIPPED, Timing
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible


@dataclass(frozen=True, slots=True)
class RuleView:
    """What holds today, and what follows where a newer rule begins later. ``made_by`` is empty for the days we ship."""

    timing: Timing
    from_date: date | None
    made_by: str
    next_timing: Timing | None
    next_from: date | None
    may_set: bool


def timings(authority_ids: Iterable[int], on: date) -> dict[int, Timing]:
    """The rule of each authority on that day, in one query; the shipped one where it has set none."""
    ids = set(authority_ids)
    rows = ReminderRule.objects.filter(authority_id__in=ids, from_date__lte=on)
    found = dict.fromkeys(ids, SHIPPED)
    for row in rows.order_by("from_date", "pk"):
        found[row.authority_id] = timing_of(row)
    return found


def rule_of(actor: Actor) -> RuleView:
    """The rule of the actor's authority. NotVisible for anybody who is not of one."""
    if not is_buyer(actor):
        raise NotVisible
    today = clock.today()
    rows = list(
        ReminderRule.objects.filter(authority_id=actor.organisation_id)
        .select_related("made_by")
        .order_by("from_date", "pk")
    )
    now = next((row for row in reversed(rows) if row.from_date <= today), None)
    later = next((row for row in reversed(rows) if row.from_date > today), None)
    return RuleView(
        timing=timing_of(now) if now else SHIPPED,
        from_date=now.from_date if now else None,
        made_by=str(now.made_by) if now else "",
        next_timing=timing_of(later) if later else None,
        next_from=later.from_date if later else None,
        may_set=can_set(actor),
    )


def timing_of(row: ReminderRule) -> Timing:
    return Timing((row.first_before, row.second_before), (row.first_after, row.second_after))
