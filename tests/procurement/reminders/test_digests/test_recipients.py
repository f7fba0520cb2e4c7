"""To whom the letter goes: nobody is told of what they may not see."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail

from procurement.reminders.models import Reminder
from procurement.reminders.queries import recipients
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import MembershipFactory, actor_for_role
from tests.factories.reminders import DUE, FORTNIGHT, addresses, claimed, london, weekly, world
from tests.procurement.reminders.test_digests.steps import end, to

pytestmark = pytest.mark.django_db


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
