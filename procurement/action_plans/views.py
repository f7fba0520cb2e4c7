from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.urls import reverse

from procurement.action_plans import queries, services
from procurement.action_plans.forms import MilestonesForm
from procurement.awards.permissions import PARTY
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.errors import RuleBroken
from socialvalue.core.views import Deed, FormPage, Page


def plan_url(contract_pk: int) -> str:
    return reverse("procurement:action_plans:plan", args=[contract_pk])


class Plan(Page):
    """Every commitment with its quarters, to both parties."""

    access = PARTY
    template_name = "procurement/action_plans/plan.html"

    def get_page(self) -> dict[str, Any]:
        return {"plan": queries.plan_of(self.actor, self.kwargs["contract_pk"])}


class Start(Deed):
    """Start the plan by hand, when the job after the award has not done it."""

    access = BUYER

    def perform(self) -> str:
        contract_pk = self.kwargs["contract_pk"]
        services.start_plan(actor=self.actor, contract_id=contract_pk)
        self.say("The action plan is filled in from the commitments.")
        return plan_url(contract_pk)


class Edit(FormPage):
    """The quarters of one commitment."""

    access = BUYER
    template_name = "procurement/action_plans/edit.html"
    form_class = MilestonesForm

    @cached_property
    def edit(self) -> queries.CommitmentEdit:
        contract_pk, commitment_pk = self.kwargs["contract_pk"], self.kwargs["commitment_pk"]
        return queries.commitment_to_plan(self.actor, contract_pk, commitment_pk)

    def get_page(self) -> dict[str, Any]:
        return {"edit": self.edit}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"edit": self.edit}

    def version_now(self) -> Any:
        return self.edit.version

    def perform(self, form: MilestonesForm) -> str:
        services.change_milestones(
            actor=self.actor,
            contract_id=self.kwargs["contract_pk"],
            commitment_id=self.kwargs["commitment_pk"],
            expected_version=form.cleaned_data["version"],
            quantities=form.quantities(),
            owner=form.cleaned_data["owner"],
            evidence=form.cleaned_data["evidence"],
            authority_owner=form.cleaned_data["authority_owner"],
        )
        messages.success(self.request, "The quarters are saved.")
        return plan_url(self.kwargs["contract_pk"])


class Agree(Deed):
    """One party's yes to the version it read; the service knows which party."""

    access = PARTY

    def perform(self) -> str:
        contract_pk = self.kwargs["contract_pk"]
        seen = self.request.POST.get("version", "")
        if seen and not seen.isdecimal():
            raise RuleBroken("Open the plan again, then agree it.")
        plan = services.agree_plan(
            actor=self.actor,
            contract_id=contract_pk,
            expected_version=int(seen) if seen else None,
        )
        self.say(
            "The action plan is agreed by both parties."
            if plan.agreed_at
            else "You have agreed the action plan. It stands once the other party agrees it too."
        )
        return plan_url(contract_pk)
