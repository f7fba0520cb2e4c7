"""Thin doors: a job calls one service."""

from __future__ import annotations

from reporting.cabinet.services import jobs
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import job


@job()
def work_on_report(job_id: int) -> None:
    """Freeze a report, or make its files."""
    jobs.run_job(actor=SYSTEM, job_id=job_id)


@job()
def restart_silent_jobs() -> None:
    """Start again what a killed worker or a lost message left."""
    jobs.restart_silent_jobs(actor=SYSTEM)
