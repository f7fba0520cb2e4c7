"""100,000 claims in a file, and the worker killed at its worst moment: nothing half-posted, nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from procurement.deliveries.models import Claim, ClaimUpload
from procurement.deliveries.services import upload_jobs, uploads
from procurement.deliveries.vocabulary import ClaimStatus, UploadStatus
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import sums
from procurement.ledger.vocabulary import Basis
from procurement.verifications import services as verifications
from reporting.rollups import queries as rollup_queries
from reporting.rollups import services as rollups
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.errors import Conflict, DomainError, RuleBroken
from socialvalue.core.jobs import enqueue_on_commit
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.factories.deliveries import evidence, world
from tests.factories.ledger import Promise, contract_with, measure
from tests.factories.uploads import book, line, sent, text, uploaded

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
ROWS = 100_000
LONGEST_SECONDS = 300
QUARTERS = [date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)]


def quantity_claimed() -> Decimal:
    return sum((row.quantity for row in sums(basis=Basis.CLAIMED)), Decimal(0))


# --- a worker that is killed ----------------------------------------------------------------------


@contextmanager
def worker(log: Path) -> Iterator[subprocess.Popen]:
    """A Celery worker of our own, on the database, the files and the broker of these tests."""
    name = connection.settings_dict["NAME"]
    head, _, query = os.environ["DATABASE_URL"].partition("?")
    address = head.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")
    environment = {
        "DATABASE_URL": address, "SV_VAR": str(settings.VAR), "SV_MEDIA": str(settings.MEDIA_ROOT), "SV_ENV": "test",
    }  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "socialvalue.celery", "worker",
             "--pool=solo", "--loglevel=INFO", "--without-gossip", "--without-mingle"],
            cwd=ROOT, env=os.environ | environment, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wait_until(lambda: b" ready." in log.read_bytes(), "the worker is ready", process)
            yield process
        finally:
            process.kill()
            process.wait()


def wait_until(
    condition: Callable[[], bool], what: str, process: subprocess.Popen | None = None
) -> None:
    last = time.monotonic() + LONGEST_SECONDS
    while not condition():
        assert process is None or process.poll() is None, f"The worker has ended before: {what}."
        assert time.monotonic() < last, f"Waited {LONGEST_SECONDS} seconds for: {what}."
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.005)")


def is_stored(upload: ClaimUpload, status: UploadStatus) -> bool:
    return ClaimUpload.objects.filter(pk=upload.pk, status=status).exists()


def others_at_work(beginning: str = "") -> bool:
    """Whether another connection to this database runs a statement that begins so, or any transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND xact_start IS NOT NULL AND query LIKE %s",
            [f"{beginning}%"],
        )
        return bool(cursor.fetchone()[0])


