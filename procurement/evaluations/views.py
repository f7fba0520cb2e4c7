from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.urls import reverse

from procurement.evaluations import queries, services
from procurement.evaluations.forms import MarkingForm
from socialvalue.accounts.permissions import BUYER
from socialvalue.core import clock
from socialvalue.core.errors import Conflict
from socialvalue.core.views import Deed, FormPage, Page


def board_url(procurement_pk: int) -> str:
    return reverse("procurement:evaluations:board", args=[procurement_pk])


class Board(Page):
    """One row a bid: what it offers, how far it is marked, and its rank."""

    access = BUYER
    template_name = "procurement/evaluations/board.html"

    def get_page(self) -> dict[str, Any]:
        return {"board": queries.board(self.actor, self.kwargs["procurement_pk"], clock.now())}


class Open(Deed):
    """Open every bid and start the marking."""

    access = BUYER

    def perform(self) -> str:
        pk = self.kwargs["procurement_pk"]
        tender_id = queries.tender_id_of(self.actor, pk)
        services.open_evaluation(actor=self.actor, tender_id=tender_id)
        self.say("The bids are open. Mark the answers, then rank the bids.")
        return board_url(pk)


class MarkBid(FormPage):
    """The answers of one bid with their marks and reasons."""

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
        return {"answers": self.bid.answers}

    def perform(self, form: MarkingForm) -> str:
        marks = [
            services.MarkInput(row.question_id, row.mark, row.rationale, row.version)
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
            form.see_versions(self.bid.answers)
            raise
        if marks:
            messages.success(self.request, f"Marks for {self.bid.supplier_name} saved.")
        else:
            messages.info(self.request, f"No mark of {self.bid.supplier_name} was changed.")
        return board_url(self.kwargs["procurement_pk"])


class Rank(Deed):
    access = BUYER

    def perform(self) -> str:
        pk = self.kwargs["procurement_pk"]
        evaluation_id = queries.evaluation_id_of(self.actor, pk)
        services.rank_bids(actor=self.actor, evaluation_id=evaluation_id)
        self.say("The bids are ranked.")
        return board_url(pk)


class Reopen(Deed):
    access = BUYER

    def perform(self) -> str:
        pk = self.kwargs["procurement_pk"]
        evaluation_id = queries.evaluation_id_of(self.actor, pk)
        services.reopen_marking(actor=self.actor, evaluation_id=evaluation_id)
        self.say("The marking is open again. Rank the bids when you are done.")
        return board_url(pk)
