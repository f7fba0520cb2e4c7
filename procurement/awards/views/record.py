"""The evaluation record to keep."""

from __future__ import annotations

from django.utils.text import slugify

from procurement.awards.permissions import JUDGES
from procurement.awards.queries.record import evaluation_record
from socialvalue.core.documents import Document
from socialvalue.core.views import DocumentDownload


class Record(DocumentDownload):
    """Everything from publication to signature, for audit or challenge."""

    access = JUDGES

    def get_document(self) -> tuple[str, Document]:
        document = evaluation_record(self.actor, int(self.kwargs["procurement_pk"]))
        return f"evaluation-record-{slugify(dict(document.facts)['Reference'])}", document
