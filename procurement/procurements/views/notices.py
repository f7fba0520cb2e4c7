"""Notices in."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse

from procurement.procurements import queries, services
from procurement.procurements.forms import UploadForm
from procurement.procurements.permissions import OFFICER
from procurement.procurements.views.links import PAGE_SIZE
from procurement.procurements.vocabulary import BuyerMatch, ImportStatus
from socialvalue.core.files import safe_name
from socialvalue.core.views import Deed, FormPage, Page


class NoticeUpload(FormPage):
    access = OFFICER
    template_name = "procurement/procurements/import.html"
    form_class = UploadForm

    def get_initial(self) -> dict[str, Any]:
        return {"match": BuyerMatch.OWN}

    def perform(self, form: UploadForm) -> str:
        uploaded = form.cleaned_data["file"]
        kept = services.preview_notices(
            actor=self.actor,
            file_name=safe_name(uploaded.name),
            # One byte more than the limit is enough to know that it is too large.
            content=uploaded.read(services.MAX_BYTES + 1),
            match=BuyerMatch(form.cleaned_data["match"]),
        )
        return reverse("procurement:procurements:import_preview", args=[kept.pk])


class NoticePreview(Page):
    """What applying the file does; after that, what it did."""

    access = OFFICER
    template_name = "procurement/procurements/import_preview.html"

    def get_page(self) -> dict[str, Any]:
        kept = queries.notice_import(self.actor, self.kwargs["pk"])
        rows = kept.outcome.get("rows", [])
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "kept": kept,
            "page": page,
            "counts": kept.outcome,
            "refused": len(kept.outcome.get("refused", [])),
            "is_applied": kept.status == ImportStatus.APPLIED,
            "has_changes": bool(kept.outcome.get("created") or kept.outcome.get("updated")),
        }


class NoticeApply(Deed):
    access = OFFICER

    def perform(self) -> str:
        services.apply_notices(actor=self.actor, import_id=self.kwargs["pk"])
        self.say("The notices are imported.")
        return reverse("procurement:procurements:import_preview", args=[self.kwargs["pk"]])
