"""What was told already, and what was claimed for a letter that did not go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from procurement.awards import queries as awards
from procurement.deliveries import queries as deliveries
from procurement.deliveries.queries.telling import ReturnedClaim
from procurement.reminders.models import Digest, Reminder
from procurement.reminders.queries.due import about_claim
from procurement.reminders.queries.people import Recipient
from procurement.reminders.rules import LONGEST, Line, shortened
from procurement.reminders.vocabulary import ReminderEvent
from socialvalue.accounts.permissions import allowed, is_supplier
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.errors import DomainError

MOST_LINES = 100
"""Of a letter; how many more there are is said, with the page that has them."""


@dataclass(frozen=True, slots=True)
class UnsentDigest:
    """A letter somebody claimed and did not send."""

    id: int
    user_id: int
    organisation_id: int
    claimed_at: datetime


def has_digest(recipient: Recipient, week: date) -> bool:
    return Digest.objects.filter(
        recipient_id=recipient.user_id, organisation_id=recipient.organisation_id, week=week
    ).exists()


def not_told(recipient: Recipient, lines: Sequence[Line]) -> list[Line]:
    """Those of these lines this person was not sent for this organisation."""
    told = Reminder.objects.filter(
        recipient_id=recipient.user_id,
        organisation_id=recipient.organisation_id,
        sent_at__isnull=False,
        subject__in={line.subject for line in lines},
    )
    keys = set(told.values_list("event", "subject", "due_on", "days"))
    return [line for line in lines if line.key not in keys]


def unsent_digests(week: date, claimed_before: datetime) -> list[UnsentDigest]:
    rows = Digest.objects.filter(week=week, sent_at__isnull=True, claimed_at__lte=claimed_before)
    return [
        UnsentDigest(row.pk, row.recipient_id, row.organisation_id, row.claimed_at)
        for row in rows.order_by("pk")
    ]


def claimed_lines(recipient: Recipient, claimed_at: datetime) -> dict[int, Line]:
    """By the id of its row, what was claimed for a letter at that moment and is still for this person to see."""
    is_seen = Q(contract_id__in=set(awards.contract_ids_for(recipient.actor)))
    if allowed(recipient.actor, Deed.SIGN_REPORT):
        is_seen |= Q(event=ReminderEvent.SIGN_OFF_WAITS)
    rows = Reminder.objects.filter(
        is_seen,
        recipient_id=recipient.user_id,
        organisation_id=recipient.organisation_id,
        claimed_at=claimed_at,
        sent_at__isnull=True,
    ).exclude(event=ReminderEvent.CLAIM_RETURNED, days=0)
    return {row.pk: _line(row) for row in rows.order_by("contract_id", "due_on", "subject")}


def _line(row: Reminder) -> Line:
    return Line(row.event, row.subject, row.due_on, row.days, row.sentence, row.contract_id)


def digest_letter(recipient: Recipient, lines: Sequence[Line]) -> dict[str, object]:
    """What the letter of the week says: what is about no contract, then contract by contract."""
    contracts = awards.contract_briefs(line.contract_id for line in lines if line.contract_id)
    others: list[str] = []
    groups: dict[int, list[str]] = {}
    for line in lines[:MOST_LINES]:
        about = others if line.contract_id is None else groups.setdefault(line.contract_id, [])
        about.append(line.sentence)
    return {
        "organisation": recipient.actor.organisation_name,
        "how_many": len(lines),
        "more": max(0, len(lines) - MOST_LINES),
        "others": others,
        "groups": [(contracts[pk], sentences) for pk, sentences in groups.items()],
        "is_supplier": is_supplier(recipient.actor),
        "is_manager": allowed(recipient.actor, Deed.MANAGE_CONTRACT),
    }


def returned_claim(actor: Actor, claim: ReturnedClaim) -> deliveries.ClaimRow | None:
    """The claim as this person may see it; None when they may not, or it is no longer returned as it was."""
    try:
        row = deliveries.claim_for(actor, claim.id)
    except DomainError:
        return None
    return row if row.version == claim.version else None


def line_of_return(row: deliveries.ClaimRow, claim: ReturnedClaim) -> Line:
    end = " was returned."
    return Line(
        event=ReminderEvent.CLAIM_RETURNED,
        subject=f"claim:{row.id}:version:{claim.version}",
        due_on=claim.returned_at.astimezone(LONDON).date(),
        days=0,
        sentence=shortened(about_claim(row), LONGEST - len(end)) + end,
        contract_id=row.contract.id,
    )


def told_of_returns(claims: Sequence[ReturnedClaim]) -> set[tuple[int, str]]:
    """Person and subject of every return that was told already; one query."""
    rows = Reminder.objects.filter(
        event=ReminderEvent.CLAIM_RETURNED,
        days=0,
        sent_at__isnull=False,
        subject__in={f"claim:{claim.id}:version:{claim.version}" for claim in claims},
    )
    return set(rows.values_list("recipient_id", "subject"))
