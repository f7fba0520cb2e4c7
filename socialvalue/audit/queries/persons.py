"""What the record says of one person, for that person alone: part of the copy of their data."""

from __future__ import annotations

from django.db.models import Q

from socialvalue.audit.models import AccessRecord, AuditRecord
from socialvalue.core.tables import Column, Table


def deeds_of_person(user_id: int) -> Table:
    """Every deed they did, and what was done to their account, oldest first."""
    about = Q(target_type="user", target_id=user_id)
    rows = AuditRecord.objects.filter(Q(user_id=user_id) | about).order_by("pk")
    return Table(
        "What you did",
        [
            Column("When"), Column("For", width=30), Column("What", width=80), Column("Kind of record"),
            Column("Number", "number"), Column("Request"),
        ],
        list(
            rows.values_list(
                "at", "organisation_name", "sentence", "target_type", "target_id", "request_id"
            )
        ),
    )  # fmt: skip


def accesses_of_person(user_id: int) -> Table:
    """When they signed in, took files out, were refused: what is still kept of it, oldest first."""
    rows = AccessRecord.objects.filter(user_id=user_id).order_by("pk")
    return Table(
        "When you signed in and what you took out",
        [
            Column("When"), Column("What", width=80), Column("Page", width=50), Column("Of what", width=40),
            Column("Request"),
        ],
        list(rows.values_list("at", "sentence", "address", "subject", "request_id")),
    )  # fmt: skip
