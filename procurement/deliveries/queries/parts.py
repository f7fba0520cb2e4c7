"""The parts of shared deliveries that claims count, for whoever may read the claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.deliveries.models import Allocation
from procurement.deliveries.rules import rest_in_words
from socialvalue.core.money import measured


@dataclass(frozen=True, slots=True)
class PartSeen:
    """What one claim counts of a shared delivery, for whoever may read the claim. Says nothing of other authorities."""

    claim_id: int
    delivery_id: int
    title: str
    unit: str
    delivered_on: date
    part: Decimal
    quantity: Decimal
    allocated: Decimal

    @property
    def part_shown(self) -> str:
        return measured(self.part, self.unit)

    @property
    def whole_shown(self) -> str:
        return measured(self.quantity, self.unit)

    @property
    def rest(self) -> str:
        return rest_in_words(self.quantity, self.allocated, self.part, self.unit)


def parts_of(claim_ids: Iterable[int]) -> dict[int, list[PartSeen]]:
    """What claims count of shared deliveries, by claim, in one query. The caller has shown that they may be read."""
    rows = (
        Allocation.objects.filter(claim_id__in=set(claim_ids), quantity__gt=0)
        .select_related("delivery")
        .order_by("claim_id", "delivery__title", "pk")
    )
    found: dict[int, list[PartSeen]] = {}
    for row in rows:
        seen = PartSeen(
            row.claim_id,
            row.delivery_id,
            row.delivery.title,
            row.delivery.unit,
            row.delivery.delivered_on,
            row.quantity,
            row.delivery.quantity,
            row.delivery.allocated,
        )
        found.setdefault(row.claim_id, []).append(seen)
    return found
