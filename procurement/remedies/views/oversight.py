"""The register of what overseeing costs, beside what was verified."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse

from procurement.ledger.vocabulary import Basis
from procurement.remedies import queries, services
from procurement.remedies.forms import CostFilterForm, CostForm
from procurement.remedies.permissions import BUYER, OVERSEER
from socialvalue.core.tables import Table
from socialvalue.core.views import Deed, FormPage, Page, TableDownload

PAGE_SIZE = 25


class Costs(Page):
    access = BUYER
    template_name = "procurement/remedies/costs.html"

    def get_page(self) -> dict[str, Any]:
        form = CostFilterForm(self.request.GET, actor=self.actor)
        filters = form.filters()
        shown = queries.costs_page(self.actor, filters)
        page = Paginator(shown.rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "filter_form": form,
            "shown": shown,
            "page": page,
            "years": [(line, self._entries(line.year.slug, filters)) for line in shown.years],
        }

    def _entries(self, year: str, filters: queries.CostFilters) -> str:
        """The ledger's rows under what was verified in a year."""
        query = {
            "basis": str(Basis.VERIFIED),
            "year": year,
            "authority": str(self.actor.organisation_id),
        }
        if filters.contract_id:
            query["contract"] = str(filters.contract_id)
        return f"{reverse('procurement:ledger:entries')}?{urlencode(query)}"


class Export(TableDownload):
    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        form = CostFilterForm(self.request.GET, actor=self.actor)
        return "overseeing", queries.costs_table(self.actor, form.filters())


class New(FormPage):
    access = OVERSEER
    template_name = "procurement/remedies/cost_new.html"
    form_class = CostForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        return {"contract": self.request.GET.get("contract", ""), "submission_key": uuid4()}

    def version_now(self) -> Any:
        """The form was sent already: to send it again is to record another cost."""
        return uuid4()

    def perform(self, form: CostForm) -> str:
        data = form.cleaned_data
        services.record_cost(
            actor=self.actor,
            month=data["month"],
            what=data["what"],
            contract_id=int(data["contract"]) if data["contract"] else None,
            hours=data["hours"],
            rate=data["rate"],
            amount=data["amount"],
            submission_key=data["submission_key"],
        )
        messages.success(self.request, "The cost is recorded.")
        return reverse("procurement:remedies:costs")


class Remove(Deed):
    access = OVERSEER

    def perform(self) -> str:
        services.remove_cost(actor=self.actor, cost_id=self.kwargs["cost_pk"])
        self.say("The line is taken out of the totals. It stays on record.")
        return reverse("procurement:remedies:costs")
