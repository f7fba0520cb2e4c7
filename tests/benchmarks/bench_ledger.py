"""The ledger and its cells against what the database does anyway with the same rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction

from procurement.awards.models import Commitment
from procurement.ledger import services as ledger
from procurement.ledger.models import LedgerEntry
from procurement.ledger.rules import Posting
from reporting.rollups import services as rollups
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.benchmarks.ratios import Ratio, ratio
from tests.factories.ledger import Promise, contract_with, measure, posting

pytestmark = pytest.mark.django_db(transaction=True)

Measure = Callable[[Ratio], None]
BATCH = 100
BATCHES = 20
LEDGER_ROWS = 100_000
MONTHS = [date(2025 + number // 12, number % 12 + 1, 1) for number in range(24)]
numbers = itertools.count()


@pytest.fixture
def commitments() -> list[Commitment]:
    """Ten contracts of ten authorities with ten commitments each, in five themes."""
    measures = [measure(f"B{number}", theme_code=f"T{number // 2}") for number in range(10)]
    return [
        commitment
        for _ in range(10)
        for commitment in contract_with(*(Promise(one) for one in measures))[1]
    ]


def postings(commitments: list[Commitment], count: int) -> list[Posting]:
    """``count`` postings over all commitments and months, made before the clock runs."""
    found = []
    for _ in range(count):
        number = next(numbers)
        found.append(
            posting(
                commitments[number % len(commitments)],
                period=MONTHS[number // len(commitments) % len(MONTHS)],
                quantity=Decimal(number % 50 + 1),
                value_pence=1_250 * (number % 50 + 1),
                key=f"bench:{number}",
            )
        )
    return found


def insert(rows: list[Posting]) -> None:
    """The plain insert of the same rows: one statement, one transaction, nothing else."""
    now = clock.now()
    with transaction.atomic():
        LedgerEntry.objects.bulk_create(
            LedgerEntry(
                basis=row.basis,
                authority_id=row.authority_id,
                supplier_id=row.supplier_id,
                edition_id=row.edition_id,
                theme_id=row.theme_id,
                measure_id=row.measure_id,
                contract_id=row.contract_id,
                commitment_id=row.commitment_id,
                period=row.period,
                quantity=row.quantity,
                value_pence=row.value_pence,
                posting_key=row.posting_key,
                posted_at=now,
            )
            for row in rows
        )


def test_posting_and_drain_of_all_levels(commitments: list[Commitment], measure_: Measure) -> None:
    """Batches of 100 posted by the one door and drained once, against their plain insert."""
    batches = iter([[postings(commitments, BATCH) for _ in range(BATCHES)] for _ in range(14)])

    def ours() -> None:
        for batch in next(batches):
            ledger.post_entries(actor=SYSTEM, postings=batch)
        assert rollups.drain().entries == BATCH * BATCHES

    def baseline() -> None:
        for batch in next(batches):
            insert(batch)

    measure_(ratio("posting and drain, four levels, batches of 100", ours, baseline, target=0.5))


def test_rebuild(commitments: list[Commitment], measure_: Measure) -> None:
    """Every cell of four levels again, against reading the same sums with GROUP BY.

    The target is 1 / 1.10: a rebuild may take a tenth longer than the sums it writes.
    """
    insert(postings(commitments, LEDGER_ROWS))
    levels = [
        "basis, authority_id, measure_id, period",
        "basis, authority_id, theme_id, period",
        "basis, commitment_id",
        "basis, contract_id",
    ]

    def baseline() -> None:
        with connection.cursor() as cursor:
            for keys in levels:
                cursor.execute(
                    f"SELECT {keys}, SUM(quantity), SUM(denominator), SUM(value_pence), COUNT(*) "  # noqa: S608
                    f"FROM procurement_ledgerentry GROUP BY {keys}"
                )
                cursor.fetchall()

    def ours() -> None:
        rollups.rebuild(actor=SYSTEM)

    measure_(
        ratio(f"rebuild of {LEDGER_ROWS:,} entries against GROUP BY", ours, baseline, target=0.91)
    )
    assert rollups.reconcile().wrong == 0
