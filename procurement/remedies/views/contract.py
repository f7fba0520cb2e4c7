"""One contract: its shortfalls and changes, its terms, and a shortfall raised."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.remedies import queries, services
from procurement.remedies.forms import RaiseForm, TermsForm
from procurement.remedies.permissions import MANAGER, PARTY
from procurement.remedies.rules import provided
from socialvalue.core.views import FormPage, Page


def contract_url(contract_pk: int) -> str:
    return reverse("procurement:remedies:contract", args=[contract_pk])


class ContractPage(Page):
    """Where each commitment stands, what is being done about it, and what was changed: for both parties."""

    access = PARTY
    template_name = "procurement/remedies/contract.html"

    def get_page(self) -> dict[str, Any]:
        return {"shown": queries.contract_remedies(self.actor, self.kwargs["contract_pk"])}


class Terms(FormPage):
    """Which remedies the contract provides."""

    access = MANAGER
    template_name = "procurement/remedies/terms.html"
    form_class = TermsForm

    @cached_property
    def shown(self) -> queries.TermsPage:
        return queries.terms_page(self.actor, self.kwargs["contract_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"shown": self.shown}

    def get_initial(self) -> dict[str, Any]:
        terms = self.shown.terms
        return {
            "remedies": [kind.value for kind in provided(terms)],
            "service_credit_percent": terms.service_credit_percent,
            "service_credit_cap_percent": terms.service_credit_cap_percent,
            "fund_name": terms.fund_name,
            "clause": terms.clause,
            "version": self.shown.version,
        }

    def version_now(self) -> int:
        return queries.terms_page(self.actor, self.kwargs["contract_pk"]).version

    def perform(self, form: TermsForm) -> str:
        services.set_terms(
            actor=self.actor,
            contract_id=self.kwargs["contract_pk"],
            expected_version=form.cleaned_data["version"],
            terms=form.terms(),
        )
        messages.success(self.request, "What the contract provides for a shortfall is recorded.")
        return contract_url(self.kwargs["contract_pk"])


class Raise(FormPage):
    """The sum of what is missing today, and a message to the supplier."""

    access = MANAGER
    template_name = "procurement/remedies/raise.html"
    form_class = RaiseForm

    @cached_property
    def shown(self) -> queries.RaisePage:
        kwargs = self.kwargs
        return queries.raise_page(self.actor, kwargs["contract_pk"], kwargs["commitment_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"shown": self.shown}

    def get_initial(self) -> dict[str, Any]:
        return {"missing": self.shown.standing.gap.missing}

    def version_now(self) -> Decimal | None:
        """What is missing now, while it can still be raised."""
        standing = self.shown.standing
        return None if standing.open_id or standing.why_not else standing.gap.missing

    def perform(self, form: RaiseForm) -> str:
        row = services.raise_shortfall(
            actor=self.actor,
            contract_id=self.kwargs["contract_pk"],
            commitment_id=self.kwargs["commitment_pk"],
            message=form.cleaned_data["message"],
            seen_missing=form.cleaned_data["missing"],
        )
        messages.success(self.request, "The shortfall is raised. The supplier sees it at once.")
        return reverse("procurement:remedies:shortfall", args=[row.pk])
