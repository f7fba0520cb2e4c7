"""A file of claims: kept, sent whole or not at all, undone whole, dropped. What takes long is done by a job."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F

from procurement.deliveries.models import ClaimUpload
from procurement.deliveries.queries.uploads import visible_uploads
from procurement.deliveries.queries.workbook import contracts_to_claim
from procurement.deliveries.rules.text_files import text_of_file
from procurement.deliveries.services.steps import person_of
from procurement.deliveries.vocabulary import DeliveryDeed, UploadStatus
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.errors import Conflict, NotVisible, RuleBroken
from socialvalue.core.files import check_file, safe_name
from socialvalue.core.jobs import enqueue_on_commit
from socialvalue.core.periods import uk_moment
from socialvalue.core.sheets import XLSX
from socialvalue.core.workbooks import is_ods, unpacked_bytes

MEGABYTE = 1024 * 1024
MAX_UPLOAD = 30 * MEGABYTE
MAX_UNPACKED = 100 * MEGABYTE
NO_SPREADSHEET = "This is not a spreadsheet. Choose an XLSX, ODS or CSV file."
CHANGED = "Somebody in your organisation did something with this file meanwhile. It stands now as: {status}."


def enqueue_job(upload_id: int, status: str) -> None:
    """Send the job that a file of this status waits for, once the transaction has committed."""
    if status == UploadStatus.CHECKING:
        enqueue_on_commit("procurement.deliveries.tasks.check_upload", upload_id)
    elif status == UploadStatus.POSTING:
        enqueue_on_commit("procurement.deliveries.tasks.post_upload", upload_id)
    elif status == UploadStatus.UNDOING:
        enqueue_on_commit("procurement.deliveries.tasks.reverse_upload", upload_id)


@transaction.atomic
def upload_claims(
    *, actor: Actor, name: str, content: bytes, contract_id: int | None = None
) -> ClaimUpload:
    """Keep a file of claims of one contract, or of all, and have it checked by a job. Nothing is claimed by it.

    NotAllowed for the buyer, NotVisible for another's contract, RuleBroken (field ``file``) for what is no spreadsheet,
    is too large, or was sent already.
    """
    contracts = contracts_to_claim(actor, contract_id)
    if not contracts:
        raise RuleBroken("You have no signed contract to claim for yet.")
    _check_kind(content)
    sha256 = hashlib.sha256(content).hexdigest()
    supplier_id = contracts[0].supplier_id
    _check_new(supplier_id, sha256)
    upload = ClaimUpload(
        supplier_id=supplier_id,
        contract_id=contract_id,
        name=safe_name(name),
        sha256=sha256,
        size=len(content),
        status=UploadStatus.CHECKING,
        uploaded_at=clock.now(),
        uploaded_by_id=person_of(actor),
    )
    upload.file.save(upload.name, ContentFile(content), save=True)
    record(
        actor=actor,
        deed=DeliveryDeed.CLAIMS_UPLOADED,
        sentence=f"Uploaded {upload.name} to be checked. Nothing is claimed by that.",
        target=upload,
        procurement_id=contracts[0].procurement_id if contract_id else None,
        after={"sha256": sha256, "size": len(content)},
    )
    enqueue_job(upload.pk, upload.status)
    return upload


def is_text(content: bytes) -> bool:
    """A CSV file: every other kind that is taken is a ZIP archive."""
    return not content.startswith(b"PK\x03\x04")


def _check_kind(content: bytes) -> None:
    if not content:
        raise RuleBroken("The file is empty. Choose the workbook that you filled in.", field="file")
    if len(content) > MAX_UPLOAD:
        raise RuleBroken(
            f"The file is larger than {MAX_UPLOAD // MEGABYTE} MB. Send it in parts.", field="file"
        )
    if is_text(content):
        text_of_file(content)
        return
    if unpacked_bytes(content) > MAX_UNPACKED:
        raise RuleBroken(
            "The file unpacks to more than 100 MB. Delete what is not needed, or send it in parts.",
            field="file",
        )
    if is_ods(content, max_bytes=MAX_UPLOAD, otherwise=NO_SPREADSHEET):
        return
    if check_file(name="claims", content=content, max_bytes=MAX_UPLOAD).media_type != XLSX:
        raise RuleBroken(NO_SPREADSHEET, field="file")


def _check_new(supplier_id: int, sha256: str) -> None:
    sent = ClaimUpload.objects.filter(
        supplier_id=supplier_id,
        sha256=sha256,
        status__in=(UploadStatus.POSTING, UploadStatus.POSTED),
    ).first()
    if sent is not None:
        raise RuleBroken(_sent_already(sent), field="file")


def _sent_already(sent: ClaimUpload) -> str:
    when = f" on {_moment(sent.sent_at)}" if sent.sent_at else ""
    return (
        f"This very file was sent already{when}, as {sent.name}. Its claims stand. "
        "To report more, download the workbook again."
    )


def _moment(at: datetime) -> str:
    return uk_moment(at.astimezone(LONDON))


# --- a person's decision --------------------------------------------------------------------------


@transaction.atomic
def send_upload(*, actor: Actor, upload_id: int, expected_version: int) -> ClaimUpload:
    """Have every row of a checked file claimed, by a job, in one transaction. Conflict for one that is not ready.

    RuleBroken when the same file was sent already: two people may press at once, and the database lets one of them.
    """
    upload = _own(actor, upload_id)
    _check_new(upload.supplier_id, upload.sha256)
    try:
        with transaction.atomic():
            _move(
                upload,
                (UploadStatus.READY,),
                expected_version,
                status=UploadStatus.POSTING,
                sent_at=clock.now(),
                sent_by_id=person_of(actor),
                started_at=None,
                done=0,
            )
    except IntegrityError as error:
        raise Conflict("This very file is being sent already.") from error
    enqueue_job(upload.pk, upload.status)
    return upload


@transaction.atomic
def undo_upload(*, actor: Actor, upload_id: int, expected_version: int) -> ClaimUpload:
    """Have every claim of a file withdrawn, by a job, in one transaction. Conflict for one that was not sent.

    Whether none of the claims is decided on is asked by the job, in the transaction that withdraws them.
    """
    upload = _own(actor, upload_id)
    _move(
        upload,
        (UploadStatus.POSTED,),
        expected_version,
        status=UploadStatus.UNDOING,
        undone_by_id=person_of(actor),
        started_at=None,
        done=0,
        problem="",
    )
    enqueue_job(upload.pk, upload.status)
    return upload


@transaction.atomic
def drop_upload(*, actor: Actor, upload_id: int, expected_version: int) -> ClaimUpload:
    """Say that a file that was not sent will not be. It stays on record."""
    upload = _own(actor, upload_id)
    _move(
        upload,
        (UploadStatus.READY, UploadStatus.FAULTY, UploadStatus.FAILED),
        expected_version,
        status=UploadStatus.DROPPED,
    )
    record(
        actor=actor,
        deed=DeliveryDeed.UPLOAD_DROPPED,
        sentence=f"Dropped {upload.name}: nothing of it was sent.",
        target=upload,
        after={"sha256": upload.sha256},
    )
    return upload


def _own(actor: Actor, upload_id: int) -> ClaimUpload:
    upload = (
        visible_uploads(actor).select_for_update(of=("self",)).filter(pk=upload_id).first()
    )  # fmt: skip
    if upload is None:
        raise NotVisible
    return upload


def _move(
    upload: ClaimUpload, allowed: tuple[UploadStatus, ...], expected_version: int, **changes: Any
) -> None:
    """Compare and set."""
    moved = ClaimUpload.objects.filter(
        pk=upload.pk, version=expected_version, status__in=allowed
    ).update(version=F("version") + 1, **changes)
    if not moved:
        raise Conflict(CHANGED.format(status=UploadStatus(upload.status).label.lower()))
    upload.refresh_from_db()
