"""The calendar of one procurement, of the authority, and recording what was done."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse

from procurement.duties import queries, services
from procurement.duties.forms import DutyFilterForm, RecordForm
from procurement.duties.permissions import BUYER, RECORDER, can_record
from procurement.duties.renderers import to_calendar
from socialvalue.core import clock
from socialvalue.core.calendars import MEDIA_TYPE
from socialvalue.core.tables import Table
from socialvalue.core.views import Download, FormPage, Page, TableDownload

PAGE_SIZE = 25


def calendar_url(procurement_id: int) -> str:
    return reverse("procurement:duties:procurement", args=[procurement_id])


class ProcurementDuties(Page):
    """What the law asks of one procurement, by when, and what was done."""

    access = BUYER
    template_name = "procurement/duties/procurement.html"

    def get_page(self) -> dict[str, Any]:
        return {"page": queries.duties_page(self.actor, self.kwargs["procurement_pk"])}


class ProcurementCalendar(Download):
    access = BUYER

    def get_file(self) -> tuple[str, str, bytes]:
        page = queries.duties_page(self.actor, self.kwargs["procurement_pk"])
        content = to_calendar(page.open, name=f"Duties: {page.title}", at=clock.now())
        return f"duties-{page.reference}.ics", MEDIA_TYPE, content


class RecordDuty(FormPage):
    """Say that a duty was done; again, to put the record right."""

    access = RECORDER
    template_name = "procurement/duties/record.html"
    form_class = RecordForm

    @cached_property
    def line(self) -> queries.DutyLine:
        return queries.duty_line(
            self.actor,
            self.kwargs["procurement_pk"],
            self.kwargs["duty"],
            self.kwargs.get("occurrence", ""),
        )

    def get_page(self) -> dict[str, Any]:
        return {"line": self.line, "cancel_url": calendar_url(self.kwargs["procurement_pk"])}

    def get_initial(self) -> dict[str, Any]:
        done = self.line.duty.done
        if done is None:
            return {"done_on": clock.today()}
        return {"done_on": done.done_on, "reference": done.reference, "note": done.note}

    def perform(self, form: RecordForm) -> str:
        services.record_duty(
            actor=self.actor,
            procurement_id=self.kwargs["procurement_pk"],
            duty=self.kwargs["duty"],
            occurrence=self.kwargs.get("occurrence", ""),
            **form.cleaned_data,
        )
        messages.success(self.request, "The duty is recorded as done.")
        return calendar_url(self.kwargs["procurement_pk"])


class DutyList(Page):
    """The duties of every procurement of the authority."""

    access = BUYER
    template_name = "procurement/duties/list.html"

    def get_page(self) -> dict[str, Any]:
        form = DutyFilterForm(self.request.GET, actor=self.actor)
        lines = queries.duty_list(self.actor, form.wanted)
        return {
            "filter_form": form,
            "page": Paginator(lines, PAGE_SIZE).get_page(self.request.GET.get("page")),
            "counts": queries.duty_counts(self.actor),
            "can_record": can_record(self.actor),
        }


class DutyExport(TableDownload):
    """Exactly what is filtered, every page of it."""

    access = BUYER

    @property
    def lines(self) -> list[queries.DutyLine]:
        form = DutyFilterForm(self.request.GET, actor=self.actor)
        return queries.duty_list(self.actor, form.wanted)

    def get_table(self) -> tuple[str, Table]:
        return _file_name(), queries.duty_table(self.lines)

    def get_file(self) -> tuple[str, str, bytes]:
        if self.kwargs["form"] != "ics":
            return super().get_file()
        title = f"Duties of {self.actor.organisation_name}"
        content = to_calendar(self.lines, name=title, at=clock.now())
        return f"{_file_name()}.ics", MEDIA_TYPE, content


def _file_name() -> str:
    return f"duties-{clock.today().isoformat()}"
