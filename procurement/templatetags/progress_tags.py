"""How far a contract has come, on its page: what the plan knows and what the deliveries know, side by side."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from procurement.action_plans import queries as plans
from procurement.action_plans.rules.forecast import METHOD
from procurement.action_plans.rules.progress import RULE
from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from socialvalue.core import clock

register = template.Library()


@register.inclusion_tag("procurement/action_plans/_progress.html", takes_context=True)
def contract_progress(context: dict[str, Any], contract_id: int) -> dict[str, Any]:
    """Every commitment of a contract today. The page around it has shown that the reader may see the contract."""
    on = clock.today()
    found = plans.progress_of([contract_id], on)
    sums = ledger.sums(basis=Basis.EVIDENCED, by=("commitment_id",), commitment_ids=[*found])
    evidenced = {row.key[0]: row.quantity for row in sums}
    rows = [
        row.with_evidenced(evidenced.get(row.commitment.id, Decimal(0)))
        if row.commitment.measure.adds_up
        else row
        for row in found.values()
        if row.is_tracked
    ]
    return {
        "rows": rows,
        "on": on,
        "over": [row for row in rows if row.over_by],
        "short": [row for row in rows if row.short_by],
        "warned": [row for row in rows if row.warns],
        "rule": RULE,
        "method": METHOD,
        "counts_only": context.get("counts_only", False),
    }
