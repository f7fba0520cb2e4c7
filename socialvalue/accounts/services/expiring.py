"""Removes what has had its time: here, and through ``settings.PURGES`` in every room."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from socialvalue.accounts.models import PurgeRun
from socialvalue.accounts.queries import expired
from socialvalue.accounts.services.erasing import erase_idle_accounts
from socialvalue.accounts.vocabulary import PrivacyDeed
from socialvalue.audit.services import record, remove_old_accesses
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.purging import Purge, only_the_clock

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Purged:
    """One kind: how many went, or would go. ``failed``: it broke off, and the log says why."""

    kind: str
    what: str
    count: int
    failed: bool = False


def purges() -> Iterator[Purge]:
    """Every kind that goes by itself, room by room."""
    for path in settings.PURGES:
        yield from import_string(path)


def count_expired(*, actor: Actor) -> list[Purged]:
    """What would go now; nothing is removed. NotAllowed for a person."""
    only_the_clock(actor)
    return [Purged(purge.kind, purge.what, purge.due()) for purge in purges()]


def purge_expired(*, actor: Actor) -> list[Purged]:
    """Remove everything whose time is over. NotAllowed for a person.

    Each kind goes by itself: one that breaks off is logged, named in the run and tried again the next day, and holds
    up no other. One deed a kind says how many went.
    """
    only_the_clock(actor)
    run = PurgeRun.objects.create(started_at=clock.now())
    done = [_one(actor, purge, run) for purge in purges()]
    PurgeRun.objects.filter(pk=run.pk).update(
        ended_at=clock.now(),
        removed={row.kind: row.count for row in done if row.count},
        failed=[row.kind for row in done if row.failed],
    )
    return done


def purge_daily(*, actor: Actor) -> None:
    """``purge_expired``, unless it was done today without anything breaking off."""
    only_the_clock(actor)
    if not expired.was_purged_on(clock.today()):
        purge_expired(actor=actor)


def _one(actor: Actor, purge: Purge, run: PurgeRun) -> Purged:
    try:
        count = purge.remove(actor=actor)
    except Exception:
        # Whatever it is, the other kinds must not wait for it; the run and the command say that it failed.
        logger.exception("What has had its time could not be removed: %s.", purge.kind)
        return Purged(purge.kind, purge.what, 0, failed=True)
    if count:
        _tell(actor, purge, run, count)
    return Purged(purge.kind, purge.what, count)


@transaction.atomic
def _tell(actor: Actor, purge: Purge, run: PurgeRun, count: int) -> None:
    record(
        actor=actor,
        deed=PrivacyDeed.EXPIRED,
        sentence=f"Removed at the end of their time: {count} {purge.what}.",
        target=run,
        after={"kind": purge.kind, "count": count},
    )


# --- sign-ins, letters, accounts -------------------------------------------------------------------


@transaction.atomic
def remove_ended_sessions(*, actor: Actor) -> int:
    """Sessions that are over, with what was held in them, and the devices they were on; how many."""
    only_the_clock(actor)
    devices = expired.forgotten_devices().delete()[0]
    return devices + expired.ended_sessions().delete()[0]


@transaction.atomic
def remove_old_confirmations(*, actor: Actor) -> int:
    """Unanswered letters about a changed address; how many."""
    only_the_clock(actor)
    return expired.old_confirmations().delete()[0]


@transaction.atomic
def remove_old_invitations(*, actor: Actor) -> int:
    """Invitations that are over; how many. Who invited whom to what stays in the record of deeds."""
    only_the_clock(actor)
    return expired.old_invitations().delete()[0]


def remove_letter_files(*, actor: Actor) -> int:
    """Letters in files; how many. Only where letters are written to files instead of being sent."""
    only_the_clock(actor)
    found = expired.old_letter_files()
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


PURGES = (
    Purge(
        "sessions",
        "ended sessions and their devices",
        lambda: expired.ended_sessions().count() + expired.forgotten_devices().count(),
        remove_ended_sessions,
    ),
    Purge(
        "account",
        "unanswered changes of an address",
        lambda: expired.old_confirmations().count(),
        remove_old_confirmations,
    ),
    Purge(
        "account_invitations",
        "invitations to an organisation that are over",
        lambda: expired.old_invitations().count(),
        remove_old_invitations,
    ),
    Purge(
        "idle_accounts",
        "accounts of people who belong nowhere",
        lambda: expired.idle_accounts().count(),
        erase_idle_accounts,
    ),
    Purge(
        "access_records",
        "records of access",
        lambda: remove_old_accesses(actor=SYSTEM, dry_run=True),
        remove_old_accesses,
    ),
    Purge(
        "letter_files",
        "letters in files",
        lambda: len(expired.old_letter_files()),
        remove_letter_files,
    ),
)
