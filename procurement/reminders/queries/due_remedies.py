"""Steps to put a shortfall right, changes that wait for an answer, and KPIs to rate, as things to be reminded of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from procurement.awards import queries as awards
from procurement.remedies.queries import requests_awaiting
from procurement.remedies.queries.telling import open_steps, ratings_due
from procurement.reminders.queries.timing import timings
from procurement.reminders.rules import LONGEST, Line, shortened, stage_of_due, stage_of_waiting
from procurement.reminders.vocabulary import ReminderEvent
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.periods import uk_date


def steps(actor: Actor, monday: date) -> Iterator[Line]:
    """A supplier's: each step of an agreed rectification plan before and after its day."""
    rows = open_steps(actor)
    contracts = awards.contract_briefs(row.contract_id for row in rows)
    rules = timings({row.authority_id for row in contracts.values()}, monday)
    for row in rows:
        days = stage_of_due(row.due_on, rules[contracts[row.contract_id].authority_id], monday)
        if days is None:
            continue
        when = uk_date(row.due_on)
        end = (
            f": was due on {when}, and is not recorded as done."
            if days > 0
            else f": falls due on {when}."
        )
        what = f"Step {row.number} of the rectification plan: {row.what}"
        yield Line(
            event=ReminderEvent.STEP_DUE,
            subject=f"step:{row.id}",
            due_on=row.due_on,
            days=days,
            sentence=shortened(what, LONGEST - len(end)) + end,
            contract_id=row.contract_id,
        )


def changes(actor: Actor, monday: date, before: datetime) -> Iterator[Line]:
    """Whoever may answer for either side: requests that were asked before, new and then again."""
    rows = [row for row in requests_awaiting(actor) if row.may_answer and row.asked_at < before]
    contracts = awards.contract_briefs(row.contract_id for row in rows)
    rules = timings({row.authority_id for row in contracts.values()}, monday)
    for row in rows:
        asked = row.asked_at.astimezone(LONDON).date()
        end = f" {row.asking_name} asked on {uk_date(asked)} and waits for an answer."
        yield Line(
            event=ReminderEvent.CHANGE_WAITS,
            subject=f"change:{row.id}",
            due_on=asked,
            days=stage_of_waiting(asked, rules[contracts[row.contract_id].authority_id], monday),
            sentence=f"Request {row.id} to change the contract ({row.kind_label.lower()}).{end}",
            contract_id=row.contract_id,
        )


def ratings(actor: Actor, monday: date) -> Iterator[Line]:
    """A contract manager's: years of KPIs that are over and not rated, from the Monday after."""
    authority_id = actor.organisation_id or 0
    timing = timings({authority_id}, monday)[authority_id]
    for row in ratings_due(actor, monday):
        end = f": the year that ended on {uk_date(row.ended_on)} is not rated."
        yield Line(
            event=ReminderEvent.KPI_DUE,
            subject=f"kpi:{row.kpi_id}:year:{row.year_from.isoformat()}",
            due_on=row.ended_on,
            days=stage_of_waiting(row.ended_on, timing, monday),
            sentence=shortened(row.name, LONGEST - len(end)) + end,
            contract_id=row.contract_id,
        )
