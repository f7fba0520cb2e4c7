"""The ledger and its cells against what the database does anyway with the same rows."""

from __future__ import annotations

import importlib
import itertools
import random
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.db import connection, transaction

from procurement.awards.models import Commitment
from procurement.ledger import services as ledger
from procurement.ledger.models import LedgerEntry
from procurement.ledger.rules import Posting
from reporting.rollups import services as rollups
from reporting.rollups.rules import LEVELS
from reporting.rollups.services import sql
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.benchmarks.generator import MONTHS, World, month
from tests.benchmarks.ratios import Ratio, ratio, seconds_of
from tests.benchmarks.worlds import Worlds

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

Measure = Callable[[Ratio], None]
Say = Callable[[str], None]
ROUNDS = 6
numbers = itertools.count()


def postings(world: World, count: int) -> Iterator[Posting]:
    """Postings over all commitments and months, without end, made before the clock runs."""
    chance = random.Random(world.entries)  # noqa: S311 - the same every time
    keys = chance.sample(range(world.size.commitments), min(2_000, world.size.commitments))
    rows = list(
        Commitment.objects.filter(pk__in=[world.first_commitment + key for key in keys]).values_list(
            "pk", "contract_id", "contract__authority_id", "contract__supplier_id", "edition_id",
            "measure_id", "measure__outcome__theme_id",
        )
    )  # fmt: skip
    months = [month(number) for number in range(MONTHS)]
    for _ in range(count):
        commitment, contract, authority, supplier, edition, measure, theme = chance.choice(rows)
        size = chance.randint(1, 50)
        yield Posting(
            basis="committed",
            authority_id=authority,
            supplier_id=supplier,
            edition_id=edition,
            theme_id=theme,
            measure_id=measure,
            contract_id=contract,
            commitment_id=commitment,
            period=chance.choice(months),
            quantity=Decimal(size),
            value_pence=1_250 * size,
            posting_key=f"ledger:{next(numbers)}",
        )


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


@pytest.mark.parametrize(
    ("levels", "a_batch", "batches", "durable", "target"),
    [
        (1, 1, 400, True, 0.90),
        (1, 1, 400, False, 0.75),
        (1, 100, 20, True, 0.70),
        (4, 100, 20, True, 0.50),
    ],
    ids=["single-durable", "single-async", "batch", "batch-four-levels"],
)
def test_posting_and_drain(
    worlds: Worlds,
    monkeypatch: pytest.MonkeyPatch,
    measure_: Measure,
    levels: int,
    a_batch: int,
    batches: int,
    durable: bool,
    target: float,
) -> None:
    """Posted by the one door, with its message to the worker, and drained once; against the plain insert."""
    monkeypatch.setattr(sql, "LEVELS", LEVELS[:levels])
    with worlds.inside() as world:
        made = postings(world, a_batch * batches * (ROUNDS + 1) * 2)

        def fresh() -> list[list[Posting]]:
            return [list(itertools.islice(made, a_batch)) for _ in range(batches)]

        waiting = [fresh() for _ in range((ROUNDS + 1) * 2)]
        with connection.cursor() as cursor:
            cursor.execute(f"SET synchronous_commit = {'on' if durable else 'off'}")

        def ours() -> None:
            for batch in waiting.pop():
                ledger.post_entries(actor=SYSTEM, postings=batch)
            assert rollups.drain().entries == a_batch * batches

        def baseline() -> None:
            for batch in waiting.pop():
                insert(batch)

        how = f"batches of {a_batch}" if a_batch > 1 else "single rows"
        measure_(
            ratio(
                f"posting and drain, {levels} level{'s' if levels > 1 else ''}, {how}, "
                f"{'durable' if durable else 'asynchronous'} commits, {world.size.name}",
                ours, baseline, target=target, rounds=ROUNDS,
            )
        )  # fmt: skip
        # The plain inserts, and the levels left out, are in no cell yet.
        monkeypatch.setattr(sql, "LEVELS", LEVELS)
        rollups.rebuild(actor=SYSTEM)


GROUPED = (
    "SELECT {keys}, SUM(quantity), COALESCE(SUM(denominator), 0), SUM(value_pence), COUNT(*) "
    "FROM procurement_ledgerentry GROUP BY {keys}",
    "SELECT {keys}, SUM(value_pence), COUNT(*) FROM procurement_ledgerentry GROUP BY {keys}",
)


def group_by() -> None:
    """The same sums of four levels read by the database, and thrown away there."""
    with connection.cursor() as cursor:
        for level in LEVELS:
            grouped = GROUPED["quantity" not in level.sums].format(keys=", ".join(level.keys))
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) {grouped}")


@pytest.mark.parametrize("from_nothing", [False, True], ids=["cells-hold", "from-nothing"])
def test_rebuild(worlds: Worlds, measure_: Measure, from_nothing: bool) -> None:
    """Every cell of four levels again, against reading the same sums with GROUP BY.

    The target is 1 / 1.10: a rebuild may take a tenth longer than the sums it writes.
    """
    with worlds.inside() as world:

        def ours() -> None:
            if from_nothing:
                with connection.cursor() as cursor:
                    cursor.execute(f"TRUNCATE {', '.join(level.table for level in LEVELS)}")
            rollups.rebuild(actor=SYSTEM)

        what = "of no cells" if from_nothing else "of cells that hold"
        measure_(
            ratio(f"rebuild {what}, {world.size.name}, against GROUP BY", ours, group_by,
                  target=1 / 1.10, rounds=4)
        )  # fmt: skip
        assert rollups.reconcile().wrong == 0


def test_other_work_over_the_whole_ledger(worlds: Worlds, say: Say) -> None:
    """What is done in the night and at an upgrade: seconds, and how often GROUP BY that is."""
    contract_cells = importlib.import_module("reporting.migrations.0005_contract_cells")
    with worlds.inside() as world:
        group_by()
        base = min(seconds_of(group_by) for _ in range(2))

        def fill() -> None:
            with transaction.atomic(), connection.schema_editor() as editor:
                editor.execute("TRUNCATE reporting_contractcell")
                contract_cells.fill(None, editor)

        for name, deed in (
            ("verify (rollup --verify)", rollups.reconcile),
            ("migration 0005's fill", fill),
        ):
            taken = seconds_of(deed)
            say(
                f"{name}, {world.size.name}: {taken:.1f} s, {taken / base:.2f} of GROUP BY of all levels ({base:.1f} s)"
            )
        assert rollups.reconcile().wrong == 0
