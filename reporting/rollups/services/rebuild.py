"""Every cell again from the ledger."""

from __future__ import annotations

from django.db import connection

from reporting.rollups.models import RollupRun
from reporting.rollups.permissions import check_may_run
from reporting.rollups.services import runs, sql
from reporting.rollups.services.turns import turn_at_cube
from reporting.rollups.vocabulary import RunKind, RunState
from socialvalue.core import clock
from socialvalue.core.actor import Actor


def rebuild(*, actor: Actor) -> RollupRun:
    """Make the cells say what the ledger says, in one transaction: readers see the old ones until it ends.

    Entries that wait in the feed are left to the next drain. NotAllowed unless the actor may restart roll-ups.
    """
    check_may_run(actor)
    run = runs.begin(RunKind.REBUILD)
    try:
        with turn_at_cube():
            runs.close_abandoned(run)
            sql.run(sql.rebuild_statements())
            runs.move_version()
            run.state = RunState.DONE
            run.entries = _rolled_up()
            run.ended_at = clock.now()
            run.save()
    except Exception as error:
        runs.fail(RunKind.REBUILD, run.started_at, error, run)
        raise
    return run


def _rolled_up() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(SUM(entries), 0) FROM reporting_contractcell")
        return int(cursor.fetchone()[0])
