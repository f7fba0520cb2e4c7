"""What was sent, to each person and about each contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from procurement.awards import queries as awards
from procurement.reminders.models import CalendarFeed, Reminder
from procurement.reminders.vocabulary import ReminderEvent
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core.actor import Actor

if TYPE_CHECKING:
    from procurement.awards.queries import ContractBrief


@dataclass(frozen=True, slots=True)
class SentToMe:
    """One thing a person was reminded of. ``sent_at`` is None while the letter has not gone."""

    event: str
    sentence: str
    due_on: date
    sent_at: datetime | None
    contract: ContractBrief | None


@dataclass(frozen=True, slots=True)
class SentAbout:
    """One reminder about a contract, to the people of one organisation. Names are shown to their own side only."""

    event: str
    sentence: str
    due_on: date
    to: str
    people: tuple[str, ...]
    how_many: int
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedView:
    """The calendar address that stands, as far as it can be told: the address itself is kept by nobody."""

    made_at: datetime
    last_read_at: datetime | None


@dataclass(slots=True)
class _Group:
    first: Reminder
    names: list[str] = field(default_factory=list)
    sent_at: datetime | None = None


def mine(actor: Actor) -> QuerySet[Reminder]:
    """What the actor was reminded of for the organisation they act for, newest first."""
    return Reminder.objects.filter(
        recipient_id=actor.person_id, organisation_id=actor.organisation_id or 0
    ).order_by("-id")


def my_rows(actor: Actor, rows: Iterable[Reminder]) -> list[SentToMe]:
    """A contract that the actor may no longer see is not named."""
    rows = list(rows)
    seen = set(awards.contract_ids_for(actor))
    contracts = awards.contract_briefs(row.contract_id for row in rows if row.contract_id in seen)
    return [
        SentToMe(
            event=ReminderEvent(row.event).label,
            sentence=row.sentence,
            due_on=row.due_on,
            sent_at=row.sent_at,
            contract=contracts.get(row.contract_id or 0),
        )
        for row in rows
        if row.contract_id is None or row.contract_id in seen
    ]


def sent_about(actor: Actor, contract_id: int) -> list[SentAbout]:
    """Every reminder about a contract, newest first. NotVisible for who may not see the contract.

    A supplier sees what its own people were sent; the authority that, and what the supplier's were sent, without names.
    """
    awards.contract_for(actor, contract_id)
    rows = Reminder.objects.filter(contract_id=contract_id).select_related(
        "recipient", "organisation"
    )
    if not is_buyer(actor):
        rows = rows.filter(organisation_id=actor.organisation_id or 0)
    groups: dict[tuple[object, ...], _Group] = {}
    for row in rows.order_by("-id"):
        key = (row.organisation_id, row.event, row.subject, row.due_on, row.days, row.sentence)
        group = groups.setdefault(key, _Group(row))
        group.names.append(str(row.recipient))
        group.sent_at = max(filter(None, (group.sent_at, row.sent_at)), default=None)
    return [
        SentAbout(
            event=ReminderEvent(group.first.event).label,
            sentence=group.first.sentence,
            due_on=group.first.due_on,
            to=group.first.organisation.name,
            people=tuple(sorted(group.names))
            if group.first.organisation_id == actor.organisation_id
            else (),
            how_many=len(group.names),
            sent_at=group.sent_at,
        )
        for group in groups.values()
    ]


def my_feed(actor: Actor) -> FeedView | None:
    row = CalendarFeed.objects.filter(
        user_id=actor.person_id, organisation_id=actor.organisation_id or 0, revoked_at__isnull=True
    ).first()
    return FeedView(row.made_at, row.last_read_at) if row else None
