"""Do the cells still say what the ledger says?"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from reporting.rollups.rules import LEVELS, Difference, Level
from reporting.rollups.services import runs, sql
from reporting.rollups.services.turns import turn_at_cube
from reporting.rollups.vocabulary import RunKind, RunState
from socialvalue.core import clock

logger = logging.getLogger(__name__)
NAMED = 20
"""So many cells are named on the run row; the command names them all."""


@dataclass(frozen=True, slots=True)
class ReconcileResult:
    """How many cells were compared, and each that differs."""

    cells: int
    differences: list[Difference]

    @property
    def wrong(self) -> int:
        return len(self.differences)


def reconcile() -> ReconcileResult:
    """Compare every cell of every level with the sums of the ledger, entries in the feed aside, and keep the outcome.

    A difference is written to the log as an error and stands on the run; nothing is mended here: rebuild does that.
    """
    run = runs.begin(RunKind.RECONCILE)
    try:
        with turn_at_cube():
            runs.close_abandoned(run)
            result = compare()
            run.state = RunState.DONE
            run.entries = result.cells
            run.wrong_cells = result.wrong
            run.error = "\n".join(found.name for found in result.differences[:NAMED])
            run.ended_at = clock.now()
            run.save()
            runs.forget_old_drains()
    except Exception as error:
        runs.fail(RunKind.RECONCILE, run.started_at, error, run)
        raise
    if result.wrong:
        logger.error(
            "%s of %s cells differ from the ledger, the first: %s",
            result.wrong,
            result.cells,
            result.differences[0],
        )
    return result


def compare() -> ReconcileResult:
    """The comparison alone, which writes nothing: for a caller who holds one view of the database."""
    cells, differences = 0, []
    with connection.cursor() as cursor:
        for level in LEVELS:
            cursor.execute(sql.count_statement(level))
            cells += cursor.fetchone()[0]
            cursor.execute(sql.compare_statement(level))
            differences += [_difference(level, row) for row in cursor.fetchall()]
    return ReconcileResult(cells, differences)


def _difference(level: Level, row: Sequence[Any]) -> Difference:
    keys, rest = row[: len(level.keys)], row[len(level.keys) :]
    in_cube, in_ledger, *figures = rest
    ours, theirs = figures[: len(level.sums)], figures[len(level.sums) :]
    return Difference(
        level=level.name,
        key={column: str(value) for column, value in zip(level.keys, keys, strict=True)},
        in_cube=_named(level, ours) if in_cube else None,
        in_ledger=_named(level, theirs) if in_ledger else None,
    )


def _named(level: Level, figures: Sequence[Any]) -> dict[str, Decimal | int]:
    return {name: _figure(name, value) for name, value in zip(level.sums, figures, strict=True)}


def _figure(name: str, value: Any) -> Decimal | int:
    if name not in sql.DECIMALS:
        return int(value)
    return Decimal(value) if sql.on_postgres() else Decimal(value) / 1000
