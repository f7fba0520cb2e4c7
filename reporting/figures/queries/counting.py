"""Counts that are not ledger sums: contracts, commitments, procurements, weightings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from procurement.procurements import queries as procurements
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import WeightingKind
from reporting.figures.rules.progress import ContractProgress
from reporting.figures.rules.spans import Span
from socialvalue.core.actor import Actor


def counts_of(
    actor: Actor, span: Span, contracts: Sequence[ContractProgress]
) -> dict[str, Decimal | None]:
    """Counts of the acting authority by figure name; an average of nothing is None."""
    begun = set(
        procurements.procurement_list(actor)
        .filter(commenced_on__gte=span.first, commenced_on__lte=span.last)
        .exclude(status__in=[ProcurementStatus.DRAFT, ProcurementStatus.WITHDRAWN])
        .values_list("pk", flat=True)
    )
    asking = list(
        tenders.published_tenders([actor.organisation_id or 0])
        .filter(procurement_id__in=begun, requirements__isnull=False)
        .distinct()
        .values_list("procurement_id", "weighting_kind", "weighting_percent")
    )
    weightings = [
        percent
        for _, kind, percent in asking
        if kind == WeightingKind.WEIGHTED and percent is not None
    ]
    commitments = [row for contract in contracts for row in contract.commitments]
    return {
        "contracts_live": Decimal(len(contracts)),
        "commitments_count": Decimal(sum(contract.commitment_count for contract in contracts)),
        "commitments_tracked": Decimal(len(commitments)),
        "commitments_on_track": Decimal(sum(contract.on_track for contract in contracts)),
        "procurements_count": Decimal(len(begun)),
        "procurements_with_social_value": Decimal(len({row[0] for row in asking})),
        "average_weighting": sum(weightings, Decimal(0)) / len(weightings) if weightings else None,
    }
