"""Shortfalls and remedies that wait for somebody, and what was decided about them, as things to be told of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from procurement.awards import queries as awards
from procurement.remedies.queries.news import Told, news_for, waiting_for
from procurement.reminders.queries.timing import timings
from procurement.reminders.rules import LONGEST, Line, shortened, stage_of_waiting
from procurement.reminders.vocabulary import ReminderEvent
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON

NEWS_DAYS = 14
"""What was decided longer ago is on its page and no news: a letter can be missed for a week."""


def waiting(actor: Actor, monday: date, before: datetime) -> Iterator[Line]:
    """What the actor is to answer or decide: new, and then again."""
    rows = [row for row in waiting_for(actor) if row.at < before]
    contracts = awards.contract_briefs(row.contract_id for row in rows)
    rules = timings({row.authority_id for row in contracts.values()}, monday)
    for row in rows:
        rule = rules[contracts[row.contract_id].authority_id]
        since = row.at.astimezone(LONDON).date()
        yield _line(ReminderEvent.SHORTFALL_WAITS, row, stage_of_waiting(since, rule, monday))


def decided(actor: Actor, before: datetime) -> Iterator[Line]:
    """What others decided lately; told once."""
    for row in news_for(actor, before - timedelta(days=NEWS_DAYS)):
        if row.at < before:
            yield _line(ReminderEvent.SHORTFALL_NEWS, row, 0)


def _line(event: ReminderEvent, row: Told, days: int) -> Line:
    return Line(
        event=event,
        subject=row.subject,
        due_on=row.at.astimezone(LONDON).date(),
        days=days,
        sentence=shortened(row.sentence, LONGEST),
        contract_id=row.contract_id,
    )
