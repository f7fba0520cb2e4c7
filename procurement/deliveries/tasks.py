"""Thin doors: a job calls one service."""

from __future__ import annotations

from procurement.deliveries.services import upload_jobs
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import job


@job()
def check_upload(upload_id: int) -> None:
    """Read a file of claims and say what it comes to."""
    upload_jobs.check_upload(actor=SYSTEM, upload_id=upload_id)


@job()
def post_upload(upload_id: int) -> None:
    """Claim every row of a file, or none."""
    upload_jobs.post_upload(actor=SYSTEM, upload_id=upload_id)


@job()
def reverse_upload(upload_id: int) -> None:
    """Take back every claim of a file, or none."""
    upload_jobs.reverse_upload(actor=SYSTEM, upload_id=upload_id)


@job()
def restart_silent_uploads() -> None:
    """Start again what a killed worker or a lost message left."""
    upload_jobs.restart_silent_uploads(actor=SYSTEM)
