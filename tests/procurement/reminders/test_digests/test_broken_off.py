"""A sending that was killed, or met no mail server, is taken up again and told once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from procurement.reminders.models import Digest, Reminder
from procurement.reminders.queries import recipients
from procurement.reminders.services import claiming
from socialvalue.accounts.models import Membership
from socialvalue.core import clock
from tests.factories.reminders import FORTNIGHT, addresses, london, weekly, world
from tests.procurement.reminders.test_digests.steps import end, to

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """A process that is killed runs no handler."""


@pytest.fixture
def killed_while_sending(monkeypatch):
    """The first letter that is handed over never comes back."""

    def kill(backend, letters):
        raise Killed

    def die():
        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", kill)
            with pytest.raises(Killed):
                weekly(FORTNIGHT)

    return die


def test_what_was_claimed_and_not_sent_is_tried_again_when_its_time_has_run_out(
    killed_while_sending,
):
    known = world()
    killed_while_sending()
    assert Digest.objects.filter(sent_at=None).count() == 1
    # The rest goes at once; what somebody may still be sending is left to them.
    assert weekly(FORTNIGHT, 7, 14) == 1
    assert weekly(FORTNIGHT, 7, 15) == 1
    assert weekly(FORTNIGHT, 8) == 0
    assert to() == addresses(known.claimant, known.colleague)
    assert Digest.objects.filter(sent_at=None).count() == 0
    assert Reminder.objects.filter(sent_at=None).count() == 0
    assert Reminder.objects.count() == 2


def test_it_is_tried_again_until_the_week_is_over(killed_while_sending):
    world()
    killed_while_sending()
    assert weekly(FORTNIGHT, 7, 1) == 1
    assert weekly(FORTNIGHT + timedelta(days=6), 23, 59) == 1


def test_after_that_the_next_week_takes_up_what_is_still_true(killed_while_sending):
    """A Monday later the fortnight is still the nearest reminder; the row is used again and not doubled."""
    world()
    killed_while_sending()
    assert weekly(FORTNIGHT, 7, 1) == 1
    assert weekly(FORTNIGHT + timedelta(days=7)) == 1
    assert weekly(FORTNIGHT + timedelta(days=14)) == 2
    assert Reminder.objects.filter(days=-14).count() == 2
    assert Reminder.objects.filter(sent_at=None).count() == 0
    assert Digest.objects.filter(sent_at=None).count() == 1


def test_who_left_meanwhile_gets_nothing_when_it_is_tried_again(killed_while_sending):
    known = world()
    killed_while_sending()
    (unsent,) = Digest.objects.filter(sent_at=None)
    Membership.objects.filter(user_id=unsent.recipient_id).update(ended_at=timezone.now())
    assert weekly(FORTNIGHT, 9) == 1
    assert weekly(FORTNIGHT, 10) == 0
    assert to() == sorted(
        set(addresses(known.claimant, known.colleague)) - {unsent.recipient.email}
    )


def test_who_changed_to_another_supplier_is_not_told_of_the_old_ones_contract(killed_while_sending):
    """The people are the same, the contract is not theirs to see any more."""
    world()
    killed_while_sending()
    (unsent,) = Digest.objects.filter(sent_at=None)
    other = world(ends_on=date(2027, 9, 30))
    Membership.objects.filter(user_id=unsent.recipient_id).update(organisation=other.supplier)
    weekly(FORTNIGHT, 9)
    for letter in mail.outbox:
        if letter.to == [unsent.recipient.email]:
            assert other.contract.title in letter.body


def test_a_letter_that_is_tried_again_is_known_by_its_message_id(monkeypatch):
    """The one case in which a letter goes twice: the process dies between the server's yes and the mark."""
    known = world()
    end(known.colleague)
    with monkeypatch.context() as patch:
        patch.setattr("procurement.reminders.services.digests._mark", _kill)
        with pytest.raises(Killed):
            weekly(FORTNIGHT)
    assert weekly(FORTNIGHT, 8) == 1
    assert weekly(FORTNIGHT, 9) == 0
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.body == second.body


def _kill(*args):
    raise Killed


def test_a_mail_server_that_is_away_keeps_nothing_back_for_good(monkeypatch):
    world()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _away)
        assert weekly(FORTNIGHT) == 0
        assert weekly(FORTNIGHT, 8) == 0
    assert Digest.objects.filter(sent_at=None).count() == 2
    assert weekly(FORTNIGHT, 9) == 2
    assert len(mail.outbox) == 2


def _away(backend, letters):
    raise ConnectionRefusedError


def test_the_lease_is_taken_over_once():
    known = world()
    with clock.at(london(FORTNIGHT)):
        recipient = next(one for one in recipients() if one.user_id == known.claimant.user_id)
        digest = Digest.objects.create(
            recipient_id=recipient.user_id,
            organisation=known.supplier,
            week=FORTNIGHT,
            lines=1,
            claimed_at=clock.now(),
        )
    seen = claiming.UnsentDigest(
        digest.pk, recipient.user_id, recipient.organisation_id, digest.claimed_at
    )
    with clock.at(london(FORTNIGHT, 8)):
        assert claiming.take_over(unsent=seen) == london(FORTNIGHT, 8)
        assert claiming.take_over(unsent=seen) is None
