"""100,000 claims in a workbook, checked and posted whole, against COPY of the same rows, made before the clock runs."""

from __future__ import annotations

import io
import itertools
import time
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from procurement.awards.models import Commitment
from procurement.deliveries.models import Claim, ClaimUpload
from procurement.deliveries.queries.workbook import claimable_of
from procurement.deliveries.rules.uploads import CLAIMS, check_book
from procurement.deliveries.services import upload_jobs, uploads
from procurement.deliveries.vocabulary import UploadStatus
from procurement.ledger.models import LedgerEntry
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM, Actor
from tests.benchmarks.ratios import Ratio, ratio
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.factories.ledger import Promise, contract_with, measure
from tests.factories.uploads import HEADINGS, line
from tests.factories.workbooks import xlsx

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 100_000
TIMES_COPY = 3
QUARTERS = [date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)]
numbers = itertools.count()


@pytest.fixture
def supplier() -> tuple[Actor, list[Commitment]]:
    """Fifty contracts of fifty authorities with ten commitments each."""
    owner = SupplierFactory()
    measures = [measure(f"B{number}", theme_code=f"T{number // 2}") for number in range(10)]
    commitments = [
        commitment
        for _ in range(50)
        for commitment in contract_with(*(Promise(one) for one in measures), supplier=owner)[1]
    ]
    return actor_for_role(Role.SUPPLIER_CONTRIBUTOR, owner), commitments


def workbook(commitments: list[Commitment]) -> bytes:
    """100,000 rows, each with its own words. Never the same file twice."""
    mark = next(numbers)
    rows = [
        line(
            commitments[number % len(commitments)],
            number % 50 + 0.25,
            words=f"Session {mark}-{number} at the community centre",
            district="CV1" if number % 3 else "",
            quarter=QUARTERS[number % len(QUARTERS)],
        )
        for number in range(ROWS)
    ]
    return xlsx({CLAIMS: [list(HEADINGS), *map(list, rows)]})


def confirmed(actor: Actor, content: bytes) -> ClaimUpload:
    """Uploaded, and confirmed without the preview: what is measured checks every row itself."""
    upload = uploads.upload_claims(actor=actor, name="claims.xlsx", content=content)
    ClaimUpload.objects.filter(pk=upload.pk).update(
        status=UploadStatus.POSTING, sent_at=upload.uploaded_at, sent_by_id=actor.user_id
    )
    return upload


def copied(table: str, where: str) -> tuple[list[str], bytes]:
    """The rows of a table as COPY takes them, without their keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
            "AND column_name <> 'id' ORDER BY ordinal_position",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
        out = io.BytesIO()
        listed = ", ".join(columns)
        cursor.copy_expert(f"COPY (SELECT {listed} FROM {table} WHERE {where}) TO STDOUT", out)  # noqa: S608
    return columns, out.getvalue()


def test_100000_claims(
    supplier: tuple[Actor, list[Commitment]],
    measure_: Callable[[Ratio], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Read, checked, claimed, posted and fed in one transaction. The baseline puts the same claims and entries into the
    same two tables, with their keys, indexes and guards, and does nothing else."""
    if connection.vendor != "postgresql":
        pytest.skip("COPY is PostgreSQL's.")
    actor, commitments = supplier
    waiting = [confirmed(actor, workbook(commitments)) for _ in range(6)]
    done: list[int] = []

    def ours() -> None:
        upload = waiting.pop()
        upload_jobs.post_upload(actor=SYSTEM, upload_id=upload.pk)
        done.append(upload.pk)

    ours()
    assert Claim.objects.filter(upload_id=done[0]).count() == ROWS
    assert LedgerEntry.objects.filter(claim__upload_id=done[0]).count() == ROWS
    claims, claim_rows = copied("procurement_claim", f"upload_id = {done[0]}")
    entries, entry_rows = copied(
        "procurement_ledgerentry",
        f"claim_id IN (SELECT id FROM procurement_claim WHERE upload_id = {done[0]})",  # noqa: S608
    )

    def fresh(rows: bytes, head: bytes) -> bytes:
        return rows.replace(head, head[:-1] + b"-copy-%d:" % next(numbers))

    def copy(suffix: str = "") -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, columns, rows in made[suffix].pop():
                into = f"COPY {table}{suffix} ({', '.join(columns)}) FROM STDIN"
                cursor.copy_expert(into, io.BytesIO(rows), 1 << 20)

    def copies(suffix: str, count: int) -> list[list[tuple[str, list[str], bytes]]]:
        return [
            [
                ("procurement_claim", claims, fresh(claim_rows, b"\tupload:")),
                ("procurement_ledgerentry", entries, fresh(entry_rows, b"\tclaim:")),
            ]
            for _ in range(count)
        ]  # fmt: skip

    made = {"": copies("", 6), "_bare": copies("_bare", 2)}
    found = ratio(
        f"COPY of {ROWS:,} claims and their entries, against checking and posting their workbook",
        ours, copy, target=1 / TIMES_COPY, rounds=4,
    )  # fmt: skip
    measure_(found)
    with capsys.disabled():
        times = found.ours_seconds / found.baseline_seconds
        print(
            f"  {found.ours_seconds:.1f} s, COPY {found.baseline_seconds:.1f} s: {times:.2f} times"
        )
        print(f"  COPY without keys, indexes and guards: {_bare(lambda: copy('_bare')):.1f} s")
        print(f"  of ours, reading and checking: {_checking(actor, workbook(commitments)):.1f} s")


def _bare(copy: Callable[[], None]) -> float:
    """Into tables that hold nothing to anything: what the rows cost as such."""
    with connection.cursor() as cursor:
        for table in ("procurement_claim", "procurement_ledgerentry"):
            cursor.execute(f"CREATE TABLE {table}_bare (LIKE {table} INCLUDING IDENTITY)")
    copy()
    start = time.perf_counter()
    copy()
    seconds = time.perf_counter() - start
    with connection.cursor() as cursor:
        for table in ("procurement_claim", "procurement_ledgerentry"):
            cursor.execute(f"DROP TABLE {table}_bare")
    return seconds


def _checking(actor: Actor, content: bytes) -> float:
    start = time.perf_counter()
    book = upload_jobs.book_of(content, is_first=False)
    known = claimable_of(actor, None, date(2026, 11, 22))
    assert len(check_book(book, known, today=date(2026, 11, 22)).rows) == ROWS
    return time.perf_counter() - start
