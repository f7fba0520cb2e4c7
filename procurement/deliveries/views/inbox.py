"""The supplier's inbox."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

from procurement.deliveries import queries
from procurement.deliveries.forms import InboxFilter
from procurement.deliveries.permissions import CLAIMANT
from procurement.deliveries.vocabulary import InboxShow
from socialvalue.core import clock
from socialvalue.core.views import Page

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
