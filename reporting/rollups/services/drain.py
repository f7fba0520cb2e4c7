"""From the feed into the cells: take rows, add their entries, all in one transaction.

Removing a row of the feed is the mark that its entries are in the cells, so the same drain run twice, late or beside
another leaves the same totals, and a drain that is cut off leaves none of its work.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import connection

from procurement.ledger.queries import has_pending
from reporting.rollups.models import RollupRun
from reporting.rollups.services import runs, sql
from reporting.rollups.services.turns import turn_unless_waited_for
from reporting.rollups.vocabulary import RunKind, RunState
from socialvalue.core import clock

ROWS_A_BATCH = 5_000
IDS_A_BATCH = 100_000


@dataclass(frozen=True, slots=True)
class DrainResult:
    """How many rows of the feed and how many entries went into the cells."""

    postings: int = 0
    entries: int = 0

    def __add__(self, other: DrainResult) -> DrainResult:
        return DrainResult(self.postings + other.postings, self.entries + other.entries)


def drain() -> DrainResult:
    """Roll up everything that waits, batch by batch. Writes nothing at all when nothing waits."""
    done = DrainResult()
    while has_pending():
        started_at = clock.now()
        try:
            batch = _drain_batch()
        except Exception as error:
            runs.fail(RunKind.DRAIN, started_at, error)
            raise
        if not batch.postings:
            break
        done += batch
    return done


def _drain_batch() -> DrainResult:
    with turn_unless_waited_for() as is_ours:
        return _take_and_apply() if is_ours else DrainResult()


def _take_and_apply() -> DrainResult:
    started_at = clock.now()
    ids, postings, lag_ms = _take()
    if not postings:
        return DrainResult()
    sql.run(sql.apply_statements(), ids if sql.on_postgres() else json.dumps(ids))
    runs.move_version()
    RollupRun.objects.create(
        kind=RunKind.DRAIN,
        state=RunState.DONE,
        started_at=started_at,
        ended_at=clock.now(),
        postings=postings,
        entries=len(ids),
        lag_ms=min(max(lag_ms, 0), runs.LONGEST_LAG),
    )
    return DrainResult(postings, len(ids))


def _take() -> tuple[list[int], int, int]:
    """The entry ids of the oldest rows, how many rows, and how long the oldest has waited in milliseconds."""
    with connection.cursor() as cursor:
        cursor.execute(sql.take_statement(), [ROWS_A_BATCH, IDS_A_BATCH])
        rows = cursor.fetchall()
        if rows and not sql.on_postgres():
            cursor.execute(sql.forget_statement(len(rows)), [row[0] for row in rows])
    ids = sorted(id for row in rows for id in json.loads(row[1]))
    return ids, len(rows), max((row[2] for row in rows), default=0)
