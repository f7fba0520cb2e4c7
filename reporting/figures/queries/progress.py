"""Where each contract of the acting authority stands, today or at the end of a past day."""

from __future__ import annotations

from decimal import Decimal

from procurement.awards.queries import Promise, RunningContract
from reporting.figures.queries.running import Running
from reporting.figures.rules import progress
from reporting.figures.rules.progress import CommitmentProgress, ContractProgress
from reporting.figures.rules.spans import Span
from socialvalue.core.actor import Actor
from toms.frameworks.queries import MeasureBrief
from toms.valuation.rules import pence_of

ZERO = Decimal(0)


def contracts_progress(
    actor: Actor, span: Span, running: Running | None = None
) -> tuple[ContractProgress, ...]:
    """The signed contracts that run in the period with what is planned and verified to date, worst first.

    "To date" is today, or the past day of ``running``, whatever the period: a plan is late then or it is not. Seven
    queries at most, however many contracts; what ``running`` has read is not read again.
    """
    running = running or Running(actor, span)
    found = [_contract(contract, running) for contract in running.contracts.values()]
    found.sort(
        key=lambda row: (
            progress.WORST_FIRST.index(row.track),
            -row.committed_pence,
            row.contract_id,
        )
    )
    return tuple(found)


def _contract(contract: RunningContract, running: Running) -> ContractProgress:
    promises = running.promises.get(contract.id, [])
    is_over = contract.last_day < running.day
    rows = tuple(
        _commitment(row, measure, running, is_over=is_over)
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
        verified_pence=running.verified_pence.get(contract.id, 0),
        commitment_count=len(promises),
        commitments=rows,
    )


def _commitment(
    promise: Promise, measure: MeasureBrief, running: Running, *, is_over: bool
) -> CommitmentProgress:
    kind, adds_up = measure.aggregation, measure.adds_up
    due = [row.quantity for row in running.due.get(promise.id, ()) if row.due_on <= running.day]
    planned = progress.planned(kind, due)
    verified, total = ZERO, running.verified.get(promise.id)
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
