"""The supplier's inbox and claim form; the page of one claim; its evidence."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header

from procurement.deliveries import queries, services
from procurement.deliveries.forms import ClaimForm, InboxFilter, MendForm, ids_of
from procurement.deliveries.permissions import CLAIMANT, PARTY
from procurement.deliveries.vocabulary import ClaimStatus, InboxShow
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotVisible, RuleBroken
from socialvalue.core.forms import QuantityField
from socialvalue.core.views import BaseView, Deed, Download, FormPage, Page

MEGABYTE = 1024 * 1024
PAGE_SIZE = 25


class Inbox(Page):
    """Everything the supplier promised that is due, over all contracts, and where each claim stands."""

    access = CLAIMANT
    template_name = "procurement/deliveries/inbox.html"

    def get_page(self) -> dict[str, Any]:
        form = InboxFilter(self.request.GET or None)
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        show = asked.get("show") or InboxShow.NOW
        inbox = queries.inbox(self.actor, clock.today(), text=asked.get("q", ""), show=show)
        rows: list[queries.DueRow | queries.ClaimRow] = [
            *(inbox.claims if show == InboxShow.WAITING else inbox.rows)
        ]
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "inbox": inbox,
            "filter": form,
            "page": page,
            "parts": queries.by_contract(list(page.object_list)),
            "is_waiting": show == InboxShow.WAITING,
            "is_all": show == InboxShow.ALL,
            "is_short": show == InboxShow.SHORT,
            "is_now": show == InboxShow.NOW,
        }


class _EvidenceForm(FormPage):
    """A form whose files are kept before anything else is read, and carried along by id however often it fails."""

    access = CLAIMANT
    kept: Sequence[queries.EvidenceInfo] = ()

    @cached_property
    def draft(self) -> queries.ClaimDraft:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        limit = settings.EVIDENCE_MAX_BYTES // MEGABYTE
        return {"draft": self.draft, "kept": self.kept, "max_megabytes": limit}

    def build_form(self, *, bound: bool) -> Any:
        if not bound:
            return super().build_form(bound=False)
        stored, faults = self._store_files()
        data = self.request.POST.copy()
        ids = [*ids_of(data.getlist("evidence")), *stored]
        self.kept = queries.loose_evidence(self.actor, self.draft.contract.id, ids)
        data.setlist("evidence", [str(found.id) for found in self.kept])
        form = self.form_class(
            data, self.request.FILES, initial=self.get_initial(), **self.get_form_kwargs()
        )
        for fault in faults:
            form.add_error("file", fault)
        return form

    def _store_files(self) -> tuple[list[int], list[str]]:
        """Keep every file that can be kept; say what is wrong with the others."""
        stored, faults = [], []
        for sent in self.request.FILES.getlist("file"):
            try:
                content = _read(sent)
                evidence = services.add_evidence(
                    actor=self.actor,
                    contract_id=self.draft.contract.id,
                    name=sent.name or "file",
                    content=content,
                )
                stored.append(evidence.pk)
            except RuleBroken as error:
                faults += [f"{sent.name}: {message}" for _, message in error.errors]
        return stored, faults

    def get_page(self) -> dict[str, Any]:
        return {"draft": self.draft}


def _read(sent: UploadedFile) -> bytes:
    """At most one byte more than is accepted: enough to be refused, never enough to fill the memory."""
    return sent.read(settings.EVIDENCE_MAX_BYTES + 1)


class NewClaim(_EvidenceForm):
    """Claim a delivery of one commitment in one quarter."""

    template_name = "procurement/deliveries/claim_form.html"
    form_class = ClaimForm

    @cached_property
    def draft(self) -> queries.ClaimDraft:
        return queries.claim_draft(self.actor, self.kwargs["commitment_pk"], clock.today())

    def get_initial(self) -> dict[str, Any]:
        try:
            asked = date.fromisoformat(self.kwargs["quarter"])
        except ValueError as error:
            raise NotVisible from error
        return {"quarter": asked.isoformat(), "submission_key": uuid.uuid4().hex}

    def perform(self, form: Any) -> str:
        data = form.cleaned_data
        claim = services.submit_claim(
            actor=self.actor,
            commitment_id=self.draft.commitment.id,
            quarter=data["quarter"],
            quantity=data["quantity"],
            denominator=data.get("denominator"),
            narrative=data["narrative"],
            evidence_ids=data.get("evidence", []),
            submission_key=data["submission_key"],
        )
        messages.success(
            self.request, f"The claim is sent. {self.draft.contract.authority_name} decides on it."
        )
        return reverse("procurement:deliveries:claim", args=[claim.pk])


class MendClaim(_EvidenceForm):
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

    def get_initial(self) -> dict[str, Any]:
        return {
            "quantity": self.claim.quantity,
            "denominator": self.claim.denominator,
            "narrative": self.claim.narrative,
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
            evidence_ids=data.get("evidence", []),
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


class EvidenceDownload(Download):
    """A file, to those who may read its claim. It can be kept, never run."""

    access = PARTY

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = queries.evidence_file(self.actor, self.kwargs["pk"])
        response = HttpResponse(found.content, content_type=found.media_type)
        response.headers["Content-Disposition"] = (
            content_disposition_header(True, found.name) or "attachment"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response.headers["Cache-Control"] = "private, no-store"
        return response


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
