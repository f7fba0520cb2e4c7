"""Route decisions, put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from procurement.policies.rules import BASIS_WORDS
from procurement.policies.vocabulary import VatBasis
from socialvalue.core import money
from socialvalue.core.periods import uk_date

if TYPE_CHECKING:
    from procurement.procurements.models import Procurement, RouteDecision


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One route decision: when, on what amount, which way and why."""

    stage: str
    decided_at: datetime
    amount: Decimal
    basis: str
    net: Decimal
    gross: Decimal
    route: str
    replaced_route: str
    """What the rule said, where an override stands."""
    explanation: str
    crossed_line: bool
    under: str
    """Which version of which policy it fell under, and why that one."""


def decision_view(row: RouteDecision, procurement: Procurement) -> DecisionView:
    return DecisionView(
        stage=row.get_stage_display(),
        decided_at=row.decided_at,
        amount=row.compared_amount,
        basis=BASIS_WORDS[VatBasis(row.compared_basis)],
        net=row.net_amount,
        gross=row.gross_amount,
        route=row.route,
        replaced_route=row.replaced_route,
        explanation=row.explanation,
        crossed_line=row.crossed_line,
        under=policy_sentence(row, procurement),
    )


def policy_sentence(row: RouteDecision, procurement: Procurement) -> str:
    """``It fell under …, because …``: its own policy, the regional default, or a table it follows."""
    version, table = row.policy_version, row.band.version
    on = uk_date(_commenced(row, procurement))
    if version.policy.organisation_id == procurement.authority_id:
        why = f"the authority's own policy in force on {on}, when the procurement commenced"
    else:
        why = (
            f"the regional default, because the authority had no policy of its own in force on {on}"
        )
    follows = ""
    if table.pk != version.pk:
        follows = f" It states no bands of its own and follows those of {table} by reference."
    return f"It fell under {version}: {why}.{follows}"


def _commenced(row: RouteDecision, procurement: Procurement) -> date:
    """As it was when it was decided; the date may have been changed since."""
    text = row.inputs.get("commenced_on")
    return date.fromisoformat(text) if text else procurement.commenced_on


def worth(amount: Decimal | None, basis: str) -> str:
    """``£180,000 excluding VAT``, or nothing."""
    if amount is None:
        return ""
    return f"{money.pounds(amount)} {BASIS_WORDS[VatBasis(basis)] if basis else ''}".strip()


def crossing_of(decisions: Sequence[DecisionView]) -> tuple[DecisionView, DecisionView] | None:
    """The last two decisions that differ: before and after the line. Newest first in ``decisions``."""
    for after, before in pairwise(decisions):
        if after.crossed_line and after.route != before.route:
            return before, after
    return None
