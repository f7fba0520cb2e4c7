"""What would change under a draft of the policy."""

from __future__ import annotations

from typing import Any

from procurement.procurements import queries
from socialvalue.accounts.permissions import for_deed
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core import clock
from socialvalue.core.views import Page


class UnderDraft(Page):
    """Examples beside every edge, and the authority's own procurements that would go another way."""

    access = for_deed(Deed.READ_POLICY_DRAFTS)
    template_name = "procurement/procurements/under_draft.html"

    def get_page(self) -> dict[str, Any]:
        return {
            "preview": queries.under_draft(self.actor, self.kwargs["version_pk"], clock.today()),
            "version_pk": self.kwargs["version_pk"],
        }
