"""Where the promises of running contracts end at the pace so far, in £."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from procurement.action_plans import queries as action_plans
from procurement.action_plans.rules.forecast import Forecast
from procurement.awards.queries import Promise, RunningContract
from reporting.figures.queries.running import Running
from reporting.figures.rules.of_contracts import ContractOutlook
from reporting.figures.rules.spans import Span
from socialvalue.core.actor import Actor
from toms.frameworks.queries import MeasureBrief
from toms.valuation.rules import pence_of


def contracts_outlook(
    actor: Actor, span: Span, running: Running | None = None
) -> tuple[ContractOutlook, ...]:
    """The signed contracts that run in the period, each at the pace of its commitments. Five queries, however many;
    what ``running`` has read is not read again."""
    running = running or Running(actor, span)
    adding_up = {
        key: [row for row in rows if running.measures[row.measure_id].adds_up]
        for key, rows in running.promises.items()
    }
    forecasts = action_plans.forecasts_of(
        (row for rows in adding_up.values() for row in rows),
        running.contracts,
        running.due,
        running.day,
        running.until,
    )
    return tuple(
        _outlook(contract, adding_up.get(contract.id, []), forecasts, running.measures)
        for contract in running.contracts.values()
    )


def _outlook(
    contract: RunningContract,
    promises: Sequence[Promise],
    forecasts: Mapping[int, Forecast],
    measures: Mapping[int, MeasureBrief],
) -> ContractOutlook:
    seen = [
        (row, measures[row.measure_id], forecasts[row.id])
        for row in promises
        if row.id in forecasts
    ]

    def pence(name: str) -> int:
        return sum(_worth(row, measure, getattr(found, name)) for row, measure, found in seen)

    return ContractOutlook(
        id=contract.id,
        title=contract.title,
        reference=contract.reference,
        supplier_name=contract.supplier_name,
        forecast=len(seen),
        commitments=len(promises),
        promised_pence=pence("promised"),
        expected_pence=pence("expected"),
        low_pence=pence("low"),
        high_pence=pence("high"),
    )


def _worth(promise: Promise, measure: MeasureBrief, quantity: Decimal) -> int:
    """At the commitment's own value; 0 for one that is counted only."""
    return pence_of(
        quantity=quantity,
        unit_value=promise.unit_value,
        attribution_percent=promise.attribution_percent,
        additionality=measure.additionality,
    )
