"""What a tender says, to keep: the pack for an invited supplier, the empty offer workbook for the buyer."""

from __future__ import annotations

from django.utils.text import slugify

from procurement.bids.queries.blank import blank_book
from procurement.bids.renderers import offer_workbook
from procurement.tenders.queries import tender_pack_for_bidder
from socialvalue.accounts.permissions import BUYER, SUPPLIER
from socialvalue.core.documents import Document
from socialvalue.core.sheets import XLSX
from socialvalue.core.views import DocumentDownload, Download


class Pack(DocumentDownload):
    """The tender pack, the same for everybody invited."""

    access = SUPPLIER

    def get_document(self) -> tuple[str, Document]:
        document = tender_pack_for_bidder(self.actor, int(self.kwargs["tender_pk"]))
        return f"tender-pack-{slugify(dict(document.facts)['Reference'])}", document


class BlankWorkbook(Download):
    """The offer workbook as bidders get it, before anybody has typed into it."""

    access = BUYER

    def get_file(self) -> tuple[str, str, bytes]:
        book = blank_book(self.actor, int(self.kwargs["procurement_pk"]))
        return (
            f"offer-workbook-{slugify(book.reference)}.xlsx",
            XLSX,
            offer_workbook(book, counts_only=self.counts_only),
        )
