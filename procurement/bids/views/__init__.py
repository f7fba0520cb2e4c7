"""The supplier's pages of an offer, and the buyer's page of sealed bids."""

from __future__ import annotations

from procurement.bids.views.earlier import EarlierAnswers, EarlierMethods
from procurement.bids.views.listing import BidList, ExportBids
from procurement.bids.views.opening import Opening, OpeningDocument
from procurement.bids.views.packs import BlankWorkbook, Pack
from procurement.bids.views.sealed import Sealed
from procurement.bids.views.submitting import Check, Copy, ReceiptPage, Submit
from procurement.bids.views.workbook import (
    NO_WORKBOOK,
    DownloadSubmitted,
    DownloadWorkbook,
    MarkedWorkbook,
    WorkOffline,
)
from procurement.bids.views.writing import Autosave, Offer

__all__ = [
    "NO_WORKBOOK",
    "Autosave",
    "BidList",
    "BlankWorkbook",
    "Check",
    "Copy",
    "DownloadSubmitted",
    "DownloadWorkbook",
    "EarlierAnswers",
    "EarlierMethods",
    "ExportBids",
    "MarkedWorkbook",
    "Offer",
    "Opening",
    "OpeningDocument",
    "Pack",
    "ReceiptPage",
    "Sealed",
    "Submit",
    "WorkOffline",
]
