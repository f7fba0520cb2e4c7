"""What tenders hold, many at a time. No actor: the caller has shown the procurements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class TenderFacts:
    """Of one procurement's tender."""

    status: str
    measures: int
    has_weighting: bool
    """Weighted, or pass or fail."""
    no_measures_reason: str


def tender_facts(procurement_ids: Sequence[int]) -> dict[int, TenderFacts]:
    """By procurement, for those that have a tender. One query."""
    rows = (
        Tender.objects.filter(procurement_id__in=set(procurement_ids))
        .order_by()
        .annotate(measures=Count("requirements"))
        .values_list("procurement_id", "status", "measures", "weighting_kind", "no_measures_reason")
    )
    return {
        pk: TenderFacts(status, measures, bool(kind), reason)
        for pk, status, measures, kind, reason in rows
    }
