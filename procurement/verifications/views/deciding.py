"""One decision, one correction."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.verifications import queries, services
from procurement.verifications.forms import CorrectionForm, DecisionForm
from procurement.verifications.permissions import VERIFIER
from procurement.verifications.rules import NOT_TO_CORRECT
from procurement.verifications.vocabulary import VerificationDecision
from socialvalue.core.views import FormPage


class Decide(FormPage):
    """Verify, in full or in part, return or reject, with the evidence beside the form."""

    access = VERIFIER
    template_name = "procurement/verifications/decide.html"
    form_class = DecisionForm

    @cached_property
    def shown(self) -> queries.DecidePage:
        return queries.decide_page(self.actor, self.kwargs["claim_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"shown": self.shown}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"claim": self.shown.claim}

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("decision", "")
        return {
            "decision": asked if asked in VerificationDecision.values else None,
            "quantity": self.shown.claim.quantity,
            "version": self.shown.claim.version,
        }

    def version_now(self) -> int:
        return self.shown.claim.version

    def perform(self, form: Any) -> str:
        data = form.cleaned_data
        about = {
            "actor": self.actor,
            "claim_id": self.shown.claim.id,
            "expected_version": data["version"],
            "reason": data["reason"],
        }
        if data["decision"] == VerificationDecision.VERIFIED:
            services.verify_claim(**about, quantity=data["quantity"])
        elif data["decision"] == VerificationDecision.RETURNED:
            services.return_claim(**about)
        else:
            services.reject_claim(**about)
        word = VerificationDecision(data["decision"]).label.lower()
        messages.success(self.request, f"Claim {self.shown.claim.id} is {word}.")
        return reverse("procurement:verifications:queue")


class Correct(FormPage):
    """Put a verified figure right."""

    access = VERIFIER
    template_name = "procurement/verifications/correct.html"
    form_class = CorrectionForm

    @cached_property
    def shown(self) -> queries.DecidePage:
        return queries.decide_page(self.actor, self.kwargs["claim_pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.shown.may_correct:
            messages.info(request, NOT_TO_CORRECT)
            return redirect("procurement:deliveries:claim", self.shown.claim.id)
        return super().get(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        return {"shown": self.shown}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"claim": self.shown.claim}

    def get_initial(self) -> dict[str, Any]:
        return {
            "quantity": self.shown.stands,
            "denominator": self.shown.stands_denominator,
            "version": self.shown.claim.version,
        }

    def version_now(self) -> int:
        return self.shown.claim.version

    def perform(self, form: Any) -> str:
        data = form.cleaned_data
        services.correct_claim(
            actor=self.actor,
            claim_id=self.shown.claim.id,
            expected_version=data["version"],
            quantity=data["quantity"],
            denominator=data.get("denominator"),
            reason=data["reason"],
            is_sure=data.get("is_sure", False),
        )
        messages.success(
            self.request, f"What was verified of claim {self.shown.claim.id} is corrected."
        )
        return reverse("procurement:deliveries:claim", args=[self.shown.claim.id])
