"""What waits for somebody on a panel, for their landing page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procurement.evaluations.models import (
    Evaluation,
    EvaluationInterest,
    EvaluationMark,
    EvaluationPanelMember,
)
from procurement.evaluations.permissions import can_decide_interest
from procurement.evaluations.queries.marking import marking_progress
from procurement.evaluations.queries.panel import panel_of, seats_of
from procurement.evaluations.rules.panels import all_locked
from procurement.evaluations.vocabulary import EvaluationStatus, PanelRole
from procurement.procurements import queries as procurements
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.accounts.permissions import allowed
from socialvalue.accounts.queries import people_with_role
from socialvalue.accounts.vocabulary import Deed, Role
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
    """To declare, to mark, to lock, to moderate: by the person's seats on panels of the acting authority.

    Besides, interests of others that this person may decide about.
    """
    seats = {
        row.tender_id: row
        for row in EvaluationPanelMember.objects.filter(
            person_id=actor.user_id, left_at__isnull=True, recused_at__isnull=True
        )
    }
    deciding = _interests_to_decide(actor)
    live = tenders.draft_or_live_tenders([actor.organisation_id or 0]).filter(
        pk__in=seats.keys() | deciding.keys()
    )
    briefs = procurements.procurement_briefs([row.procurement_id for row in live])
    found = []
    for tender in live:
        brief = briefs[tender.procurement_id]
        if brief.status == ProcurementStatus.WITHDRAWN:
            continue
        if tender.pk in deciding:
            what = f"{count_text(deciding[tender.pk], 'interest')} to decide about"
            found.append(PanelErrand(brief.title, brief.id, "panel", what))
        waits = _waits(tender, seats[tender.pk]) if tender.pk in seats else None
        if waits:
            found.append(PanelErrand(brief.title, brief.id, *waits))
    return found


def _interests_to_decide(actor: Actor) -> dict[int, int]:
    """How many declared interests wait for this person's decision, by tender."""
    if actor.organisation_id is None or not allowed(actor, Deed.DECIDE_OFFICERS_INTEREST):
        return {}
    waiting = EvaluationInterest.objects.filter(
        has_interest=True,
        decision="",
        member__left_at__isnull=True,
        member__recused_at__isnull=True,
        member__tender__procurement__authority_id=actor.organisation_id,
    ).values_list("member__tender_id", "member__person_id")
    officers = people_with_role(actor.organisation_id, Role.PROCUREMENT_OFFICER)
    ids = set(officers.values_list("pk", flat=True)) if waiting else set()
    return Counter(
        tender_id
        for tender_id, person_id in waiting
        if can_decide_interest(
            actor, actor.organisation_id, person_id=person_id, is_officer=person_id in ids
        )
    )


def _waits(tender: Tender, seat: EvaluationPanelMember) -> tuple[str, str] | None:
    own = next(row for row in panel_of(tender.pk) if row.id == seat.pk)
    if own.undeclared and tender.status in (TenderStatus.PUBLISHED, TenderStatus.OPENED):
        return "declare", "Declare your interests"
    if tender.status == TenderStatus.PUBLISHED or own.undecided:
        return None
    evaluation = Evaluation.objects.filter(
        tender_id=tender.pk, status=EvaluationStatus.OPEN
    ).first()
    if evaluation is None:
        return None
    progress = marking_progress(tender)
    if seat.role == PanelRole.MODERATOR:
        ready = progress.answers and all_locked(seats_of(tender.pk))
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
