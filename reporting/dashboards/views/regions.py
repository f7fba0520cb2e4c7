"""What lies beside a region's dashboard: late updates, the comparison, and its targets."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property

from reporting.dashboards import services
from reporting.dashboards.forms import ChangeTargetForm, SpanForm, TargetForm
from reporting.dashboards.permissions import TARGETS
from reporting.dashboards.queries.benchmark import Benchmark, benchmark
from reporting.dashboards.queries.chase import LatePage, late_page
from reporting.dashboards.queries.targets import (
    TargetInfo,
    TargetsPage,
    aims_of,
    region_to_aim,
    target_to_change,
    targets_page,
)
from reporting.dashboards.views.boards import Spanned
from reporting.figures.permissions import REGION
from reporting.figures.rules.benchmark import COMPUTATION, MEANING
from reporting.figures.rules.spans import Span, file_name
from socialvalue.core.periods import FinancialYear
from socialvalue.core.tables import Table
from socialvalue.core.views import Deed, FormPage, Page, TableDownload


class RegionPart(Spanned, Page):
    """A page about one side of a region, for a period."""

    access = REGION

    def get_page(self) -> dict[str, Any]:
        form = self.span_form()
        return {"form": form, "span": form.span, "found": self.found(form)}

    @property
    def region_slug(self) -> str:
        return self.request.GET.get("region", "")

    def found(self, form: SpanForm) -> Any:
        raise NotImplementedError


class RegionLate(RegionPart):
    """What suppliers owe and have not sent, in counts."""

    template_name = "reporting/dashboards/late.html"

    def found(self, form: SpanForm) -> LatePage:
        return late_page(
            self.actor, form.span, self.region_slug, at=form.day, money=not self.counts_only
        )


class RegionBenchmark(RegionPart):
    """The authorities that agree to be compared, in alphabetical order."""

    template_name = "reporting/dashboards/benchmark.html"

    def get_page(self) -> dict[str, Any]:
        return super().get_page() | {"meaning": MEANING, "computation": COMPUTATION}

    def found(self, form: SpanForm) -> Benchmark:
        return benchmark(self.actor, form.span, self.region_slug, form.day)


class RegionBenchmarkFile(Spanned, TableDownload):
    access = REGION

    def get_table(self) -> tuple[str, Table]:
        form, slug = self.readable_form(), self.request.GET.get("region", "")
        name = file_name("comparison", form.span, form.day)
        return name, benchmark(self.actor, form.span, slug, form.day).table


def targets_of(view: Spanned, form: SpanForm) -> TargetsPage:
    """The targets of the year and the day that were asked for."""
    return targets_page(
        view.actor,
        form.span.year,
        view.request.GET.get("region", ""),
        at=form.day,
        money=not view.counts_only,
    )


class Targets(RegionPart):
    """A region's targets of a year, what each authority puts in, and their history."""

    access = TARGETS
    template_name = "reporting/dashboards/targets.html"

    def found(self, form: SpanForm) -> TargetsPage:
        return targets_of(self, form)


class TargetsFile(Spanned, TableDownload):
    access = REGION

    def get_table(self) -> tuple[str, Table]:
        form = self.readable_form()
        name = file_name("targets", Span(form.span.year), form.day)
        return name, targets_of(self, form).table


def targets_url(region_slug: str, year: FinancialYear) -> str:
    asked = urlencode({"region": region_slug, "year": year.slug})
    return f"{reverse('reporting:dashboards:targets')}?{asked}"


class SetTarget(Spanned, FormPage):
    """A first target; the region and the year stand in the address."""

    access = TARGETS
    template_name = "reporting/dashboards/target_form.html"
    form_class = TargetForm

    @cached_property
    def about(self) -> tuple[int, str, str]:
        return region_to_aim(self.actor, self.request.GET.get("region", ""))

    @cached_property
    def year(self) -> FinancialYear:
        return self.span_form().span.year

    def get_page(self) -> dict[str, Any]:
        _, slug, name = self.about
        return {
            "heading": "Set a target",
            "caption": f"{name}, {self.year.label}",
            "back_url": targets_url(slug, self.year),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"aims": aims_of(self.about[0], self.year)}

    def perform(self, form: TargetForm) -> str:
        _, slug, _ = self.about
        services.set_target(
            actor=self.actor,
            region_slug=slug,
            aim_key=form.cleaned_data["aim"],
            year=self.year.slug,
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
        )
        messages.success(self.request, "The target is set.")
        return targets_url(slug, self.year)


class ChangeTarget(FormPage):
    """Another amount for the same aim and year."""

    access = TARGETS
    template_name = "reporting/dashboards/target_form.html"
    form_class = ChangeTargetForm
    kwargs: dict[str, Any]

    @cached_property
    def target(self) -> TargetInfo:
        return target_to_change(self.actor, self.kwargs["target_id"])

    def get_page(self) -> dict[str, Any]:
        target = self.target
        return {
            "heading": "Change a target",
            "caption": f"{target.aim.label}, {target.year.label}",
            "target": target,
            "back_url": targets_url(target.region_slug, target.year),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"aim": self.target.aim}

    def perform(self, form: ChangeTargetForm) -> str:
        services.change_target(
            actor=self.actor,
            target_id=self.target.id,
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
        )
        messages.success(self.request, "The target is changed.")
        return targets_url(self.target.region_slug, self.target.year)


class EndTarget(Deed):
    """The target no longer stands; it stays in the history."""

    access = TARGETS
    kwargs: dict[str, Any]

    def perform(self) -> str:
        target = target_to_change(self.actor, self.kwargs["target_id"])
        services.end_target(actor=self.actor, target_id=target.id)
        self.say("The target is taken away. It stays in the history.")
        return targets_url(target.region_slug, target.year)
