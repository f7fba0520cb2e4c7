"""The group that benefited answers once, through its link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from procurement.deliveries.models import Confirmation
from procurement.deliveries.queries import claim_for, has_evidence
from procurement.deliveries.rules.confirming import check_answer
from procurement.deliveries.vocabulary import ConfirmationAnswer, DeliveryDeed
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotVisible, RuleBroken
from tests.procurement.deliveries.test_confirming.steps import say

pytestmark = pytest.mark.django_db


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
