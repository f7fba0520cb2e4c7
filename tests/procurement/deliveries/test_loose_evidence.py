"""A file that never became part of a claim is removed after a week, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.storage.filesystem import FileSystemStorage

from procurement.deliveries.models import Evidence
from procurement.deliveries.services import clear_loose_evidence
from procurement.deliveries.vocabulary import DeliveryDeed
from socialvalue.accounts.tasks import purge_expired
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotAllowed
from tests.factories.deliveries import claim, evidence

pytestmark = pytest.mark.django_db
UPLOADED = datetime(2025, 8, 15, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


def removed() -> list[AuditRecord]:
    return list(AuditRecord.objects.filter(deed=DeliveryDeed.EVIDENCE_REMOVED))


@pytest.mark.parametrize(
    ("age", "stays"), [(WEEK, True), (WEEK + timedelta(microseconds=1), False)]
)
def test_a_loose_file_is_kept_for_a_week(w, age, stays) -> None:
    file = evidence(w.claimant, w.contract)
    path = file.file.name
    with clock.at(UPLOADED + age):
        assert clear_loose_evidence(actor=SYSTEM) == (0 if stays else 1)
    assert Evidence.objects.filter(pk=file.pk).exists() is stays
    assert default_storage.exists(path) is stays
    assert len(removed()) == (0 if stays else 1)


def test_what_was_removed_is_on_the_record(w) -> None:
    file = evidence(w.claimant, w.contract, "rota.pdf")
    with clock.at(UPLOADED + 2 * WEEK):
        purge_expired()
    (row,) = removed()
    assert (row.target_type, row.target_id, row.procurement_id) == (
        "evidence",
        file.pk,
        w.contract.procurement_id,
    )
    assert row.sentence == "Removed the file rota.pdf, which was part of no claim for 7 days."
    assert row.before == {"sha256": file.sha256, "size": file.size}


def test_the_files_of_a_claim_stay_for_ever(w) -> None:
    (kept,) = claim(w.claimant, w.hours).evidence.all()
    with clock.at(UPLOADED + 100 * WEEK):
        assert clear_loose_evidence(actor=SYSTEM) == 0
    assert default_storage.exists(kept.file.name)
    assert Evidence.objects.get() == kept


def test_a_file_that_is_gone_already_is_no_fault(w) -> None:
    file = evidence(w.claimant, w.contract)
    default_storage.delete(file.file.name)
    with clock.at(UPLOADED + 2 * WEEK):
        assert clear_loose_evidence(actor=SYSTEM) == 1
        assert clear_loose_evidence(actor=SYSTEM) == 0
    assert len(removed()) == 1


def test_a_file_the_store_keeps_holds_up_no_other(w, monkeypatch) -> None:
    stuck, other = evidence(w.claimant, w.contract), evidence(w.claimant, w.contract)
    really = FileSystemStorage.delete

    def delete(self, name):
        if name == stuck.file.name:
            raise PermissionError(name)
        really(self, name)

    with clock.at(UPLOADED + 2 * WEEK):
        with monkeypatch.context() as patched:
            patched.setattr(FileSystemStorage, "delete", delete)
            assert clear_loose_evidence(actor=SYSTEM) == 1
        assert [row.pk for row in Evidence.objects.all()] == [stuck.pk]
        assert [row.target_id for row in removed()] == [other.pk]
        assert clear_loose_evidence(actor=SYSTEM) == 1


def test_a_person_cannot_have_files_removed(w) -> None:
    evidence(w.claimant, w.contract)
    with clock.at(UPLOADED + 2 * WEEK):
        for actor in (w.claimant, w.manager):
            with pytest.raises(NotAllowed):
                clear_loose_evidence(actor=actor)
    assert Evidence.objects.count() == 1
