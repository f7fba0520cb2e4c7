"""What these tests share: a file that is filled in, sent and undone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from procurement.deliveries.models import NilReturn
from procurement.deliveries.services import upload_jobs, uploads
from procurement.ledger.queries import sums
from procurement.ledger.vocabulary import Basis
from socialvalue.core.actor import SYSTEM

NEXT = date(2025, 7, 1)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def claimed() -> Decimal:
    return sum((row.quantity for row in sums(basis=Basis.CLAIMED)), Decimal(0))


def reverse(upload):
    upload_jobs.reverse_upload(actor=SYSTEM, upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


def undo(actor, upload):
    uploads.undo_upload(actor=actor, upload_id=upload.pk, expected_version=upload.version)
    return reverse(upload)


def nil(w, commitment, quarter: date, **more) -> NilReturn:
    return NilReturn.objects.create(
        commitment=commitment, contract=w.contract, authority=w.authority, supplier=w.supplier,
        quarter=quarter, made_at=NOW, made_by_id=w.claimant.user_id, **more,
    )  # fmt: skip
