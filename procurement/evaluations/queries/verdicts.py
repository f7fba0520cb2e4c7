"""The verdicts that count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from procurement.evaluations.models import (
    EvaluationMark,
    EvaluationModeration,
    EvaluationPanelMember,
)
from procurement.evaluations.rules import Verdict
from procurement.evaluations.rules.panels import still_holds

Answer = tuple[int, int]
"""A bid and a question."""


def verdict_of(row: EvaluationMark | EvaluationModeration) -> Verdict:
    return Verdict(row.mark, row.is_met, row.not_applicable)


def moderated_of(
    evaluation_id: int, marks: Sequence[EvaluationMark] | None = None
) -> dict[int, dict[int, Verdict]]:
    """The moderated verdicts by bid, then question. One that rested on a mark which was changed afterwards, or whose
    evaluator or moderator was recused afterwards, is left out until it is set again.

    ``marks``: where they were read already (``marks_given``).
    """
    found: dict[int, dict[int, Verdict]] = {}
    rows = _moderations(evaluation_id)
    stale = _stale(evaluation_id, rows, marks)
    for row in rows:
        if row.pk not in stale:
            found.setdefault(row.bid_id, {})[row.question_id] = verdict_of(row)
    return found


def marks_given(evaluation_id: int) -> list[EvaluationMark]:
    """Every evaluator's marks with who gave them, recused people's too, without the reasons."""
    rows = EvaluationMark.objects.filter(evaluation_id=evaluation_id).defer("rationale")
    return list(rows.select_related("member").order_by("pk"))


def stale_moderations(evaluation_id: int) -> frozenset[int]:
    """Moderations to be set again: somebody they rested on was recused after, or changed their mark after the marking
    was reopened."""
    return _stale(evaluation_id, _moderations(evaluation_id))


def _moderations(evaluation_id: int) -> list[Any]:
    """With ``recused_at`` of whoever set each of them."""
    seats = EvaluationPanelMember.objects.filter(
        tender=OuterRef("evaluation__tender"), person=OuterRef("set_by"), left_at__isnull=True
    )
    return list(
        EvaluationModeration.objects.filter(evaluation_id=evaluation_id)
        .annotate(recused_at=Subquery(seats.values("recused_at")[:1]))
        .order_by("pk")
    )


def _stale(
    evaluation_id: int, rows: list[Any], marks: Sequence[EvaluationMark] | None = None
) -> frozenset[int]:
    if not rows:
        return frozenset()
    shaken: dict[Answer, list[datetime]] = {}
    for mark in marks_given(evaluation_id) if marks is None else marks:
        moments = shaken.setdefault((mark.bid_id, mark.question_id), [])
        moments.append(mark.member.recused_at or mark.marked_at)
    return frozenset(
        row.pk
        for row in rows
        if not still_holds(
            row.set_at,
            row.set_by_id,
            shaken.get((row.bid_id, row.question_id), []),
            {row.set_by_id: row.recused_at} if row.recused_at else {},
        )
    )
