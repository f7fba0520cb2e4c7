"""Procurements: list, entry, change, light-touch note, notices in."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from procurement.policies import queries as policies
from procurement.procurements import queries, services
from procurement.procurements.forms import (
    AdviceForm,
    ListFilterForm,
    NoteForm,
    ProcurementForm,
    UploadForm,
    WithdrawForm,
)
from procurement.procurements.permissions import (
    BUYER,
    OFFICER,
    can_create,
    why_not_edit,
    why_not_finish_note,
    why_not_withdraw,
)
from procurement.procurements.vocabulary import BuyerMatch, ImportStatus
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotVisible, RuleBroken
from socialvalue.core.files import new_key, safe_name
from socialvalue.core.sheets import to_csv, to_xlsx
from socialvalue.core.views import BaseView, Deed, Download, FormPage, Page

PAGE_SIZE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def thread_url(procurement_id: int) -> str:
    """The page of one procurement through all its stages."""
    return reverse("procurement:threads:procurement", args=[procurement_id])


class ProcurementList(Page):
    access = BUYER
    template_name = "procurement/procurements/list.html"

    def get_page(self) -> dict[str, Any]:
        form = ListFilterForm(self.request.GET, actor=self.actor)
        rows = queries.procurement_list(self.actor, form.wanted)
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {"filter_form": form, "page": page, "can_create": can_create(self.actor)}


class ProcurementExport(Download):
    """Exactly what is filtered, every page of it."""

    access = BUYER

    def get_file(self) -> tuple[str, str, bytes]:
        form = ListFilterForm(self.request.GET, actor=self.actor)
        table = queries.procurement_table(self.actor, form.wanted)
        name = f"procurements-{clock.today().isoformat()}"
        if self.kwargs["form"] == "csv":
            return f"{name}.csv", "text/csv; charset=utf-8", to_csv(table)
        return f"{name}.xlsx", XLSX, to_xlsx(table)


class RouteAdvice(BaseView):
    """What follows from the answers so far, as a fragment; asked while the officer types."""

    access = BUYER
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AdviceForm(request.GET)
        advice: dict[str, Any] = {}
        if form.is_valid():
            try:
                advice["result"] = policies.decide(
                    authority_id=self.actor.organisation_id,
                    category=form.cleaned_data["category"],
                    amount=form.cleaned_data["estimate"],
                    basis=form.cleaned_data["estimate_basis"],
                    vat_rate_percent=form.cleaned_data["vat_rate_percent"],
                    commenced_on=form.cleaned_data["commenced_on"],
                )
            except RuleBroken as error:
                advice["problem"] = error.message
        return render(request, "procurement/procurements/_advice.html", advice)


class ProcurementNew(FormPage):
    access = OFFICER
    template_name = "procurement/procurements/form.html"
    form_class = ProcurementForm

    def get_page(self) -> dict[str, Any]:
        return {"is_new": True, "cancel_url": reverse("procurement:procurements:list")}

    def get_initial(self) -> dict[str, Any]:
        return {"commenced_on": clock.today(), "submission_key": new_key()}

    def perform(self, form: ProcurementForm) -> str:
        procurement = services.create_procurement(
            actor=self.actor,
            submission_key=form.cleaned_data["submission_key"] or None,
            **form.values,
        )
        return thread_url(procurement.pk)


class ProcurementEdit(FormPage):
    access = OFFICER
    template_name = "procurement/procurements/form.html"
    form_class = ProcurementForm

    def get_page(self) -> dict[str, Any]:
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        return {
            "is_new": False,
            "procurement": procurement,
            "why_not": why_not_edit(self.actor, procurement),
            "result": queries.advice_for(self.actor, procurement.pk),
            "cancel_url": thread_url(procurement.pk),
        }

    def get_initial(self) -> dict[str, Any]:
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        names = [name for name in ProcurementForm.base_fields if name != "submission_key"]
        return {name: getattr(procurement, name) for name in names}

    def perform(self, form: ProcurementForm) -> str:
        try:
            procurement = services.change_procurement(
                actor=self.actor,
                procurement_id=self.kwargs["pk"],
                expected_version=form.cleaned_data["version"] or 0,
                **form.values,
            )
        except Conflict:
            # Shown beside what is there now; saving again then means it.
            form.see_version(queries.procurement_for(self.actor, self.kwargs["pk"]).version)
            raise
        return thread_url(procurement.pk)


class ProcurementWithdraw(FormPage):
    access = OFFICER
    template_name = "procurement/procurements/withdraw.html"
    form_class = WithdrawForm

    def get_page(self) -> dict[str, Any]:
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        return {
            "procurement": procurement,
            "why_not": why_not_withdraw(self.actor, procurement),
            "cancel_url": thread_url(procurement.pk),
        }

    def perform(self, form: WithdrawForm) -> str:
        services.withdraw_procurement(
            actor=self.actor, procurement_id=self.kwargs["pk"], reason=form.cleaned_data["reason"]
        )
        return thread_url(self.kwargs["pk"])


class NotePage(FormPage):
    """The light-touch note on one page; finishing it finishes the procurement."""

    access = OFFICER
    template_name = "procurement/procurements/note.html"
    form_class = NoteForm

    def get_page(self) -> dict[str, Any]:
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        return {
            "procurement": procurement,
            "decision": queries.latest_decision(procurement.pk),
            "why_not": why_not_finish_note(self.actor, procurement),
            "note": queries.light_touch_note(self.actor, procurement.pk),
            "cancel_url": thread_url(procurement.pk),
        }

    def perform(self, form: NoteForm) -> str:
        values = {"objectives": [], **form.cleaned_data}
        services.finish_light_touch(actor=self.actor, procurement_id=self.kwargs["pk"], **values)
        return reverse("procurement:procurements:note_print", args=[self.kwargs["pk"]])


class NotePrint(Page):
    """The finished note, to read, print or save."""

    access = BUYER
    template_name = "procurement/procurements/note_print.html"

    def get_page(self) -> dict[str, Any]:
        note = queries.light_touch_note(self.actor, self.kwargs["pk"])
        if note is None:
            raise NotVisible
        return {
            "note": note,
            "procurement": note.procurement,
            "decision": queries.latest_decision(note.procurement_id),
            "objectives": queries.objective_names(note.objectives),
            "thread_url": thread_url(note.procurement_id),
            "who_can_see": [f"Everyone on the buyer side of {note.procurement.authority.name}."],
        }


class NoticeUpload(FormPage):
    access = OFFICER
    template_name = "procurement/procurements/import.html"
    form_class = UploadForm

    def get_initial(self) -> dict[str, Any]:
        return {"match": BuyerMatch.OWN}

    def perform(self, form: UploadForm) -> str:
        uploaded = form.cleaned_data["file"]
        kept = services.preview_notices(
            actor=self.actor,
            file_name=safe_name(uploaded.name),
            # One byte more than the limit is enough to know that it is too large.
            content=uploaded.read(services.MAX_BYTES + 1),
            match=BuyerMatch(form.cleaned_data["match"]),
        )
        return reverse("procurement:procurements:import_preview", args=[kept.pk])


class NoticePreview(Page):
    """What applying the file does; after that, what it did."""

    access = OFFICER
    template_name = "procurement/procurements/import_preview.html"

    def get_page(self) -> dict[str, Any]:
        kept = queries.notice_import(self.actor, self.kwargs["pk"])
        rows = kept.outcome.get("rows", [])
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "kept": kept,
            "page": page,
            "counts": kept.outcome,
            "refused": len(kept.outcome.get("refused", [])),
            "is_applied": kept.status == ImportStatus.APPLIED,
            "has_changes": bool(kept.outcome.get("created") or kept.outcome.get("updated")),
        }


class NoticeApply(Deed):
    access = OFFICER

    def perform(self) -> str:
        services.apply_notices(actor=self.actor, import_id=self.kwargs["pk"])
        self.say("The notices are imported.")
        return reverse("procurement:procurements:import_preview", args=[self.kwargs["pk"]])
