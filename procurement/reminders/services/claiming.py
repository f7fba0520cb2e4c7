"""A row is claimed before its letter is sent, and marked when the mail server took it.

Whoever writes the row first sends; the database lets nobody write it twice. A row that was claimed and not marked when
its time has run out belongs to somebody who broke off: the next run takes it over, again one of them only, because
taking over changes the very moment that it asks for. So nothing is lost, and nothing goes twice but for one case: a
process that dies between the mail server's yes and the mark. That letter goes again under the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from procurement.reminders.models import Digest, Reminder
from procurement.reminders.queries.people import Recipient
from procurement.reminders.queries.telling import UnsentDigest
from procurement.reminders.rules import Line
from socialvalue.core import clock

LEASE = timedelta(minutes=15)
"""How long a claimed letter is left to whoever claimed it. Longer than any mail server is waited for."""


def claim_digest(*, recipient: Recipient, lines: Sequence[Line], week: date) -> Digest | None:
    """The letter of the week with its lines; None when another run has it."""
    at = clock.now()
    try:
        with transaction.atomic():
            digest = Digest.objects.create(
                recipient_id=recipient.user_id,
                organisation_id=recipient.organisation_id,
                week=week,
                lines=len(lines),
                claimed_at=at,
            )
            _claim_lines(recipient, lines, at)
            return digest
    except IntegrityError:
        return None


def claim_one(*, recipient: Recipient, line: Line) -> Reminder | None:
    """The row of one thing that is told in a letter of its own; None when another run has it or sent it."""
    at = clock.now()
    try:
        with transaction.atomic():
            return Reminder.objects.create(**_named(recipient, line), **_said(line, at))
    except IntegrityError:
        stale = Reminder.objects.filter(
            **_named(recipient, line), sent_at__isnull=True, claimed_at__lte=at - LEASE
        )
        if stale.update(**_said(line, at)) != 1:
            return None
        return Reminder.objects.get(**_named(recipient, line))


@transaction.atomic
def take_over(*, unsent: UnsentDigest) -> datetime | None:
    """A letter that somebody claimed and did not send; the new moment of its claim, None when another run took it."""
    at = clock.now()
    mine = Digest.objects.filter(
        pk=unsent.id, sent_at__isnull=True, claimed_at=unsent.claimed_at
    ).update(claimed_at=at)
    if mine != 1:
        return None
    Reminder.objects.filter(
        recipient_id=unsent.user_id,
        organisation_id=unsent.organisation_id,
        claimed_at=unsent.claimed_at,
        sent_at__isnull=True,
    ).update(claimed_at=at)
    return at


def _claim_lines(recipient: Recipient, lines: Sequence[Line], at: datetime) -> None:
    """Rows of a letter of an earlier week that never went are used again, so that what they say goes with this one."""
    missing = []
    for line in lines:
        again = Reminder.objects.filter(**_named(recipient, line), sent_at__isnull=True)
        if not again.update(**_said(line, at)):
            missing.append(Reminder(**_named(recipient, line), **_said(line, at)))
    Reminder.objects.bulk_create(missing)


def _named(recipient: Recipient, line: Line) -> dict[str, object]:
    """What makes the row the only one of its kind."""
    return {
        "recipient_id": recipient.user_id,
        "organisation_id": recipient.organisation_id,
        "event": line.event,
        "subject": line.subject,
        "due_on": line.due_on,
        "days": line.days,
    }


def _said(line: Line, at: datetime) -> dict[str, object]:
    return {"sentence": line.sentence, "contract_id": line.contract_id, "claimed_at": at}
