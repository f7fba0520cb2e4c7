"""What this room knows of one person, for that person alone: part of the copy of their data."""

from __future__ import annotations

from procurement.deliveries.models import ClaimDraft
from procurement.deliveries.queries.expired import addressed_to
from socialvalue.core.tables import Column, Table


def about_person(user_id: int, email: str) -> list[Table]:
    """Links and questions that were sent to this address, and drafts the person saved last."""
    sent = addressed_to(email)
    drafts = ClaimDraft.objects.filter(saved_by_id=user_id).order_by("pk")
    return [
        Table(
            "Links to hand in figures, sent to your address",
            [
                Column("Site or role", width=40), Column("Sent"), Column("Until"), Column("Ended"), Column("Last used"),
            ],
            [
                (row.site, row.made_at, row.expires_at, row.ended_at, row.last_used_at)
                for row in sent["links"]
            ],
        ),
        Table(
            "Questions about a claim, sent to your address",
            [
                Column("Group", width=40), Column("Asked"), Column("Answer"), Column("Answered"), Column("Answered as"),
                Column("In your words", width=60),
            ],
            [
                (
                    row.group,
                    row.asked_at,
                    row.get_answer_display(),
                    row.answered_at,
                    row.answered_as,
                    row.words,
                )
                for row in sent["confirmations"]
            ],
        ),
        Table(
            "Drafts of claims that you saved",
            [
                Column("Quarter from"), Column("Quantity"), Column("In words", width=60), Column("Saved"),
            ],
            [(row.quarter, row.quantity, row.narrative, row.saved_at) for row in drafts],
        ),
    ]  # fmt: skip
