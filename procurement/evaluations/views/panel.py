from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from procurement.evaluations import queries, services
from procurement.evaluations.forms import (
    AddMemberForm,
    DecisionForm,
    DeclarationForm,
    RecusalForm,
    WordingForm,
)
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.views import Deed, FormPage


def panel_url(procurement_pk: int) -> str:
    return reverse("procurement:evaluations:panel", args=[procurement_pk])


class Panel(FormPage):
    """Who is on the panel, what they declared, what is missing before the opening; and somebody more."""

    access = BUYER
    template_name = "procurement/evaluations/panel.html"
    form_class = AddMemberForm

    @cached_property
    def panel(self) -> queries.PanelPage:
        return queries.panel_page(self.actor, self.kwargs["procurement_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"panel": self.panel}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"people": self.panel.people, "roles": self.panel.roles}

    def perform(self, form: AddMemberForm) -> str:
        services.add_panel_member(
            actor=self.actor,
            tender_id=self.panel.tender_id,
            person_id=int(form.cleaned_data["person"]),
            role=form.cleaned_data["role"],
        )
        messages.success(self.request, "Named. They declare their interests next.")
        return panel_url(self.kwargs["procurement_pk"])


class RemoveMember(Deed):
    """Take somebody off the panel, before the opening."""

    access = BUYER

    def perform(self) -> str:
        pk = self.kwargs["procurement_pk"]
        member_id = queries.member_to_remove(self.actor, pk, self.kwargs["member_pk"])
        member = services.remove_panel_member(actor=self.actor, member_id=member_id)
        self.say(f"{member.person} is off the panel.")
        return panel_url(pk)


class Recuse(FormPage):
    """Somebody takes no further part, with the reason."""

    access = BUYER
    template_name = "procurement/evaluations/recuse.html"
    form_class = RecusalForm

    @cached_property
    def member(self) -> queries.MemberToRecuse:
        return queries.member_to_recuse(
            self.actor, self.kwargs["procurement_pk"], self.kwargs["member_pk"]
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._done_already() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._done_already() or super().post(request, *args, **kwargs)

    def _done_already(self) -> HttpResponse | None:
        """Pressed twice, or by two people: the panel says who is recused."""
        if not self.member.is_recused:
            return None
        name = "You are" if self.member.is_me else f"{self.member.name} is"
        messages.info(self.request, f"{name} recused already. Nothing was changed.")
        return redirect(panel_url(self.kwargs["procurement_pk"]))

    def get_page(self) -> dict[str, Any]:
        return {"member": self.member}

    def perform(self, form: RecusalForm) -> str:
        services.recuse(
            actor=self.actor,
            member_id=self.member.member_id,
            reason=form.cleaned_data["reason"],
        )
        messages.success(self.request, f"{self.member.name} takes no further part.")
        return panel_url(self.kwargs["procurement_pk"])


class Declare(FormPage):
    """One's own interests in every invited supplier."""

    access = BUYER
    template_name = "procurement/evaluations/declare.html"
    form_class = DeclarationForm

    @cached_property
    def declaration(self) -> queries.DeclarationPage:
        return queries.declaration_page(self.actor, self.kwargs["procurement_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"declaration": self.declaration}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"suppliers": self.declaration.open_suppliers}

    def perform(self, form: DeclarationForm) -> str:
        given = form.given()
        services.declare_interests(
            actor=self.actor,
            tender_id=self.declaration.tender_id,
            declarations=[
                services.Declaration(row.supplier_id, row.has_interest, row.text) for row in given
            ],
        )
        told = any(row.has_interest for row in given)
        messages.success(
            self.request,
            "Declared. Somebody else now decides whether you stay on the panel."
            if told
            else "Declared.",
        )
        return panel_url(self.kwargs["procurement_pk"])


class Decide(FormPage):
    """Whether somebody with an interest stays."""

    access = BUYER
    template_name = "procurement/evaluations/decide.html"
    form_class = DecisionForm

    @cached_property
    def interest(self) -> queries.InterestToDecide:
        return queries.interest_to_decide(
            self.actor, self.kwargs["procurement_pk"], self.kwargs["interest_pk"]
        )

    def get_page(self) -> dict[str, Any]:
        return {"interest": self.interest}

    def perform(self, form: DecisionForm) -> str:
        services.decide_interest(
            actor=self.actor,
            interest_id=self.interest.interest_id,
            decision=form.cleaned_data["decision"],
            reason=form.cleaned_data["reason"],
        )
        messages.success(self.request, f"Decided about {self.interest.member_name}.")
        return panel_url(self.kwargs["procurement_pk"])


class Wording(FormPage):
    """What the authority asks people on its panels to declare."""

    access = BUYER
    template_name = "procurement/evaluations/wording.html"
    form_class = WordingForm

    @cached_property
    def wording(self) -> queries.Wording:
        return queries.wording_to_change(self.actor)

    def get_page(self) -> dict[str, Any]:
        return {"wording": self.wording}

    def get_initial(self) -> dict[str, Any]:
        return {"text": self.wording.text, "version": self.wording.version}

    def version_now(self) -> int:
        return queries.wording_to_change(self.actor).version

    def perform(self, form: WordingForm) -> str:
        services.set_wording(
            actor=self.actor,
            text=form.cleaned_data["text"],
            expected_version=form.cleaned_data["version"],
        )
        messages.success(self.request, "The wording is changed for every panel from now on.")
        return reverse("procurement:evaluations:wording")
