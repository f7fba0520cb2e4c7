"""Where each contract of the acting authority stands today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.action_plans import queries as action_plans
from procurement.awards import queries as awards
from procurement.awards.vocabulary import ContractStatus
from procurement.ledger.vocabulary import Basis
from reporting.figures.rules import progress
from reporting.figures.rules.progress import CommitmentProgress, ContractProgress
from reporting.figures.rules.spans import Span
from reporting.rollups import queries as rollups
from reporting.rollups.queries import TotalSum
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from toms.valuation.rules import value_of

if TYPE_CHECKING:
    from procurement.awards.models import Contract


def contracts_progress(actor: Actor, span: Span) -> tuple[ContractProgress, ...]:
    """The signed contracts that run in the period with what is planned and verified to date, worst first.

    "To date" is today, whatever the period: a plan is late now or it is not. Seven queries, however many contracts.
    """
    contracts = list(
        awards.contracts_for(actor)
        .filter(starts_on__lte=span.last, ends_on__gte=span.first)
        .exclude(status=ContractStatus.AWARDED)
    )
    ids = [contract.pk for contract in contracts]
    commitments: dict[int, list[awards.CommitmentInfo]] = {}
    for info in awards.commitments_of_contracts(ids):
        commitments.setdefault(info.contract_id, []).append(info)
    due = _due(ids)
    verified = rollups.commitment_totals(
        [info.id for infos in commitments.values() for info in infos], Basis.VERIFIED
    )
    pence = rollups.contract_totals(ids, Basis.VERIFIED)
    found = [
        _contract(contract, commitments.get(contract.pk, []), due, verified, pence.get(contract.pk))
        for contract in contracts
    ]
    found.sort(
        key=lambda row: (
            progress.WORST_FIRST.index(row.track),
            -row.committed_pence,
            row.contract_id,
        )
    )
    return tuple(found)


def _due(contract_ids: Sequence[int]) -> dict[int, list[Decimal]]:
    """The milestones due by today of each commitment, oldest first."""
    today = clock.today()
    due: dict[int, list[Decimal]] = {}
    rows = action_plans.milestones_of(contract_ids)
    for row in sorted(rows, key=lambda row: row.quarter):
        if row.due_on <= today:
            due.setdefault(row.commitment_id, []).append(row.quantity)
    return due


def _contract(
    contract: Contract,
    commitments: Sequence[awards.CommitmentInfo],
    due: Mapping[int, Sequence[Decimal]],
    verified: Mapping[int, TotalSum],
    total: TotalSum | None,
) -> ContractProgress:
    is_over = contract.ends_on < clock.today()
    rows = tuple(
        _commitment(info, due.get(info.id, ()), verified.get(info.id), is_over=is_over)
        for info in commitments
        if progress.can_be_tracked(info.measure.aggregation)
    )
    return ContractProgress(
        contract_id=contract.pk,
        title=contract.title,
        reference=contract.reference,
        supplier_name=contract.supplier.name,
        committed_pence=sum(info.value_pence for info in commitments),
        planned_pence=sum(row.planned_pence for row in rows),
        verified_pence=total.value_pence if total else 0,
        commitment_count=len(commitments),
        commitments=rows,
    )


def _commitment(
    info: awards.CommitmentInfo, due: Sequence[Decimal], total: TotalSum | None, *, is_over: bool
) -> CommitmentProgress:
    kind = info.measure.aggregation
    planned = progress.planned(kind, due)
    verified = Decimal(0)
    if total is not None:
        verified = progress.delivered(
            kind, total.quantity or Decimal(0), total.denominator or Decimal(0)
        )
    worth = value_of(
        quantity=planned,
        unit_value=info.unit_value,
        attribution_percent=info.attribution_percent,
        additionality=info.measure.additionality,
    )
    return CommitmentProgress(
        info.id,
        info.measure.label,
        info.measure.unit,
        planned,
        verified,
        worth.value_pence if info.measure.adds_up else 0,
        progress.standing(
            verified, planned, info.quantity, is_over=is_over, adds_up=info.measure.adds_up
        ),
    )
