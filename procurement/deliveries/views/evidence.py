"""Files of claims."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from procurement.deliveries import queries
from procurement.deliveries.permissions import PARTY
from socialvalue.core.files import safe_headers
from socialvalue.core.views import Download


class EvidenceDownload(Download):
    """A file, to those who may read its claim. It can be kept, never run."""

    access = PARTY

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = queries.evidence_file(self.actor, self.kwargs["pk"])
        return HttpResponse(found.content, headers=safe_headers(found.media_type, found.name))
