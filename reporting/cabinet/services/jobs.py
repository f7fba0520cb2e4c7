"""What is done on reports in the background: freezing, and making the files.

A job may be killed at any moment and started again by the clock. It claims its row by a compare and set, so of two
messages one finds nothing to do; and all it writes it writes in transactions of their own, each whole or not at all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q

from reporting.cabinet.models import CabinetReport, ReportJob
from reporting.cabinet.permissions import can_see, why_not_read
from reporting.cabinet.queries.jobs import LIVE, actor_of
from reporting.cabinet.services.files import make_files
from reporting.cabinet.services.freezing import check_freeze, freeze_report
from reporting.cabinet.vocabulary import JobKind, JobStatus, ReportStatus
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, DomainError, NotAllowed, NotVisible
from socialvalue.core.jobs import enqueue_on_commit

logger = logging.getLogger(__name__)
TASK = "reporting.cabinet.tasks.work_on_report"
SILENT_FOR = timedelta(minutes=7)
"""A job says between its steps that it lives; the longest of them, a PDF, is stopped after five minutes."""
LOST_AFTER = timedelta(minutes=15)
"""While other jobs are done one waits for its turn; after this time its message is thought lost all the same."""
GIVEN_UP_AFTER = timedelta(hours=1)
NO_SEAT = (
    "The person who asked for this no longer works for your organisation here. Ask for it again."
)
BROKEN = "This service could not do it. Nothing was changed. Try again, or ask whoever runs it."
CUT_OFF = "It was stopped again and again before it was done. Ask for it again, or ask whoever runs the service."


def ask_for_freeze(*, actor: Actor, report_id: int) -> ReportJob:
    """Have the report frozen and its files made. What can be told at once is told at once, as ``freeze_report`` does.

    Asked twice it is one job.
    """
    check_freeze(actor, report_id)
    return _ask(actor, report_id, JobKind.FREEZE, counts_only=False)


def ask_for_files(*, actor: Actor, report_id: int, counts_only: bool = False) -> ReportJob:
    """Have the files made of what the report says, for whoever may read it. Asked twice it is one job."""
    report = CabinetReport.objects.filter(pk=report_id).first()
    if report is None or not can_see(actor, report):
        raise NotVisible
    if reason := why_not_read(actor, report):
        raise NotAllowed(reason)
    return _ask(actor, report_id, JobKind.FILES, counts_only=counts_only)


def _ask(actor: Actor, report_id: int, kind: JobKind, *, counts_only: bool) -> ReportJob:
    live = ReportJob.objects.filter(
        report_id=report_id, kind=kind, counts_only=counts_only, status__in=LIVE
    )
    for _ in range(2):
        if found := live.first():
            return found
        try:
            with transaction.atomic():
                job = ReportJob.objects.create(
                    report_id=report_id,
                    kind=kind,
                    counts_only=counts_only,
                    asked_by_id=actor.person_id,
                    asked_at=clock.now(),
                )
                enqueue_on_commit(TASK, job.pk)
                return job
        except IntegrityError:
            # Somebody else asked for the same in the same instant: theirs is ours.
            continue
    raise Conflict("Somebody else asked for the same a moment ago. Open the page again.")


# --- the life of a job ----------------------------------------------------------------------------


def run_job(*, actor: Actor, job_id: int) -> None:
    """Do what was asked, in the name of whoever asked. NotAllowed for a person: people ask, jobs do.

    Does nothing when the job is done, or another worker is at it.
    """
    if not actor.is_system:
        raise NotAllowed("Reports are worked on by a job.")
    job = _claim(job_id)
    if job is None:
        return
    try:
        _finish(job, JobStatus.DONE, _do(job))
    except DomainError as error:
        _finish(job, JobStatus.FAILED, error.message)
    except OperationalError:
        # A database that is away is left to the clock, which starts the job again.
        raise
    except Exception:
        # A job that ends in silence leaves the person looking at a page that never moves.
        logger.exception("The job %s on report %s failed.", job.pk, job.report_id)
        _finish(job, JobStatus.FAILED, BROKEN)


def _do(job: ReportJob) -> str:
    """What is to be said beside success; mostly nothing."""
    person = actor_of(job)
    if person is None:
        raise NotAllowed(NO_SEAT)
    tell = _teller(job.pk)
    if job.kind == JobKind.FILES:
        return make_files(
            actor=person, report_id=job.report_id, counts_only=job.counts_only, tell=tell
        ).problem
    # Killed after the freeze and before it could say so, or overtaken by a second worker: it is done.
    if not _is_frozen(job.report_id):
        try:
            freeze_report(actor=person, report_id=job.report_id, tell=tell)
        except DomainError:
            if not _is_frozen(job.report_id):
                raise
    ask_for_files(actor=person, report_id=job.report_id)
    return ""


def _is_frozen(report_id: int) -> bool:
    return CabinetReport.objects.filter(pk=report_id, status=ReportStatus.FROZEN).exists()


def _claim(job_id: int) -> ReportJob | None:
    now = clock.now()
    free = Q(status=JobStatus.WAITING) | Q(
        status=JobStatus.RUNNING, started_at__lt=now - SILENT_FOR
    )
    claimed = ReportJob.objects.filter(free, pk=job_id).update(
        status=JobStatus.RUNNING, started_at=now
    )
    return (
        ReportJob.objects.select_related("report", "asked_by").get(pk=job_id) if claimed else None
    )


def _teller(job_id: int) -> Callable[[], object]:
    """Says that the job lives."""
    rows = ReportJob.objects.filter(pk=job_id, status=JobStatus.RUNNING)
    return lambda: rows.update(started_at=clock.now())


def _finish(job: ReportJob, status: JobStatus, problem: str) -> None:
    ReportJob.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(
        status=status, problem=problem[:1_000], finished_at=clock.now()
    )


@transaction.atomic
def restart_silent_jobs(*, actor: Actor) -> int:
    """Start again the jobs that fell silent: their worker was killed, or a message was lost. How many were started.

    One that was asked for long ago and never ended is given up, so that what kills a worker does not go on killing.
    NotAllowed for a person: the clock does it.
    """
    if not actor.is_system:
        raise NotAllowed("Jobs that fell silent are started again by the clock.")
    now = clock.now()
    is_moving = ReportJob.objects.filter(started_at__gte=now - SILENT_FOR).exists()
    patience = LOST_AFTER if is_moving else SILENT_FOR
    silent = ReportJob.objects.filter(
        Q(status=JobStatus.WAITING, asked_at__lt=now - patience)
        | Q(status=JobStatus.RUNNING, started_at__lt=now - SILENT_FOR)
    )
    silent.filter(status=JobStatus.RUNNING, asked_at__lt=now - GIVEN_UP_AFTER).update(
        status=JobStatus.FAILED, problem=CUT_OFF, finished_at=now
    )
    found = list(silent.order_by("pk").values_list("pk", flat=True))
    for pk in found:
        logger.warning("The job %s on a report has fallen silent and is started again.", pk)
        enqueue_on_commit(TASK, pk)
    return len(found)
