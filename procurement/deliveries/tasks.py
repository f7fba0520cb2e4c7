"""Thin doors: a job calls one service."""

from __future__ import annotations

from django.http import QueryDict

from procurement.deliveries import queries
from procurement.deliveries.forms.listing import ClaimsFilter
from procurement.deliveries.services import upload_jobs
from procurement.downloads.services import write_file
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.jobs import job
from socialvalue.core.tables import Table


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


@job()
def write_claims(file_id: int) -> None:
    """Write a long list of claims as a file."""
    write_file(actor=SYSTEM, file_id=file_id, table_of=_claims)


def _claims(actor: Actor, asked: str) -> Table:
    form = ClaimsFilter(QueryDict(asked), quarters=queries.claim_quarters(actor))
    evidence = form.given.get("evidence", "")
    return queries.claims_table(queries.listed_claims(actor, form.filters, evidence))
