"""The tender pack to keep, to print and to put on the authority's own portal."""

from __future__ import annotations

from django.utils.text import slugify

from procurement.tenders.queries import tender_pack
from procurement.tenders.views.prepare import OfTender
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.documents import Document
from socialvalue.core.views import DocumentDownload


class Pack(OfTender, DocumentDownload):
    """For buyers of the authority; while the tender is a draft, every page says so."""

    access = BUYER

    def get_document(self) -> tuple[str, Document]:
        document = tender_pack(self.actor, self.procurement_pk)
        return f"tender-pack-{slugify(dict(document.facts)['Reference'])}", document
