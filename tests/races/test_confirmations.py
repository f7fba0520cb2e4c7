"""Two people with the same letter, a yes and a no, an answer and a cancel: one stands."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from procurement.deliveries.models import Confirmation
from procurement.deliveries.rules.passing_on import hash_of
from procurement.deliveries.services import (
    answer_confirmation,
    ask_confirmation,
    cancel_confirmation,
)
from procurement.deliveries.vocabulary import ConfirmationAnswer
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.deliveries import claim, world

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 6


def asked(w, made, number):
    return Confirmation.objects.create(
        claim=made,
        group="School",
        email=f"office{number}@school.example",
        token_hash=hash_of(f"token {number}"),
        asked_at=clock.now(),
        asked_by_id=w.claimant.user_id,
        expires_at=clock.now() + timedelta(days=30),
        claim_version=made.version,
    )


def test_control_without_compare_and_set_both_think_they_may_and_only_the_table_refuses(
    together,
) -> None:
    row = asked(w := world(), claim(w.claimant, w.hours), 0)
    both_have_read = threading.Barrier(2, timeout=10)

    def answer(said: str) -> bool:
        with suppress(IntegrityError), transaction.atomic():
            may = Confirmation.objects.get(pk=row.pk).answer == ConfirmationAnswer.WAITING
            both_have_read.wait()
            Confirmation.objects.filter(pk=row.pk).update(
                answer=said, answered_at=clock.now(), words="x"
            )
        return may

    assert together(partial(answer, "confirmed"), partial(answer, "disputed")) == [True, True]


def test_a_yes_and_a_no_at_once_are_one_answer(together) -> None:
    w = world()
    made = claim(w.claimant, w.hours)
    for number in range(ROUNDS):
        row = asked(w, made, number)
        say = partial(
            answer_confirmation, token=f"token {number}", role="Head", words="Four hours."
        )
        answers = together(
            partial(say, answer=ConfirmationAnswer.CONFIRMED),
            partial(say, answer=ConfirmationAnswer.DISPUTED),
        )
        assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
        (stands,) = [answer for answer in answers if isinstance(answer, Confirmation)]
        row.refresh_from_db()
        assert row.answer == stands.answer


def test_answered_or_cancelled_but_never_both(together) -> None:
    w = world()
    made = claim(w.claimant, w.hours)
    for number in range(ROUNDS):
        row = asked(w, made, number)
        answers = together(
            partial(
                answer_confirmation,
                token=f"token {number}",
                role="Head",
                answer=ConfirmationAnswer.CONFIRMED,
            ),
            partial(cancel_confirmation, actor=w.claimant, confirmation_id=row.pk),
        )
        assert sorted(type(answer) is Conflict for answer in answers) == [False, True]


def test_one_address_asked_twice_at_once_is_asked_once(together) -> None:
    w = world()
    for _ in range(ROUNDS):
        made = claim(w.claimant, w.hours)
        ask = partial(
            ask_confirmation,
            actor=w.claimant,
            claim_id=made.pk,
            group="School",
            email="office@school.example",
        )
        answers = together(ask, ask)
        assert sorted(type(answer) is RuleBroken for answer in answers) == [False, True]
        assert Confirmation.objects.filter(claim=made).count() == 1
