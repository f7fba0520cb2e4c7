"""Reading offers. A bidder reads its own, always; everybody else only what was opened after the deadline."""

from __future__ import annotations

from procurement.bids.queries.mine import SORTS, MyBid, my_bids, my_bids_table, with_changes
from procurement.bids.queries.offers import (
    AnswerView,
    LineView,
    OfferView,
    Receipt,
    asked_of,
    fernet_of,
    is_changed_since,
    my_offer,
    read_draft,
    read_sealed,
    receipt,
)
from procurement.bids.queries.opened import (
    OpenedBid,
    OpenedLine,
    SealState,
    may_open,
    opened_bids,
    opened_line,
    seal_state,
)
from procurement.bids.queries.workbook import offer_book, offer_changes

__all__ = [
    "SORTS",
    "AnswerView",
    "LineView",
    "MyBid",
    "OfferView",
    "OpenedBid",
    "OpenedLine",
    "Receipt",
    "SealState",
    "asked_of",
    "fernet_of",
    "is_changed_since",
    "may_open",
    "my_bids",
    "my_bids_table",
    "my_offer",
    "offer_book",
    "offer_changes",
    "opened_bids",
    "opened_line",
    "read_draft",
    "read_sealed",
    "receipt",
    "seal_state",
    "with_changes",
]
