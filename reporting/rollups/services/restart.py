"""A person asks for a run."""

from __future__ import annotations

from django.db import transaction

from reporting.rollups.models import CubeVersion, RollupRun
from reporting.rollups.permissions import check_may_run
from reporting.rollups.vocabulary import RollupDeed, RunKind, RunState
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict
from socialvalue.core.jobs import enqueue_on_commit


@transaction.atomic
def restart(*, actor: Actor, kind: RunKind) -> None:
    """Send the job of this kind. Conflict when one of the kind has begun and not ended.

    A run that was cut off does not stand in the way for ever: the command ``manage.py rollup`` closes it.
    """
    check_may_run(actor)
    if RollupRun.objects.filter(kind=kind, state=RunState.RUNNING).exists():
        raise Conflict(f"A {kind.label.lower()} is running. Wait until it has ended.")
    version, _ = CubeVersion.objects.get_or_create(pk=1)
    record(
        actor=actor,
        deed=RollupDeed.RESTARTED,
        sentence=f"{actor.name} asked for a {kind.label.lower()} of the totals.",
        target=version,
        after={"kind": kind.value},
    )
    if kind == RunKind.DRAIN:
        enqueue_on_commit("reporting.rollups.tasks.drain")
    elif kind == RunKind.REBUILD:
        enqueue_on_commit("reporting.rollups.tasks.rebuild")
    else:
        enqueue_on_commit("reporting.rollups.tasks.reconcile")
