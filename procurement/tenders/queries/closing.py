"""Published tenders whose deadline is near. For jobs: no actor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from procurement.procurements.queries import procurement_briefs
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import Tender, TenderAmendment
from procurement.tenders.vocabulary import TenderStatus


@dataclass(frozen=True, slots=True)
class ClosingTender:
    """A tender that takes offers until its deadline."""

    id: int
    procurement_id: int
    reference: str
    title: str
    authority_name: str
    deadline_at: datetime
    known_since: datetime
    """When this deadline was told: at publication, or by the amendment that moved it there."""


def tenders_closing(now: datetime, within: timedelta) -> list[ClosingTender]:
    """Published, not withdrawn, with a deadline after ``now`` and at most ``within`` away; nearest first."""
    rows = list(
        Tender.objects.filter(
            status=TenderStatus.PUBLISHED, deadline_at__gt=now, deadline_at__lte=now + within
        ).order_by("deadline_at", "pk")
    )
    briefs = procurement_briefs([row.procurement_id for row in rows])
    moved: dict[int, datetime] = {}
    amendments = TenderAmendment.objects.filter(tender_id__in=[row.pk for row in rows])
    for one in amendments.order_by("number"):
        if one.deadline_after != one.deadline_before:
            moved[one.tender_id] = one.made_at
    found = []
    for row in rows:
        brief = briefs[row.procurement_id]
        known = moved.get(row.pk, row.published_at)
        if row.deadline_at is None or known is None:
            continue
        if brief.status == ProcurementStatus.WITHDRAWN:
            continue
        found.append(
            ClosingTender(
                row.pk,
                row.procurement_id,
                brief.reference,
                brief.title,
                brief.authority_name,
                row.deadline_at,
                known,
            )
        )
    return found
