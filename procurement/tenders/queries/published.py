"""When tenders were published, many at a time. No actor: the caller has shown the procurements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from procurement.tenders.models import Tender
from socialvalue.core import clock


def published_days(procurement_ids: Sequence[int]) -> dict[int, date]:
    """By procurement, the day in London its tender was published, for those that are. One query."""
    rows = Tender.objects.filter(
        procurement_id__in=set(procurement_ids), published_at__isnull=False
    ).order_by()
    return {
        pk: at.astimezone(clock.LONDON).date()
        for pk, at in rows.values_list("procurement_id", "published_at")
        if at is not None
    }
