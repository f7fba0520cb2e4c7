"""What jobs do with a file of claims: check it, claim every row or none, take all of it back.

A job may be killed at any moment and started again by the clock. It writes in one transaction, which begins by locking
the row of the file: a second job of the same file finds the row locked, or its status moved, and does nothing.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import OperationalError, transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from procurement.awards.queries import contract_brief
from procurement.deliveries.models import Allocation, Claim, ClaimUpload
from procurement.deliveries.queries.uploads import DECIDED, RUNNING, actor_of
from procurement.deliveries.queries.workbook import claimable_of, preview_of
from procurement.deliveries.renderers import marked_book, marked_csv
from procurement.deliveries.rules.text_files import sheet_of_text
from procurement.deliveries.rules.uploads import (
    FIRST_ROWS,
    Checked,
    Entered,
    check_book,
    submission_key,
)
from procurement.deliveries.services.nothing import say_again, take_back_for
from procurement.deliveries.services.uploads import NO_SPREADSHEET, enqueue_job, is_text
from procurement.deliveries.vocabulary import ClaimStatus, DeliveryDeed, UploadStatus
from procurement.ledger.queries import standing_of_claims
from procurement.ledger.services import post_selected, reverse_claims
from procurement.ledger.vocabulary import Basis
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.bulk import Plain, insert_rows, without_collecting
from socialvalue.core.cells import Workbook
from socialvalue.core.errors import Conflict, DomainError, NotAllowed, RuleBroken
from socialvalue.core.money import count_text
from socialvalue.core.workbooks import sheets_of, sizes_of

logger = logging.getLogger(__name__)
SILENT_FOR = timedelta(minutes=2)
"""A job says that it lives more often than that, unless the database is at work for it."""
MAX_CELLS = 4_000_000
NO_SEAT = "The person who sent this file no longer works for your organisation here. Send it again."
OTHER_FILE = "The file in the store is not the one that was uploaded. Upload it again."
BROKEN = "This service could not work on the file. Nothing of it was claimed. Try again, or ask whoever runs it."
DECIDED_ON = (
    "The authority has decided on {count} of these claims, so the file stands as it was sent. "
    "Withdraw the others one by one."
)
COLUMNS = (
    "commitment_id", "contract_id", "authority_id", "supplier_id", "quarter", "quantity", "denominator", "value_pence",
    "narrative", "postcode_district", "status", "submission_key", "submitted_at", "submitted_by_id", "decision_reason",
    "upload_id", "version",
)  # fmt: skip


# --- checking -------------------------------------------------------------------------------------


def check_upload(*, actor: Actor, upload_id: int) -> None:
    """Read a file, check every row, and keep what it comes to, or the supplier's own copy with what is to be mended."""
    upload = _start(actor, upload_id, UploadStatus.CHECKING)
    if upload is None:
        return
    with _failing_in_words(upload, UploadStatus.CHECKING):
        book, checked = _read(upload, _person(upload), is_first=True)
        if checked.faults:
            _keep_faults(upload, UploadStatus.CHECKING, book, checked)
            return
        _finish(
            upload,
            UploadStatus.CHECKING,
            status=UploadStatus.READY,
            rows=len(checked.rows),
            done=len(checked.rows),
            preview=preview_of(checked, FIRST_ROWS),
        )


def _read(upload: ClaimUpload, actor: Actor, *, is_first: bool) -> tuple[Workbook, Checked]:
    try:
        with upload.file.open("rb") as stored:
            content = stored.read()
    except FileNotFoundError as error:
        raise Conflict(OTHER_FILE) from error
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise Conflict(OTHER_FILE)
    book = book_of(content, is_first=is_first)
    claimable = claimable_of(actor, upload.contract_id, clock.today())
    checked = check_book(book, claimable, today=clock.today(), tell=_teller(upload.pk))
    return book, checked


def book_of(content: bytes, *, is_first: bool = True) -> Workbook:
    """The sheets of a file of claims. ``is_first``: it was never opened here, so its size is tried out in a child."""
    if is_text(content):
        return sheet_of_text(content)
    if is_first:
        sizes = sizes_of(content, otherwise=NO_SPREADSHEET)
        if sum(rows * columns for rows, columns in sizes) > MAX_CELLS:
            raise RuleBroken("The file has too many cells. Delete what does not belong to it.")
    return sheets_of(content, otherwise=NO_SPREADSHEET, with_failed=True)


def _keep_faults(
    upload: ClaimUpload, status: UploadStatus, book: Workbook, checked: Checked
) -> None:
    with upload.file.open("rb") as stored:
        is_csv = is_text(stored.read(4))
    marked = (marked_csv if is_csv else marked_book)(book, checked.problems)
    upload.answer.save(upload.name, ContentFile(marked), save=False)
    listed = [[one.cell, one.message] for one in checked.problems[:FIRST_ROWS]]
    _finish(
        upload,
        status,
        status=UploadStatus.FAULTY,
        rows=checked.filled,
        done=checked.filled,
        faults=checked.faults,
        answer=upload.answer.name,
        preview={"problems": listed},
    )


