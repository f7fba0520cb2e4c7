"""The form of one claim, and its page."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.deliveries import queries, services
from procurement.deliveries.forms import ClaimForm, MendForm
from procurement.deliveries.permissions import CLAIMANT, PARTY
from procurement.deliveries.rules import check_quarter
from procurement.deliveries.views.with_files import EvidenceForm
from procurement.deliveries.vocabulary import ClaimStatus
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotVisible
from socialvalue.core.forms import QuantityField
from socialvalue.core.periods import quarter_start
from socialvalue.core.views import BaseView, Deed, Page


class NewClaim(EvidenceForm):
    """Claim a delivery of one commitment in one quarter."""

    template_name = "procurement/deliveries/claim_form.html"
    form_class = ClaimForm

    @cached_property
    def draft(self) -> queries.ClaimDraft:
        return queries.claim_draft(self.actor, self.kwargs["commitment_pk"], clock.today())

    @cached_property
    def asked(self) -> date:
        """The quarter in the address. The form may choose another."""
        try:
            day = date.fromisoformat(self.kwargs["quarter"])
        except ValueError as error:
            raise NotVisible from error
        if day != quarter_start(day):
            raise NotVisible
        return day

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_quarter(self.asked, self.draft.promise, clock.today())
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"quarter": self.asked.isoformat(), "submission_key": uuid.uuid4().hex}

    def version_now(self) -> Any:
        """The form was sent already: to send it again is to claim more."""
        return uuid.uuid4().hex

    def perform(self, form: Any) -> str:
        data = form.cleaned_data
        claim = services.submit_claim(
            actor=self.actor,
            commitment_id=self.draft.commitment.id,
            quarter=data["quarter"],
            quantity=data["quantity"],
            denominator=data.get("denominator"),
            narrative=data["narrative"],
            postcode_district=data["postcode_district"],
            evidence_ids=data.get("evidence", []),
            submission_key=data["submission_key"],
        )
        messages.success(
            self.request, f"The claim is sent. {self.draft.contract.authority_name} decides on it."
        )
        return reverse("procurement:deliveries:claim", args=[claim.pk])


class MendClaim(EvidenceForm):
    """Mend a returned claim and send it again."""

    template_name = "procurement/deliveries/mend_form.html"
    form_class = MendForm

    @cached_property
    def claim(self) -> queries.ClaimRow:
        return queries.claim_for(self.actor, self.kwargs["pk"])

    @cached_property
    def draft(self) -> queries.ClaimDraft:
        return queries.claim_draft(self.actor, self.claim.commitment.id, clock.today())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.claim.status != ClaimStatus.RETURNED:
            messages.info(request, "This claim is not returned to you, so it cannot be changed.")
            return redirect("procurement:deliveries:claim", self.claim.id)
        return super().get(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        return super().get_page() | {"claim": self.claim}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"sent": self.claim.evidence}

    def get_initial(self) -> dict[str, Any]:
        return {
            "quantity": self.claim.quantity,
            "denominator": self.claim.denominator,
            "narrative": self.claim.narrative,
            "postcode_district": self.claim.postcode_district,
            "version": self.claim.version,
        }

    def version_now(self) -> Any:
        return self.claim.version

    def perform(self, form: Any) -> str:
        data = form.cleaned_data
        claim = services.resubmit_claim(
            actor=self.actor,
            claim_id=self.claim.id,
            expected_version=data["version"],
            quantity=data["quantity"],
            denominator=data.get("denominator"),
            narrative=data["narrative"],
            postcode_district=data["postcode_district"],
            evidence_ids=data.get("evidence", []),
            removed_ids=data.get("removed", []),
        )
        messages.success(
            self.request, f"The claim is sent again. {self.claim.authority_name} decides on it."
        )
        return reverse("procurement:deliveries:claim", args=[claim.pk])


class Claim(Page):
    """One claim, to both parties: what was delivered, its evidence, its entries, its history."""

    access = PARTY
    template_name = "procurement/deliveries/claim.html"

    def get_page(self) -> dict[str, Any]:
        return {"shown": queries.claim_page(self.actor, self.kwargs["pk"])}


class Withdraw(Deed):
    """Take a claim back."""

    access = CLAIMANT

    def perform(self) -> str:
        version = self.request.POST.get("version", "")
        if not version.isdecimal():
            raise Conflict("Open the claim again and press the button there.")
        services.withdraw_claim(
            actor=self.actor, claim_id=self.kwargs["pk"], expected_version=int(version)
        )
        self.say("The claim is withdrawn. Nothing stands claimed for it.")
        return reverse("procurement:deliveries:claim", args=[self.kwargs["pk"]])


class Worth(BaseView):
    """What a quantity is worth, as a piece of a page that follows the typing."""

    access = CLAIMANT

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = queries.claim_draft(self.actor, self.kwargs["commitment_pk"], clock.today())
        field = QuantityField(label="Quantity", required=False)
        try:
            quantity = field.clean(request.GET.get("quantity", ""))
        except forms.ValidationError:
            quantity = None
        working = None if quantity is None else queries.working_of(draft.commitment, quantity)
        return render(
            request, "procurement/deliveries/_worth.html", {"working": working, "draft": draft}
        )
