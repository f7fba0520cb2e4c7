"""The standstill and the signature."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.urls import reverse

from procurement.awards import queries, services
from procurement.awards.forms import SignForm, StandstillForm
from procurement.awards.permissions import SIGN_REASON, SIGNER, can_sign
from socialvalue.accounts.permissions import BUYER
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed
from socialvalue.core.periods import uk_date
from socialvalue.core.views import FormPage


def contract_url(pk: int) -> str:
    return reverse("procurement:awards:contract", args=[pk])


class Standstill(FormPage):
    """The calendar of the standstill; the officer records the notice here."""

    access = BUYER
    template_name = "procurement/awards/standstill.html"
    form_class = StandstillForm

    @cached_property
    def standstill(self) -> queries.StandstillView:
        return queries.standstill_page(self.actor, self.kwargs["pk"])

    def get_page(self) -> dict[str, Any]:
        return {"standstill": self.standstill, "today": clock.today()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"notice": self.standstill.notice}

    def get_initial(self) -> dict[str, Any]:
        recorded = self.standstill.recorded
        if recorded is None:
            return {"notice_on": clock.today(), "version": 0}
        return {
            "notice_on": recorded.notice_on,
            "notice_reference": recorded.notice_reference,
            "version": recorded.version,
        }

    def version_now(self) -> int | None:
        found = queries.standstill_page(self.actor, self.kwargs["pk"])
        if not found.may_record:
            return None
        return found.recorded.version if found.recorded else 0

    def perform(self, form: StandstillForm) -> str:
        found = services.set_standstill(
            actor=self.actor,
            award_id=self.standstill.award_id,
            notice_on=form.cleaned_data["notice_on"],
            notice_reference=form.cleaned_data["notice_reference"],
            expected_version=form.cleaned_data["version"] or 0,
        )
        messages.success(self.request, f"The standstill ends on {uk_date(found.ends_on)}.")
        return self.request.path


class Sign(FormPage):
    """The day of the signature. What must come first is said here too."""

    access = SIGNER
    template_name = "procurement/awards/sign.html"
    form_class = SignForm

    @cached_property
    def page(self) -> queries.ContractView:
        return queries.contract_page(self.actor, self.kwargs["pk"])

    def get_page(self) -> dict[str, Any]:
        brief = self.page.brief
        if not can_sign(self.actor, brief.authority_id):
            raise NotAllowed(SIGN_REASON)
        return {"contract": brief, "signing": self.page.signing}

    def get_initial(self) -> dict[str, Any]:
        return {"signed_on": clock.today()}

    def perform(self, form: SignForm) -> str:
        contract = services.sign_contract(
            actor=self.actor,
            contract_id=self.kwargs["pk"],
            signed_on=form.cleaned_data["signed_on"],
        )
        messages.success(
            self.request, "The contract is live. Its supplier has been written to and can claim."
        )
        return contract_url(contract.pk)
