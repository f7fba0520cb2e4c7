"""Whether two suppliers may become one, as far as tenders are concerned. Named by ``settings.MERGE_GUARDS``."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import TenderInvitation

NOT_YET = (
    "Both are invited to a tender that is not decided yet, and nobody bids against themselves there. "
    "Ask again once it is decided."
)
DECIDED = (
    ProcurementStatus.AWARDED,
    ProcurementStatus.COMPLETE,
    ProcurementStatus.WITHDRAWN,
)


def why_not_merge(first_id: int, second_id: int) -> str:
    """The reason in words; empty when there is none. It names no tender: not everybody who asks may know of it."""
    other = TenderInvitation.objects.filter(tender_id=OuterRef("tender_id"), supplier_id=second_id)
    both = TenderInvitation.objects.filter(Exists(other), supplier_id=first_id).exclude(
        tender__procurement__status__in=DECIDED
    )
    return NOT_YET if both.exists() else ""