# --- claiming -------------------------------------------------------------------------------------


def post_upload(*, actor: Actor, upload_id: int) -> None:
    """Claim every row of a file, in one transaction with its entries, their feed and one line of the record.

    The file is checked again: what it may claim can have changed since it was shown.
    """
    upload = _start(actor, upload_id, UploadStatus.POSTING)
    if upload is None:
        return
    with _failing_in_words(upload, UploadStatus.POSTING), without_collecting():
        person = _person(upload)
        book, checked = _read(upload, person, is_first=False)
        if checked.faults:
            _keep_faults(upload, UploadStatus.POSTING, book, checked)
            return
        _alive(upload.pk)
        post_rows(actor=person, upload_id=upload.pk, rows=checked.rows)


@transaction.atomic
def post_rows(*, actor: Actor, upload_id: int, rows: Sequence[Entered]) -> int:
    """All of these rows as claims, or none. How many; 0 when another job has done it, or is doing it."""
    upload = _lock(upload_id, UploadStatus.POSTING)
    if upload is None:
        return 0
    now = clock.now()
    insert_rows(Claim, COLUMNS, _plain(upload, rows, now.isoformat()))
    made = Claim.objects.filter(upload_id=upload.pk)
    post_selected(actor=actor, sources=made, columns=_entry_columns(), count=len(rows))
    nil = take_back_for(made)
    ClaimUpload.objects.filter(pk=upload.pk).update(
        preview={**(upload.preview or {}), "nil": nil},
        status=UploadStatus.POSTED,
        rows=len(rows),
        done=len(rows),
        problem="",
        version=F("version") + 1,
    )
    record(
        actor=actor,
        deed=DeliveryDeed.UPLOAD_POSTED,
        sentence=f"Claimed {count_text(len(rows), 'delivery', 'deliveries')} from {upload.name}."
        if len(rows) == 1
        else f"Claimed {len(rows):,} deliveries from {upload.name}.",
        target=upload,
        procurement_id=_procurement_of(upload),
        after={
            "sha256": upload.sha256,
            "rows": len(rows),
            "value_pence": str(sum(row.value_pence for row in rows)),
        },
    )
    return len(rows)


def _procurement_of(upload: ClaimUpload) -> int | None:
    """Of a file for one contract; one for several belongs to no single procurement."""
    if upload.contract_id is None:
        return None
    return contract_brief(upload.contract_id).procurement_id


def _plain(upload: ClaimUpload, rows: Sequence[Entered], now: str) -> list[tuple[Plain, ...]]:
    days = {row.quarter: row.quarter.isoformat() for row in rows}
    supplier, person, status = upload.supplier_id, upload.sent_by_id, ClaimStatus.SUBMITTED.value
    head = submission_key(upload.pk, 0)[:-1]
    return [
        (
            one.commitment_id,
            one.contract_id,
            one.authority_id,
            supplier,
            days[quarter],
            str(quantity),
            None if whole is None else str(whole),
            pence,
            words,
            district,
            status,
            f"{head}{line}",
            now,
            person,
            "",
            upload.pk,
            1,
        )
        for line, one, quarter, quantity, whole, words, district, pence in rows
    ]


def _entry_columns() -> dict[str, Any]:
    """What each claim posts, as ``posting_for`` says it of one."""
    same = (
        "authority_id", "supplier_id", "contract_id", "commitment_id", "quantity", "denominator", "value_pence",
    )  # fmt: skip
    return {
        "basis": Value(Basis.CLAIMED.value),
        **{name: F(name) for name in same},
        "edition_id": F("commitment__edition_id"),
        "theme_id": F("commitment__measure__outcome__theme_id"),
        "measure_id": F("commitment__measure_id"),
        "claim_id": F("pk"),
        "period": F("quarter"),
        "posting_key": Concat(
            Value("claim:"), _text("pk"), Value(":version:"), _text("version")
        ),
    }  # fmt: skip


def _text(name: str) -> Cast:
    return Cast(name, CharField())


# --- taking back ----------------------------------------------------------------------------------


def reverse_upload(*, actor: Actor, upload_id: int) -> None:
    """Withdraw every claim of a file and reverse what was posted for them; nothing once one is decided on."""
    upload = _start(actor, upload_id, UploadStatus.UNDOING)
    if upload is None:
        return
    try:
        withdraw_rows(actor=_person(upload), upload_id=upload.pk)
    except DomainError as error:
        _finish(
            upload,
            UploadStatus.UNDOING,
            status=UploadStatus.POSTED,
            problem=error.message[:500],
            undone_by_id=None,
        )


