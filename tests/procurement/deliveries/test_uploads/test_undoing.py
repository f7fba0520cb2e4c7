"""A sent file is taken back whole, while nothing of it is decided on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.deliveries import services
from procurement.deliveries.models import Claim, NilReturn
from procurement.deliveries.vocabulary import ClaimStatus, UploadStatus
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import sums
from procurement.ledger.vocabulary import Basis
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import Conflict
from tests.factories.deliveries import QUARTER, claim
from tests.factories.uploads import book, line, sent
from tests.procurement.deliveries.test_uploads.steps import NEXT, claimed, nil, reverse, undo

pytestmark = [pytest.mark.django_db, pytest.mark.owner]


def test_undone_whole_with_reversing_entries(w) -> None:
    kept = claim(w.claimant, w.hours, quantity=Decimal(3))
    found = sent(w.claimant, book(line(w.hours, 5), line(w.share, 46, 50)))
    withdrawn = Claim.objects.filter(upload=found).first()
    services.withdraw_claim(actor=w.claimant, claim_id=withdrawn.pk, expected_version=1)
    assert undo(w.claimant, found).status == UploadStatus.UNDONE
    assert set(Claim.objects.filter(upload=found).values_list("status", flat=True)) == {"withdrawn"}
    kept.refresh_from_db()
    assert (kept.status, claimed()) == (ClaimStatus.SUBMITTED, Decimal(3))
    back = LedgerEntry.objects.filter(claim__upload=found, corrects__isnull=False)
    assert back.count() == 2
    assert all(row.reason for row in back)
    assert sums(basis=Basis.CLAIMED, by=("commitment_id",))  # still there to be read
    assert AuditRecord.objects.filter(deed="upload_undone").count() == 1


def test_undo_says_again_what_the_file_took_back_unless_something_else_is_claimed(w) -> None:
    before = nil(w, w.hours, QUARTER, reason="The site was closed.")
    nil(w, w.share, QUARTER)
    found = sent(
        w.claimant, book(line(w.hours, 5), line(w.hours, 6, quarter=NEXT), line(w.share, 46, 50))
    )
    assert not NilReturn.objects.exists()
    once = Claim.objects.get(commitment=w.share)
    services.withdraw_claim(actor=w.claimant, claim_id=once.pk, expected_version=1)
    claim(w.claimant, w.share, quantity=Decimal(30), denominator=Decimal(50))
    undo(w.claimant, found)
    (again,) = NilReturn.objects.all()
    told = (
        "commitment_id",
        "contract_id",
        "authority_id",
        "supplier_id",
        "quarter",
        "reason",
        "made_at",
        "made_by_id",
    )
    assert [getattr(again, name) for name in told] == [getattr(before, name) for name in told]


def test_undo_twice_undoes_once(w) -> None:
    found = sent(w.claimant, book(line(w.hours, 5)))
    undo(w.claimant, found)
    reverse(found)
    with pytest.raises(Conflict):
        undo(w.claimant, found)
    assert (claimed(), LedgerEntry.objects.filter(corrects__isnull=False).count()) == (0, 1)


def test_not_undone_once_one_claim_is_decided_on(w) -> None:
    found = sent(w.claimant, book(line(w.hours, 5), line(w.hours, 6)))
    one = Claim.objects.filter(upload=found).order_by("pk").first()
    services.mark_returned(
        actor=w.manager, claim_id=one.pk, expected_version=1, reason="Which library?"
    )
    found = undo(w.claimant, found)
    assert found.status == UploadStatus.POSTED
    assert found.problem.startswith("The authority has decided on 1 of these claims")
    assert Claim.objects.filter(upload=found, status=ClaimStatus.SUBMITTED).count() == 1
    assert claimed() == 6
