"""What this room knows of one person, for that person alone: part of the copy of their data."""

from __future__ import annotations

from procurement.tenders.models import TenderEmailInvitation
from socialvalue.core.tables import Column, Table


def about_person(user_id: int, email: str) -> list[Table]:
    """Links to a tender that were sent to this address."""
    rows = (
        TenderEmailInvitation.objects.filter(email__iexact=email)
        .select_related("tender__procurement")
        .order_by("pk")
    )
    return [
        Table(
            "Tenders your address was invited to",
            [
                Column("Tender", width=50), Column("Invited"), Column("Until"), Column("Used"), Column("Revoked"),
            ],
            [
                (
                    row.tender.procurement.title,
                    row.invited_at,
                    row.expires_at,
                    row.accepted_at,
                    row.revoked_at,
                )
                for row in rows
            ],
        )
    ]  # fmt: skip
