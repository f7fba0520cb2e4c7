"""What a supplier is invited to."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

from procurement.bids.forms import BidFilterForm
from procurement.bids.queries import MyBid, my_bids, my_bids_table
from socialvalue.accounts.permissions import SUPPLIER
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Page, TableDownload

PAGE_SIZE = 25


class BidList(Page):
    """What this supplier is invited to, and where its own offers stand."""

    access = SUPPLIER
    template_name = "procurement/bids/list.html"

    def get_page(self) -> dict[str, Any]:
        form = BidFilterForm(self.request.GET)
        page = Paginator(filtered(self), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {"filter": form, "page": page}


def filtered(view: BaseView) -> list[MyBid]:
    """The rows of the list as the address asks for them, for the page and its downloads."""
    asked = view.request.GET
    return my_bids(
        view.actor,
        search=asked.get("q", ""),
        status=asked.get("status", ""),
        sort=asked.get("sort", ""),
    )


class ExportBids(TableDownload):
    """The filtered list as CSV or XLSX."""

    access = SUPPLIER

    def get_table(self) -> tuple[str, Table]:
        table = my_bids_table(filtered(self))
        return "invitations", table
