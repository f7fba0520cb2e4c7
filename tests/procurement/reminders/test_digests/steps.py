"""What these tests share: to whom a letter went and what it said."""

from __future__ import annotations

from django.core import mail
from django.utils import timezone

from procurement.reminders.models import Reminder
from socialvalue.accounts.models import Membership


def to() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def told() -> list[tuple[str, int]]:
    return sorted({(row.event, row.days) for row in Reminder.objects.filter(sent_at__isnull=False)})


def end(actor):
    Membership.objects.filter(user_id=actor.user_id).update(ended_at=timezone.now())
