"""Writing offers, giving every invited supplier its place, and opening the bids by two people."""

from __future__ import annotations

from procurement.bids.rules import AnswerInput, LineInput, OfferInput, PartInput
from procurement.bids.services.offering import SavedOffer, save_offer, submit_bid
from procurement.bids.services.opening import open_bids, start_opening
from procurement.bids.services.places import make_places, renew_places
from procurement.bids.services.reusing import use_earlier_text
from procurement.bids.services.warning import warn_before_deadlines

__all__ = [
    "AnswerInput",
    "LineInput",
    "OfferInput",
    "PartInput",
    "SavedOffer",
    "make_places",
    "open_bids",
    "renew_places",
    "save_offer",
    "start_opening",
    "submit_bid",
    "use_earlier_text",
    "warn_before_deadlines",
]
