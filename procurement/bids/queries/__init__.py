"""Reading offers. A bidder reads its own, always; everybody else only what was opened after the deadline."""

from __future__ import annotations

from procurement.bids.queries.mine import SORTS, MyBid, my_bids, my_bids_table
from procurement.bids.queries.offers import (
    AnswerView,
    LineView,
    OfferView,
    Receipt,
    asked_of,
    my_offer,
    receipt,
)
from procurement.bids.queries.opened import (
    OpenedBid,
    OpenedLine,
    OpenedPart,
    SealState,
    may_open,
    opened_bidders,
    opened_bids,
    opened_line,
    seal_state,
    tender_of_line,
)
from procurement.bids.queries.openings import (
    OpeningInfo,
    OpeningLine,
    OpeningRecord,
    StartedOpening,
    opening_document,
    opening_of,
    opening_record,
    openings_to_confirm,
)
from procurement.bids.queries.reuse import EarlierTexts, earlier_for, earlier_statements
from procurement.bids.queries.workbook import offer_book, offer_changes

__all__ = [
    "SORTS",
    "AnswerView",
    "EarlierTexts",
    "LineView",
    "MyBid",
    "OfferView",
    "OpenedBid",
    "OpenedLine",
    "OpenedPart",
    "OpeningInfo",
    "OpeningLine",
    "OpeningRecord",
    "Receipt",
    "SealState",
    "StartedOpening",
    "asked_of",
    "earlier_for",
    "earlier_statements",
    "may_open",
    "my_bids",
    "my_bids_table",
    "my_offer",
    "offer_book",
    "offer_changes",
    "opened_bidders",
    "opened_bids",
    "opened_line",
    "opening_document",
    "opening_of",
    "opening_record",
    "openings_to_confirm",
    "receipt",
    "seal_state",
    "tender_of_line",
]
