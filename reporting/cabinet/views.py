"""Cabinet reports: list, start, write, freeze, read, keep."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from reporting.cabinet import renderers, services
from reporting.cabinet.forms import (
    ChangeForm,
    CirculationForm,
    ContactFormSet,
    ReportFilterForm,
    SectionForm,
    StartForm,
)
from reporting.cabinet.permissions import AUTHOR, BUYER
from reporting.cabinet.queries import reports
from reporting.cabinet.rules import words
from reporting.cabinet.rules.content import ReportView
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, RuleBroken
from socialvalue.core.periods import FinancialYear
from socialvalue.core.sheets import XLSX, to_xlsx
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Deed, Download, FormPage, Page, TableDownload

REPORTS_A_PAGE = 20


def _filters(view: BaseView) -> tuple[ReportFilterForm, reports.ReportFilters]:
    """The filter form as sent; what cannot be read narrows nothing."""
    form = ReportFilterForm(view.request.GET or None)
    data = form.cleaned_data if form.is_valid() else {}
    wanted = reports.ReportFilters(data.get("q", ""), data.get("status", ""), data.get("sort", ""))
    return form, wanted


class Reports(Page):
    """The authority's reports."""

    access = BUYER
    template_name = "reporting/cabinet/list.html"

    def get_page(self) -> dict[str, Any]:
        form, wanted = _filters(self)
        page = Paginator(reports.reports_for(self.actor, wanted), REPORTS_A_PAGE).get_page(
            self.request.GET.get("page")
        )
        return {
            "filter_form": form,
            "page": page,
            "reports": reports.report_lines(self.actor, page.object_list),
            "may_start": reports.may_start(self.actor),
            "is_filtered": bool(wanted.search or wanted.status),
        }


class Export(TableDownload):
    """The list exactly as filtered."""

    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        table = reports.reports_table(self.actor, _filters(self)[1])
        return "cabinet-reports", table


class Start(FormPage):
    access = AUTHOR
    template_name = "reporting/cabinet/new.html"
    form_class = StartForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"today": clock.today()}

    def get_initial(self) -> dict[str, Any]:
        last = FinancialYear(FinancialYear.of(clock.today()).start_year - 1)
        return {"financial_year": last.slug, "title": f"Social value annual report {last.label}"}

    def perform(self, form: StartForm) -> str:
        report = services.start_report(actor=self.actor, **form.cleaned_data)
        messages.success(
            self.request,
            "The report is started. Figures and opening paragraphs are filled in: check each section.",
        )
        return reverse("reporting:cabinet:report", args=[report.pk])


class OfReport(BaseView):
    """A view of one report."""

    kwargs: dict[str, Any]

    @property
    def report_id(self) -> int:
        return int(self.kwargs["pk"])

    @property
    def report_url(self) -> str:
        return reverse("reporting:cabinet:report", args=[self.report_id])


class Report(OfReport, Page):
    access = BUYER
    template_name = "reporting/cabinet/report.html"

    def get_page(self) -> dict[str, Any]:
        return {"report": reports.report_page(self.actor, self.report_id)}


class Change(OfReport, FormPage):
    access = AUTHOR
    template_name = "reporting/cabinet/change.html"
    form_class = ChangeForm

    def get_page(self) -> dict[str, Any]:
        self.report = reports.report_to_change(self.actor, self.report_id)
        return {"report": self.report, "report_url": self.report_url}

    def get_initial(self) -> dict[str, Any]:
        return {
            "title": self.report.title,
            "meeting_on": self.report.meeting_on,
            "version": self.report.version,
        }

    def perform(self, form: ChangeForm) -> str:
        data = dict(form.cleaned_data)
        try:
            services.change_report(
                actor=self.actor,
                report_id=self.report_id,
                expected_version=data.pop("version"),
                **data,
            )
        except Conflict:
            form.see_version(self.report.version)
            raise
        return self.report_url


class Section(OfReport, FormPage):
    access = AUTHOR
    template_name = "reporting/cabinet/section.html"
    form_class = SectionForm

    def get_page(self) -> dict[str, Any]:
        kind = self.kwargs["kind"]
        self.section = reports.section_for(self.actor, self.report_id, kind)
        page = reports.report_page(self.actor, self.report_id)
        return {"report": page, "heading": words.heading_of(kind), "report_url": self.report_url}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"heading": words.HEADINGS[self.kwargs["kind"]]}

    def get_initial(self) -> dict[str, Any]:
        return {"narrative": self.section.narrative, "version": self.section.version}

    def perform(self, form: SectionForm) -> str:
        try:
            services.write_section(
                actor=self.actor,
                report_id=self.report_id,
                kind=self.kwargs["kind"],
                expected_version=form.cleaned_data["version"],
                narrative=form.cleaned_data["narrative"],
            )
        except Conflict:
            form.see_version(self.section.version)
            raise
        return self.report_url


