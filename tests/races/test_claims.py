"""Verifying twice, sending twice, deciding while the supplier withdraws: one deed happens, once."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from procurement.deliveries import services as deliveries
from procurement.deliveries.models import Claim, Evidence
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import sums
from procurement.ledger.vocabulary import Basis
from procurement.verifications import services as verifications
from procurement.verifications.models import Verification
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.deliveries import claim, evidence, world

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 6


def quantity_of(basis: Basis) -> Decimal:
    return sum((row.quantity for row in sums(basis=basis)), Decimal(0))


def test_control_without_compare_and_set_both_verifiers_think_they_were_the_one(together) -> None:
    """Read, then write what was read to be allowed: both pass the guard."""
    sent = claim((w := world()).claimant, w.hours)
    both_have_read = threading.Barrier(2, timeout=10)

    def verify_unguarded() -> bool:
        with transaction.atomic():
            row = Claim.objects.get(pk=sent.pk)
            may = row.status == ClaimStatus.SUBMITTED
            both_have_read.wait()
            Claim.objects.filter(pk=sent.pk).update(
                status=ClaimStatus.VERIFIED, decided_at=row.submitted_at
            )
        return may

    assert together(verify_unguarded, verify_unguarded) == [True, True]


def test_two_verifiers_at_once_verify_once(together) -> None:
    w = world()
    for number in range(1, ROUNDS + 1):
        sent = claim(w.claimant, w.hours)

        def verify(pk: int = sent.pk) -> Verification:
            return verifications.verify_claim(actor=w.manager, claim_id=pk, expected_version=1)

        answers = together(verify, verify)
        assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
        assert Verification.objects.filter(claim=sent).count() == 1
        assert quantity_of(Basis.VERIFIED) == Decimal(10 * number)


def test_verified_or_withdrawn_but_never_both(together) -> None:
    w = world()
    left = Decimal(0)
    for _ in range(ROUNDS):
        sent = claim(w.claimant, w.hours)
        about = {"claim_id": sent.pk, "expected_version": 1}
        answers = together(
            partial(verifications.verify_claim, actor=w.manager, **about),
            partial(deliveries.withdraw_claim, actor=w.claimant, **about),
        )
        assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
        sent.refresh_from_db()
        left += Decimal(10) if sent.status == ClaimStatus.VERIFIED else Decimal(0)
        assert (quantity_of(Basis.CLAIMED), quantity_of(Basis.VERIFIED)) == (left, left)


def test_two_corrections_at_once_leave_one_figure_standing(together) -> None:
    sent = claim((w := world()).claimant, w.hours)
    verifications.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    for number in range(ROUNDS):
        correct = partial(
            verifications.correct_claim,
            actor=w.manager,
            claim_id=sent.pk,
            expected_version=2 + number,
            reason="Miscounted.",
        )
        answers = together(
            partial(correct, quantity=Decimal(number + 1) / 1000),
            partial(correct, quantity=Decimal(number + 1) / 1000 + 5),
        )
        kept = [answer.quantity for answer in answers if isinstance(answer, Verification)]
        assert len(kept) == 1
        assert quantity_of(Basis.VERIFIED) == kept[0]


def test_control_a_lookup_of_the_key_alone_lets_two_claims_in(together) -> None:
    """Look whether the key is there, then write: both find nothing. Only the unique key stops the second."""
    w = world()
    both_have_looked = threading.Barrier(2, timeout=10)

    def look() -> bool:
        found = Claim.objects.filter(submission_key="same").exists()
        both_have_looked.wait()
        return found

    assert together(look, look) == [False, False]
    assert w.contract.pk


def test_a_form_sent_twice_at_once_is_one_claim_with_one_entry(together) -> None:
    w = world()
    for number in range(1, ROUNDS + 1):
        submit = partial(
            deliveries.submit_claim,
            actor=w.claimant,
            commitment_id=w.hours.pk,
            quarter=date(2025, 4, 1),
            quantity=Decimal(10),
            narrative="Ten hours.",
            submission_key=f"form {number}",
        )
        files = [evidence(w.claimant, w.contract).pk for _ in range(2)]
        first, second = together(*(partial(submit, evidence_ids=[pk]) for pk in files))
        assert first.pk == second.pk
        posted = [
            LedgerEntry.objects.filter(basis=basis).count() for basis in ("claimed", "evidenced")
        ]
        assert (Claim.objects.count(), posted) == (number, [number, number])


def test_a_loose_file_is_removed_or_becomes_part_of_a_claim_but_never_both(together) -> None:
    w = world()
    for number in range(ROUNDS):
        file = evidence(w.claimant, w.contract)
        send = partial(
            deliveries.submit_claim,
            actor=w.claimant,
            commitment_id=w.hours.pk,
            quarter=date(2025, 4, 1),
            quantity=Decimal(1),
            narrative="One hour.",
            evidence_ids=[file.pk],
            submission_key=f"loose-{number}",
        )

        def clear(later: datetime = file.uploaded_at + timedelta(days=8)) -> int:
            with clock.at(later):
                return deliveries.clear_loose_evidence(actor=SYSTEM)

        sent, removed = together(send, clear)
        attached = isinstance(sent, Claim)
        assert attached or isinstance(sent, RuleBroken)
        assert removed == (0 if attached else 1)
        assert Evidence.objects.filter(claim__isnull=False).count() == Claim.objects.count()
        assert default_storage.exists(file.file.name) is attached
