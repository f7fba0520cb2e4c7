"""What this room knows of one person, for that person alone: part of the copy of their data."""

from __future__ import annotations

from procurement.evaluations.models import (
    EvaluationInterest,
    EvaluationMark,
    EvaluationPanelMember,
)
from socialvalue.core.tables import Column, Table


def about_person(user_id: int, email: str) -> list[Table]:
    """Panels they sit or sat on, and what they declared. What they wrote about bids is read where they marked."""
    seats = (
        EvaluationPanelMember.objects.filter(person_id=user_id)
        .select_related("tender__procurement")
        .order_by("pk")
    )
    marks = EvaluationMark.objects.filter(member__person_id=user_id).order_by("member_id")
    given: dict[int, int] = {}
    for member_id in marks.values_list("member_id", flat=True):
        given[member_id] = given.get(member_id, 0) + 1
    interests = (
        EvaluationInterest.objects.filter(member__person_id=user_id)
        .select_related("member__tender__procurement", "supplier")
        .order_by("pk")
    )
    return [
        Table(
            "Panels you sit or sat on",
            [
                Column("Tender", width=50), Column("As"), Column("Named"), Column("Left"), Column("Recused"),
                Column("Why recused", width=50), Column("Marks given", "number"), Column("Marks locked"),
            ],
            [
                (
                    row.tender.procurement.title,
                    row.get_role_display(),
                    row.added_at,
                    row.left_at,
                    row.recused_at,
                    row.recusal_reason,
                    given.get(row.pk, 0),
                    row.locked_at,
                )
                for row in seats
            ],
        ),
        Table(
            "Interests you declared",
            [
                Column("Tender", width=50), Column("Supplier", width=30), Column("Interest"),
                Column("In your words", width=60), Column("Declared"), Column("Decision"),
                Column("Reason", width=50),
            ],
            [
                (
                    row.member.tender.procurement.title,
                    row.supplier.name,
                    "yes" if row.has_interest else "no",
                    row.text,
                    row.declared_at,
                    row.get_decision_display(),
                    row.decision_reason,
                )
                for row in interests
            ],
        ),
    ]  # fmt: skip
