"""What the letter of the week says: deliveries due, claims that wait, claims returned."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail

from procurement.deliveries.services import mark_returned, withdraw_claim
from procurement.reminders.models import Digest, Reminder
from procurement.reminders.queries.due import NAMED_ONE_BY_ONE, due_for
from procurement.reminders.vocabulary import ReminderDeed, ReminderEvent
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
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
from tests.procurement.reminders.test_digests.steps import to, told

pytestmark = pytest.mark.django_db


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
