"""The opening of the bids: who, when, and what they found."""

from __future__ import annotations

from typing import Any

from procurement.bids.queries import opening_document, opening_record
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.documents import Document
from socialvalue.core.views import DocumentDownload, Page


class Opening(Page):
    """Until when the bids are sealed, who has started to open them, and afterwards the record."""

    access = BUYER
    template_name = "procurement/bids/opening.html"

    def get_page(self) -> dict[str, Any]:
        return {"record": opening_record(self.actor, int(self.kwargs["procurement_pk"]))}


class OpeningDocument(DocumentDownload):
    """The record of an opening, to keep."""

    access = BUYER

    def get_document(self) -> tuple[str, Document]:
        return opening_document(self.actor, int(self.kwargs["procurement_pk"]))
