"""The calendar behind an address that only its holder knows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.urls import reverse

from procurement.action_plans import queries as action_plans
from procurement.awards import queries as awards
from procurement.awards.vocabulary import ContractStatus
from procurement.reminders.models import CalendarFeed
from procurement.reminders.rules import DueEvent
from socialvalue.accounts.permissions import is_buyer, is_supplier
from socialvalue.accounts.queries import actor_in, seats_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import quarter_label

KEPT_DAYS = 92
"""How long a day that has passed stays in the calendar."""


@dataclass(frozen=True, slots=True)
class FeedCalendar:
    feed_id: int
    name: str
    events: tuple[DueEvent, ...]
    last_read_at: datetime | None


def hashed(token: str) -> str:
    """What is kept of a token. It is 32 random bytes, so a plain hash of it cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def calendar_of(token: str) -> FeedCalendar:
    """The due dates of whoever made this address, as they may see them today.

    NotVisible for an address that never was or was revoked, and once its person has left the organisation.
    """
    row = (
        CalendarFeed.objects.select_related("user")
        .filter(token_hash=hashed(token), revoked_at__isnull=True, user__is_active=True)
        .first()
    )
    seats = seats_of(row.user_id) if row else []
    seat = next((one for one in seats if row and one.organisation_id == row.organisation_id), None)
    if row is None or seat is None:
        raise NotVisible
    actor = actor_in(row.user, seat)
    if not (is_buyer(actor) or is_supplier(actor)):
        raise NotVisible
    return FeedCalendar(
        feed_id=row.pk,
        name=f"Social value: {actor.organisation_name}",
        events=tuple(_deliveries(actor, clock.today())),
        last_read_at=row.last_read_at,
    )


def _deliveries(actor: Actor, today: date) -> list[DueEvent]:
    """One day a contract and quarter, however many commitments fall due on it."""
    live = awards.ContractFilters(status=ContractStatus.LIVE)
    contracts = awards.contract_briefs(
        awards.contracts_for(actor, live).values_list("pk", flat=True)
    )
    since = today - timedelta(days=KEPT_DAYS)
    rows = [
        row
        for row in action_plans.milestones_of(contracts)
        if row.quantity > 0 and row.due_on >= since
    ]
    commitments = awards.commitment_infos({row.commitment_id for row in rows})
    rows.sort(key=lambda row: (row.contract_id, row.quarter, row.commitment_id))
    found = []
    for (contract_id, quarter), group in groupby(
        rows, key=lambda row: (row.contract_id, row.quarter)
    ):
        parts = list(group)
        contract = contracts[contract_id]
        other = contract.supplier_name if is_buyer(actor) else contract.authority_name
        labels = [commitments[row.commitment_id].measure.label for row in parts]
        found.append(
            DueEvent(
                uid=f"deliveries-{contract_id}-{quarter.isoformat()}",
                due_on=max(row.due_on for row in parts),
                title=f"Deliveries fall due: {contract.title}",
                about=f"{contract.reference}, {other}. {quarter_label(quarter)}: {'; '.join(labels)}.",
                url=reverse("procurement:awards:contract", args=[contract_id]),
            )
        )
    return found
