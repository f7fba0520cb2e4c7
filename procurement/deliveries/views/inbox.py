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
        is_waiting = show == InboxShow.WAITING
        listed: Any = inbox.rows
        if is_waiting:
            listed = queries.inbox_waiting(self.actor, asked.get("q", ""))
        page = Paginator(listed, PAGE_SIZE).get_page(self.request.GET.get("page"))
        found = list(page.object_list)
        rows = queries.claim_rows(found) if is_waiting else found
        return {
            "inbox": inbox,
            "filter": form,
            "page": page,
            "parts": queries.by_contract(rows),
            "is_waiting": is_waiting,
            "is_all": show == InboxShow.ALL,
            "is_short": show == InboxShow.SHORT,
            "is_now": show == InboxShow.NOW,
        }
