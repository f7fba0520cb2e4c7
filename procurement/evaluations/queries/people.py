"""The panels one person sits on, told on their page. Named by ``settings.PERSON_SEATS``."""

from __future__ import annotations

from django.urls import reverse

from procurement.evaluations.models import EvaluationPanelMember
from procurement.evaluations.permissions import can_read
from procurement.evaluations.vocabulary import PanelRole
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core.actor import Actor

GOING_ON = (TenderStatus.DRAFT, TenderStatus.PUBLISHED, TenderStatus.OPENED)


def seats_of_person(actor: Actor, person_id: int) -> list[tuple[str, str, str]]:
    """What, as what, and its address: every panel of the acting authority that the person sits on while
    its tender is not awarded, newest first. The address is empty for who may not open the panel.
    """
    if actor.organisation_id is None or not is_buyer(actor):
        return []
    rows = (
        EvaluationPanelMember.objects.filter(
            person_id=person_id,
            left_at__isnull=True,
            tender__procurement__authority_id=actor.organisation_id,
            tender__status__in=GOING_ON,
        )
        .select_related("tender__procurement")
        .order_by("-added_at", "-pk")
    )
    may_open = can_read(actor, actor.organisation_id)
    return [
        (
            f"Panel of {row.tender.procurement.title}",
            f"{PanelRole(row.role).label}, recused"
            if row.recused_at
            else PanelRole(row.role).label,
            reverse("procurement:evaluations:panel", args=[row.tender.procurement_id])
            if may_open
            else "",
        )
        for row in rows
    ]
