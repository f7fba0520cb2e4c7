"""Deliveries that several claims share: recorded, listed, and the part that each claim counts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.deliveries import queries, services
from procurement.deliveries.forms import PartForm, SharedDeliveryForm, SharedFilter
from procurement.deliveries.permissions import CLAIMANT
from socialvalue.core.views import FormPage, Page

PAGE_SIZE = 25


class SharedDeliveries(Page):
    """What the supplier recorded, and how much of each is counted."""

    access = CLAIMANT
    template_name = "procurement/deliveries/shared.html"

    def get_page(self) -> dict[str, Any]:
        form = SharedFilter(self.request.GET or None)
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        found = queries.shared_deliveries(self.actor, asked.get("q", "").strip())
        page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("page"))
        rows = queries.shared_rows(list(page.object_list))
        return {"filter": form, "page": page, "rows": rows}


class SharedDelivery(Page):
    """One delivery, with the claims that count a part of it."""

    access = CLAIMANT
    template_name = "procurement/deliveries/shared_one.html"

    def get_page(self) -> dict[str, Any]:
        shown = queries.shared_page(self.actor, self.kwargs["pk"])
        page = Paginator(shown.counts, PAGE_SIZE).get_page(self.request.GET.get("page"))
        lines = queries.counted_by(page.object_list, shown.row.unit)
        return {"shown": shown, "page": page, "lines": lines}


class NewSharedDelivery(FormPage):
    """Record one real delivery."""

    access = CLAIMANT
    template_name = "procurement/deliveries/shared_new.html"
    form_class = SharedDeliveryForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"units": queries.shareable_units(self.actor)}

    def perform(self, form: Any) -> str:
        delivery = services.record_shared_delivery(actor=self.actor, **form.cleaned_data)
        messages.success(
            self.request, f"{delivery.title} is recorded. Claims can count parts of it now."
        )
        return reverse("procurement:deliveries:shared_one", args=[delivery.pk])


class Parts(FormPage):
    """The parts of shared deliveries that one claim counts."""

    access = CLAIMANT
    template_name = "procurement/deliveries/parts.html"
    form_class = PartForm

    @cached_property
    def shown(self) -> queries.PartsPage:
        return queries.parts_page(self.actor, self.kwargs["pk"])

    def get_page(self) -> dict[str, Any]:
        return {"shown": self.shown}

    def get_form_kwargs(self) -> dict[str, Any]:
        unit = self.shown.claim.commitment.measure.unit
        return {"choices": self.shown.choices, "unit": unit}

    def perform(self, form: Any) -> str:
        data = form.cleaned_data
        services.allocate(
            actor=self.actor,
            claim_id=self.shown.claim.id,
            delivery_id=data["delivery"],
            quantity=data["quantity"],
        )
        messages.success(self.request, "The parts of this claim are changed.")
        return reverse("procurement:deliveries:parts", args=[self.shown.claim.id])
