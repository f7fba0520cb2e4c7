from __future__ import annotations

from typing import Any

from django.urls import reverse

from procurement.evaluations import queries, services
from procurement.evaluations.permissions import who_sees_evaluation
from socialvalue.accounts.permissions import BUYER
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.tables import Table
from socialvalue.core.views import Deed, Page, TableDownload


def board_url(procurement_pk: int) -> str:
    return reverse("procurement:evaluations:board", args=[procurement_pk])


class Board(Page):
    """One row a bid: what it offers, how far it is marked, and its rank."""

    access = BUYER
    template_name = "procurement/evaluations/board.html"

    def get_page(self) -> dict[str, Any]:
        board = queries.board(self.actor, self.kwargs["procurement_pk"], clock.now())
        who = who_sees_evaluation(
            (self.actor.organisation_id or 0, self.actor.organisation_name),
            is_open=board.evaluation_id is not None,
        )
        return {"board": board, "who": who}


class Export(TableDownload):
    """The board as CSV or XLSX, once the bids are open."""

    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        board = queries.board(self.actor, self.kwargs["procurement_pk"], clock.now())
        if board.evaluation_id is None:
            raise NotVisible("The bids are not open yet.")
        return f"bids-{board.reference}", queries.board_table(board)


class StartOpening(Deed):
    """The first of two people says that the bids are to be opened."""

    access = BUYER

    def perform(self) -> str:
        pk = self.kwargs["procurement_pk"]
        tender_id = queries.tender_id_of(self.actor, pk)
        services.start_opening(actor=self.actor, tender_id=tender_id)
        self.say("The opening is started. Another officer or an approver confirms it.")
        return board_url(pk)


class Open(Deed):
    """The second person opens every bid, and the marking starts."""

    access = BUYER

    def perform(self) -> str:
        pk = self.kwargs["procurement_pk"]
        tender_id = queries.tender_id_of(self.actor, pk)
        services.open_evaluation(actor=self.actor, tender_id=tender_id)
        self.say("The bids are open.")
        return board_url(pk)


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
        self.say("The moderation is open again. Rank the bids when it is done.")
        return board_url(pk)
