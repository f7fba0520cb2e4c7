"""Calendar addresses: made, shown once, revoked; of the token only its hash is kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from procurement.reminders.models import CalendarFeed
from procurement.reminders.permissions import PARTY
from procurement.reminders.queries.feeds import hashed
from procurement.reminders.vocabulary import ReminderDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed
from socialvalue.core.jobs import enqueue_on_commit

NOTED_EVERY = timedelta(hours=1)
"""Calendars ask often; that they do is noted at most this often."""


@transaction.atomic
def make_feed(*, actor: Actor) -> str:
    """A new address for the actor's due dates at the organisation they act for; the one before is revoked.

    Returns the token, which nobody can read again afterwards.
    """
    if not PARTY.allows(actor):
        raise NotAllowed(PARTY.reason)
    token = secrets.token_urlsafe(32)
    revoked = _revoke(actor)
    try:
        with transaction.atomic():
            feed = CalendarFeed.objects.create(
                user_id=actor.person_id,
                organisation_id=actor.organisation_id or 0,
                token_hash=hashed(token),
                made_at=clock.now(),
            )
    except IntegrityError:
        raise Conflict("A calendar address was made at the same moment. Make another.") from None
    again = " The address before it is revoked." if revoked else ""
    record(
        actor=actor,
        deed=ReminderDeed.FEED_MADE,
        sentence=f"Made a calendar address.{again}",
        target=feed,
    )
    return token


@transaction.atomic
def revoke_feed(*, actor: Actor) -> bool:
    """End the actor's calendar address; False when there is none. Whoever holds it reads nothing from now on."""
    feed = _revoke(actor)
    if feed is None:
        return False
    record(
        actor=actor,
        deed=ReminderDeed.FEED_REVOKED,
        sentence="Revoked the calendar address.",
        target=feed,
    )
    return True


def announce_read(*, feed_id: int, last_read_at: datetime | None) -> None:
    """Have a job note that the calendar was read: the request that reads it writes nothing.

    A queue that is away is no reason to refuse a calendar: the note is left out.
    """
    if last_read_at is not None and clock.now() - last_read_at < NOTED_EVERY:
        return
    transaction.on_commit(
        lambda: enqueue_on_commit("procurement.reminders.tasks.note_feed_read", feed_id),
        robust=True,
    )


@transaction.atomic
def note_feed_read(*, feed_id: int) -> None:
    """No deed of a person, so nothing for the audit: the row itself says it."""
    CalendarFeed.objects.filter(pk=feed_id, revoked_at__isnull=True).update(
        last_read_at=clock.now()
    )


def _revoke(actor: Actor) -> CalendarFeed | None:
    feed = (
        CalendarFeed.objects.select_for_update(of=("self",))
        .filter(
            user_id=actor.person_id,
            organisation_id=actor.organisation_id or 0,
            revoked_at__isnull=True,
        )
        .first()
    )
    if feed is not None:
        feed.revoked_at = clock.now()
        feed.save(update_fields=["revoked_at"])
    return feed
