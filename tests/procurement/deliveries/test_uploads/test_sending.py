"""A checked file is sent once, whole or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from procurement.deliveries.models import Claim, ClaimUpload, NilReturn
from procurement.deliveries.services import upload_jobs, uploads
from procurement.deliveries.vocabulary import ClaimStatus, UploadStatus
from procurement.ledger.models import LedgerEntry, PendingPosting
from procurement.ledger.vocabulary import Basis
from socialvalue.audit.models import AuditRecord
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.deliveries import QUARTER, claim
from tests.factories.uploads import book, line, sent, uploaded
from tests.procurement.deliveries.test_uploads.steps import NEXT, NOW, claimed, nil, undo

pytestmark = [pytest.mark.django_db, pytest.mark.owner]


def send(actor, upload):
    return uploads.send_upload(actor=actor, upload_id=upload.pk, expected_version=upload.version)


def post(upload):
    upload_jobs.post_upload(actor=SYSTEM, upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


def test_a_sent_file_is_claimed_as_if_each_row_were_entered_on_its_page(w) -> None:
    by_hand = claim(w.claimant, w.hours, quantity=Decimal("12.345"), quarter=NEXT)
    found = sent(
        w.claimant,
        book(
            line(w.hours, 12.345, words="Library", district="cv1", quarter=NEXT),
            line(w.share, 46, 50),
            line(w.yes, 1),
        ),
    )
    assert (found.status, found.rows) == (UploadStatus.POSTED, 3)
    row = Claim.objects.get(upload=found, commitment=w.hours)
    assert (row.quantity, row.value_pence, row.quarter, row.version, row.status) == (
        by_hand.quantity, by_hand.value_pence, by_hand.quarter, 1, ClaimStatus.SUBMITTED,
    )  # fmt: skip
    assert (row.postcode_district, row.narrative) == ("CV1", "Library")
    assert (row.authority_id, row.supplier_id) == (by_hand.authority_id, by_hand.supplier_id)
    assert row.submitted_by_id == w.claimant.user_id
    names = [
        "basis", "authority_id", "supplier_id", "edition_id", "theme_id", "measure_id", "contract_id", "commitment_id",
        "period", "quantity", "denominator", "value_pence", "corrects_id", "verification_id", "reason", "posted_by_id",
    ]  # fmt: skip
    ours = LedgerEntry.objects.values(*names).get(claim=row)
    claimed_by_hand = LedgerEntry.objects.filter(claim=by_hand, basis=Basis.CLAIMED)
    assert ours == claimed_by_hand.values(*names).get()
    assert LedgerEntry.objects.get(claim=row).posting_key == f"claim:{row.pk}:version:1"
    share = LedgerEntry.objects.get(claim__upload=found, commitment=w.share)
    assert (share.quantity, share.denominator, share.value_pence) == (46, 50, 0)


def test_the_feed_holds_every_entry_once(w) -> None:
    PendingPosting.objects.all().delete()
    found = sent(w.claimant, book(*(line(w.hours, n, words=str(n)) for n in range(1, 2_502))))
    waiting = [pk for row in PendingPosting.objects.all() for pk in row.entry_ids]
    entries = LedgerEntry.objects.filter(claim__upload=found).values_list("pk", flat=True)
    assert sorted(waiting) == sorted(entries)
    assert max(len(row.entry_ids) for row in PendingPosting.objects.all()) == 1_000


def test_one_line_of_the_record_with_the_hash_of_the_file(w) -> None:
    found = sent(w.claimant, book(line(w.hours, 1), line(w.hours, 2)), contract_id=w.contract.pk)
    (row,) = AuditRecord.objects.filter(deed="upload_posted")
    assert (row.after["sha256"], row.after["rows"]) == (found.sha256, 2)
    assert (row.user_id, row.procurement_id) == (w.claimant.user_id, w.contract.procurement_id)


def test_the_job_twice_claims_once(w) -> None:
    found = sent(w.claimant, book(line(w.hours, 5)))
    assert post(found).status == UploadStatus.POSTED
    assert (Claim.objects.count(), claimed()) == (1, Decimal(5))


def test_pressed_twice_it_is_sent_once(w) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5)))
    send(w.claimant, found)
    with pytest.raises((Conflict, RuleBroken)):
        send(w.claimant, found)
    assert post(found).status == UploadStatus.POSTED


def test_the_same_file_is_sent_once_and_again_after_it_was_undone(w) -> None:
    content = book(line(w.hours, 5))
    twin = uploaded(w.claimant, content)
    first = sent(w.claimant, content)
    with pytest.raises(RuleBroken, match="sent already"):
        uploads.upload_claims(actor=w.claimant, name="b.xlsx", content=content)
    with pytest.raises(RuleBroken, match="sent already"):
        send(w.claimant, twin)
    assert undo(w.claimant, first).status == UploadStatus.UNDONE
    send(w.claimant, twin)
    assert (post(twin).status, claimed()) == (UploadStatus.POSTED, Decimal(5))


def test_the_database_itself_holds_the_same_file_to_one(w) -> None:
    content = book(line(w.hours, 5))
    one, two = uploaded(w.claimant, content), uploaded(w.claimant, content)
    send(w.claimant, one)
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        ClaimUpload.objects.filter(pk=two.pk).update(
            status=UploadStatus.POSTED, sent_at=NOW, sent_by_id=w.claimant.user_id
        )


def test_what_changed_after_the_check_stops_the_whole_file(w) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5), line(w.yes, 1)))
    send(w.claimant, found)
    claim(w.claimant, w.yes, quantity=Decimal(1))
    assert (post(found).status, found.faults) == (UploadStatus.FAULTY, 1)
    assert Claim.objects.filter(upload=found).count() == 0


def test_a_failure_half_way_leaves_nothing_and_says_so(w) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5), line(w.hours, 6)))
    send(w.claimant, found)
    # The key of the second row is taken: the database refuses in the middle of the rows.
    first = claim(w.claimant, w.hours, key=f"upload:{found.pk}:row:3")
    assert post(found).status == UploadStatus.FAILED
    assert found.problem.startswith("This service could not work on the file.")
    assert list(Claim.objects.values_list("pk", flat=True)) == [first.pk]
    assert LedgerEntry.objects.filter(basis=Basis.CLAIMED).count() == 1


def test_somebody_who_left_meanwhile_sends_nothing(w) -> None:
    from socialvalue.accounts.models import Membership

    found = uploaded(w.claimant, book(line(w.hours, 5)))
    send(w.claimant, found)
    Membership.objects.filter(user_id=w.claimant.user_id).update(ended_at=NOW)
    assert (post(found).status, Claim.objects.count()) == (UploadStatus.FAILED, 0)


def test_another_file_in_the_store_is_not_taken(w) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5)))
    send(w.claimant, found)
    with open(found.file.path, "wb") as stored:
        stored.write(book(line(w.hours, 500)))
    assert (post(found).status, Claim.objects.count()) == (UploadStatus.FAILED, 0)


def test_a_claim_takes_back_the_word_that_there_was_nothing(w) -> None:
    nil(w, w.hours, QUARTER), nil(w, w.hours, NEXT)
    sent(w.claimant, book(line(w.hours, 5)))
    assert [row.quarter for row in NilReturn.objects.all()] == [NEXT]