class Contacts(OfReport, BaseView):
    """Contacts and circulation: rows that are added and removed, and two lines of names."""

    access = AUTHOR
    template_name = "reporting/cabinet/contacts.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        report = reports.report_to_change(self.actor, self.report_id)
        form = CirculationForm(
            initial={
                "circulation_local": report.circulation_local,
                "circulation_other": report.circulation_other,
                "version": report.version,
            }
        )
        return self._show(report, form, ContactFormSet(initial=report.contacts, prefix="contacts"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        report = reports.report_to_change(self.actor, self.report_id)
        rows: Any = ContactFormSet(self.request.POST, prefix="contacts")
        form = CirculationForm(self.request.POST)
        is_good = rows.is_valid() & form.is_valid()
        if rows.rows_changed:
            return self._show(report, CirculationForm(initial=self.request.POST.dict()), rows)
        if not is_good:
            return self._show(report, form, rows, status=422)
        data = dict(form.cleaned_data)
        try:
            services.set_contacts(
                actor=self.actor,
                report_id=self.report_id,
                expected_version=data.pop("version"),
                contacts=[services.Contact(**row) for row in rows.cleaned_data if row],
                **data,
            )
        except RuleBroken as error:
            for _, message in error.errors:
                form.add_error(None, message)
            return self._show(report, form, rows, status=422)
        except Conflict as error:
            form.see_version(report.version)
            return self._show(report, form, rows, status=409, conflict=error)
        return HttpResponseRedirect(self.report_url)

    def _show(
        self,
        report: object,
        form: CirculationForm,
        rows: Any,
        *,
        status: int = 200,
        conflict: Conflict | None = None,
    ) -> HttpResponse:
        page = {
            "report": report,
            "report_url": self.report_url,
            "form": form,
            "formset": rows,
            "conflict": conflict,
        }
        return render(self.request, self.template_name, page, status=status)


class Freeze(OfReport, Deed):
    access = AUTHOR

    def perform(self) -> str:
        services.freeze_report(actor=self.actor, report_id=self.report_id)
        self.say("The report is frozen. Its words and figures no longer change. Download it below.")
        return self.report_url


class Html(OfReport, Page):
    """The web page with the same content as the PDF."""

    access = BUYER
    template_name = "reporting/cabinet/html.html"

    def get_page(self) -> dict[str, Any]:
        view = self._view()
        return {
            "report": view,
            "exhibits": renderers.exhibits(view),
            "report_url": self.report_url,
            "pdf_url": reverse("reporting:cabinet:pdf", args=[self.report_id]),
            "annex_url": reverse("reporting:cabinet:xlsx", args=[self.report_id]),
        }

    def _view(self) -> ReportView:
        return reports.report_to_read(
            self.actor, self.report_id, counts_only=self.counts_only, opens=True
        )


class Kept(OfReport, Download):
    """A file of the report."""

    access = BUYER

    def view_of(self) -> ReportView:
        return reports.report_to_read(self.actor, self.report_id, counts_only=self.counts_only)

    def annex(self) -> bytes:
        return to_xlsx(*reports.annex_of(self.actor, self.report_id, counts_only=self.counts_only))

    def name(self, ending: str) -> str:
        return f"cabinet-report-{self.report_id}.{ending}"


class Pdf(Kept):
    def get_file(self) -> tuple[str, str, bytes]:
        return self.name("pdf"), "application/pdf", renderers.pdf(self.view_of())


class Annex(Kept):
    def get_file(self) -> tuple[str, str, bytes]:
        return self.name("xlsx"), XLSX, self.annex()


class Pack(Kept):
    """PDF, HTML and XLSX in one file."""

    def get_file(self) -> tuple[str, str, bytes]:
        view = self.view_of()
        files = {
            self.name("pdf"): renderers.pdf(view),
            self.name("html"): renderers.print_html(view).encode(),
            self.name("xlsx"): self.annex(),
        }
        return self.name("zip"), "application/zip", renderers.pack(files)
