"""Where the promises of running contracts end at the pace so far, in £."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.action_plans import queries as action_plans
from procurement.action_plans.queries import CommitmentProgressView
from procurement.awards import queries as awards
from procurement.awards.vocabulary import ContractStatus
from reporting.figures.rules.of_contracts import ContractOutlook
from reporting.figures.rules.spans import Span
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from toms.valuation.rules import value_of

if TYPE_CHECKING:
    from procurement.awards.models import Contract


def contracts_outlook(actor: Actor, span: Span) -> tuple[ContractOutlook, ...]:
    """The signed contracts that run in the period, each at the pace of its commitments. Seven queries, however many."""
    contracts = list(
        awards.contracts_for(actor)
        .filter(starts_on__lte=span.last, ends_on__gte=span.first)
        .exclude(status=ContractStatus.AWARDED)
    )
    found: dict[int, list[CommitmentProgressView]] = {}
    for view in action_plans.progress_of([row.pk for row in contracts], clock.today()).values():
        if view.commitment.measure.adds_up:
            found.setdefault(view.commitment.contract_id, []).append(view)
    return tuple(_outlook(row, found.get(row.pk, [])) for row in contracts)


def _outlook(contract: Contract, views: Sequence[CommitmentProgressView]) -> ContractOutlook:
    seen = [view for view in views if view.forecast is not None]

    def pence(name: str) -> int:
        return sum(_worth(view, getattr(view.forecast, name)) for view in seen)

    return ContractOutlook(
        id=contract.pk,
        title=contract.title,
        reference=contract.reference,
        supplier_name=contract.supplier.name,
        forecast=len(seen),
        commitments=len(views),
        promised_pence=pence("promised"),
        expected_pence=pence("expected"),
        low_pence=pence("low"),
        high_pence=pence("high"),
    )


def _worth(view: CommitmentProgressView, quantity: Decimal) -> int:
    """At the commitment's own value; 0 for one that is counted only."""
    info = view.commitment
    return value_of(
        quantity=quantity,
        unit_value=info.unit_value,
        attribution_percent=info.attribution_percent,
        additionality=info.measure.additionality,
    ).value_pence
