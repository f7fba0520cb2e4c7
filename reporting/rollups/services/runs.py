"""What a person sees of a run."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import Error
from django.db.models import F

from reporting.rollups.models import CubeVersion, RollupRun
from reporting.rollups.vocabulary import RunKind, RunState
from socialvalue.core import clock

KEEP_DRAINS = timedelta(days=30)
LONGEST_LAG = 2_147_483_647


def begin(kind: RunKind) -> RollupRun:
    """A run that is seen while it works: committed before the work begins."""
    return RollupRun.objects.create(kind=kind, state=RunState.RUNNING, started_at=clock.now())


def fail(
    kind: RunKind, started_at: datetime, error: Exception, run: RollupRun | None = None
) -> None:
    """Keep why a run stopped, after its own transaction is gone.

    When the database itself is gone nothing can be kept: the caller raises what stopped the run, not that.
    """
    run = run or RollupRun(kind=kind, started_at=started_at)
    run.state = RunState.FAILED
    run.ended_at = clock.now()
    run.error = f"{type(error).__name__}: {error}"[:2_000]
    with suppress(Error):
        run.save()


def close_abandoned(run: RollupRun) -> None:
    """Whoever holds the cube works alone: a run of the same kind that still says it is running was cut off."""
    RollupRun.objects.filter(kind=run.kind, state=RunState.RUNNING, pk__lt=run.pk).update(
        state=RunState.FAILED, ended_at=clock.now(), error="Cut off before it ended."
    )


def move_version() -> None:
    """Tell every cached page that the cells changed. The caller holds the cube."""
    now = clock.now()
    if not CubeVersion.objects.filter(pk=1).update(number=F("number") + 1, changed_at=now):
        CubeVersion.objects.create(pk=1, number=1, changed_at=now)


def forget_old_drains() -> None:
    """Runs that went well are kept for 30 days; those that failed stay."""
    RollupRun.objects.filter(
        kind=RunKind.DRAIN, state=RunState.DONE, ended_at__lt=clock.now() - KEEP_DRAINS
    ).delete()
