"""What the pages of one offer share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from procurement.bids.permissions import who_sees_offer
from procurement.bids.queries import OfferView, my_offer
from procurement.bids.rules import is_amended_since
from procurement.tenders.queries import dialogue_of
from socialvalue.accounts.rules import Sight
from socialvalue.core import clock
from socialvalue.core.periods import uk_moment


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

    def who(self) -> tuple[Sight, ...]:
        """Who can see this offer, and from when on."""
        tender = self.offer_view.tender
        return who_sees_offer(
            supplier=(self.actor.organisation_id, self.actor.organisation_name),
            authority=(tender.authority_id, tender.authority_name),
            deadline=uk_moment(tender.deadline_at.astimezone(clock.LONDON)),
        )

    def to(self, name: str, *more: int) -> str:
        return reverse(f"procurement:bids:{name}", args=[self.tender_pk, *more])
