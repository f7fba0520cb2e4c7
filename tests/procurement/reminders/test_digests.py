"""The letter of the week: to whom, when, once, and nothing that is not theirs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from procurement.deliveries.services import mark_returned, withdraw_claim
from procurement.reminders.models import Digest, Reminder
from procurement.reminders.queries import recipients
from procurement.reminders.queries.due import NAMED_ONE_BY_ONE, due_for
from procurement.reminders.rules import Timing
from procurement.reminders.services import claiming, send_digests, set_rule
from procurement.reminders.vocabulary import ReminderDeed, ReminderEvent
from socialvalue.accounts.models import Membership, User
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import MembershipFactory, actor_for_role
from tests.factories.deliveries import claim
from tests.factories.reminders import (
    DUE,
    FORTNIGHT,
    STARTS,
    THREE_DAYS,
    THREE_WEEKS_LATE,
    WEEK_LATE,
    addresses,
    claimed,
    london,
    weekly,
    world,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_post():
    mail.outbox.clear()


def to() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def told() -> list[tuple[str, int]]:
    return sorted({(row.event, row.days) for row in Reminder.objects.filter(sent_at__isnull=False)})


@pytest.mark.parametrize(
    ("monday", "days", "event"),
    [
        (FORTNIGHT, -14, ReminderEvent.CLAIM_DUE),
        (THREE_DAYS, -3, ReminderEvent.CLAIM_DUE),
        (WEEK_LATE, 7, ReminderEvent.CLAIM_LATE),
        (THREE_WEEKS_LATE, 21, ReminderEvent.CLAIM_LATE),
    ],
)
def test_the_suppliers_people_are_reminded_before_and_after_a_due_date(monday, days, event):
    known = world()
    assert weekly(monday) == 2
    assert to() == addresses(known.claimant, known.colleague)
    assert told() == [(event, days)]
    (row, _) = Reminder.objects.all()
    assert (row.due_on, row.contract_id) == (DUE, known.contract.pk)
    assert row.sent_at == london(monday)


def test_a_delivery_is_told_of_four_times_in_its_life_and_no_more():
    """Every hour of every day from the week before the first to long after the last, as the scheduler runs."""
    known = world(ends_on=date(2026, 12, 31))
    sent = {}
    day = FORTNIGHT - timedelta(days=7)
    while day < THREE_WEEKS_LATE + timedelta(days=60):
        for hour in (6, 7, 12, 23):
            if weekly(day, hour):
                sent[day] = hour
        day += timedelta(days=1)
    assert sent == {FORTNIGHT: 7, THREE_DAYS: 7, WEEK_LATE: 7, THREE_WEEKS_LATE: 7}
    assert len(mail.outbox) == 8
    assert Reminder.objects.filter(recipient_id=known.claimant.user_id).count() == 4


@pytest.mark.parametrize("monday", [FORTNIGHT - timedelta(days=7), THREE_DAYS + timedelta(days=7)])
def test_nothing_is_sent_when_nothing_is_new_or_due(monday):
    """A week before the first reminder, and between the due date and the first one after it."""
    world()
    assert weekly(monday) == 0
    assert (mail.outbox, Digest.objects.count(), Reminder.objects.count()) == ([], 0, 0)


def test_what_was_claimed_is_not_reminded_of():
    known = world()
    claimed(known, london(FORTNIGHT) - timedelta(days=1), quantity=100)
    assert weekly(FORTNIGHT) == 1
    assert to() == addresses(known.manager)


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


# --- claims that wait -------------------------------------------------------------------------


def test_contract_managers_are_told_of_claims_that_wait_and_again_when_they_still_do():
    known = world(ends_on=DUE)
    actor_for_role(Role.PROCUREMENT_OFFICER, known.authority)
    claimed(known, london(date(2026, 12, 11)), quantity=60)
    claimed(known, london(date(2026, 12, 12)), quantity=40)
    assert weekly(FORTNIGHT) == 1
    assert to() == addresses(known.manager)
    assert "2 claims wait for a decision, the oldest since 11 December 2026." in mail.outbox[0].body
    sent = []
    for week in range(1, 8):
        monday = FORTNIGHT + timedelta(weeks=week)
        if weekly(monday):
            sent.append((monday - date(2026, 12, 12)).days)
    assert sent == [9, 23]


def test_a_claim_made_after_monday_morning_waits_for_the_next_letter():
    known = world(ends_on=DUE)
    claimed(known, london(FORTNIGHT, 7, 1), quantity=100)
    assert weekly(FORTNIGHT, 12) == 0
    assert weekly(FORTNIGHT + timedelta(days=7)) == 1


def test_a_claim_that_was_taken_back_is_not_told_of():
    known = world(ends_on=DUE)
    pk = claimed(known, london(date(2026, 12, 11)), quantity=100)
    with clock.at(london(date(2026, 12, 12))):
        withdraw_claim(actor=known.claimant, claim_id=pk, expected_version=1)
    weekly(FORTNIGHT)
    assert to() == addresses(known.claimant, known.colleague)


# --- whose --------------------------------------------------------------------------------------


def test_nobody_gets_anything_about_what_they_may_not_see():
    one, other = world(), world()
    assert weekly(FORTNIGHT) == 4
    for letter in mail.outbox:
        mine, theirs = (
            (one, other) if letter.to[0] in addresses(one.claimant, one.colleague) else (other, one)
        )
        assert mine.contract.title in letter.body
        for word in (theirs.contract.reference, theirs.supplier.name, theirs.authority.name):
            assert word not in letter.body + letter.subject
    for row in Reminder.objects.all():
        assert row.contract.supplier_id == row.organisation_id


def test_whoever_works_for_two_gets_a_letter_for_each():
    one, other = world(), world()
    MembershipFactory(
        user_id=one.claimant.user_id, organisation=other.supplier, role=Role.SUPPLIER_ADMIN
    )
    weekly(FORTNIGHT)
    mine = [letter for letter in mail.outbox if letter.to == addresses(one.claimant)]
    assert sorted(letter.subject for letter in mine) == sorted(
        f"1 reminder this week: {known.supplier.name}" for known in (one, other)
    )


def end(actor):
    Membership.objects.filter(user_id=actor.user_id).update(ended_at=timezone.now())


def test_people_who_lost_their_role_get_nothing():
    known = world()
    end(known.claimant)
    User.objects.filter(pk=known.colleague.user_id).update(is_active=False)
    assert weekly(FORTNIGHT) == 0
    assert Reminder.objects.count() == 0


def test_a_role_that_is_not_reminded_gets_nothing():
    known = world(ends_on=DUE)
    for role in Role:
        if role not in (Role.CONTRACT_MANAGER, Role.SUPPLIER_ADMIN, Role.SUPPLIER_CONTRIBUTOR):
            actor_for_role(role, known.authority)
    claimed(known, london(date(2026, 12, 11)), quantity=100)
    weekly(FORTNIGHT)
    assert to() == addresses(known.manager)


def test_a_contract_that_has_ended_is_not_reminded_of():
    known = world()
    type(known.contract).objects.filter(pk=known.contract.pk).update(status="ended")
    assert list(recipients()) == []
    assert weekly(FORTNIGHT) == 0


# --- broken off -------------------------------------------------------------------------------


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


# --- the rest -----------------------------------------------------------------------------------


def test_the_letter_says_what_is_due_and_where():
    known = world()
    weekly(FORTNIGHT)
    letter = mail.outbox[0]
    assert letter.subject == f"1 reminder this week: {known.supplier.name}"
    assert (
        f"{known.contract.title} ({known.contract.reference}), {known.authority.name}"
        in letter.body
    )
    assert "2026 to 2027, quarter 3: falls due on 31 December 2026." in letter.body
    assert "/deliveries/" in letter.body
    assert "{" not in letter.body
    assert "£" not in letter.body


def test_each_letter_is_on_record():
    known = world()
    weekly(FORTNIGHT)
    kept = AuditRecord.objects.filter(deed=ReminderDeed.SENT)
    assert {row.sentence for row in kept} == {
        f"Reminded {actor.name} at {known.supplier.name} of 1 thing."
        for actor in (known.claimant, known.colleague)
    }


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


def test_claims_returned_by_the_file_are_counted_not_named():
    """Eleven of a day are one line; what was returned on another day is named; only due ones are read."""
    known = world()
    with clock.at(london(date(2026, 10, 5), 9)):
        many = [
            claim(known.claimant, known.hours, quarter=STARTS, quantity=Decimal(number + 1))
            for number in range(NAMED_ONE_BY_ONE + 1)
        ]
        other = claim(known.claimant, known.hours, quarter=STARTS, quantity=Decimal(40))
        late = claim(known.claimant, known.hours, quarter=STARTS, quantity=Decimal(41))
    for day, rows in ((6, many), (7, [other]), (18, [late])):
        with clock.at(london(date(2026, 10, day), 9)):
            for row in rows:
                mark_returned(
                    actor=known.manager, claim_id=row.pk, expected_version=1, reason="Which?"
                )
    monday = date(2026, 10, 19)
    lines = [
        line
        for line in due_for(known.claimant, monday, london(monday))
        if line.event == ReminderEvent.CLAIM_RETURNED
    ]
    assert [(line.subject, line.due_on.day, line.days) for line in lines] == [
        (f"contract:{known.contract.pk}:returned", 6, 7),
        (f"claim:{other.pk}:version:2", 7, 7),
    ]
    assert "11 claims were returned on 6 October 2026 and are not sent again." in [
        line.sentence for line in lines
    ]
    old = date(2027, 7, 5)
    assert not [
        line
        for line in due_for(known.claimant, old, london(old))
        if line.event == ReminderEvent.CLAIM_RETURNED
    ], "said again for the last time long ago"
