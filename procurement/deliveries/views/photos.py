"""A photo or a file for a claim that is sent and not decided on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.deliveries import queries, services
from procurement.deliveries.forms import PhotoForm
from procurement.deliveries.permissions import CLAIMANT
from procurement.deliveries.views.with_files import max_megabytes, store_files
from procurement.deliveries.vocabulary import ClaimStatus
from socialvalue.core.errors import RuleBroken
from socialvalue.core.views import FormPage

TAKES_FILES = (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED)


class AddPhoto(FormPage):
    """Show what was delivered, after it was claimed."""

    access = CLAIMANT
    template_name = "procurement/deliveries/photo.html"
    form_class = PhotoForm

    @cached_property
    def claim(self) -> queries.ClaimRow:
        return queries.claim_for(self.actor, self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.claim.status not in TAKES_FILES:
            messages.info(request, "This claim is decided on, so nothing can be added to it.")
            return redirect("procurement:deliveries:claim", self.claim.id)
        return super().get(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        return {"claim": self.claim}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"max_megabytes": max_megabytes()}

    def perform(self, form: PhotoForm) -> str:
        stored, faults = store_files(
            self.actor,
            self.claim.contract.id,
            [sent for box in ("photo", "file") for sent in self.request.FILES.getlist(box)],
            commitment_id=self.claim.commitment.id,
            quarter=self.claim.quarter,
            has_consent=form.cleaned_data["has_consent"],
        )
        if stored or not faults:
            services.attach_evidence(actor=self.actor, claim_id=self.claim.id, evidence_ids=stored)
        if faults:
            raise RuleBroken(
                faults[0], field="file", more=[("file", message) for message in faults[1:]]
            )
        messages.success(self.request, "The evidence is added to the claim.")
        return reverse("procurement:deliveries:claim", args=[self.claim.id])
