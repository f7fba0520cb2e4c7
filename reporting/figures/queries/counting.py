"""What is counted and not summed: the procurements begun in a period."""

from __future__ import annotations

from decimal import Decimal

from procurement.procurements import queries as procurements
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import WeightingKind
from reporting.figures.rules.proofs import BegunProcurement
from reporting.figures.rules.spans import Span
from socialvalue.core.actor import Actor

NOT_COUNTED = (ProcurementStatus.DRAFT, ProcurementStatus.WITHDRAWN, ProcurementStatus.DIVIDED)
"""A procurement tendered in lots is counted by its lots."""


def procurements_begun(actor: Actor, span: Span) -> tuple[BegunProcurement, ...]:
    """The acting authority's procurements begun in the period, newest first, with what their tenders ask."""
    begun = list(
        procurements.procurement_list(actor)
        .filter(commenced_on__gte=span.first, commenced_on__lte=span.last)
        .exclude(status__in=NOT_COUNTED)
        .values_list("pk", "reference", "title", "commenced_on")
    )
    asked: dict[int, list[Decimal]] = {}
    asking = (
        tenders.published_tenders([actor.organisation_id or 0])
        .filter(procurement_id__in=[row[0] for row in begun], requirements__isnull=False)
        .distinct()
    )
    for tender in asking:
        weightings = asked.setdefault(tender.procurement_id, [])
        if tender.weighting_kind == WeightingKind.WEIGHTED and tender.whole_percent is not None:
            weightings.append(tender.whole_percent)
    return tuple(
        BegunProcurement(pk, reference, title, commenced_on, pk in asked, tuple(asked.get(pk, ())))
        for pk, reference, title, commenced_on in begun
    )
