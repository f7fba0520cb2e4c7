"""The record of what was considered under the Social Value Act."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from procurement.procurements import queries, services
from procurement.procurements.forms import ConsiderationForm
from procurement.procurements.permissions import BUYER, OFFICER, why_not_consider
from procurement.procurements.views.links import thread_url
from socialvalue.core import clock
from socialvalue.core.views import Download, FormPage, Page

MOST = settings.EVIDENCE_MAX_BYTES + 1
"""One byte more than the limit is enough to know that a file is too large."""
TEXTS = (
    "economic", "social", "environmental", "process", "consultation", "considered_on", "considered_by",
)  # fmt: skip


class ConsiderationPage(FormPage):
    """The form. A correction begins with what was said last."""

    access = OFFICER
    template_name = "procurement/procurements/consideration.html"
    form_class = ConsiderationForm

    def get_page(self) -> dict[str, Any]:
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        return {
            "procurement": procurement,
            "consideration": queries.consideration_of(self.actor, procurement.pk),
            "why_not": why_not_consider(self.actor, procurement),
            "cancel_url": thread_url(procurement.pk),
        }

    def get_initial(self) -> dict[str, Any]:
        latest = queries.consideration_of(self.actor, self.kwargs["pk"]).latest
        if latest is None:
            return {"considered_on": clock.today()}
        said = {name: getattr(latest, name) for name in TEXTS}
        return said | {"was_consulted": "yes" if latest.was_consulted else "no"}

    def perform(self, form: ConsiderationForm) -> str:
        values = dict(form.cleaned_data)
        uploaded = values.pop("evidence")
        if uploaded:
            values |= {"evidence_name": uploaded.name, "evidence_content": uploaded.read(MOST)}
        services.record_consideration(actor=self.actor, procurement_id=self.kwargs["pk"], **values)
        return reverse("procurement:procurements:consideration_print", args=[self.kwargs["pk"]])


class ConsiderationPrint(Page):
    """What was recorded, to read, print or save; earlier records below."""

    access = BUYER
    template_name = "procurement/procurements/consideration_print.html"

    def get_page(self) -> dict[str, Any]:
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        return {
            "procurement": procurement,
            "consideration": queries.consideration_of(self.actor, procurement.pk),
            "can_correct": not why_not_consider(self.actor, procurement),
            "thread_url": thread_url(procurement.pk),
            "who_can_see": [f"Everyone on the buyer side of {procurement.authority.name}."],
        }


class ConsiderationFile(Download):
    access = BUYER

    def get_file(self) -> tuple[str, str, bytes]:
        kept = queries.consideration_file(self.actor, self.kwargs["pk"], self.kwargs["record_pk"])
        return kept.name, kept.media_type, kept.content
