"""What this room knows of one person, for that person alone: part of the copy of their data."""

from __future__ import annotations

from reporting.cabinet.models import SectionDraft
from socialvalue.core.tables import Column, Table


def about_person(user_id: int, email: str) -> list[Table]:
    """What they typed in a report and have not saved."""
    rows = (
        SectionDraft.objects.filter(user_id=user_id)
        .select_related("section__report")
        .order_by("pk")
    )
    return [
        Table(
            "What you typed in reports and have not saved",
            [
                Column("Report", width=50), Column("Section", width=30), Column("Text", width=80), Column("Typed"),
            ],
            [
                (row.section.report.title, str(row.section), row.narrative, row.kept_at)
                for row in rows
            ],
        )
    ]  # fmt: skip
