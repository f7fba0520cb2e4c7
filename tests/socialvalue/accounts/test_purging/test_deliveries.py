"""Claims, links, confirmations: what has had its time goes, what has not stays."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from procurement.deliveries.models import (
    ClaimDraft,
    ClaimUpload,
    Confirmation,
    Contribution,
    Delegation,
)
from procurement.deliveries.queries.confirming import confirmations_of
from procurement.deliveries.queries.delegations import passing_on
from procurement.deliveries.vocabulary import ConfirmationAnswer, UploadStatus
from socialvalue.core import clock
from tests.factories.deliveries import QUARTER, claim
from tests.socialvalue.accounts.test_purging.expiring import EDGE, NOW, ago, gone

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("edge", [-EDGE, EDGE])
def test_drafts_of_claims(w, edge):
    ClaimDraft.objects.create(
        commitment=w.hours,
        contract=w.contract,
        supplier=w.supplier,
        quarter=QUARTER,
        narrative="Jo Smith came",
        saved_at=ago("claim_drafts") + edge,
        saved_by_id=w.claimant.user_id,
    )
    assert gone("claim_drafts") == (1 if edge < timedelta(0) else 0)


def upload(w, status: str, at: datetime) -> ClaimUpload:
    row = ClaimUpload(
        supplier=w.supplier,
        name="claims.xlsx",
        sha256=os.urandom(32).hex(),
        size=3,
        status=status,
        uploaded_at=at,
        uploaded_by_id=w.claimant.user_id,
        preview={"contracts": []},
    )
    if status in (UploadStatus.POSTED, UploadStatus.POSTING, UploadStatus.UNDOING):
        row.sent_at, row.sent_by_id = at, w.claimant.user_id
    row.file.save("claims.xlsx", ContentFile(b"abc"), save=False)
    row.answer.save("claims.xlsx", ContentFile(b"def"), save=True)
    return row


@pytest.mark.parametrize(
    ("status", "edge", "goes"),
    [
        (UploadStatus.POSTED, -EDGE, True),
        (UploadStatus.POSTED, EDGE, False),
        (UploadStatus.FAULTY, -EDGE, True),
        (UploadStatus.POSTING, -EDGE, False),
        (UploadStatus.CHECKING, -EDGE, False),
        (UploadStatus.UNDOING, -EDGE, False),
    ],
)
def test_spreadsheets_of_claims(w, status, edge, goes, django_capture_on_commit_callbacks):
    row = upload(w, status, ago("claim_files") + edge)
    files = [row.file.name, row.answer.name]
    with django_capture_on_commit_callbacks(execute=True):
        assert gone("claim_files") == int(goes)
    assert [default_storage.exists(name) for name in files] == [not goes] * 2
    row.refresh_from_db()
    assert (row.name, row.size, row.preview) == ("claims.xlsx", 3, {"contracts": []})
    assert bool(row.file) is not goes


def link(w, **values) -> Delegation:
    at = values.pop("made_at", NOW - timedelta(days=999))
    return Delegation.objects.create(
        **{
            "commitment": w.hours,
            "contract": w.contract,
            "supplier": w.supplier,
            "email": "depot@example.org",
            "site": "Walsall depot",
            "token_hash": os.urandom(32).hex(),
            "made_at": at,
            "made_by_id": w.claimant.user_id,
            "expires_at": NOW + timedelta(days=9),
        }
        | values
    )


@pytest.mark.parametrize(
    ("values", "goes"),
    [
        ({"expires_at": -EDGE}, True),
        ({"expires_at": EDGE}, False),
        ({"ended_at": -EDGE}, True),
        ({"ended_at": EDGE}, False),
    ],
)
def test_addresses_of_links_that_no_longer_work(w, values, goes):
    values = {name: ago("link_addresses") + edge for name, edge in values.items()}
    if "ended_at" in values:
        values["ended_by_id"] = w.claimant.user_id
    row = link(w, **values)
    assert gone("link_addresses") == int(goes)
    row.refresh_from_db()
    assert row.email == (f"removed-{row.pk}@removed.invalid" if goes else "depot@example.org")
    assert row.site == "Walsall depot"
    assert gone("link_addresses") == 0


def test_the_supplier_reads_that_an_address_was_removed(w):
    link(w, expires_at=ago("link_addresses") - EDGE)
    gone("link_addresses")
    with clock.at(datetime(2026, 8, 15, 9, tzinfo=UTC)):
        (row,) = passing_on(w.claimant, w.hours.pk, clock.today(), clock.now()).links
    assert row.email == "address removed"


@pytest.mark.parametrize("edge", [-EDGE, EDGE])
@pytest.mark.parametrize("is_used", [False, True])
def test_figures_handed_in_that_became_no_claim(w, edge, is_used):
    row = Contribution.objects.create(
        delegation=link(w),
        quarter=QUARTER,
        quantity=3,
        narrative="By the gardeners",
        handed_in_at=ago("handed_in_figures") + edge,
        claim=claim(w.claimant, w.hours) if is_used else None,
    )
    assert gone("handed_in_figures") == int(edge < timedelta(0) and not is_used)
    assert Contribution.objects.filter(pk=row.pk).exists() is (is_used or edge > timedelta(0))


@pytest.mark.parametrize(
    ("answer", "kind", "goes"),
    [
        (ConfirmationAnswer.WAITING, "expired", True),
        (ConfirmationAnswer.WAITING, "just not", False),
        (ConfirmationAnswer.CANCELLED, "expired", True),
        (ConfirmationAnswer.CANCELLED, "just not", False),
        # The proof stays as long as a file of evidence would.
        (ConfirmationAnswer.CONFIRMED, "expired", False),
        (ConfirmationAnswer.DISPUTED, "expired", False),
    ],
)
def test_addresses_of_groups_that_were_asked(w, answer, kind, goes):
    at = ago("confirmation_addresses") + (-EDGE if kind == "expired" else EDGE)
    is_answered = answer != ConfirmationAnswer.WAITING
    row = Confirmation.objects.create(
        claim=claim(w.claimant, w.hours),
        group="Foleshill School",
        email="office@example.org",
        token_hash="a" * 64,
        asked_at=at - timedelta(days=30),
        asked_by_id=w.claimant.user_id,
        expires_at=at,
        claim_version=1,
        answer=answer,
        answered_at=at if is_answered else None,
        answered_as="Head teacher" if is_answered else "",
        words="Not so" if answer == ConfirmationAnswer.DISPUTED else "",
    )
    assert gone("confirmation_addresses") == int(goes)
    row.refresh_from_db()
    assert row.email.endswith("@removed.invalid") is goes
    assert (row.group, row.answer) == ("Foleshill School", answer)
    ((info,),) = confirmations_of([row.claim]).values()
    assert info.email == ("address removed" if goes else "office@example.org")


@pytest.mark.parametrize(("years", "goes"), [(6, True), (5, False)])
def test_an_address_that_answered_goes_with_the_evidence(w, years, goes):
    row = Confirmation.objects.create(
        claim=claim(w.claimant, w.hours),
        group="Foleshill School",
        email="office@example.org",
        token_hash="a" * 64,
        asked_at=NOW,
        asked_by_id=w.claimant.user_id,
        expires_at=NOW,
        claim_version=1,
        answer=ConfirmationAnswer.CONFIRMED,
        answered_at=NOW,
    )
    w.contract.starts_on = w.contract.starts_on.replace(year=2010)
    w.contract.ends_on = clock.day_of(NOW - timedelta(days=years * 365 + 2))
    w.contract.save()
    gone("confirmation_addresses")
    row.refresh_from_db()
    assert row.email.endswith("@removed.invalid") is goes
