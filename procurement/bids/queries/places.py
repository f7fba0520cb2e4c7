"""Reading envelopes: a supplier's own, or those of one tender for the room's own services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from procurement.bids.models import Bid
from procurement.bids.rules import Draft, OfferInput, draft_of, is_same_offer, sealed_offer
from procurement.bids.rules.envelopes import Envelope, place_mark, unseal
from procurement.bids.vocabulary import BidStatus
from procurement.tenders.queries import TenderView, seal_keys


@dataclass(frozen=True, slots=True)
class Place:
    """A supplier's own place, read. ``bid_id`` is None where nobody has made the places of the tender yet."""

    bid_id: int | None
    envelope: Envelope
    is_opened: bool = False

    @property
    def draft(self) -> Draft | None:
        """What the supplier is writing; None when nothing is."""
        return draft_of(self.envelope.draft) if self.envelope.draft else None

    @property
    def sealed(self) -> OfferInput | None:
        """What was last submitted; None when nothing was."""
        if not self.envelope.sealed:
            return None
        held = self.envelope
        return sealed_offer(held.sealed, tender_id=held.tender_id, supplier_id=held.supplier_id)

    @property
    def state(self) -> str:
        """An ``OfferState``; empty when nothing was written."""
        return self.envelope.state

    @property
    def has_changes(self) -> bool:
        """Submitted, and changed since."""
        draft, sealed = self.draft, self.sealed
        return draft is not None and sealed is not None and not is_same_offer(draft.offer, sealed)


def own_places(invited: Mapping[int, int]) -> dict[int, Place]:
    """By tender, the place of its supplier; an empty one where there is none. Two queries.

    ``invited``: by tender, the supplier. For queries and services of this room, that have shown each to be the actor's
    own, or merged into it, and invited.
    """
    keys = seal_keys(list(invited))
    marks = {tender_id: place_mark(key, invited[tender_id]) for tender_id, key in keys.items()}
    rows = Bid.objects.filter(tender_id__in=marks, place_mark__in=marks.values()).order_by("pk")
    found = {row.tender_id: row for row in rows if row.place_mark == marks[row.tender_id]}
    return {
        tender_id: _read(found[tender_id], keys[tender_id])
        if tender_id in found
        else Place(None, Envelope(supplier_id, tender_id))
        for tender_id, supplier_id in invited.items()
    }


def own_place(tender: TenderView) -> Place:
    """The actor's own place in a published tender that was shown to them."""
    return own_places({tender.tender_id: tender.supplier_id})[tender.tender_id]


def places_of(tender_id: int) -> dict[int, Place]:
    """By supplier, every place of one tender.

    For this room's services and jobs only: it shows everything to whoever asks.
    """
    key = seal_keys([tender_id])[tender_id]
    rows = Bid.objects.filter(tender_id=tender_id).order_by("pk")
    places = [_read(row, key) for row in rows]
    return {place.envelope.supplier_id: place for place in places}


def _read(row: Bid, key: bytes) -> Place:
    return Place(row.pk, unseal(row.envelope, key), row.status == BidStatus.OPENED)
