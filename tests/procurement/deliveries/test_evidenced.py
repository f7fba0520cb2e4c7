"""What is evidenced stands in the ledger: from the first thing that shows a claim until the last is gone, never more
than is claimed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from procurement.deliveries import services
from procurement.deliveries.models import Claim, ClaimUpload, Evidence
from procurement.deliveries.services.confirming import answer_confirmation, ask_confirmation
from procurement.deliveries.services.steps import post_evidenced
from procurement.deliveries.services.upload_jobs import withdraw_rows
from procurement.deliveries.vocabulary import UploadStatus
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import entries_of_claim, sums
from procurement.ledger.rules import Posting
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from procurement.verifications.services import verify_claim
from reporting.rollups.services import drain, reconcile
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict
from tests.factories.deliveries import QUARTER, claim, evidence

pytestmark = pytest.mark.django_db
LATER = datetime(2040, 1, 1, 9, tzinfo=UTC)


def bare(w, key="bare"):
    """A claim with nothing that shows it."""
    return services.submit_claim(
        actor=w.claimant,
        commitment_id=w.hours.pk,
        quarter=QUARTER,
        quantity=Decimal(10),
        submission_key=key,
    )


def stands(basis, claim_id=None):
    """Quantity, pence and how many entries stand on a basis; of a claim its own."""
    rows = LedgerEntry.objects.filter(basis=basis)
    rows = rows.filter(claim_id=claim_id) if claim_id else rows
    return (
        sum(row.quantity for row in rows),
        sum(row.value_pence for row in rows),
        rows.filter(corrects__isnull=True).count(),
    )


def evidenced(sent):
    return stands(Basis.EVIDENCED, sent.pk)


def test_a_claim_with_a_file_is_evidenced_as_it_is_claimed(w):
    sent = claim(w.claimant, w.hours)
    assert evidenced(sent) == stands(Basis.CLAIMED, sent.pk) == (10, 12500, 1)
    claimed, shown = entries_of_claim(w.claimant, sent.pk)
    assert (shown.basis, shown.period, shown.value) == ("evidenced", claimed.period, claimed.value)


def test_a_claim_with_nothing_is_not_until_its_first_file_and_the_second_adds_nothing(w):
    sent = bare(w)
    assert evidenced(sent) == (0, 0, 0)
    for name in ("first.pdf", "second.pdf"):
        file = evidence(w.claimant, w.contract, name)
        services.attach_evidence(actor=w.claimant, claim_id=sent.pk, evidence_ids=[file.pk])
        assert evidenced(sent) == (10, 12500, 1)


def test_a_rate_is_evidenced_with_its_whole(w):
    sent = claim(w.claimant, w.share, quantity=Decimal(3), denominator=Decimal(4))
    (entry,) = LedgerEntry.objects.filter(basis=Basis.EVIDENCED, claim=sent)
    assert (entry.quantity, entry.denominator, entry.value_pence) == (3, 4, 0)


def test_what_is_returned_is_not_evidenced_and_sent_again_with_another_figure_it_is(w):
    sent = claim(w.claimant, w.hours)
    services.mark_returned(
        actor=w.manager, claim_id=sent.pk, expected_version=1, reason="Which ten?"
    )
    assert evidenced(sent) == stands(Basis.CLAIMED, sent.pk) == (0, 0, 1)
    services.resubmit_claim(
        actor=w.claimant, claim_id=sent.pk, expected_version=2, quantity=Decimal(8)
    )
    assert evidenced(sent) == (8, 10000, 2)


def test_sent_again_without_its_wrong_file_it_is_not(w):
    sent = claim(w.claimant, w.hours)
    services.mark_returned(
        actor=w.manager, claim_id=sent.pk, expected_version=1, reason="A wrong file."
    )
    wrong = sent.evidence.get()
    services.resubmit_claim(
        actor=w.claimant,
        claim_id=sent.pk,
        expected_version=2,
        quantity=Decimal(10),
        removed_ids=[wrong.pk],
    )
    assert (evidenced(sent)[0], stands(Basis.CLAIMED, sent.pk)[0]) == (0, 10)


def test_a_file_added_while_it_is_returned_counts_once_it_is_sent_again(w):
    sent = bare(w)
    services.mark_returned(
        actor=w.manager, claim_id=sent.pk, expected_version=1, reason="What shows it?"
    )
    file = evidence(w.claimant, w.contract)
    services.attach_evidence(actor=w.claimant, claim_id=sent.pk, evidence_ids=[file.pk])
    assert evidenced(sent) == (0, 0, 0)
    services.resubmit_claim(
        actor=w.claimant, claim_id=sent.pk, expected_version=2, quantity=Decimal(10)
    )
    assert evidenced(sent) == (10, 12500, 1)


@pytest.mark.parametrize("deed", ["withdraw", "reject"])
def test_taken_back_or_rejected_nothing_of_it_is_evidenced(w, deed):
    sent = claim(w.claimant, w.hours)
    if deed == "withdraw":
        services.withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=1)
    else:
        services.mark_rejected(
            actor=w.manager, claim_id=sent.pk, expected_version=1, reason="Not in this contract."
        )
    assert evidenced(sent) == (0, 0, 1)


def test_the_word_of_the_group_that_benefited_is_posted_by_nobody_of_ours_and_a_no_is_not(
    w, django_capture_on_commit_callbacks
):
    yes, no = bare(w, "yes"), bare(w, "no")
    for sent, answer, words in ((yes, "confirmed", ""), (no, "disputed", "It was five.")):
        with django_capture_on_commit_callbacks(execute=True):
            ask_confirmation(
                actor=w.claimant,
                claim_id=sent.pk,
                group="The library",
                email=f"{answer}@library.example",
            )
        token = re.search(r"/deliveries/confirm/([\w-]{43})/", mail.outbox[-1].body)[1]
        answer_confirmation(token=token, answer=answer, role="Librarian", words=words)
    assert (evidenced(yes), evidenced(no)) == ((10, 12500, 1), (0, 0, 0))
    assert LedgerEntry.objects.get(basis=Basis.EVIDENCED).posted_by is None


def test_a_file_whose_time_is_over_ends_it_for_a_claim_that_waits(w):
    sent = claim(w.claimant, w.hours)
    with clock.at(LATER):
        assert services.remove_old_evidence(actor=SYSTEM) == 1
    assert evidenced(sent) == (0, 0, 1)
    reversal = LedgerEntry.objects.get(basis=Basis.EVIDENCED, corrects__isnull=False)
    assert reversal.reason == "Nothing shows the delivery any more."


def test_one_of_two_files_that_goes_ends_nothing(w):
    sent = claim(w.claimant, w.hours)
    kept = evidence(w.claimant, w.contract, "kept.pdf")
    services.attach_evidence(actor=w.claimant, claim_id=sent.pk, evidence_ids=[kept.pk])
    Evidence.objects.filter(pk=kept.pk).update(removed_at=clock.now())
    post_evidenced(w.claimant, sent)
    assert evidenced(sent) == (10, 12500, 1)


def test_a_verified_claim_had_evidence_and_keeps_it_in_the_totals(w):
    sent = claim(w.claimant, w.hours)
    verify_claim(
        actor=w.manager,
        claim_id=sent.pk,
        expected_version=1,
        quantity=Decimal(8),
        reason="Two twice.",
    )
    with clock.at(LATER):
        services.remove_old_evidence(actor=SYSTEM)
    assert evidenced(sent) == stands(Basis.CLAIMED, sent.pk) == (10, 12500, 1)
    assert stands(Basis.VERIFIED, sent.pk) == (8, 10000, 1)


def test_an_upload_taken_back_takes_back_what_was_evidenced_of_it(w):
    sent = claim(w.claimant, w.hours)
    upload = ClaimUpload.objects.create(
        supplier=w.supplier,
        name="claims.xlsx",
        sha256="0" * 64,
        size=1,
        status=UploadStatus.UNDOING,
        uploaded_at=clock.now(),
        uploaded_by_id=w.claimant.user_id,
        sent_at=clock.now(),
        sent_by_id=w.claimant.user_id,
    )
    Claim.objects.filter(pk=sent.pk).update(upload=upload)
    other = claim(w.claimant, w.hours, quantity=Decimal(3))
    assert withdraw_rows(actor=w.claimant, upload_id=upload.pk) == 1
    assert (evidenced(sent), evidenced(other)) == ((0, 0, 1), (3, 3750, 1))


def test_it_follows_into_the_totals_as_every_entry_does(w):
    sent = claim(w.claimant, w.hours)
    bare(w)
    drain()
    services.withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=1)
    drain()
    assert not reconcile().differences
    (claimed,) = sums(basis=Basis.CLAIMED, by=("contract_id",))
    (shown,) = sums(basis=Basis.EVIDENCED, by=("contract_id",))
    assert (claimed.quantity, shown.quantity) == (10, 0)


def test_the_database_holds_that_it_is_of_a_claim(w):
    sent = claim(w.claimant, w.hours)
    (entry,) = LedgerEntry.objects.filter(basis=Basis.EVIDENCED)
    same = {
        name: getattr(entry, name)
        for name in (
            "authority_id", "supplier_id", "edition_id", "theme_id", "measure_id", "contract_id", "commitment_id",
            "period", "quantity", "value_pence",
        )
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="ledger_entry_names_its_source"), transaction.atomic():
        LedgerEntry.objects.create(
            **same, basis="evidenced", posting_key="no claim", posted_at=clock.now()
        )
    posting = Posting(
        **same, basis="evidenced", claim_id=sent.pk, posting_key=f"claim:{sent.pk}:evidenced:1"
    )
    with pytest.raises(Conflict):
        post_entries(actor=w.claimant, postings=[posting])
