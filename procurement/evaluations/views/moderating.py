from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.urls import reverse

from procurement.evaluations import queries, services
from procurement.evaluations.forms import ModeratingForm, moderated_asked
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.errors import Conflict
from socialvalue.core.views import FormPage, Page


class Moderation(Page):
    """Every bid with the spread of its marks and the verdicts set; where to go on."""

    access = BUYER
    template_name = "procurement/evaluations/moderation.html"

    def get_page(self) -> dict[str, Any]:
        return {"moderation": queries.moderation_list(self.actor, self.kwargs["procurement_pk"])}


class ModerateBid(FormPage):
    """The marks of one bid side by side, and the verdict on each answer."""

    access = BUYER
    template_name = "procurement/evaluations/moderate_bid.html"
    form_class = ModeratingForm

    @cached_property
    def bid(self) -> queries.BidToModerate:
        pk, bid_pk = self.kwargs["procurement_pk"], self.kwargs["bid_pk"]
        return queries.bid_to_moderate(self.actor, pk, bid_pk)

    def get_page(self) -> dict[str, Any]:
        return {"bid": self.bid}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"answers": self.bid.settable, "descriptors": self.bid.descriptors}

    def perform(self, form: ModeratingForm) -> str:
        given = [
            services.ModerationInput(row.question_id, row.verdict, row.reason, row.version)
            for row in form.given()
        ]
        try:
            services.moderate_bid(
                actor=self.actor,
                evaluation_id=self.bid.evaluation_id,
                bid_id=self.bid.bid_id,
                given=given,
            )
        except Conflict:
            form.see_versions([moderated_asked(row) for row in self.bid.settable])
            raise
        if given:
            messages.success(self.request, f"Moderation of {self.bid.supplier_name} saved.")
        else:
            messages.info(self.request, f"Nothing of {self.bid.supplier_name} was changed.")
        pk = self.kwargs["procurement_pk"]
        if "next_bid" in self.request.POST and self.bid.next_bid_id is not None:
            return reverse("procurement:evaluations:moderate", args=[pk, self.bid.next_bid_id])
        return reverse("procurement:evaluations:moderation", args=[pk])
