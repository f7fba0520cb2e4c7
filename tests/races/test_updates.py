"""Two colleagues report one quarter at the same moment, each with a form of their own: one of them is told."""

from __future__ import annotations

import threading
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction

from procurement.deliveries import services
from procurement.deliveries.models import Claim, NilReturn
from procurement.deliveries.queries import seen_claims
from procurement.deliveries.rules import UpdateLine
from procurement.ledger.models import LedgerEntry
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.deliveries import QUARTER, world

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 6


def update(w, quantity: int, key: str, seen: str):
    return partial(
        services.submit_update,
        actor=w.claimant,
        contract_id=w.contract.pk,
        quarter=QUARTER,
        lines=[UpdateLine(w.hours.pk, Decimal(quantity))],
        submission_key=key,
        seen=seen,
    )


def test_control_without_the_lock_both_see_that_nothing_is_claimed(together) -> None:
    """Look what is claimed, then claim: both find the quarter as it was when they opened the page."""
    w = world()
    both_have_looked = threading.Barrier(2, timeout=10)

    def look() -> str:
        with transaction.atomic():
            seen = seen_claims(w.contract.pk, QUARTER)
            both_have_looked.wait()
        return seen

    assert together(look, look) == ["0.0.0", "0.0.0"]


def test_two_colleagues_at_once_are_one_update_and_one_told(together) -> None:
    w = world()
    for number in range(1, ROUNDS + 1):
        seen = seen_claims(w.contract.pk, QUARTER)
        answers = together(
            update(w, 4, f"hers {number}", seen), update(w, 5, f"his {number}", seen)
        )
        assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
        assert (Claim.objects.count(), LedgerEntry.objects.count()) == (number, number)


def test_what_stands_once_a_quarter_and_is_sent_twice_at_once_stands_once(together) -> None:
    w = world()
    send = partial(
        services.submit_claim, actor=w.claimant, commitment_id=w.yes.pk, quarter=QUARTER,
        quantity=Decimal(1),
    )  # fmt: skip
    answers = together(partial(send, submission_key="hers"), partial(send, submission_key="his"))
    assert sorted(type(answer) is RuleBroken for answer in answers) == [False, True]
    assert Claim.objects.count() == 1


def test_a_claim_and_nothing_at_once_never_both_stand(together) -> None:
    w = world()
    nothing = partial(
        services.report_nothing, actor=w.claimant, commitment_id=w.hours.pk, quarter=QUARTER
    )
    together(update(w, 4, "form", "0.0.0"), nothing)
    assert (Claim.objects.count(), NilReturn.objects.count()) == (1, 0)
