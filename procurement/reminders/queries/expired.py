"""What of this room has had its time. Read by the clock alone, for nobody in particular."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from procurement.reminders.models import CalendarFeed, Digest, Reminder
from procurement.reminders.rules import LEAST_KEPT
from socialvalue.core import clock
from socialvalue.core.purging import days_kept, kept_since


def old_reminders() -> QuerySet[Reminder]:
    """Reminders of days that are long over: nobody is reminded of them again, so nothing asks whether they went."""
    before = kept_since("reminders")
    due_before = clock.today() - timedelta(days=days_kept("reminders"))
    return Reminder.objects.filter(claimed_at__lt=before, due_on__lt=due_before).order_by()


def old_digests() -> QuerySet[Digest]:
    return Digest.objects.filter(claimed_at__lt=kept_since("reminders")).order_by()


def reminders_to(user_id: int) -> dict[str, QuerySet[Any]]:
    """What one person was reminded of: what may go, and the ``young`` reminders that nothing removes yet."""
    # A day more than the database asks for: its clock is not quite ours.
    before = clock.now() - LEAST_KEPT - timedelta(days=1)
    may_go = Q(claimed_at__lt=before, due_on__lt=clock.day_of(before))
    mine = Reminder.objects.filter(recipient_id=user_id).order_by("pk")
    letters = Digest.objects.filter(recipient_id=user_id, claimed_at__lt=before).order_by()
    return {"reminders": mine.filter(may_go), "letters": letters, "young": mine.exclude(may_go)}


def old_feeds() -> QuerySet[CalendarFeed]:
    """Calendar addresses that were revoked."""
    before = kept_since("calendars")
    return CalendarFeed.objects.filter(revoked_at__lt=before).order_by()
