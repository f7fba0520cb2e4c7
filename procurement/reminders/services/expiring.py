"""Removes reminders and calendar addresses that have had their time, and those of somebody who is forgotten."""

from __future__ import annotations

from django.db import transaction

from procurement.reminders.models import CalendarFeed, Reminder
from procurement.reminders.queries import expired
from procurement.reminders.rules import without_person
from socialvalue.core.actor import Actor
from socialvalue.core.purging import Purge, only_the_clock


@transaction.atomic
def remove_old_reminders(*, actor: Actor) -> int:
    """Reminders and weekly letters of long ago; how many."""
    only_the_clock(actor)
    return expired.old_reminders().delete()[0] + expired.old_digests().delete()[0]


@transaction.atomic
def remove_old_feeds(*, actor: Actor) -> int:
    """Calendar addresses that were revoked; how many."""
    only_the_clock(actor)
    return expired.old_feeds().delete()[0]


@transaction.atomic
def forget_person(*, actor: Actor, user_id: int, email: str) -> None:
    """What somebody who is erased was reminded of, and their calendar addresses.

    What is younger than ``LEAST_KEPT`` stays until its time is over: it names nobody but the account, whose name goes.
    Where the person's name or address stands in its words, they go too.
    """
    del actor
    found = expired.reminders_to(user_id)
    for row in found["young"].select_related("recipient"):
        sentence = without_person(row.sentence, row.recipient.full_name, email)
        if sentence != row.sentence:
            Reminder.objects.filter(pk=row.pk).update(sentence=sentence)
    found["reminders"].delete()
    found["letters"].delete()
    CalendarFeed.objects.filter(user_id=user_id).delete()


PURGES = (
    Purge(
        "reminders",
        "reminders and weekly letters",
        lambda: expired.old_reminders().count() + expired.old_digests().count(),
        remove_old_reminders,
    ),
    Purge(
        "calendars",
        "calendar addresses that were revoked",
        lambda: expired.old_feeds().count(),
        remove_old_feeds,
    ),
)
