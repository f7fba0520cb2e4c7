"""What this room knows of one person, for that person alone: part of the copy of their data."""

from __future__ import annotations

from procurement.reminders.models import CalendarFeed, Digest, Reminder
from socialvalue.core.tables import Column, Table


def about_person(user_id: int, email: str) -> list[Table]:
    """What they were reminded of, their weekly letters, and addresses their calendar reads."""
    reminders = Reminder.objects.filter(recipient_id=user_id).order_by("pk")
    letters = Digest.objects.filter(recipient_id=user_id).order_by("pk")
    feeds = CalendarFeed.objects.filter(user_id=user_id).order_by("pk")
    return [
        Table(
            "What you were reminded of",
            [Column("What", width=80), Column("About the day"), Column("Sent")],
            [(row.sentence, row.due_on, row.sent_at) for row in reminders],
        ),
        Table(
            "Weekly letters to you",
            [Column("Week from"), Column("Lines", "number"), Column("Sent")],
            [(row.week, row.lines, row.sent_at) for row in letters],
        ),
        Table(
            "Addresses your calendar reads",
            [Column("Made"), Column("Last read"), Column("Revoked")],
            [(row.made_at, row.last_read_at, row.revoked_at) for row in feeds],
        ),
    ]
