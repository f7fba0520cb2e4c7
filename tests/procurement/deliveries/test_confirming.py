"""The group that benefited answers once, through a link, about the claim as it was when it was asked."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from procurement.deliveries.models import Claim, Confirmation, Evidence
from procurement.deliveries.queries import claim_for, has_evidence
from procurement.deliveries.rules.confirming import check_answer, check_asked
from procurement.deliveries.services import (
    answer_confirmation,
    ask_confirmation,
    cancel_confirmation,
    mark_returned,
    mark_verified,
    resubmit_claim,
    withdraw_claim,
)
from procurement.deliveries.vocabulary import ConfirmationAnswer, ConfirmationState, DeliveryDeed
from procurement.verifications.services import verify_claim
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role, user_with_role
from tests.factories.deliveries import claim, world

pytestmark = pytest.mark.django_db
SCHOOL = "office@school.example"


@pytest.fixture
def bare(w):
    """A claim without a file."""
    made = claim(w.claimant, w.hours)
    Evidence.objects.filter(claim=made).delete()
    return made


@pytest.fixture
def ask(w, bare, django_capture_on_commit_callbacks):
    """Ask about the claim; the token as it stands in the letter."""

    def make(actor=None, group="Foleshill School", email=SCHOOL):
        with django_capture_on_commit_callbacks(execute=True):
            ask_confirmation(actor=actor or w.claimant, claim_id=bare.pk, group=group, email=email)
        return re.search(r"/deliveries/confirm/([\w-]{43})/", mail.outbox[-1].body)[1]

    return make


def say(token, answer=ConfirmationAnswer.CONFIRMED, role="Head teacher", words=""):
    return answer_confirmation(token=token, answer=answer, role=role, words=words)


# --- asking ---------------------------------------------------------------------------------------


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


# --- answering ------------------------------------------------------------------------------------


def test_a_yes_is_evidence(w, bare, ask):
    token = ask()
    assert has_evidence([bare.pk]) == set()
    row = say(token)
    assert (row.answer, row.answered_as) == ("confirmed", "Head teacher")
    assert has_evidence([bare.pk]) == {bare.pk}
    (shown,) = claim_for(w.manager, bare.pk).confirmations
    assert (shown.is_proof, shown.look, shown.label) == (True, "verified", "Confirmed")
    said = AuditRecord.objects.get(deed=DeliveryDeed.CONFIRMATION_ANSWERED)
    assert said.actor_name == "Head teacher, Foleshill School, by link"
    assert said.user_id is None


def test_a_no_is_none_and_its_words_stand_beside_the_claim(w, bare, ask):
    say(ask(), ConfirmationAnswer.DISPUTED, words="It was four hours.")
    assert has_evidence([bare.pk]) == set()
    (shown,) = claim_for(w.manager, bare.pk).confirmations
    assert (shown.is_proof, shown.label, shown.words) == (
        False,
        "Not as claimed",
        "It was four hours.",
    )


def test_an_answer_is_given_once(ask):
    token = ask()
    say(token)
    with pytest.raises(Conflict, match="answered already"):
        say(token, ConfirmationAnswer.DISPUTED, words="No.")
    assert Confirmation.objects.get().answer == "confirmed"


def test_a_link_works_before_its_expiry_and_not_at_it(ask):
    token = ask()
    end = Confirmation.objects.get().expires_at
    with clock.at(end), pytest.raises(Conflict, match="time to answer is over"):
        say(token)
    with clock.at(end - timedelta(seconds=1)):
        say(token)


def test_a_token_that_was_never_sent_opens_nothing(ask):
    ask()
    with pytest.raises(NotVisible):
        say("x" * 43)
    with pytest.raises(NotVisible):
        say(Confirmation.objects.get().token_hash)


@pytest.mark.parametrize(
    ("answer", "role", "words", "fields"),
    [
        ("", "", "", ["answer", "role"]),
        ("cancelled", "Head", "", ["answer"]),
        ("disputed", "Head", " ", ["words"]),
        ("confirmed", "x" * 151, "x" * 2001, ["role", "words"]),
    ],
)
def test_faults_of_an_answer_are_all_named(answer, role, words, fields):
    with pytest.raises(RuleBroken) as error:
        check_answer(answer=answer, role=role, words=words)
    assert [name for name, _ in error.value.errors] == fields


# --- a claim that changes -------------------------------------------------------------------------


def change(w, bare):
    mark_returned(actor=w.manager, claim_id=bare.pk, expected_version=1, reason="Count again.")
    clock_later = clock.now() + timedelta(hours=1)
    with clock.at(clock_later):
        resubmit_claim(
            actor=w.claimant,
            claim_id=bare.pk,
            expected_version=2,
            quantity=Decimal(4),
            narrative="Four.",
        )


def test_a_changed_claim_is_not_confirmed_by_an_earlier_yes(w, bare, ask):
    say(ask())
    change(w, bare)
    assert has_evidence([bare.pk]) == set()
    (shown,) = claim_for(w.manager, bare.pk).confirmations
    assert (shown.is_proof, shown.label) == (False, "Confirmed, before the claim changed")


def test_a_question_about_what_is_claimed_no_more_closes(w, bare, ask, client):
    token = ask()
    change(w, bare)
    with pytest.raises(Conflict, match="has changed since you were asked"):
        say(token)
    text = client.get(reverse("procurement:deliveries:confirm", args=[token])).text
    assert "has changed since you were asked" in text
    assert "Four." not in text
    ask()


def test_a_verified_claim_keeps_its_confirmation(w, bare, ask):
    say(ask())
    mark_verified(actor=w.manager, claim_id=bare.pk, expected_version=1)
    assert has_evidence([bare.pk]) == {bare.pk}
    (shown,) = claim_for(w.manager, bare.pk).confirmations
    assert shown.is_proof


def test_who_corrects_a_verified_claim_sees_what_the_group_said(w, bare, ask, client):
    say(ask())
    verify_claim(actor=w.manager, claim_id=bare.pk, expected_version=bare.version)
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    page = client.get(reverse("procurement:verifications:correct", args=[bare.pk]))
    text = page.content.decode()
    assert (page.status_code, "Foleshill School, Head teacher" in text) == (200, True)
    assert "No evidence yet." not in text


def test_a_confirmed_claim_is_shown_as_evidenced_wherever_its_evidence_is_told(
    w, bare, ask, client
):
    """Before the answer every page says that nothing shows it; after it none does, and none asks for a photo."""
    client.force_login(user_with_role(Role.SUPPLIER_CONTRIBUTOR, w.supplier))
    update = reverse("procurement:deliveries:update", args=[w.contract.pk, "2025-04-01"])
    waiting = f"{reverse('procurement:deliveries:inbox')}?show=waiting"
    photo = reverse("procurement:deliveries:photo", args=[bare.pk])
    claims = reverse("procurement:deliveries:claims")

    nothing = {
        update: "No evidence yet.",
        waiting: "No evidence yet</span>",
        photo: "No evidence yet.",
        claims: "No evidence</span>",
    }

    def says(address):
        return client.get(address).content.decode()

    for address, words in nothing.items():
        assert words in says(address), address
    assert photo in says(waiting)
    token = ask()
    for address, words in nothing.items():
        assert words in says(address), "a question is no answer"
    say(token)
    for address, words in nothing.items():
        text = says(address)
        assert words not in text, address
        assert "Confirmed by who benefited" in text, address
    assert photo not in says(waiting)
    verify_claim(actor=w.manager, claim_id=bare.pk, expected_version=bare.version)
    assert nothing[update] not in says(update)


def test_a_file_whose_time_is_over_is_no_evidence_of_a_claim_that_waits(w):
    made = claim(w.claimant, w.hours)
    assert claim_for(w.claimant, made.pk).has_evidence
    Evidence.objects.filter(claim=made).update(removed_at=clock.now())
    assert not claim_for(w.claimant, made.pk).has_evidence
    assert has_evidence([made.pk]) == set()


# --- taking back ----------------------------------------------------------------------------------


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


# --- pages ----------------------------------------------------------------------------------------


def test_the_page_says_it_in_plain_words_and_opening_it_uses_nothing_up(client, w, bare, ask):
    Claim.objects.filter(pk=bare.pk).update(postcode_district="CV6")
    token = ask()
    address = reverse("procurement:deliveries:confirm", args=[token])
    for _ in range(3):
        page = client.get(address)
        assert page.status_code == 200
    text = page.text
    for words in (
        w.supplier.name,
        w.authority.name,
        "10 hours",
        "1 April 2025 to 30 June 2025",
        "CV6",
    ):
        assert words in text
    assert "Ten hours at the library." in text
    assert "£" not in text
    assert page["Cache-Control"] == "private, no-store"
    assert Confirmation.objects.get().answer == "waiting"


def test_an_answer_by_hand(client, bare, ask):
    token = ask()
    address = reverse("procurement:deliveries:confirm", args=[token])
    wrong = client.post(address, {"answer": "disputed", "role": "Head teacher"})
    assert wrong.status_code == 422
    assert "Enter what differs from what is said above" in wrong.text
    assert "Head teacher" in wrong.text
    done = client.post(address, {"answer": "confirmed", "role": "Head teacher"}, follow=True)
    assert "confirmed what" in done.text
    assert Confirmation.objects.get().answer == "confirmed"
    again = client.post(address, {"answer": "disputed", "role": "X", "words": "No"})
    assert again.status_code == 409
    assert "An answer is given once" in again.text
    assert "<form" not in client.get(address).text.split("<main", 1)[1].split("</main>", 1)[0]


def test_an_unknown_link_is_no_page(client):
    assert client.get(reverse("procurement:deliveries:confirm", args=["x" * 43])).status_code == 404


def test_asking_and_cancelling_by_hand(supplier, w, bare):
    claim_url = reverse("procurement:deliveries:claim", args=[bare.pk])
    ask_url = reverse("procurement:deliveries:ask_confirmation", args=[bare.pk])
    assert ask_url in supplier.get(claim_url).text
    wrong = supplier.post(ask_url, {"group": "", "email": "nobody"})
    assert "Enter one e-mail address" in wrong.text
    done = supplier.post(ask_url, {"group": "Foleshill School", "email": SCHOOL}, follow=True)
    assert "Foleshill School is asked." in done.text
    assert ConfirmationState.OPEN.label in done.text
    cancel_url = reverse(
        "procurement:deliveries:cancel_confirmation", args=[Confirmation.objects.get().pk]
    )
    assert cancel_url in done.text
    done = supplier.post(cancel_url, {"next": claim_url}, follow=True)
    assert "Its link no longer works." in done.text


def test_the_officer_reads_the_claim_and_asks_nobody(client, w, bare):
    client.force_login(user_with_role(Role.PROCUREMENT_OFFICER, w.authority))
    ask_url = reverse("procurement:deliveries:ask_confirmation", args=[bare.pk])
    assert ask_url not in client.get(reverse("procurement:deliveries:claim", args=[bare.pk])).text
    assert client.get(ask_url).status_code == 403
