"""The publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages

from procurement.tenders.forms import DeadlineForm
from procurement.tenders.queries import links_of
from procurement.tenders.services import publish_tender
from procurement.tenders.views.prepare import PreparePage


class Publish(PreparePage):
    """Check answers, set the deadline, publish."""

    template_name = "procurement/tenders/publish.html"
    form_class = DeadlineForm

    def get_page(self) -> dict[str, Any]:
        page = super().get_page()
        return page | {"links": links_of(self.actor, self.tender.pk)}

    def keep(self, form: DeadlineForm) -> str:
        publish_tender(
            actor=self.actor,
            tender_id=self.tender.pk,
            deadline_at=form.cleaned_data["deadline_at"],
            expected_version=form.cleaned_data["version"],
            clarify_until=form.cleaned_data.get("clarify_until"),
        )
        messages.success(
            self.request,
            "The tender is published. Everybody invited gets a letter. Bids are sealed until the deadline.",
        )
        return self.to("task_list")
