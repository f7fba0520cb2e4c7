from __future__ import annotations

from typing import Any

from procurement.threads import queries
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.views import Page


class ProcurementThread(Page):
    """One procurement through all its stages, for the authority that buys."""

    access = BUYER
    template_name = "procurement/threads/procurement.html"

    def get_page(self) -> dict[str, Any]:
        return {"thread": queries.stages(self.actor, self.kwargs["pk"])}
