"""What the pages of one offer share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from procurement.bids.queries import OfferView, my_offer
from procurement.bids.rules import is_amended_since
from procurement.tenders.queries import dialogue_of


class OfTender:
    """What the pages of one offer share."""

    kwargs: dict[str, Any]
    actor: Any

    @property
    def tender_pk(self) -> int:
        return int(self.kwargs["tender_pk"])

    @cached_property
    def offer_view(self) -> OfferView:
        return my_offer(self.actor, self.tender_pk)

    def told(self) -> dict[str, Any]:
        """What was said about the tender since it was published, and whether a submitted offer is older than that."""
        dialogue, receipt = dialogue_of(self.actor, self.tender_pk), self.offer_view.receipt
        amended = [row.made_at for row in dialogue.amendments]
        return {
            "dialogue": dialogue,
            "amended_since": receipt is not None
            and is_amended_since(receipt.submitted_at, max(amended, default=None)),
        }

    def to(self, name: str, *more: int) -> str:
        return reverse(f"procurement:bids:{name}", args=[self.tender_pk, *more])