def supplier() -> tuple[Actor, bytes]:
    """A supplier with ten contracts of ten commitments, and its file of 100,000 claims of a half each."""
    owner = SupplierFactory()
    measures = [measure(f"B{number}", theme_code=f"T{number // 2}") for number in range(10)]
    commitments = [
        commitment
        for _ in range(10)
        for commitment in contract_with(*(Promise(one) for one in measures), supplier=owner)[1]
    ]
    rows = [
        line(
            commitments[number % len(commitments)],
            "0.5",
            words=f"Session {number}",
            quarter=QUARTERS[number // len(commitments) % len(QUARTERS)],
        )
        for number in range(ROWS)
    ]
    return actor_for_role(Role.SUPPLIER_CONTRIBUTOR, owner), text(rows)


def counts(upload: ClaimUpload) -> tuple[int, int, int]:
    """Claims of the file, entries of them, lines of the record that say so."""
    if connection.vendor == "postgresql":
        # What the planner last saw were empty tables: it would look through all entries once a claim.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE procurement_claim, procurement_ledgerentry")
    return (
        Claim.objects.filter(upload=upload).count(),
        LedgerEntry.objects.filter(claim__upload=upload).count(),
        AuditRecord.objects.filter(deed="upload_posted", target_id=upload.pk).count(),
    )


def restart_after_silence() -> int:
    with clock.at(clock.now() + timedelta(minutes=5)):
        return upload_jobs.restart_silent_uploads(actor=SYSTEM)


@pytest.mark.parametrize(
    "statement",
    ["COPY procurement_claim", 'INSERT INTO "procurement_ledgerentry"'],
    ids=["while claims go in", "while entries go in"],
)
def test_killed_in_the_middle_of_100000_rows(tmp_path: Path, statement: str) -> None:
    actor, content = supplier()
    upload = uploaded(actor, content, name="claims.csv")
    assert (upload.status, upload.rows) == (UploadStatus.READY, ROWS)
    statement = statement.replace("COPY procurement_claim", 'COPY "procurement_claim"')
    with worker(tmp_path / "first.log") as process:
        uploads.send_upload(actor=actor, upload_id=upload.pk, expected_version=upload.version)
        wait_until(lambda: others_at_work(statement), f"the worker is at {statement}", process)
        process.kill()
        process.wait()
    wait_until(lambda: not others_at_work(), "the database has let go of the killed worker")
    assert counts(upload) == (0, 0, 0)
    assert is_stored(upload, UploadStatus.POSTING)
    assert quantity_claimed() == 0
    with worker(tmp_path / "second.log") as process:
        assert restart_after_silence() == 1
        # Started twice, and the message of the first time comes late: it is done once.
        enqueue_on_commit("procurement.deliveries.tasks.post_upload", upload.pk)
        wait_until(lambda: is_stored(upload, UploadStatus.POSTED), "everything is posted", process)
        wait_until(lambda: rollup_queries.freshness().is_current, "an empty feed", process)
        assert counts(upload) == (ROWS, ROWS, 1)
        assert restart_after_silence() == 0
    assert quantity_claimed() == ROWS / 2
    assert rollups.reconcile().wrong == 0


def test_web_killed_after_the_commit_before_the_message(tmp_path: Path) -> None:
    """What was pressed is stored and its message never sent: the clock finds both the check and the posting."""
    w = world()
    content = book(line(w.hours, 5), line(w.hours, 6))
    upload = uploaded(w.claimant, content)
    ClaimUpload.objects.filter(pk=upload.pk).update(
        status=UploadStatus.CHECKING, started_at=None, preview=None
    )
    with worker(tmp_path / "worker.log") as process:
        assert restart_after_silence() == 1
        wait_until(lambda: is_stored(upload, UploadStatus.READY), "it is checked", process)
        ClaimUpload.objects.filter(pk=upload.pk).update(
            status=UploadStatus.POSTING, sent_at=clock.now(), sent_by_id=w.claimant.user_id, started_at=None
        )  # fmt: skip
        assert restart_after_silence() == 1
        wait_until(lambda: is_stored(upload, UploadStatus.POSTED), "it is posted", process)
    assert counts(upload) == (2, 2, 1)


# --- at the same moment ---------------------------------------------------------------------------


def test_two_jobs_of_one_file_post_it_once(together) -> None:
    w = world()
    rows = [line(w.hours, number, words=str(number)) for number in range(1, 301)]
    upload = uploaded(w.claimant, book(*rows))
    uploads.send_upload(actor=w.claimant, upload_id=upload.pk, expected_version=upload.version)
    job = partial(upload_jobs.post_upload, actor=SYSTEM, upload_id=upload.pk)
    together(job, job)
    assert is_stored(upload, UploadStatus.POSTED)
    assert counts(upload) == (300, 300, 1)


def test_control_without_the_lock_two_jobs_meet_at_the_keys(together) -> None:
    """Both write: only the key of each row stands between them and everything twice."""
    w = world()
    upload = uploaded(w.claimant, book(line(w.hours, 5)))
    uploads.send_upload(actor=w.claimant, upload_id=upload.pk, expected_version=upload.version)
    held = upload_jobs._lock
    upload_jobs._lock = lambda pk, status: ClaimUpload.objects.get(pk=pk)
    try:
        together(*[partial(upload_jobs.post_upload, actor=SYSTEM, upload_id=upload.pk)] * 2)
    finally:
        upload_jobs._lock = held
    assert counts(upload)[0] == 1
    upload.refresh_from_db()
    assert upload.status in (UploadStatus.POSTED, UploadStatus.FAILED)


def test_the_same_file_sent_by_two_people_at_once_goes_once(together) -> None:
    w = world()
    content = book(line(w.hours, 5))
    colleague = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, w.supplier)
    deeds = []
    for actor in (w.claimant, colleague):
        upload = uploaded(actor, content)
        deeds.append(
            partial(
                uploads.send_upload,
                actor=actor,
                upload_id=upload.pk,
                expected_version=upload.version,
            )
        )
    answers = together(*deeds)
    assert sorted(isinstance(answer, Conflict | RuleBroken) for answer in answers) == [False, True]
    assert ClaimUpload.objects.filter(status=UploadStatus.POSTING).count() == 1


def test_undone_or_decided_but_never_both(together) -> None:
    w = world()
    for number in range(1, 6):
        upload = sent(w.claimant, book(line(w.hours, number, words=f"Round {number}")))
        claim = Claim.objects.get(upload=upload)
        file = evidence(w.claimant, w.contract)
        type(file).objects.filter(pk=file.pk).update(claim=claim)
        uploads.undo_upload(actor=w.claimant, upload_id=upload.pk, expected_version=upload.version)
        answers = together(
            partial(verifications.verify_claim, actor=w.manager, claim_id=claim.pk, expected_version=1),
            partial(upload_jobs.reverse_upload, actor=SYSTEM, upload_id=upload.pk),
        )  # fmt: skip
        claim.refresh_from_db()
        upload.refresh_from_db()
        was_verified = not isinstance(answers[0], DomainError)
        assert was_verified == (claim.status == ClaimStatus.VERIFIED)
        assert upload.status == (UploadStatus.POSTED if was_verified else UploadStatus.UNDONE)
        standing = sum((row.quantity for row in sums(basis=Basis.CLAIMED)), Decimal(0))
        live = Claim.objects.filter(status__in=(ClaimStatus.SUBMITTED, ClaimStatus.VERIFIED))
        assert standing == sum(live.values_list("quantity", flat=True), Decimal(0))
