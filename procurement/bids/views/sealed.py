"""The buyer's side: until when bids are sealed."""

from __future__ import annotations

from typing import Any

from procurement.bids.queries import seal_state
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.views import Page


class Sealed(Page):
    """Until when the bids are sealed; afterwards the way to open them."""

    access = BUYER
    template_name = "procurement/bids/sealed.html"

    def get_page(self) -> dict[str, Any]:
        return {"seal": seal_state(self.actor, int(self.kwargs["procurement_pk"]))}
