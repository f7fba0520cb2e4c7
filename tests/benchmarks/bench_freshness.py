"""How long after its commit a posting is in the cells, with a Celery worker that drains."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from procurement.awards.models import Commitment
from procurement.ledger import services as ledger
from procurement.ledger.queries import has_pending
from reporting.rollups import services as rollups
from reporting.rollups.models import CommitmentTotal
from socialvalue.core.actor import SYSTEM
from tests.benchmarks.generator import MONTHS, World, month
from tests.benchmarks.ratios import Ratio
from tests.benchmarks.worlds import Worlds
from tests.races.crew import Crew, until

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

SECONDS = 0.2
ROUNDS = 4
EVERY = 0.05
"""A batch this often."""
BATCHES = 100
batches = itertools.count()


@pytest.mark.parametrize("rows_a_second", [2_000, 20_000])
def test_commit_to_visible(
    worlds: Worlds,
    measure_: Callable[[Ratio], None],
    say: Callable[[str], None],
    tmp_path: Path,
    rows_a_second: int,
) -> None:
    """Batches come in at a steady pace; each holds an entry of one commitment, whose total says which are in.

    The ratio is the target over the 95th percentile of a round.
    """
    with worlds.inside() as world:
        crew = Crew(tmp_path)
        try:
            crew.worker(children=1)
            rounds = [_round(world, int(rows_a_second * EVERY)) for _ in range(ROUNDS + 1)][1:]
        finally:
            crew.stop()
        until(lambda: rollups.drain() or not has_pending(), "an empty queue")
        assert rollups.reconcile().wrong == 0
    p95s = [p95 for p95, _ in rounds]
    measured = [SECONDS / p95 for p95 in p95s]
    rate = statistics.median(rate for _, rate in rounds)
    measure_(
        Ratio(
            f"freshness: {SECONDS} s against p95 from commit to visible, {rate:,.0f} rows a second "
            f"(asked: {rows_a_second:,}), {world.size.name}",
            statistics.median(measured), min(measured), max(measured), ROUNDS, 1.0,
            statistics.median(p95s), SECONDS,
        )
    )  # fmt: skip
    say("p95 of each round: " + ", ".join(f"{p95 * 1_000:.0f} ms" for p95 in p95s))


def _round(world: World, rows: int) -> tuple[float, float]:
    """The 95th percentile of a round, in seconds, and how many rows a second really came in."""
    probe = world.first_commitment
    seen_before = _seen(probe)
    committed: list[float] = []
    started = time.perf_counter()

    def write() -> None:
        try:
            for number in range(BATCHES):
                ahead = started + number * EVERY - time.perf_counter()
                if ahead > 0:
                    threading.Event().wait(ahead)
                _post(world, number, rows)
                committed.append(time.perf_counter())
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    visible: list[float] = []
    while len(visible) < BATCHES and (writer.is_alive() or len(visible) < len(committed)):
        new = _seen(probe) - seen_before - len(visible)
        visible += [time.perf_counter()] * new
        threading.Event().wait(0.002)
    writer.join()
    lags = sorted(max(seen - done, 0) for seen, done in zip(visible, committed, strict=True))
    return lags[int(len(lags) * 0.95)], BATCHES * rows / (committed[-1] - started)


def _seen(commitment: int) -> int:
    return CommitmentTotal.objects.get(commitment_id=commitment, basis="committed").entries


def _post(world: World, number: int, rows: int) -> None:
    """By the door for many at once: so many commitments from somewhere on, and the probe."""
    total = world.size.commitments
    first = world.first_commitment + 1 + number * rows % (total - rows)
    chosen = Commitment.objects.filter(pk__gte=first, pk__lt=first + rows - 1)
    probe = Commitment.objects.filter(pk=world.first_commitment)
    sources = Commitment.objects.filter(
        pk__in=[*probe.values_list("pk", flat=True), *chosen.values_list("pk", flat=True)]
    )
    columns = {
        "basis": Value("committed"),
        "authority_id": F("contract__authority_id"),
        "supplier_id": F("contract__supplier_id"),
        "edition_id": F("edition_id"),
        "theme_id": F("measure__outcome__theme_id"),
        "measure_id": F("measure_id"),
        "contract_id": F("contract_id"),
        "commitment_id": F("pk"),
        "period": Value(month(number % MONTHS)),
        "quantity": Value(1),
        "value_pence": Value(1_250),
        "posting_key": Concat(
            Value(f"fresh:{next(batches)}:"), Cast("pk", CharField()), output_field=CharField()
        ),
    }
    ledger.post_selected(actor=SYSTEM, sources=sources, columns=columns, count=rows)
