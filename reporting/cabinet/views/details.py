"""Title, date and contacts of a report."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from reporting.cabinet import services
from reporting.cabinet.forms import ChangeForm, CirculationForm, ContactFormSet
from reporting.cabinet.permissions import AUTHOR
from reporting.cabinet.queries import reports
from reporting.cabinet.queries.listing import meeting_of
from reporting.cabinet.views.of_report import OfReport
from socialvalue.core.errors import Conflict, RuleBroken
from socialvalue.core.views import BaseView, FormPage


class Change(OfReport, FormPage):
    access = AUTHOR
    template_name = "reporting/cabinet/change.html"
    form_class = ChangeForm

    def get_page(self) -> dict[str, Any]:
        self.report = reports.report_to_change(self.actor, self.report_id)
        return {"report": self.report, "report_url": self.report_url}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"meeting": meeting_of(self.report)}

    def get_initial(self) -> dict[str, Any]:
        return {
            "title": self.report.title,
            "committee": self.report.committee,
            "meeting_on": self.report.meeting_on,
            "version": self.report.version,
        }

    def version_now(self) -> int:
        return int(self.report.version)

    def perform(self, form: ChangeForm) -> str:
        data = dict(form.cleaned_data)
        services.change_report(
            actor=self.actor,
            report_id=self.report_id,
            expected_version=data.pop("version"),
            **data,
        )
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
