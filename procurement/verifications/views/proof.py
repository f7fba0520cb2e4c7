"""What is proved of one contract."""

from __future__ import annotations

from typing import Any

from procurement.verifications import queries
from procurement.verifications.permissions import PARTY
from socialvalue.core.views import Page


class ContractProof(Page):
    """Promised, claimed, evidenced and verified, commitment by commitment, to both parties."""

    access = PARTY
    template_name = "procurement/verifications/proof.html"

    def get_page(self) -> dict[str, Any]:
        return {"shown": queries.proof_page(self.actor, self.kwargs["contract_pk"])}
