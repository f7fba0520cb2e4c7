"""The pipeline: list, entry, start, drop, and the notice of the year."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse

from procurement.procurements import queries, services
from procurement.procurements.forms import ProcurementForm, figures_shown
from procurement.procurements.forms.planning import (
    DropForm,
    PlanFilterForm,
    PlanForm,
    PublishedForm,
    SpendForm,
)
from procurement.procurements.permissions import (
    BUYER,
    OFFICER,
    PUBLISHER,
    SPENDER,
    can_plan,
    can_record_pipeline,
    can_record_spend,
)
from procurement.procurements.views.entry import ProcurementNew
from procurement.procurements.views.links import PAGE_SIZE, thread_url
from procurement.procurements.vocabulary import PlanStage
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.files import new_key
from socialvalue.core.periods import FinancialYear
from socialvalue.core.tables import Table
from socialvalue.core.views import FormPage, Page, TableDownload

if TYPE_CHECKING:
    from procurement.procurements.models import PlannedProcurement


def pipeline_url() -> str:
    return reverse("procurement:procurements:pipeline")


class Pipeline(Page):
    access = BUYER
    template_name = "procurement/procurements/pipeline.html"

    def get_page(self) -> dict[str, Any]:
        form = PlanFilterForm(self.request.GET, actor=self.actor)
        lines = queries.plan_list(self.actor, form.wanted)
        return {
            "filter_form": form,
            "page": Paginator(lines, PAGE_SIZE).get_page(self.request.GET.get("page")),
            "stand": queries.pipeline_now(self.actor),
            "spends": queries.spends(self.actor),
            "can_plan": can_plan(self.actor),
            "can_record_spend": can_record_spend(self.actor),
            "can_record_pipeline": can_record_pipeline(self.actor),
        }


class PipelineExport(TableDownload):
    """Exactly what is filtered, with the fields of a pipeline notice."""

    access = BUYER

    @property
    def lines(self) -> list[queries.PlanLine]:
        return queries.plan_list(
            self.actor, PlanFilterForm(self.request.GET, actor=self.actor).wanted
        )

    def get_table(self) -> tuple[str, Table]:
        return _file_name(), queries.plan_table(self.actor, self.lines)

    def get_file(self) -> tuple[str, str, bytes]:
        if self.kwargs["form"] != "json":
            return super().get_file()
        release = queries.plan_release(self.actor, self.lines)
        return f"{_file_name()}.json", "application/json", json.dumps(release, indent=2).encode()


def _file_name() -> str:
    return f"pipeline-{clock.today().isoformat()}"


class PlanNew(FormPage):
    access = OFFICER
    template_name = "procurement/procurements/plan_form.html"
    form_class = PlanForm

    def get_page(self) -> dict[str, Any]:
        return {"is_new": True, "cancel_url": pipeline_url()}

    def get_initial(self) -> dict[str, Any]:
        return {"submission_key": new_key()}

    def perform(self, form: PlanForm) -> str:
        plan = services.plan_procurement(
            actor=self.actor,
            submission_key=form.cleaned_data["submission_key"] or None,
            **form.values,
        )
        messages.success(self.request, f"{plan.title} is in the pipeline.")
        return pipeline_url()


class _OnePlan(FormPage):
    """A page about one planned procurement."""

    access = OFFICER

    @cached_property
    def plan(self) -> PlannedProcurement:
        return queries.plan_for(self.actor, self.kwargs["pk"])

    def get_page(self) -> dict[str, Any]:
        is_open = self.plan.status == PlanStage.PLANNED
        why_not = "" if is_open else f"This is {self.plan.get_status_display().lower()} already."
        return {"plan": self.plan, "why_not": why_not, "cancel_url": pipeline_url()}


class PlanEdit(_OnePlan):
    template_name = "procurement/procurements/plan_form.html"
    form_class = PlanForm

    def get_initial(self) -> dict[str, Any]:
        names = [name for name in PlanForm.base_fields if name != "submission_key"]
        return {name: getattr(self.plan, name) for name in names}

    def version_now(self) -> Any:
        return queries.plan_for(self.actor, self.kwargs["pk"]).version

    def perform(self, form: PlanForm) -> str:
        services.change_plan(
            actor=self.actor,
            plan_id=self.kwargs["pk"],
            expected_version=form.cleaned_data["version"] or 0,
            **form.values,
        )
        return pipeline_url()


class PlanDrop(_OnePlan):
    template_name = "procurement/procurements/plan_drop.html"
    form_class = DropForm

    def perform(self, form: DropForm) -> str:
        services.drop_plan(
            actor=self.actor, plan_id=self.kwargs["pk"], reason=form.cleaned_data["reason"]
        )
        return pipeline_url()


class PlanStart(ProcurementNew):
    """The form of a new procurement, filled in from the plan; saving it ties the two together."""

    template_name = "procurement/procurements/plan_start.html"

    @cached_property
    def plan(self) -> PlannedProcurement:
        return queries.plan_for(self.actor, self.kwargs["pk"])

    def get_page(self) -> dict[str, Any]:
        is_open = self.plan.status == PlanStage.PLANNED or self.request.method == "POST"
        why_not = "" if is_open else f"This is {self.plan.get_status_display().lower()} already."
        return super().get_page() | {
            "plan": self.plan,
            "why_not": why_not,
            "cancel_url": pipeline_url(),
        }

    def get_initial(self) -> dict[str, Any]:
        plan = self.plan
        same = (
            "title", "description", "directorate", "category", "cpv", "estimate", "estimate_basis",
            "vat_rate_percent",
        )  # fmt: skip
        planned: dict[str, Any] = {name: getattr(plan, name) for name in same}
        nothing = dict.fromkeys(
            ("estimate_other", "estimate_initial", "estimate_extensions", "estimate_options")
        )
        planned |= {"starts_on": plan.starts_expected_on, "ends_on": plan.ends_expected_on}
        return super().get_initial() | planned | figures_shown(planned | nothing | {"parts": {}})

    def perform(self, form: ProcurementForm) -> str:
        procurement = services.start_planned(
            actor=self.actor,
            plan_id=self.kwargs["pk"],
            submission_key=form.cleaned_data["submission_key"] or None,
            **form.values,
        )
        return thread_url(procurement.pk)


class _OneYear(FormPage):
    """A page about one financial year of the authority."""

    @cached_property
    def year(self) -> FinancialYear:
        try:
            return FinancialYear.parse(self.kwargs["year"])
        except ValueError as error:
            raise NotVisible from error

    def get_page(self) -> dict[str, Any]:
        return {
            "year": self.year,
            "stand": queries.pipeline_now(self.actor, self.year),
            "spend": queries.spend_of(self.actor, self.year),
            "cancel_url": pipeline_url(),
        }


class SpendRecord(_OneYear):
    access = SPENDER
    template_name = "procurement/procurements/spend_form.html"
    form_class = SpendForm

    def get_initial(self) -> dict[str, Any]:
        spend = queries.spend_of(self.actor, self.year)
        return {"amount": spend.amount, "source": spend.source} if spend else {}

    def perform(self, form: SpendForm) -> str:
        services.record_spend(actor=self.actor, year=self.year, **form.cleaned_data)
        return pipeline_url()


class PipelinePublished(_OneYear):
    access = PUBLISHER
    template_name = "procurement/procurements/pipeline_published.html"
    form_class = PublishedForm

    def get_initial(self) -> dict[str, Any]:
        spend = queries.spend_of(self.actor, self.year)
        if spend is None or spend.pipeline_published_on is None:
            return {}
        return {
            "published_on": spend.pipeline_published_on,
            "reference": spend.pipeline_reference,
        }

    def perform(self, form: PublishedForm) -> str:
        services.record_pipeline_notice(actor=self.actor, year=self.year, **form.cleaned_data)
        return pipeline_url()
