"""What the audit says of marks: while they are blind, that an answer was marked; once all are locked, the marks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from procurement.evaluations.models import Evaluation, EvaluationMark, EvaluationPanelMember
from procurement.evaluations.queries.panel import seats_of
from procurement.evaluations.rules.panels import all_locked
from procurement.evaluations.vocabulary import EvaluationDeed
from socialvalue.audit.services import record

if TYPE_CHECKING:
    from procurement.tenders.models import Tender
    from socialvalue.core.actor import Actor


def marks_as_json(marks: Iterable[EvaluationMark]) -> list[dict[str, Any]]:
    return [
        {
            "bid_id": row.bid_id,
            "question_id": row.question_id,
            "mark": row.mark,
            "is_met": row.is_met,
            "not_applicable": row.not_applicable,
            "rationale": row.rationale,
        }
        for row in marks
    ]


def digest_of(marks: Iterable[EvaluationMark]) -> str:
    """SHA-256 of marks as canonical JSON: what was locked, without saying it."""
    text = json.dumps(marks_as_json(marks), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def disclose_marks(actor: Actor, evaluation: Evaluation, tender: Tender) -> None:
    """Write the marks into the audit once every evaluator has locked: nobody is left to be swayed by them."""
    if not all_locked(seats_of(tender.pk)):
        return
    members = EvaluationPanelMember.objects.filter(
        tender=tender, left_at__isnull=True, locked_at__isnull=False
    )
    marks: dict[str, list[dict[str, Any]]] = {}
    for member in members.order_by("pk"):
        own = EvaluationMark.objects.filter(member=member).order_by("bid", "question")
        marks[str(member.pk)] = marks_as_json(own)
    record(
        actor=actor,
        deed=EvaluationDeed.DISCLOSED,
        sentence="Every evaluator has locked. The marks can be read and moderated.",
        target=evaluation,
        procurement_id=tender.procurement_id,
        after={"marks_by_member": marks},
    )
