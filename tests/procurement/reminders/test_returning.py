"""A returned claim is told at once, once, to the supplier's people only."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from procurement.deliveries.services import resubmit_claim
from procurement.reminders.models import Reminder
from procurement.reminders.vocabulary import ReminderDeed, ReminderEvent
from procurement.verifications.services import return_claim
from socialvalue.accounts.models import Membership
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from tests.factories.reminders import (
    DUE,
    addresses,
    claimed,
    london,
    sweep,
    weekly,
    world,
)

pytestmark = pytest.mark.django_db
SENT = london(date(2026, 12, 2), 9)
BACK = london(date(2026, 12, 3), 15)
REASON = "The letter does not name the library."


@pytest.fixture
def returned():
    mail.outbox.clear()
    known = world(ends_on=DUE)
    pk = claimed(known, SENT, quantity=100)
    with clock.at(BACK):
        return_claim(actor=known.manager, claim_id=pk, expected_version=1, reason=REASON)
    return known, pk


def to():
    return sorted(letter.to[0] for letter in mail.outbox)


def test_it_is_told_at_once_with_the_reason(returned):
    known, pk = returned
    assert sweep(BACK + timedelta(minutes=1)) == 2
    assert to() == addresses(known.claimant, known.colleague)
    letter = mail.outbox[0]
    assert letter.subject == f"A claim was returned: {known.contract.title}"
    assert REASON in letter.body
    assert f"/deliveries/{pk}/" in letter.body
    for row in Reminder.objects.all():
        assert (row.event, row.days, row.due_on) == (
            ReminderEvent.CLAIM_RETURNED,
            0,
            date(2026, 12, 3),
        )
        assert row.sentence.endswith(" was returned.")
        assert REASON not in row.sentence
    assert AuditRecord.objects.filter(deed=ReminderDeed.SENT).count() == 2


def test_nothing_else_is_told_at_once():
    known = world(ends_on=DUE)
    mail.outbox.clear()
    claimed(known, SENT, quantity=100)
    assert sweep(SENT + timedelta(minutes=1)) == 0
    assert mail.outbox == []


def test_a_second_sweep_tells_nothing(returned):
    assert sweep(BACK) == 2
    assert sweep(BACK) == 0
    assert sweep(BACK + timedelta(days=3)) == 0


def test_a_second_return_is_told_again(returned):
    known, pk = returned
    sweep(BACK)
    with clock.at(BACK + timedelta(hours=1)):
        again = resubmit_claim(
            actor=known.claimant,
            claim_id=pk,
            expected_version=2,
            quantity=Decimal(90),
            denominator=None,
            narrative="Named now.",
            evidence_ids=[],
        )
        return_claim(
            actor=known.manager, claim_id=pk, expected_version=again.version, reason="Not yet."
        )
    assert sweep(BACK + timedelta(hours=2)) == 2
    assert "Not yet." in mail.outbox[-1].body


def test_what_was_mended_before_the_sweep_is_not_told(returned):
    known, pk = returned
    with clock.at(BACK + timedelta(seconds=5)):
        resubmit_claim(
            actor=known.claimant,
            claim_id=pk,
            expected_version=2,
            quantity=Decimal(90),
            denominator=None,
            narrative="Named now.",
            evidence_ids=[],
        )
    assert sweep(BACK + timedelta(minutes=1)) == 0


@pytest.mark.parametrize(
    ("later", "letters"), [(timedelta(days=7), 2), (timedelta(days=7, seconds=1), 0)]
)
def test_a_sweep_that_comes_late(returned, later, letters):
    assert sweep(BACK + later) == letters


def test_whoever_left_is_not_told(returned):
    known, _ = returned
    Membership.objects.filter(user_id=known.claimant.user_id).update(ended_at=timezone.now())
    assert sweep(BACK) == 1
    assert to() == addresses(known.colleague)


def test_what_was_claimed_and_not_sent_is_taken_over_when_its_time_has_run_out(
    returned, monkeypatch
):
    class Killed(BaseException):
        pass

    def kill(backend, letters):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", kill)
        with pytest.raises(Killed):
            sweep(BACK)
    assert Reminder.objects.filter(sent_at=None).count() == 1
    assert sweep(BACK + timedelta(minutes=14)) == 1
    assert sweep(BACK + timedelta(minutes=15)) == 1
    assert sweep(BACK + timedelta(minutes=31)) == 0
    assert len(mail.outbox) == 2
    assert Reminder.objects.count() == 2


def test_a_claim_that_is_not_mended_is_in_the_weekly_letter_after_7_and_21_days(returned):
    """Returned on Thursday 3 December: the first Mondays by which that many days have passed."""
    sweep(BACK)
    mail.outbox.clear()
    told = {}
    day = date(2026, 12, 7)
    while day < date(2027, 2, 1):
        weekly(day)
        if mail.outbox:
            told[day] = mail.outbox[0].body.count(
                "was returned on 3 December 2026 and is not sent again"
            )
        mail.outbox.clear()
        day += timedelta(days=7)
    assert [day for day, times in told.items() if times] == [date(2026, 12, 14), date(2026, 12, 28)]
