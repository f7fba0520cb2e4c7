"""Overrides of the route: asking, answering, the register; and why a route was not followed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse

from procurement.procurements import queries, services
from procurement.procurements.forms import (
    APPROVE,
    DeviationForm,
    OverrideAnswerForm,
    OverrideAskForm,
    OverrideFilterForm,
)
from procurement.procurements.permissions import (
    BUYER,
    EXPLAINER,
    OFFICER,
    can_take_back,
    why_not_answer_override,
    why_not_ask_override,
    why_not_explain,
)
from procurement.procurements.views.links import PAGE_SIZE, thread_url
from procurement.procurements.vocabulary import OverrideStatus
from socialvalue.core import clock
from socialvalue.core.tables import Table
from socialvalue.core.views import Deed, FormPage, Page, TableDownload

if TYPE_CHECKING:
    from procurement.procurements.models import RouteOverride


def override_url(override_id: int) -> str:
    return reverse("procurement:procurements:override", args=[override_id])


class OverrideRegister(Page):
    """Every override of the authority, for everybody on the buying side: it is in the open."""

    access = BUYER
    template_name = "procurement/procurements/overrides.html"

    def get_page(self) -> dict[str, Any]:
        form = OverrideFilterForm(self.request.GET)
        rows = queries.overrides(self.actor, form.wanted)
        return {
            "filter_form": form,
            "page": Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page")),
            "who_can_see": [f"Everyone on the buyer side of {self.actor.organisation_name}."],
        }


class OverrideExport(TableDownload):
    """Exactly what is filtered, every page of it."""

    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        table = queries.override_table(self.actor, OverrideFilterForm(self.request.GET).wanted)
        name = f"overrides-{clock.today().isoformat()}"
        return name, table


class OverrideNew(FormPage):
    access = OFFICER
    template_name = "procurement/procurements/override_new.html"
    form_class = OverrideAskForm

    def get_page(self) -> dict[str, Any]:
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        asked = queries.overrides_of(self.actor, procurement.pk)
        waiting = [row for row in asked if row.status == OverrideStatus.ASKED]
        return {
            "procurement": procurement,
            "decision": queries.latest_decision(procurement.pk),
            "from_route": queries.rules_own_route(procurement.pk),
            "waiting": waiting[0] if waiting else None,
            "why_not": why_not_ask_override(self.actor, procurement),
            "cancel_url": thread_url(procurement.pk),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"from_route": queries.rules_own_route(self.kwargs["pk"])}

    def perform(self, form: OverrideAskForm) -> str:
        override = services.ask_override(
            actor=self.actor, procurement_id=self.kwargs["pk"], **form.cleaned_data
        )
        messages.success(self.request, "Sent to the approvers and the policy owner.")
        return override_url(override.pk)


class OverridePage(FormPage):
    """One override: everybody may read it, a second person answers it here."""

    access = BUYER
    template_name = "procurement/procurements/override.html"
    form_class = OverrideAnswerForm

    @cached_property
    def override(self) -> RouteOverride:
        return queries.override_for(self.actor, self.kwargs["pk"])

    def get_page(self) -> dict[str, Any]:
        override = self.override
        decision = queries.latest_decision(override.procurement_id)
        is_approved = override.status == OverrideStatus.APPROVED
        return {
            "override": override,
            "decision": decision,
            "is_lapsed": is_approved and (decision is None or decision.override_id != override.pk),
            "why_not": why_not_answer_override(self.actor, override),
            "can_take_back": can_take_back(self.actor, override),
            "thread_url": thread_url(override.procurement_id),
        }

    def perform(self, form: OverrideAnswerForm) -> str:
        is_approved = form.cleaned_data["verdict"] == APPROVE
        answer = services.approve_override if is_approved else services.refuse_override
        answer(
            actor=self.actor,
            override_id=self.override.pk,
            answer=form.cleaned_data["answer"],
        )
        messages.success(self.request, "Your answer is kept in the register.")
        return override_url(self.override.pk)


class OverrideTakeBack(Deed):
    access = OFFICER

    def perform(self) -> str:
        override = services.take_back_override(actor=self.actor, override_id=self.kwargs["pk"])
        self.say("The request is taken back. It stays in the register.")
        return override_url(override.pk)


class DeviationNew(FormPage):
    access = EXPLAINER
    template_name = "procurement/procurements/deviation.html"
    form_class = DeviationForm

    def get_page(self) -> dict[str, Any]:
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        return {
            "procurement": procurement,
            "why_not": why_not_explain(self.actor, procurement),
            "told": queries.deviations_of([procurement.pk]).get(procurement.pk, []),
            "cancel_url": thread_url(procurement.pk),
        }

    def perform(self, form: DeviationForm) -> str:
        services.explain_deviation(
            actor=self.actor,
            procurement_id=self.kwargs["pk"],
            reason=form.cleaned_data["reason"],
        )
        messages.success(self.request, "The explanation is kept.")
        return thread_url(self.kwargs["pk"])
