"""The forms of an offer: its page, its uploaded workbook, the list of invitations."""

from __future__ import annotations

from procurement.bids.forms.filters import BidFilterForm, EarlierForm
from procurement.bids.forms.offer import LineBoxes, OfferForm, PartBoxes, UnitValueField
from procurement.bids.forms.parts import PartForm, PartRows
from procurement.bids.forms.workbook import Uploaded, WorkbookForm, read_upload

__all__ = [
    "BidFilterForm",
    "EarlierForm",
    "LineBoxes",
    "OfferForm",
    "PartBoxes",
    "PartForm",
    "PartRows",
    "UnitValueField",
    "Uploaded",
    "WorkbookForm",
    "read_upload",
]
