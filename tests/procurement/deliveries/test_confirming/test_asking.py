"""The group that benefited is asked, and the question is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from procurement.deliveries.models import Confirmation
from procurement.deliveries.rules.confirming import check_asked
from procurement.deliveries.services import ask_confirmation, cancel_confirmation, withdraw_claim
from procurement.deliveries.vocabulary import ConfirmationAnswer, DeliveryDeed
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role, user_with_role
from tests.factories.deliveries import world
from tests.procurement.deliveries.test_confirming.steps import SCHOOL, say

pytestmark = pytest.mark.django_db


def test_the_letter_says_what_is_claimed_and_only_a_hash_is_kept(w, bare, ask):
    token = ask(email=" Office@School.example ")
    (letter,) = mail.outbox
    assert letter.to == [SCHOOL]
    assert letter.subject == f"Did this happen? {w.supplier.name} asks you"
    assert "10 hours" in letter.body
    assert "£" not in letter.body
    row = Confirmation.objects.get()
    assert token not in (row.token_hash, str(row.__dict__))
    assert (row.claim_version, row.answer) == (bare.version, "waiting")
    assert row.expires_at == clock.now() + timedelta(days=30)
    said = AuditRecord.objects.get(deed=DeliveryDeed.CONFIRMATION_ASKED)
    assert said.sentence == "Asked Foleshill School to confirm the claim."
    assert SCHOOL not in str(said.after)


def test_a_contract_manager_asks_too(w, ask):
    assert ask(actor=w.manager)


def test_others_cannot_ask(w, bare):
    given = {"claim_id": bare.pk, "group": "School", "email": SCHOOL}
    with pytest.raises(NotAllowed):
        ask_confirmation(actor=actor_for_role(Role.PROCUREMENT_OFFICER, w.authority), **given)
    other = world()
    for actor in (other.claimant, other.manager):
        with pytest.raises(NotVisible):
            ask_confirmation(actor=actor, **given)
    assert Confirmation.objects.count() == 0


def test_a_claim_that_waits_for_nobody_is_not_asked_about(w, bare, ask):
    withdraw_claim(actor=w.claimant, claim_id=bare.pk, expected_version=1)
    with pytest.raises(RuleBroken, match="waits for verification"):
        ask()


@pytest.mark.parametrize(
    ("group", "email", "field"),
    [
        ("", SCHOOL, "group"),
        ("x" * 201, SCHOOL, "group"),
        ("School", "", "email"),
        ("School", "a@b.example, c@d.example", "email"),
        ("School", "boss@puddlestone.example", "email"),
        ("School", "BIDS@puddlestone.example", "email"),
        ("School", "own@gmail.com", "email"),
    ],
)
def test_faults_of_asking_are_named(group, email, field):
    own = frozenset({"bids@puddlestone.example", "own@gmail.com"})
    with pytest.raises(RuleBroken) as error:
        check_asked(group=group, email=email, own_addresses=own)
    assert [name for name, _ in error.value.errors] == [field]


def test_another_address_at_a_public_provider_is_not_the_suppliers_own():
    check_asked(group="Club", email="club@gmail.com", own_addresses=frozenset({"own@gmail.com"}))


def test_a_person_of_the_supplier_confirms_nothing(w, ask):
    user = user_with_role(Role.SUPPLIER_CONTRIBUTOR, w.supplier)
    with pytest.raises(RuleBroken, match="confirms nothing"):
        ask(email=user.email)


def test_an_address_is_asked_once_until_nothing_can_come_of_it(w, ask):
    ask()
    with pytest.raises(RuleBroken, match="was asked already"):
        ask()
    with clock.at(clock.now() + timedelta(days=31)):
        ask()
    assert [row.answer for row in Confirmation.objects.order_by("pk")] == ["cancelled", "waiting"]


def test_nobody_floods_people_with_letters(ask):
    for number in range(5):
        ask(email=f"group{number}@school.example")
    with pytest.raises(RuleBroken, match="5 groups were asked already"):
        ask(email="one-more@school.example")


def test_a_cancelled_link_no_longer_works(w, ask):
    token = ask()
    row = cancel_confirmation(actor=w.claimant, confirmation_id=Confirmation.objects.get().pk)
    assert cancel_confirmation(actor=w.claimant, confirmation_id=row.pk).answer == "cancelled"
    with pytest.raises(Conflict, match="taken back"):
        say(token)


def test_who_cancels(w, ask):
    ask(actor=w.manager)
    pk = Confirmation.objects.get().pk
    with pytest.raises(NotAllowed):
        cancel_confirmation(actor=w.claimant, confirmation_id=pk)
    with pytest.raises(NotVisible):
        cancel_confirmation(actor=world().claimant, confirmation_id=pk)
    cancel_confirmation(actor=w.manager, confirmation_id=pk)


def test_an_answer_is_not_cancelled(w, ask):
    say(ask(), ConfirmationAnswer.DISPUTED, words="No.")
    with pytest.raises(Conflict):
        cancel_confirmation(actor=w.claimant, confirmation_id=Confirmation.objects.get().pk)
    assert Confirmation.objects.get().answer == "disputed"
