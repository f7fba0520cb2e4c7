"""The verify queue, one decision, one correction."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.deliveries.queries import ClaimFilters
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.verifications import queries, services
from procurement.verifications.forms import ALL, CorrectionForm, DecisionForm, QueueFilter
from procurement.verifications.permissions import VERIFIER
from procurement.verifications.rules import NOT_TO_CORRECT
from procurement.verifications.vocabulary import VerificationDecision
from socialvalue.core.errors import Conflict
from socialvalue.core.views import BaseView, Deed, FormPage, Page, came_from

PAGE_SIZE = 25


def _version(view: BaseView) -> int:
    text = view.request.POST.get("version", "")
    if not text.isdecimal():
        raise Conflict("Open the claim again and press the button there.")
    return int(text)


class Queue(Page):
    """Claims that wait, each with its evidence beside it and one button to verify it."""

    access = VERIFIER
    template_name = "procurement/verifications/queue.html"

    def get_page(self) -> dict[str, Any]:
        form = QueueFilter(self.request.GET or None)
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        claims = queries.queue(self.actor, _filters(asked))
        page = Paginator(claims, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "filter": form,
            "page": page,
            "rows": queries.queue_rows(self.actor, list(page.object_list)),
            "waiting": queries.awaiting_count(self.actor),
        }


def _filters(asked: dict[str, str]) -> ClaimFilters:
    status = asked.get("status") or ClaimStatus.SUBMITTED
    return ClaimFilters(
        statuses=() if status == ALL else (status,),
        text=asked.get("q", "").strip(),
        order=asked.get("sort") or "submitted",
    )


class Verify(Deed):
    """Accept a claim as it is, from the queue or its own page."""

    access = VERIFIER

    def perform(self) -> str:
        services.verify_claim(
            actor=self.actor, claim_id=self.kwargs["claim_pk"], expected_version=_version(self)
        )
        self.say(f"Claim {self.kwargs['claim_pk']} is verified.")
        return came_from(self.request, reverse("procurement:verifications:queue"))


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
        return {"quantity": self.shown.claim.quantity, "version": self.shown.claim.version}

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
        )
        messages.success(
            self.request, f"What was verified of claim {self.shown.claim.id} is corrected."
        )
        return reverse("procurement:deliveries:claim", args=[self.shown.claim.id])
