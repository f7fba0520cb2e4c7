"""When the letter is sent: Monday morning, once, late until Wednesday night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from procurement.reminders.models import Digest, Reminder
from procurement.reminders.rules import Timing
from procurement.reminders.services import send_digests, set_rule
from procurement.reminders.vocabulary import ReminderEvent
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.reminders import (
    DUE,
    FORTNIGHT,
    THREE_DAYS,
    THREE_WEEKS_LATE,
    addresses,
    london,
    weekly,
    world,
)
from tests.procurement.reminders.test_digests.steps import to, told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("moment", "letters"),
    [
        # The clock went back on 25 October: 7am is 7am UTC. It went forward on 28 March: 7am is 6am UTC.
        (datetime(2026, 10, 26, 6, 59, tzinfo=UTC), 0),
        (datetime(2026, 10, 26, 7, 0, tzinfo=UTC), 2),
        (datetime(2027, 3, 22, 6, 59, tzinfo=UTC), 0),
        (datetime(2027, 3, 22, 7, 0, tzinfo=UTC), 2),
        (datetime(2027, 3, 29, 5, 59, tzinfo=UTC), 0),
        (datetime(2027, 3, 29, 6, 0, tzinfo=UTC), 2),
    ],
)
def test_monday_morning_is_londons(moment, letters):
    # Due on 9 November 2026; 30 March 2027; 6 April 2027: each has a reminder in that week.
    ends = {2026: date(2026, 11, 9), 22: date(2027, 3, 24), 29: date(2027, 3, 31)}
    ends_on = ends.get(moment.year, ends.get(moment.day, DUE))
    known = world(ends_on=ends_on)
    for days in (-14, -3, 7, 21):
        # The quarter before was dealt with.
        _quieten(known, DUE, days)
    with clock.at(moment):
        assert send_digests(actor=SYSTEM) == letters


def _quieten(known, due_on, days):
    for actor in (known.claimant, known.colleague):
        Reminder.objects.create(
            recipient_id=actor.user_id,
            organisation=known.supplier,
            event=ReminderEvent.CLAIM_LATE if days > 0 else ReminderEvent.CLAIM_DUE,
            subject=f"commitment:{known.hours.pk}:quarter:2026-10-01",
            due_on=due_on,
            days=days,
            sentence="Told before.",
            contract=known.contract,
            claimed_at=timezone.now(),
            sent_at=timezone.now(),
        )


def test_a_second_run_sends_nothing():
    world()
    assert weekly(FORTNIGHT) == 2
    assert weekly(FORTNIGHT) == 0
    assert weekly(FORTNIGHT, 8) == 0
    assert weekly(FORTNIGHT + timedelta(days=2), 23) == 0
    assert len(mail.outbox) == 2
    assert Digest.objects.count() == 2


@pytest.mark.parametrize(
    ("day", "hour", "letters"),
    [(0, 6, 0), (0, 7, 2), (1, 0, 2), (2, 23, 2), (3, 0, 0), (6, 12, 0)],
)
def test_a_late_run_sends_until_wednesday_night(day, hour, letters):
    world()
    assert weekly(FORTNIGHT + timedelta(days=day), hour) == letters


def test_a_run_that_comes_weeks_late_sends_the_nearest_only():
    known = world()
    assert weekly(THREE_WEEKS_LATE) == 2
    assert told() == [(ReminderEvent.CLAIM_LATE, 21)]
    assert Reminder.objects.filter(recipient_id=known.claimant.user_id).count() == 1


def test_a_due_date_that_passes_in_the_week_is_not_called_late_in_it():
    """On Wednesday it still says what Monday's letter would have said."""
    world(ends_on=date(2026, 12, 29))
    assert weekly(date(2026, 12, 30), 23) == 2
    assert told() == [(ReminderEvent.CLAIM_DUE, -3)]
    assert "falls due on 29 December 2026" in mail.outbox[0].body


def test_an_authority_sets_its_own_days():
    one, other = world(), world()
    with clock.at(london(date(2026, 12, 1))):
        set_rule(actor=one.manager, timing=Timing((5, 0), (1, 2)))
    weekly(FORTNIGHT)
    assert to() == addresses(other.claimant, other.colleague)
    mail.outbox.clear()
    weekly(date(2026, 12, 21))  # the last Monday that leaves five days
    assert to() == addresses(one.claimant, one.colleague)
    weekly(THREE_DAYS)
    assert Reminder.objects.filter(organisation=one.supplier).values_list("days", flat=True)[0] == 0
    weekly(date(2027, 1, 4))
    assert {row.days for row in Reminder.objects.filter(organisation=one.supplier)} == {-5, 0, 2}
    assert {row.days for row in Reminder.objects.filter(organisation=other.supplier)} == {-14, -3}
