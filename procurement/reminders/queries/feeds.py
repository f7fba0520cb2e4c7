"""The calendar behind an address that only its holder knows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.urls import reverse

from procurement.action_plans import queries as action_plans
from procurement.awards import queries as awards
from procurement.awards.vocabulary import ContractStatus
from procurement.remedies.queries.telling import open_steps, ratings_due
from procurement.reminders.models import CalendarFeed
from procurement.reminders.rules import DueEvent
from socialvalue.accounts.permissions import is_buyer, is_supplier
from socialvalue.accounts.queries import actor_in, seats_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import quarter_label

Contracts = Mapping[int, awards.ContractBrief]
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
        events=tuple(_events(actor, clock.today())),
        last_read_at=row.last_read_at,
    )


def _events(actor: Actor, today: date) -> list[DueEvent]:
    """Days of the running contracts: deliveries, steps to put a shortfall right, KPI years that end, the end."""
    live = awards.ContractFilters(status=ContractStatus.LIVE)
    contracts = awards.contract_briefs(
        awards.contracts_for(actor, live).values_list("pk", flat=True)
    )
    since = today - timedelta(days=KEPT_DAYS)
    found = [
        *_deliveries(actor, contracts, since),
        *_steps(actor, contracts),
        *_ratings(actor, contracts),
        *(
            _event(f"end-{row.id}", row.ends_on, "Contract ends", actor, row)
            for row in contracts.values()
        ),
    ]
    return [event for event in found if event.due_on >= since]


def _deliveries(actor: Actor, contracts: Contracts, since: date) -> Iterator[DueEvent]:
    """One day a contract and quarter, however many commitments fall due on it."""
    rows = [
        row
        for row in action_plans.milestones_of(contracts)
        if row.quantity > 0 and row.due_on >= since
    ]
    commitments = awards.commitment_infos({row.commitment_id for row in rows})
    rows.sort(key=lambda row: (row.contract_id, row.quarter, row.commitment_id))
    for (contract_id, quarter), group in groupby(
        rows, key=lambda row: (row.contract_id, row.quarter)
    ):
        parts = list(group)
        labels = [commitments[row.commitment_id].measure.label for row in parts]
        yield _event(
            f"deliveries-{contract_id}-{quarter.isoformat()}",
            max(row.due_on for row in parts),
            "Deliveries fall due",
            actor,
            contracts[contract_id],
            f" {quarter_label(quarter)}: {'; '.join(labels)}.",
        )


def _steps(actor: Actor, contracts: Contracts) -> Iterator[DueEvent]:
    """A supplier's: what it agreed to do to put a shortfall right, until it is done."""
    for row in open_steps(actor):
        if row.contract_id in contracts:
            what = f" Step {row.number} of the rectification plan: {row.what}"
            title = "Step to put a shortfall right"
            contract = contracts[row.contract_id]
            yield _event(f"step-{row.id}", row.due_on, title, actor, contract, what)


def _ratings(actor: Actor, contracts: Contracts) -> Iterator[DueEvent]:
    """A buyer's: the last day of each year of a KPI that is not rated."""
    for row in ratings_due(actor, date.max):
        if row.contract_id in contracts:
            contract = contracts[row.contract_id]
            uid = f"kpi-{row.kpi_id}-{row.year_from.isoformat()}"
            yield _event(uid, row.ended_on, "KPI year ends", actor, contract, f" {row.name}")


def _event(
    uid: str, due_on: date, what: str, actor: Actor, contract: awards.ContractBrief, about: str = ""
) -> DueEvent:
    other = contract.supplier_name if is_buyer(actor) else contract.authority_name
    return DueEvent(
        uid=uid,
        due_on=due_on,
        title=f"{what}: {contract.title}",
        about=f"{contract.reference}, {other}.{about}",
        url=reverse("procurement:awards:contract", args=[contract.id]),
    )
