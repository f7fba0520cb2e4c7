"""The queue: one button for a claim that need not be opened, ticks and one button for many."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse

from procurement.deliveries.queries import ClaimFilters, claims_table
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.verifications import queries, services
from procurement.verifications.forms import ALL, QueueFilter
from procurement.verifications.permissions import VERIFIER
from procurement.verifications.rules import SeenClaim
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, RuleBroken
from socialvalue.core.money import count_text
from socialvalue.core.tables import Table
from socialvalue.core.views import Deed, Page, TableDownload, came_from

PAGE_SIZE = 25


class Queue(Page):
    """Claims that wait, each with its evidence beside it, and why it has to be opened or need not be."""

    access = VERIFIER
    template_name = "procurement/verifications/queue.html"

    def get_page(self) -> dict[str, Any]:
        form = QueueFilter(self.request.GET or None)
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        claims = queries.queue(self.actor, _filters(asked), asked.get("evidence", ""))
        page = Paginator(claims, PAGE_SIZE).get_page(self.request.GET.get("page"))
        rows = queries.queue_rows(self.actor, list(page.object_list))
        return {
            "filter": form,
            "page": page,
            "rows": rows,
            "waiting": queries.awaiting_count(self.actor),
            "proof": queries.proof_of(self.actor),
            "tickable": sum(row.may_tick for row in rows),
            "is_undrawn": queries.is_undrawn(rows),
        }


class QueueExport(TableDownload):
    """Exactly what is filtered, every page of it."""

    access = VERIFIER

    def get_table(self) -> tuple[str, Table]:
        form = QueueFilter(self.request.GET or None)
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        claims = queries.queue(self.actor, _filters(asked), asked.get("evidence", ""))
        return f"claims-to-verify-{clock.today().isoformat()}", claims_table(claims)


def _filters(asked: dict[str, str]) -> ClaimFilters:
    status = asked.get("status") or ClaimStatus.SUBMITTED
    return ClaimFilters(
        statuses=() if status == ALL else (status,),
        text=asked.get("q", "").strip(),
        order=asked.get("sort") or "submitted",
    )


class Verify(Deed):
    """Accept a claim as it is, from the queue."""

    access = VERIFIER

    def perform(self) -> str:
        version = self.request.POST.get("version", "")
        if not version.isdecimal():
            raise Conflict("Open the claim again and press the button there.")
        services.verify_from_queue(
            actor=self.actor, claim_id=self.kwargs["claim_pk"], expected_version=int(version)
        )
        self.say(f"Claim {self.kwargs['claim_pk']} is verified.")
        return came_from(self.request, reverse("procurement:verifications:queue"))


class VerifyTicked(Deed):
    """Accept every ticked claim as it was seen. Those that moved on are named, the others are verified."""

    access = VERIFIER

    def perform(self) -> str:
        ticked = [_seen(text) for text in self.request.POST.getlist("seen")]
        batch = services.verify_batch(actor=self.actor, seen=ticked)
        if batch.verified:
            verb = "is" if len(batch.verified) == 1 else "are"
            self.say(f"{count_text(len(batch.verified), 'claim')} {verb} verified.")
        for claim_id, why in batch.left:
            messages.warning(self.request, f"Claim {claim_id} is not verified. {why}.")
        return came_from(self.request, reverse("procurement:verifications:queue"))


def _seen(text: str) -> SeenClaim:
    claim_id, _, version = text.partition(":")
    if not (claim_id.isdecimal() and version.isdecimal() and len(text) < 40):
        raise RuleBroken("Open the queue again, then tick the claims there")
    return SeenClaim(int(claim_id), int(version))
