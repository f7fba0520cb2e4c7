"""What one person is to be reminded of, read through the queries that say what that person may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from procurement.action_plans import queries as action_plans
from procurement.deliveries import queries as deliveries
from procurement.deliveries.queries.telling import waiting_by_contract
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.reminders.permissions import is_reminded
from procurement.reminders.queries import due_remedies, due_shortfalls
from procurement.reminders.queries.timing import timings
from procurement.reminders.rules import (
    LONGEST,
    MOST_AFTER,
    Line,
    shortened,
    stage_of_due,
    stage_of_waiting,
)
from procurement.reminders.vocabulary import ReminderEvent
from socialvalue.accounts.permissions import allowed, is_buyer
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.periods import quarter_label, uk_date

NAMED_ONE_BY_ONE = 10
"""Claims of a contract that were returned on the same day; more are counted."""
SAID_FOR = timedelta(days=MOST_AFTER + 28)
"""What was returned longer ago was said again for the last time, even if letters were missed for four weeks."""
_BEFORE = {"not_due", "due", "at_risk"}
"""Looks of the inbox at what can still be claimed in time; after the day only what nothing was said of."""
_AFTER = {"overdue"}


def due_for(actor: Actor, monday: date, before: datetime) -> list[Line]:
    """Everything new and due for the letter of this Monday, by contract and day; what was told already is among it.

    As it stood on that Monday at ``before``, whenever it is asked: a letter that goes late says what it would have
    said, without what was done meanwhile.
    """
    if not is_reminded(actor):
        return []
    found = [
        *(_decided(actor, monday, before) if is_buyer(actor) else _owed(actor, monday)),
        *due_remedies.changes(actor, monday, before),
        *_plans(actor, monday, before),
        *due_shortfalls.waiting(actor, monday, before),
        *due_shortfalls.decided(actor, before),
    ]
    return sorted(found, key=lambda line: (line.contract_id or 0, line.due_on, line.subject))


def _owed(actor: Actor, monday: date) -> Iterator[Line]:
    """A supplier's: deliveries before and after their day, and claims sent back that are not mended."""
    rows = [row for row in deliveries.inbox(actor, monday).rows if row.status in _BEFORE | _AFTER]
    rules = timings({row.contract.authority_id for row in rows}, monday)
    for row in rows:
        days = stage_of_due(row.due_on, rules[row.contract.authority_id], monday)
        if days is None or row.status not in (_AFTER if days > 0 else _BEFORE):
            continue
        what = f"{row.commitment.measure.label}, {quarter_label(row.quarter)}"
        end = (
            f": was due on {uk_date(row.due_on)}, and nothing is claimed."
            if days > 0
            else f": falls due on {uk_date(row.due_on)}."
        )
        yield Line(
            event=ReminderEvent.CLAIM_LATE if days > 0 else ReminderEvent.CLAIM_DUE,
            subject=f"commitment:{row.commitment.id}:quarter:{row.quarter.isoformat()}",
            due_on=row.due_on,
            days=days,
            sentence=shortened(what, LONGEST - len(end)) + end,
            contract_id=row.contract.id,
        )
    yield from _sent_back(actor, monday)
    yield from due_remedies.steps(actor, monday)


def _sent_back(actor: Actor, monday: date) -> Iterator[Line]:
    """The first word of a return goes at once, in a letter of its own. This is said again of those that are due by
    now: by contract and day, because a file can bring as many as it has rows."""
    found = (
        deliveries.claims_for(actor, deliveries.ClaimFilters(statuses=(ClaimStatus.RETURNED,)))
        .filter(decided_at__lt=_begins(monday), decided_at__gte=_begins(monday - SAID_FOR))
        .annotate(since=TruncDate("decided_at", tzinfo=LONDON))
    )
    groups = (
        found.order_by()
        .values("contract_id", "authority_id", "since")
        .annotate(how_many=Count("pk"))
    )
    rules = timings({row["authority_id"] for row in groups}, monday)
    few = Q(pk__in=())
    stages: dict[tuple[int, date], int] = {}
    for row in groups:
        contract_id, since = row["contract_id"], row["since"]
        days = stage_of_waiting(since, rules[row["authority_id"]], monday)
        if not days:
            continue
        stages[contract_id, since] = days
        if row["how_many"] <= NAMED_ONE_BY_ONE:
            few |= Q(contract_id=contract_id, since=since)
            continue
        yield Line(
            event=ReminderEvent.CLAIM_RETURNED,
            subject=f"contract:{contract_id}:returned",
            due_on=since,
            days=days,
            sentence=f"{row['how_many']:,} claims were returned on {uk_date(since)} and are not sent again.",
            contract_id=contract_id,
        )
    for claim in deliveries.claim_rows(found.filter(few)):
        if claim.decided_at is None:  # for mypy: the day was asked for
            continue
        since = claim.decided_at.astimezone(LONDON).date()
        end = f" was returned on {uk_date(since)} and is not sent again."
        yield Line(
            event=ReminderEvent.CLAIM_RETURNED,
            subject=f"claim:{claim.id}:version:{claim.version}",
            due_on=since,
            days=stages[claim.contract.id, since],
            sentence=shortened(about_claim(claim), LONGEST - len(end)) + end,
            contract_id=claim.contract.id,
        )


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)


def about_claim(row: deliveries.ClaimRow) -> str:
    return f"{row.caption}: {row.commitment.measure.label}, {quarter_label(row.quarter)}"


def _plans(actor: Actor, monday: date, before: datetime) -> Iterator[Line]:
    """Whoever may agree for a party: plans that the other party has agreed."""
    found = [
        (row, row.other_agreed_at)
        for row in action_plans.plans_awaiting(actor)
        if row.other_agreed_at and row.other_agreed_at < before
    ]
    rules = timings({row.contract.authority_id for row, _ in found}, monday)
    for row, at in found:
        since = at.astimezone(LONDON).date()
        yield Line(
            event=ReminderEvent.PLAN_WAITS,
            subject=f"plan:{row.contract.id}:version:{row.version}",
            due_on=since,
            days=stage_of_waiting(since, rules[row.contract.authority_id], monday),
            sentence=f"{row.other_name} agreed version {row.version} of the action plan on {uk_date(since)}. "
            "It stands once your side agrees it too.",
            contract_id=row.contract.id,
        )


def _decided(actor: Actor, monday: date, before: datetime) -> Iterator[Line]:
    """A contract manager's."""
    if not allowed(actor, Deed.MANAGE_CONTRACT):
        return
    yield from _waiting(actor, monday, before)
    yield from due_remedies.ratings(actor, monday)


def _waiting(actor: Actor, monday: date, before: datetime) -> Iterator[Line]:
    """A line a contract in which claims wait. It hangs on the day the newest came in, so that it
    is said again when more come."""
    authority_id = actor.organisation_id or 0
    timing = timings({authority_id}, monday)[authority_id]
    for row in waiting_by_contract(actor, before):
        newest = row.newest_at.astimezone(LONDON).date()
        since = f"since {uk_date(row.oldest_at.astimezone(LONDON).date())}"
        yield Line(
            event=ReminderEvent.TO_VERIFY,
            subject=f"contract:{row.contract_id}",
            due_on=newest,
            days=stage_of_waiting(newest, timing, monday),
            sentence=f"1 claim waits for a decision {since}."
            if row.how_many == 1
            else f"{row.how_many} claims wait for a decision, the oldest {since}.",
            contract_id=row.contract_id,
        )
