"""Which priorities a tender's measures serve."""

from __future__ import annotations

from procurement.procurements.queries import procurement_for
from procurement.tenders.models import TenderRequirement
from socialvalue.core.actor import Actor
from toms.priorities import queries as priorities


def priorities_served(actor: Actor, procurement_id: int) -> list[priorities.Served]:
    """The statements in force when the procurement commenced, each with the priorities its tender's measures serve.

    To the buying side of its authority; NotVisible for the rest. Without a tender nothing is served yet.
    """
    procurement = procurement_for(actor, procurement_id)
    asked = TenderRequirement.objects.filter(tender__procurement_id=procurement_id).order_by("pk")
    return priorities.served(
        list(asked.values_list("measure_id", flat=True)),
        procurement.commenced_on,
        procurement.authority_id,
    )
