"""Two schedulers at once: every letter goes once, also when one of them broke off after claiming."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import transaction

from procurement.reminders.models import Digest, Reminder
from procurement.reminders.queries import due_for, recipients
from procurement.reminders.queries.telling import digest_letter, has_digest, not_told
from procurement.reminders.services import send_digests
from procurement.reminders.vocabulary import ReminderDeed
from procurement.verifications.services import return_claim
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.letters import post_unqueued
from tests.factories.reminders import (
    DUE,
    FORTNIGHT,
    World,
    addresses,
    claimed,
    london,
    sweep,
    weekly,
    world,
)

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 3
MORNING = london(FORTNIGHT)


def written_to() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def both(known: World) -> list[str]:
    return addresses(known.claimant, known.colleague)


def at_morning() -> int:
    return weekly(FORTNIGHT)


def test_control_looking_first_and_noting_it_afterwards_sends_every_letter_twice(together) -> None:
    known = world()
    both_have_looked = threading.Barrier(2, timeout=10)

    def send_unclaimed() -> int:
        with clock.at(MORNING), transaction.atomic():
            waiting = [one for one in recipients() if not has_digest(one, FORTNIGHT)]
            both_have_looked.wait()
            sent = 0
            for one in waiting:
                lines = not_told(one, due_for(one.actor, FORTNIGHT, MORNING))
                if lines:
                    post_unqueued(one.email, "week_ahead", digest_letter(one, lines))
                    sent += 1
        return sent

    assert together(send_unclaimed, send_unclaimed) == [2, 2]
    assert written_to() == sorted(both(known) * 2)


def test_two_runs_at_once_send_every_letter_once(together) -> None:
    for _ in range(ROUNDS):
        # Each round is a world of its own beside the ones before, whose letters have gone.
        mail.outbox.clear()
        known = world()
        assert sum(together(at_morning, at_morning)) == 2
        assert written_to() == both(known)
        mine = Digest.objects.filter(organisation=known.supplier)
        assert [row.sent_at for row in mine] == [MORNING, MORNING]
        assert Reminder.objects.filter(contract=known.contract).count() == 2
    told = AuditRecord.objects.filter(deed=ReminderDeed.SENT)
    assert told.count() == 2 * ROUNDS


def test_a_letter_that_somebody_claimed_and_left_is_taken_over_by_one_of_two(together) -> None:
    for _ in range(ROUNDS):
        mail.outbox.clear()
        known = world()
        weekly(FORTNIGHT)
        Digest.objects.filter(organisation=known.supplier).update(sent_at=None)
        Reminder.objects.filter(organisation=known.supplier).update(sent_at=None)
        mail.outbox.clear()

        def an_hour_later() -> int:
            with clock.at(MORNING + timedelta(hours=1)):
                return send_digests(actor=SYSTEM)

        assert sum(together(an_hour_later, an_hour_later)) == 2
        assert written_to() == both(known)


def test_two_sweeps_tell_of_a_return_once(together) -> None:
    known = world(ends_on=DUE)
    pk = claimed(known, london(date(2026, 12, 2)), quantity=100)
    moment = london(date(2026, 12, 3))
    with clock.at(moment):
        return_claim(actor=known.manager, claim_id=pk, expected_version=1, reason="Not named.")
    mail.outbox.clear()
    deed = lambda: sweep(moment + timedelta(minutes=1))  # noqa: E731  # the same deed, four times
    assert sum(together(deed, deed, deed, deed)) == 2
    letters = Counter(written_to())
    assert letters == Counter(both(known))
