from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.reminders.vocabulary import ReminderEvent


class ReminderRule(models.Model):
    """When an authority's suppliers and managers are reminded, from a day on. Never changed: a newer one follows."""

    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    from_date = models.DateField()
    first_before = models.PositiveSmallIntegerField()
    """Days before a due date of the first reminder."""
    second_before = models.PositiveSmallIntegerField()
    """Days before of the second; 0 is the day itself."""
    first_after = models.PositiveSmallIntegerField()
    """Days after a due date that passed."""
    second_after = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["authority", "from_date"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "from_date"], name="reminder_rule_once"),
            models.CheckConstraint(
                condition=Q(first_before__gt=F("second_before")), name="reminder_before_in_order"
            ),
            models.CheckConstraint(
                condition=Q(first_after__gt=0, second_after__gt=F("first_after")),
                name="reminder_after_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"Reminders from {self.from_date}"


class Reminder(models.Model):
    """One thing one person was reminded of for one day. The row is claimed before the letter is sent."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    """For whom the person works in this."""
    event = models.CharField(max_length=20, choices=ReminderEvent.choices)
    subject = models.CharField(max_length=80)
    """What it is about, as ``milestone:12`` or ``claim:7:version:3``."""
    due_on = models.DateField()
    """The stored day it hangs on, and with ``days`` which of the reminders of that day."""
    days = models.SmallIntegerField()
    """Days from the due date: -14 is a fortnight before."""
    sentence = models.CharField(max_length=300)
    """What the letter said of it."""
    contract = models.ForeignKey(
        "procurement.Contract", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["contract", "-id"], name="reminder_contract")]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "organisation", "event", "subject", "due_on", "days"],
                name="reminder_once",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence


class Digest(models.Model):
    """The weekly letter of one person: one a week, whatever the scheduler does."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    week = models.DateField()
    """Its Monday."""
    lines = models.PositiveIntegerField()
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-week", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "organisation", "week"], name="digest_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Digest of {self.week}"


class CalendarFeed(models.Model):
    """An address at which a person's due dates can be read by a calendar, until it is revoked."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(revoked_at__isnull=True),
                name="calendar_feed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.user}"
