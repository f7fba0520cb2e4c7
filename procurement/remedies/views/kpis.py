"""KPIs of a contract: set, rated by the year, ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.awards.queries import commitments_of
from procurement.remedies import queries, services
from procurement.remedies.forms import KpiForm, RatingForm
from procurement.remedies.permissions import MANAGER, PARTY
from socialvalue.core.views import Deed, FormPage


def kpis_url(contract_pk: int) -> str:
    return reverse("procurement:remedies:kpis", args=[contract_pk])


class Kpis(FormPage):
    """Every KPI with its years; the form sets another."""

    access = PARTY
    template_name = "procurement/remedies/kpis.html"
    form_class = KpiForm

    @cached_property
    def shown(self) -> queries.KpiPage:
        return queries.kpis_of(self.actor, self.kwargs["contract_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"shown": self.shown}

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = commitments_of(self.shown.contract.id)
        return {"commitments": [(row.id, row.measure.label) for row in rows]}

    def perform(self, form: KpiForm) -> str:
        chosen = form.cleaned_data["commitment"]
        services.set_kpi(
            actor=self.actor,
            contract_id=self.kwargs["contract_pk"],
            name=form.cleaned_data["name"],
            target=form.cleaned_data["target"],
            commitment_id=int(chosen) if chosen else None,
        )
        messages.success(self.request, "The KPI is set.")
        return kpis_url(self.kwargs["contract_pk"])


class Rate(FormPage):
    """One year of one KPI in one of the five words."""

    access = MANAGER
    template_name = "procurement/remedies/rate.html"
    form_class = RatingForm

    @cached_property
    def found(self) -> tuple[queries.KpiPage, queries.KpiView, queries.YearView]:
        return queries.kpi_year(self.actor, self.kwargs["kpi_pk"], self.kwargs["quarter"])

    def get_page(self) -> dict[str, Any]:
        page, kpi, year = self.found
        return {"shown": page, "kpi": kpi, "year": year}

    def get_initial(self) -> dict[str, Any]:
        return {"seen": len(self.found[2].ratings)}

    def version_now(self) -> int:
        return len(self.found[2].ratings)

    def perform(self, form: RatingForm) -> str:
        page, _, year = self.found
        services.rate_kpi(
            actor=self.actor,
            kpi_id=self.kwargs["kpi_pk"],
            year_from=year.year.first,
            rating=form.cleaned_data["rating"],
            reason=form.cleaned_data["reason"],
            seen_ratings=form.cleaned_data["seen"],
        )
        said = "The rating is recorded."
        if page.is_asked:
            said += " Publish it with the contract performance notice."
        messages.success(self.request, said)
        return kpis_url(page.contract.id)


class End(Deed):
    access = MANAGER

    def perform(self) -> str:
        row = services.end_kpi(actor=self.actor, kpi_id=self.kwargs["kpi_pk"])
        self.say("The KPI is no longer rated. Its ratings stay.")
        return kpis_url(row.contract_id)
