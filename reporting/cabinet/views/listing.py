"""The list of reports, and starting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse

from reporting.cabinet import services
from reporting.cabinet.forms import ReportFilterForm, StartForm
from reporting.cabinet.permissions import AUTHOR, BUYER
from reporting.cabinet.queries import listing
from reporting.cabinet.queries.starting import StartPage, start_page
from socialvalue.core import clock
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, FormPage, Page, TableDownload

REPORTS_A_PAGE = 20


def _filters(view: BaseView) -> tuple[ReportFilterForm, listing.ReportFilters]:
    """The filter form as sent; what cannot be read narrows nothing."""
    form = ReportFilterForm(view.request.GET or None)
    data = form.cleaned_data if form.is_valid() else {}
    wanted = listing.ReportFilters(
        data.get("q", ""), data.get("status", ""), data.get("kind", ""), data.get("sort", "")
    )
    return form, wanted


class Reports(Page):
    """The authority's reports."""

    access = BUYER
    template_name = "reporting/cabinet/list.html"

    def get_page(self) -> dict[str, Any]:
        form, wanted = _filters(self)
        page = Paginator(listing.reports_for(self.actor, wanted), REPORTS_A_PAGE).get_page(
            self.request.GET.get("page")
        )
        return {
            "filter_form": form,
            "page": page,
            "reports": listing.report_lines(self.actor, page.object_list),
            "may_start": listing.may_start(self.actor),
            "is_filtered": bool(wanted.search or wanted.status or wanted.kind),
        }


class Export(TableDownload):
    """The list exactly as filtered."""

    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        table = listing.reports_table(self.actor, _filters(self)[1])
        return "reports", table


class Start(FormPage):
    """Which kind first: it is in the address; then the period, what it is about, title and meeting."""

    access = AUTHOR
    template_name = "reporting/cabinet/new.html"
    form_class = StartForm

    def get_page(self) -> dict[str, Any]:
        asked = self.request.GET
        self.page: StartPage = start_page(
            self.actor,
            clock.today(),
            kind=asked.get("kind", ""),
            template=asked.get("template", ""),
        )
        return {"page": self.page}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"page": self.page, "today": clock.today()}

    def get_initial(self) -> dict[str, Any]:
        return {"financial_year": self.page.first_year, "quarter": self.page.first_quarter}

    def perform(self, form: StartForm) -> str:
        data = dict(form.cleaned_data)
        quarter = data.pop("quarter", "")
        report = services.start_report(
            actor=self.actor,
            kind=self.page.chosen.form.kind,
            template_id=self.page.chosen.template_id,
            quarter=int(quarter) if quarter else None,
            **data,
        )
        messages.success(
            self.request,
            "The report is started. Figures and opening paragraphs are filled in: check each section.",
        )
        return reverse("reporting:cabinet:report", args=[report.pk])
