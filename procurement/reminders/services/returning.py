"""The one letter that does not wait for Monday: a claim was sent back."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from procurement.deliveries import queries as deliveries
from procurement.deliveries.queries.telling import ReturnedClaim, returned_since
from procurement.reminders.models import Reminder
from procurement.reminders.queries.people import Recipient, people_at
from procurement.reminders.queries.telling import (
    line_of_return,
    returned_claim,
    told_of_returns,
)
from procurement.reminders.services.claiming import claim_one
from procurement.reminders.vocabulary import ReminderDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.letters import send_now

NEW = timedelta(days=7)
"""Older returns are told by the letter of the week alone."""


def tell_of_returns(*, actor: Actor) -> int:
    """Write to the supplier's people about claims that were returned and are not mended; how many letters went.

    Looks at what is stored and not at an announcement, so a lost message, a late run or two at once change nothing.
    """
    claims = returned_since(clock.now() - NEW)
    told = told_of_returns(claims)
    people: dict[int, list[Recipient]] = {}
    sent = 0
    for claim in claims:
        if claim.supplier_id not in people:
            people[claim.supplier_id] = people_at(claim.supplier_id)
        subject = f"claim:{claim.id}:version:{claim.version}"
        for recipient in people[claim.supplier_id]:
            if (recipient.user_id, subject) not in told:
                sent += _tell(actor, recipient, claim)
    return sent


def _tell(actor: Actor, recipient: Recipient, claim: ReturnedClaim) -> bool:
    row = returned_claim(recipient.actor, claim)
    reminder = (
        claim_one(recipient=recipient, line=line_of_return(row, claim)) if row is not None else None
    )
    if row is None or reminder is None:
        return False
    if not send_now(
        recipient.email, "claim_returned", _letter(row), name=f"reminder-{reminder.pk}"
    ):
        return False
    _mark(actor, recipient, reminder, row)
    return True


@transaction.atomic
def _mark(actor: Actor, recipient: Recipient, reminder: Reminder, row: deliveries.ClaimRow) -> None:
    reminder.sent_at = clock.now()
    reminder.save(update_fields=["sent_at"])
    record(
        actor=actor,
        deed=ReminderDeed.SENT,
        sentence=f"Told {recipient.actor.name} at {recipient.actor.organisation_name} that "
        f"claim {row.id} was returned.",
        target=reminder,
        procurement_id=row.contract.procurement_id,
    )


def _letter(row: deliveries.ClaimRow) -> dict[str, object]:
    return {
        "claim_id": row.id,
        "measure": row.commitment.measure.label,
        "quarter": row.quarter,
        "contract": row.contract,
        "reason": row.decision_reason,
    }