@transaction.atomic
def withdraw_rows(*, actor: Actor, upload_id: int) -> int:
    """All claims of the file, or none: RuleBroken when one is verified, returned or rejected."""
    upload = _lock(upload_id, UploadStatus.UNDOING)
    if upload is None:
        return 0
    now = clock.now()
    claims = Claim.objects.filter(upload_id=upload.pk)
    # Waits for whoever decides on one of them at this moment; what they decided is then seen below.
    count = claims.filter(status=ClaimStatus.SUBMITTED).update(
        status=ClaimStatus.WITHDRAWN, decided_at=now, version=F("version") + 1
    )
    decided = claims.filter(status__in=DECIDED).count()
    if decided:
        raise RuleBroken(DECIDED_ON.format(count=f"{decided:,}"))
    reason = "The whole upload was undone by the supplier."
    reverse_claims(actor=actor, basis=Basis.CLAIMED, claims=claims, count=count, reason=reason)
    shown = standing_of_claims(basis=Basis.EVIDENCED, claims=claims).count()
    reverse_claims(actor=actor, basis=Basis.EVIDENCED, claims=claims, count=shown, reason=reason)
    say_again((upload.preview or {}).get("nil", ()))
    Allocation.objects.filter(claim__upload_id=upload.pk, quantity__gt=0).update(quantity=0)
    ClaimUpload.objects.filter(pk=upload.pk).update(
        status=UploadStatus.UNDONE, undone_at=now, done=count, version=F("version") + 1
    )
    record(
        actor=actor,
        deed=DeliveryDeed.UPLOAD_UNDONE,
        sentence=f"Took back all {upload.rows:,} claims of {upload.name}.",
        target=upload,
        procurement_id=_procurement_of(upload),
        after={"sha256": upload.sha256, "rows": upload.rows},
    )
    return count


# --- the life of a job ----------------------------------------------------------------------------


@transaction.atomic
def restart_silent_uploads(*, actor: Actor) -> int:
    """Start again the jobs of files that have been silent too long: their worker was killed, or a message was lost.

    NotAllowed for a person: the clock does it. How many were started.
    """
    if not actor.is_system:
        raise NotAllowed("Jobs that fell silent are started again by the clock.")
    last = clock.now() - SILENT_FOR
    silent = ClaimUpload.objects.filter(
        Q(started_at__lt=last)
        | Q(started_at__isnull=True, status=UploadStatus.CHECKING, uploaded_at__lt=last)
        | Q(started_at__isnull=True, status__in=RUNNING[1:], sent_at__lt=last),
        status__in=RUNNING,
    )
    found = list(silent.values_list("pk", "status"))
    for pk, status in found:
        logger.warning("The upload %s (%s) has fallen silent and is started again.", pk, status)
        enqueue_job(pk, status)
    return len(found)


def _start(actor: Actor, upload_id: int, status: UploadStatus) -> ClaimUpload | None:
    """The file, when it still waits for this job. NotAllowed for a person: people press, jobs do."""
    if not actor.is_system:
        raise NotAllowed("A file of claims is worked on by a job.")
    if not _alive(upload_id, status=status):
        return None
    rows = ClaimUpload.objects.select_related("sent_by", "uploaded_by", "undone_by")
    return rows.filter(pk=upload_id, status=status).first()


def _alive(upload_id: int, *, status: str = "", done: int | None = None) -> bool:
    """Say that the job lives and how far it is. Not while another holds the file: that one is alive."""
    changes: dict[str, Any] = {"started_at": clock.now()}
    if done is not None:
        changes["done"] = done
    with transaction.atomic():
        rows = ClaimUpload.objects.select_for_update(skip_locked=True, of=("self",))
        found = rows.filter(pk=upload_id, status__in=[status] if status else RUNNING).first()
        if found is None:
            return False
        ClaimUpload.objects.filter(pk=upload_id).update(**changes)
    return True


def _teller(upload_id: int) -> Callable[[int], object]:
    return lambda done: _alive(upload_id, done=done)


def _lock(upload_id: int, status: UploadStatus) -> ClaimUpload | None:
    """The row of the file, held until the transaction ends; None when another job holds it or has finished."""
    rows = ClaimUpload.objects.select_for_update(skip_locked=True, of=("self",))
    return rows.filter(pk=upload_id, status=status).first()


def _person(upload: ClaimUpload) -> Actor:
    """Whoever pressed the button, as they are allowed now. Conflict when they work here no more."""
    actor = actor_of(upload)
    if actor is None:
        raise Conflict(NO_SEAT)
    return actor


@contextmanager
def _failing_in_words(upload: ClaimUpload, was: UploadStatus) -> Iterator[None]:
    """What goes wrong is said on the page of the file, and the job ends. A database that is away is left to the clock,
    which starts the job again."""
    try:
        yield
    except DomainError as error:
        _fail(upload, was, error.message)
    except OperationalError:
        raise
    except Exception:
        # A job that ends in silence leaves the person looking at a page that never moves.
        logger.exception("The upload %s could not be worked on.", upload.pk)
        _fail(upload, was, BROKEN)


def _finish(upload: ClaimUpload, was: UploadStatus, **changes: Any) -> None:
    """Compare and set: a second job of the same file changes nothing."""
    ClaimUpload.objects.filter(pk=upload.pk, status=was).update(
        version=F("version") + 1, started_at=clock.now(), **changes
    )


def _fail(upload: ClaimUpload, was: UploadStatus, message: str) -> None:
    _finish(upload, was, status=UploadStatus.FAILED, problem=message[:500])
