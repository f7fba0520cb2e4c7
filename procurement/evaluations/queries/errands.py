"""What waits for somebody on a panel, for their landing page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from procurement.evaluations.models import Evaluation, EvaluationMark, EvaluationPanelMember
from procurement.evaluations.queries.marking import marking_progress
from procurement.evaluations.queries.panel import panel_of
from procurement.evaluations.vocabulary import EvaluationStatus, PanelRole
from procurement.procurements import queries as procurements
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.core.actor import Actor
from socialvalue.core.money import count_text

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class PanelErrand:
    """One thing to do. ``url_name`` takes the procurement."""

    title: str
    procurement_id: int
    url_name: str
    what: str


def panel_errands(actor: Actor) -> list[PanelErrand]:
    """To declare, to mark, to lock, to moderate: by the person's seats on panels of the acting authority."""
    seats = {
        row.tender_id: row
        for row in EvaluationPanelMember.objects.filter(
            person_id=actor.user_id, left_at__isnull=True, recused_at__isnull=True
        )
    }
    live = tenders.draft_or_live_tenders([actor.organisation_id or 0]).filter(pk__in=seats)
    briefs = procurements.procurement_briefs([row.procurement_id for row in live])
    found = []
    for tender in live:
        brief = briefs[tender.procurement_id]
        waits = _waits(tender, seats[tender.pk])
        if waits and brief.status != ProcurementStatus.WITHDRAWN:
            found.append(PanelErrand(brief.title, brief.id, *waits))
    return found


def _waits(tender: Tender, seat: EvaluationPanelMember) -> tuple[str, str] | None:
    if tender.status == TenderStatus.PUBLISHED:
        own = next(row for row in panel_of(tender.pk) if row.id == seat.pk)
        return ("declare", "Declare your interests") if own.undeclared else None
    evaluation = Evaluation.objects.filter(
        tender_id=tender.pk, status=EvaluationStatus.OPEN
    ).first()
    if evaluation is None:
        return None
    progress = marking_progress(tender)
    if seat.role == PanelRole.MODERATOR:
        ready = progress.answers and progress.locked == progress.evaluators
        left = progress.moderations_missing
        return (
            ("moderation", f"{count_text(left, 'answer')} to moderate") if ready and left else None
        )
    if seat.role != PanelRole.EVALUATOR or seat.locked_at or not progress.answers:
        return None
    left = progress.answers - EvaluationMark.objects.filter(member=seat).count()
    return (
        "marking",
        f"{count_text(left, 'answer')} to mark" if left > 0 else "Marked: check and lock",
    )
