"""Where each contract of the acting authority stands today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from procurement.action_plans.queries import Due
from procurement.awards.queries import Promise, RunningContract
from procurement.ledger.vocabulary import Basis
from reporting.figures.queries.running import Running
from reporting.figures.rules import progress
from reporting.figures.rules.progress import CommitmentProgress, ContractProgress
from reporting.figures.rules.spans import Span
from reporting.rollups import queries as rollups
from reporting.rollups.queries import TotalSum
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from toms.frameworks.queries import MeasureBrief
from toms.valuation.rules import pence_of

ZERO = Decimal(0)


def contracts_progress(
    actor: Actor, span: Span, running: Running | None = None
) -> tuple[ContractProgress, ...]:
    """The signed contracts that run in the period with what is planned and verified to date, worst first.

    "To date" is today, whatever the period: a plan is late now or it is not. Six queries, however many contracts;
    what ``running`` has read is not read again.
    """
    running, today = running or Running(actor, span), clock.today()
    ids = list(running.contracts)
    verified = rollups.commitment_totals(
        [row.id for rows in running.promises.values() for row in rows], Basis.VERIFIED
    )
    pence = rollups.contract_totals(ids, Basis.VERIFIED)
    found = [
        _contract(contract, running, verified, pence.get(contract.id), today)
        for contract in running.contracts.values()
    ]
    found.sort(
        key=lambda row: (
            progress.WORST_FIRST.index(row.track),
            -row.committed_pence,
            row.contract_id,
        )
    )
    return tuple(found)


def _contract(
    contract: RunningContract,
    running: Running,
    verified: Mapping[int, TotalSum],
    total: TotalSum | None,
    today: date,
) -> ContractProgress:
    promises = running.promises.get(contract.id, [])
    is_over = contract.last_day < today
    rows = tuple(
        _commitment(row, measure, running.due.get(row.id, ()), verified.get(row.id), is_over, today)
        for row in promises
        if progress.can_be_tracked((measure := running.measures[row.measure_id]).aggregation)
    )
    return ContractProgress(
        contract_id=contract.id,
        title=contract.title,
        reference=contract.reference,
        supplier_name=contract.supplier_name,
        committed_pence=sum(row.value_pence for row in promises),
        planned_pence=sum(row.planned_pence for row in rows),
        verified_pence=total.value_pence if total else 0,
        commitment_count=len(promises),
        commitments=rows,
    )


def _commitment(
    promise: Promise,
    measure: MeasureBrief,
    plan: Sequence[Due],
    total: TotalSum | None,
    is_over: bool,
    today: date,
) -> CommitmentProgress:
    kind, adds_up = measure.aggregation, measure.adds_up
    planned = progress.planned(kind, [row.quantity for row in plan if row.due_on <= today])
    verified = ZERO
    if total is not None:
        verified = progress.delivered(kind, total.quantity or ZERO, total.denominator or ZERO)
    return CommitmentProgress(
        promise.id,
        measure.label,
        measure.unit,
        planned,
        verified,
        pence_of(
            quantity=planned,
            unit_value=promise.unit_value,
            attribution_percent=promise.attribution_percent,
            additionality=measure.additionality,
        )
        if adds_up
        else 0,
        progress.standing(verified, planned, promise.quantity, is_over=is_over, adds_up=adds_up),
    )
