"""Entry, change and withdrawal, and the advice that follows the officer's typing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from procurement.policies import queries as policies
from procurement.policies.rules import RouteResult
from procurement.procurements import queries, services
from procurement.procurements.forms import (
    AdviceForm,
    ProcurementForm,
    WithdrawForm,
    figures_shown,
)
from procurement.procurements.permissions import (
    BUYER,
    OFFICER,
    why_not_edit,
    why_not_withdraw,
)
from procurement.procurements.views.links import thread_url
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, RuleBroken
from socialvalue.core.files import new_key
from socialvalue.core.views import BaseView, FormPage


class RouteAdvice(BaseView):
    """What follows from the answers so far, as a fragment; asked while the officer types."""

    access = BUYER
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AdviceForm(request.GET)
        advice: dict[str, Any] = {}
        if form.is_valid():
            try:
                result = policies.decide(authority_id=self.actor.organisation_id, **form.decided_by)
            except RuleBroken as error:
                advice["problem"] = error.message
            else:
                advice = self._advice(form, result)
        return render(request, "procurement/procurements/_advice.html", advice)

    def _advice(self, form: AdviceForm, result: RouteResult) -> dict[str, Any]:
        own = self.request.GET.get("own", "")
        together = queries.similar_to(
            self.actor,
            result,
            title=form.cleaned_data["title"],
            cpv=form.cleaned_data["cpv"],
            own_id=int(own) if own.isdecimal() else None,
        )
        return {"result": result, "parts": form.cleaned_data["parts"], "together": together}


class ProcurementNew(FormPage):
    access = OFFICER
    template_name = "procurement/procurements/form.html"
    form_class = ProcurementForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Each new form has an address of its own, so that "back" leads to the same form and not to another one."""
        if not request.GET.get("form"):
            return HttpResponseRedirect(f"{request.path}?{urlencode({'form': new_key()})}")
        return super().get(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        return {"is_new": True, "cancel_url": reverse("procurement:procurements:list")}

    def get_initial(self) -> dict[str, Any]:
        key = self.request.GET.get("form", "")[:64]
        return {"commenced_on": clock.today(), "submission_key": key or new_key()}

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

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A form that was open when the record stopped changing is refused for good, beside what was sent."""
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        if reason := why_not_edit(self.actor, procurement):
            form = self.build_form(bound=True)
            sent = form.values if form.is_valid() else {}
            raise Conflict(reason, changed=services.what_differs(procurement, sent))
        return super().post(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        return {
            "is_new": False,
            "procurement": procurement,
            "why_not": why_not_edit(self.actor, procurement),
            "result": queries.advice_for(self.actor, procurement.pk),
            "together": queries.aggregation_of(self.actor, procurement.pk),
            "cancel_url": thread_url(procurement.pk),
        }

    def get_initial(self) -> dict[str, Any]:
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        stored = queries.stored_values(procurement) | {"version": procurement.version}
        return stored | figures_shown(stored)

    def version_now(self) -> Any:
        return queries.procurement_for(self.actor, self.kwargs["pk"]).version

    def perform(self, form: ProcurementForm) -> str:
        procurement = services.change_procurement(
            actor=self.actor,
            procurement_id=self.kwargs["pk"],
            expected_version=form.cleaned_data["version"] or 0,
            **form.values,
        )
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
