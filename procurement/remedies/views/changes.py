"""A change of the contract: asked by one party, answered by the other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.awards.vocabulary import ChangeKind
from procurement.remedies import queries, services
from procurement.remedies.forms import AddedForm, AnswerForm, EndForm, QuantityForm
from procurement.remedies.permissions import PARTY
from socialvalue.core.views import FormPage, VersionedDeed


def change_url(pk: int) -> str:
    return reverse("procurement:remedies:change", args=[pk])


class _Ask(FormPage):
    """One kind of change. Subclasses say which, and read their own boxes."""

    access = PARTY
    template_name = "procurement/remedies/ask.html"
    kind: ChangeKind
    heading = ""

    @cached_property
    def choices(self) -> queries.ChangeChoices:
        return queries.change_choices(self.actor, self.kwargs["contract_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"choices": self.choices, "heading": self.heading}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"choices": self.choices}

    def asked(self, data: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def perform(self, form: Any) -> str:
        row = services.ask_change(
            actor=self.actor,
            contract_id=self.kwargs["contract_pk"],
            kind=self.kind,
            reason=form.cleaned_data["reason"],
            from_quarter=form.cleaned_data["from_quarter"],
            **self.asked(form.cleaned_data),
        )
        messages.success(
            self.request, "The change is asked for. Nothing changes until the other party agrees."
        )
        return change_url(row.pk)


class AskQuantity(_Ask):
    form_class = QuantityForm
    kind = ChangeKind.QUANTITY
    heading = "Change the quantity of a commitment"

    def asked(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"commitment_id": int(data["commitment"]), "quantity": data["quantity"]}


class AskAdded(_Ask):
    form_class = AddedForm
    kind = ChangeKind.ADDED
    heading = "Add a commitment"

    def asked(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"measure_id": int(data["measure"]), "quantity": data["quantity"]}


class AskEnd(_Ask):
    form_class = EndForm
    kind = ChangeKind.EXTENSION
    heading = "Change the end of the contract"

    def asked(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"ends_on": data["ends_on"]}


class Change(FormPage):
    """One request, and the answer of the other party."""

    access = PARTY
    template_name = "procurement/remedies/change.html"
    form_class = AnswerForm

    @cached_property
    def shown(self) -> queries.RequestView:
        return queries.change_request(self.actor, self.kwargs["change_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"shown": self.shown}

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.shown.version}

    def perform(self, form: AnswerForm) -> str:
        about = {
            "actor": self.actor,
            "request_id": self.kwargs["change_pk"],
            "expected_version": form.cleaned_data["version"],
            "remark": form.cleaned_data["remark"],
        }
        if form.cleaned_data["decision"] == "agree":
            services.agree_change(**about)
            messages.success(
                self.request, "The contract is changed, and its plan from that quarter on."
            )
        else:
            services.refuse_change(**about)
            messages.success(self.request, "The change is refused. Nothing changed.")
        return change_url(self.kwargs["change_pk"])


class Withdraw(VersionedDeed):
    access = PARTY
    page_name = "request"

    def perform(self) -> str:
        services.withdraw_change(
            actor=self.actor,
            request_id=self.kwargs["change_pk"],
            expected_version=self.seen_version,
        )
        self.say("The request is withdrawn. Nothing changed.")
        return change_url(self.kwargs["change_pk"])
