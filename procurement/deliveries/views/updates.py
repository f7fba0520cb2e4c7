"""The quarterly update of a contract: typed, kept, checked, sent."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.deliveries import queries, services
from procurement.deliveries.forms import UpdateForm, typed_lines
from procurement.deliveries.permissions import CLAIMANT
from procurement.deliveries.rules import CHANGED, NOTHING_ENTERED, box_name
from procurement.deliveries.views.with_files import max_megabytes, store_files
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, DomainError, NotVisible, RuleBroken
from socialvalue.core.periods import quarter_label
from socialvalue.core.views import Deed, FormPage, ForScript

NOT_SENT = ("csrfmiddlewaretoken", "check", "rest", "send", "edit", "save", "calculate", "undo")


class OfQuarter:
    """Addresses with a contract and a quarter in them."""

    kwargs: dict[str, Any]

    @property
    def contract_pk(self) -> int:
        return int(self.kwargs["contract_pk"])

    @property
    def quarter(self) -> date:
        try:
            return date.fromisoformat(self.kwargs["quarter"])
        except ValueError as error:
            raise NotVisible from error

    def here(self) -> str:
        return reverse(
            "procurement:deliveries:update", args=[self.contract_pk, self.quarter.isoformat()]
        )


class Update(OfQuarter, FormPage):
    """Every commitment due in a quarter on one page; then the check of sums; then it is sent as one deed."""

    access = CLAIMANT
    template_name = "procurement/deliveries/update.html"
    form_class = UpdateForm

    @cached_property
    def update(self) -> queries.UpdatePage:
        return queries.update_page(self.actor, self.contract_pk, self.quarter, clock.today())

    def read_again(self) -> None:
        """After a file was kept or something was undone."""
        self.__dict__.pop("update", None)

    def get_page(self) -> dict[str, Any]:
        return {"update": self.update}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            "page": self.update,
            "max_megabytes": max_megabytes(),
            "today": clock.today(),
        }

    def get_initial(self) -> dict[str, Any]:
        return {
            "version": str(self.update.version),
            "seen": self.update.seen,
            "submission_key": uuid.uuid4().hex,
        }

    def build_form(self, *, bound: bool) -> Any:
        if not bound:
            return super().build_form(bound=False)
        data = self.request.POST.copy()
        faults = self._keep_files(data)
        form = UpdateForm(data, self.request.FILES, **self.get_form_kwargs())
        form.file_faults = faults
        return form

    def _keep_files(self, data: Any) -> list[tuple[str, str]]:
        """Store what was chosen and tick it; the faults of what could not be stored, by box."""
        faults = []
        for row in self.update.every_row:
            box = box_name(row.id, "file")
            if box not in self.request.FILES:
                continue
            stored, wrong = store_files(
                self.actor,
                self.contract_pk,
                self.request.FILES.getlist(box),
                commitment_id=row.id,
                quarter=self.quarter,
                has_consent=bool(data.get("has_consent")),
            )
            for pk in stored:
                data.appendlist(box_name(row.id, "evidence"), str(pk))
            faults += [(box, message) for message in wrong]
        self.read_again()
        return faults

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "undo" in request.POST:
            self._undo(request.POST["undo"])
        form = self.build_form(bound=True)
        if form.file_faults and "send" not in request.POST:
            return self._faulty(form)
        if "save" in request.POST:
            return self._save(form)
        if "calculate" in request.POST:
            number = request.POST["calculate"]
            form.calculate(int(number) if number.isdecimal() and len(number) < 19 else 0)
            return self._show(form, status=422 if form.errors else 200)
        if "edit" in request.POST or "undo" in request.POST:
            form.without_errors()
            return self._show(form)
        if "rest" in request.POST:
            form.say_nothing_for_the_rest()
        return self._send(form) if "send" in request.POST else self._check(form)

    def _show(self, form: UpdateForm, status: int = 200, **more: Any) -> HttpResponse:
        page = {"update": form.page, "form": form, "is_typed": True, **more}
        return render(self.request, self.template_name, page, status=status)

    def _faulty(self, form: UpdateForm) -> HttpResponse:
        form.without_errors()
        for box, message in form.file_faults:
            form.add_error(box if box in form.fields else None, message)
        return self._show(form, status=422)

    def _undo(self, number: str) -> None:
        try:
            services.take_back_nothing(
                actor=self.actor, nil_id=int(number) if number.isdecimal() else 0
            )
        except NotVisible:
            # Pressed twice: it is taken back already.
            return
        self.read_again()
        messages.success(self.request, "Taken back. You can enter a figure again.")

    def _save(self, form: UpdateForm) -> HttpResponse:
        try:
            save_typed(self, form.page)
        except Conflict as conflict:
            form.without_errors()
            form.see_version(form.page.version)
            return self._show(form, status=409, conflict=conflict, may_save_again=True)
        messages.success(self.request, "Your draft is saved. Nothing is sent yet.")
        return HttpResponseRedirect(self.here())

    def _check(self, form: UpdateForm) -> HttpResponse:
        if not form.is_valid():
            return self._show(form, status=422)
        if not form.lines():
            form.add_error(None, NOTHING_ENTERED)
            return self._show(form, status=422)
        if form.cleaned_data["seen"] != form.page.seen:
            return self._changed(form, Conflict(CHANGED))
        data: Any = form.data
        sent = [
            (name, value)
            for name, values in data.lists()
            if name not in NOT_SENT
            for value in values
        ]
        page = {
            "update": form.page,
            "form": form,
            "check": queries.update_check(form.page, form.lines()),
            "sent": sent,
        }
        return render(self.request, "procurement/deliveries/update_check.html", page)

    def _send(self, form: UpdateForm) -> HttpResponse:
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            services.submit_update(
                actor=self.actor,
                contract_id=self.contract_pk,
                quarter=self.quarter,
                lines=form.lines(),
                submission_key=form.cleaned_data["submission_key"],
                seen=form.cleaned_data["seen"],
            )
        except RuleBroken as error:
            for name, message in error.errors:
                form.add_error(name if name in form.fields else None, message)
            return self._show(form, status=422)
        except Conflict as conflict:
            return self._changed(form, conflict)
        authority = form.page.contract.authority_name
        messages.success(
            self.request,
            f"Your update for {quarter_label(self.quarter)} is sent. {authority} decides on it.",
        )
        return HttpResponseRedirect(self.here())

    def _changed(self, form: UpdateForm, conflict: Conflict) -> HttpResponse:
        """What was typed beside what is claimed now: sending it again is a choice."""
        form.see_claims(form.page.seen)
        return self._show(form, status=409, conflict=conflict, may_save_again=True)


def save_typed(view: Any, page: queries.UpdatePage) -> int:
    """Keep what stands in the boxes of a posted page as drafts. Returns the version of what is kept now."""
    sent = view.request.POST.get("version", "")
    return services.save_drafts(
        actor=view.actor,
        contract_id=page.contract.id,
        quarter=page.quarter,
        lines=[
            services.DraftLine(**line)
            for line in typed_lines(view.request.POST, [row.id for row in page.every_row])
        ],
        expected_version=int(sent) if sent.isdecimal() and len(sent) < 10 else -1,
    )


class AutosaveUpdate(OfQuarter, ForScript):
    """Keeps the update while it is typed."""

    access = CLAIMANT

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = queries.update_page(self.actor, self.contract_pk, self.quarter, clock.today())
        try:
            version = save_typed(self, page)
        except NotVisible:
            raise
        except DomainError as error:
            return HttpResponse(status=409 if isinstance(error, Conflict) else 422)
        answer = HttpResponse(status=204)
        answer.headers["X-Version"] = str(version)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


class ReportNothing(Deed):
    """Nothing this period, for one commitment, in one click from the inbox."""

    access = CLAIMANT

    def perform(self) -> str:
        try:
            quarter = date.fromisoformat(self.kwargs["quarter"])
        except ValueError as error:
            raise NotVisible from error
        services.report_nothing(
            actor=self.actor, commitment_id=self.kwargs["commitment_pk"], quarter=quarter
        )
        self.say(
            f"Reported: nothing in {quarter_label(quarter)}. You can undo it on the page of the quarter."
        )
        return reverse("procurement:deliveries:inbox")


class TakeBackNothing(Deed):
    """Undo it."""

    access = CLAIMANT

    def perform(self) -> str:
        contract_id, quarter = services.take_back_nothing(
            actor=self.actor, nil_id=self.kwargs["pk"]
        )
        self.say("Taken back. You can enter a figure again.")
        return reverse("procurement:deliveries:update", args=[contract_id, quarter.isoformat()])
