"""The letter of the week: everything new and due for one person at one organisation, on Monday morning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from procurement.events import letters_written
from procurement.reminders import rules
from procurement.reminders.models import Digest, Reminder
from procurement.reminders.queries.due import due_for
from procurement.reminders.queries.people import Recipient, recipients
from procurement.reminders.queries.telling import (
    claimed_lines,
    digest_letter,
    has_digest,
    not_told,
    unsent_digests,
)
from procurement.reminders.rules import Line
from procurement.reminders.services.claiming import LEASE, claim_digest, take_over
from procurement.reminders.vocabulary import ReminderDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.letters import send_now
from socialvalue.core.money import count_text


def send_digests(*, actor: Actor) -> int:
    """Send every letter of this week that has not gone; how many went. As often as one likes, each goes once.

    Between Monday 7am and the end of Wednesday, London time; what was claimed and not sent is tried until the week is
    over. One person's letter that fails keeps nobody else's back.
    """
    now = clock.now()
    local = now.astimezone(clock.LONDON)
    week = rules.week_to_send(local)
    monday = rules.monday_of(local.date())
    morning = datetime.combine(monday, rules.MORNING, tzinfo=clock.LONDON)
    later = _of_later_rooms(monday, morning)
    everybody = list(recipients(also=later))
    sent = _send_again(actor, everybody, monday, now)
    if week is None:
        return sent
    # What is due depends on organisation and roles alone.
    known: dict[tuple[int, frozenset[str]], list[Line]] = {}
    for recipient in everybody:
        if has_digest(recipient, week):
            continue
        key = (recipient.organisation_id, recipient.actor.roles)
        if key not in known:
            known[key] = due_for(recipient.actor, week, morning)
        own = later.get((recipient.user_id, recipient.organisation_id), [])
        sent += _send(actor, recipient, [*own, *known[key]], week)
    return sent


def _of_later_rooms(monday: date, before: datetime) -> dict[tuple[int, int], list[Line]]:
    """By person and organisation, what waits for them in rooms that this one does not know."""
    found: dict[tuple[int, int], list[Line]] = {}
    answers: list[Any] = letters_written.send(sender=None, monday=monday, before=before)
    for _, told in answers:
        for row in told:
            found.setdefault((row.user_id, row.organisation_id), []).append(row.line)
    return found


def _send(actor: Actor, recipient: Recipient, due: Sequence[Line], week: date) -> bool:
    lines = not_told(recipient, due)
    digest = claim_digest(recipient=recipient, lines=lines, week=week) if lines else None
    return digest is not None and _post(actor, recipient, digest.pk, digest.claimed_at)


def _send_again(actor: Actor, everybody: Sequence[Recipient], week: date, now: datetime) -> int:
    """Letters that somebody claimed and did not send. Who has left meanwhile is not among ``everybody``."""
    people = {(one.user_id, one.organisation_id): one for one in everybody}
    sent = 0
    for unsent in unsent_digests(week, now - LEASE):
        recipient = people.get((unsent.user_id, unsent.organisation_id))
        claimed_at = take_over(unsent=unsent) if recipient else None
        if recipient and claimed_at:
            sent += _post(actor, recipient, unsent.id, claimed_at)
    return sent


def _post(actor: Actor, recipient: Recipient, digest_id: int, claimed_at: datetime) -> bool:
    """Outside a transaction: while the mail server is waited for, nobody else is."""
    lines = claimed_lines(recipient, claimed_at)
    if not lines:
        return False
    letter = digest_letter(recipient, list(lines.values()))
    if not send_now(recipient.email, "week_ahead", letter, name=f"week-{digest_id}"):
        return False
    _mark(actor, recipient, digest_id, lines)
    return True


@transaction.atomic
def _mark(actor: Actor, recipient: Recipient, digest_id: int, lines: dict[int, Line]) -> None:
    at = clock.now()
    digest = Digest.objects.get(pk=digest_id)
    digest.sent_at, digest.lines = at, len(lines)
    digest.save(update_fields=["sent_at", "lines"])
    Reminder.objects.filter(pk__in=lines).update(sent_at=at)
    record(
        actor=actor,
        deed=ReminderDeed.SENT,
        sentence=f"Reminded {recipient.actor.name} at {recipient.actor.organisation_name} of "
        f"{count_text(len(lines), 'thing')}.",
        target=digest,
    )
