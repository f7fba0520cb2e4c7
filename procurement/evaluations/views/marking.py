from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.urls import reverse

from procurement.evaluations import queries, services
from procurement.evaluations.forms import LockForm, MarkingForm, own_asked
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.errors import Conflict
from socialvalue.core.views import FormPage, Page


def marking_url(procurement_pk: int) -> str:
    return reverse("procurement:evaluations:marking", args=[procurement_pk])


class MyMarking(Page):
    """Every bid and question with one's own marks; where to go on."""

    access = BUYER
    template_name = "procurement/evaluations/marking.html"

    def get_page(self) -> dict[str, Any]:
        return {"marking": queries.own_marking(self.actor, self.kwargs["procurement_pk"])}


class MarkBid(FormPage):
    """The answers of one bid with one's own marks and reasons."""

    access = BUYER
    template_name = "procurement/evaluations/bid.html"
    form_class = MarkingForm

    @cached_property
    def bid(self) -> queries.BidToMark:
        pk, bid_pk = self.kwargs["procurement_pk"], self.kwargs["bid_pk"]
        return queries.bid_to_mark(self.actor, pk, bid_pk)

    def get_page(self) -> dict[str, Any]:
        return {"bid": self.bid}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"answers": self.bid.answers_to_mark, "descriptors": self.bid.descriptors}

    def perform(self, form: MarkingForm) -> str:
        marks = [
            services.MarkInput(
                row.question_id,
                row.verdict.mark,
                row.reason,
                row.version,
                row.verdict.is_met,
                row.verdict.not_applicable,
            )
            for row in form.given()
        ]
        try:
            services.mark_bid(
                actor=self.actor,
                evaluation_id=self.bid.evaluation_id,
                bid_id=self.bid.bid_id,
                marks=marks,
            )
        except Conflict:
            # The page now shows the change, so saving again is a choice.
            form.see_versions([own_asked(row) for row in self.bid.answers_to_mark])
            raise
        if marks:
            messages.success(self.request, f"Marks for {self.bid.supplier_name} saved.")
        else:
            messages.info(self.request, f"No mark of {self.bid.supplier_name} was changed.")
        pk = self.kwargs["procurement_pk"]
        if "next_bid" in self.request.POST and self.bid.next_bid_id is not None:
            return reverse("procurement:evaluations:bid", args=[pk, self.bid.next_bid_id])
        return marking_url(pk)


class Lock(FormPage):
    """What is locked, once more, and the button."""

    access = BUYER
    template_name = "procurement/evaluations/lock.html"
    form_class = LockForm

    @cached_property
    def marking(self) -> queries.OwnMarking:
        return queries.own_marking(self.actor, self.kwargs["procurement_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"marking": self.marking}

    def perform(self, form: LockForm) -> str:
        services.lock_marks(actor=self.actor, evaluation_id=self.marking.evaluation_id)
        messages.success(self.request, "Your marks are locked.")
        return marking_url(self.kwargs["procurement_pk"])
