"""How far each commitment of a contract has come, and where it ends at this pace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from procurement.action_plans.queries.milestones import Due, MilestoneInfo, milestones_of
from procurement.action_plans.rules import forecast as forecasts
from procurement.action_plans.rules import progress
from procurement.awards import queries as awards
from procurement.ledger import queries as ledger
from procurement.ledger.queries import QuarterSum
from procurement.ledger.vocabulary import Basis
from socialvalue.core.periods import quarter_start

ZERO = Decimal(0)
SETTLING = timedelta(days=30)
"""So long after its end a quarter without anything verified is not counted yet: claims are still on their way."""


@dataclass(frozen=True, slots=True)
class CommitmentProgressView:
    """Quantities in the measure's unit, unrounded; of a rate, percentages."""

    commitment: awards.CommitmentInfo
    planned: Decimal
    """Due on or before the day; of a rate the latest target that fell due."""
    claimed: Decimal
    verified: Decimal
    track: progress.Track
    is_tracked: bool
    """False for figures that stand alone: they are shown and not compared."""
    forecast: forecasts.Forecast | None
    forecast_sentence: str
    put_right: str
    evidenced: Decimal | None = None
    """Claimed with evidence; None where the caller did not ask for it."""

    @property
    def over_by(self) -> Decimal:
        """Verified beyond the whole commitment. It makes up for nothing else."""
        if not self.commitment.measure.adds_up:
            return ZERO
        return max(self.verified - self.commitment.quantity, ZERO)

    @property
    def short_by(self) -> Decimal:
        """Planned to date and not verified."""
        return max(self.planned - self.verified, ZERO) if self.is_tracked else ZERO

    @property
    def warns(self) -> bool:
        """The forecast falls short of the promise, whatever the status to date says."""
        return self.forecast is not None and self.forecast.warns

    def with_evidenced(self, quantity: Decimal) -> CommitmentProgressView:
        return replace(self, evidenced=quantity)


def progress_of(contract_ids: Iterable[int], on: date) -> dict[int, CommitmentProgressView]:
    """Every commitment of these contracts on a day, by commitment; six queries, however many there are.

    A contract that is closed is over on the day it was closed already.
    The caller has shown that the actor may see the contracts.
    """
    ids = set(contract_ids)
    contracts = awards.contract_briefs(ids)
    commitments = awards.commitments_of_contracts(ids)
    plan: dict[int, list[MilestoneInfo]] = {}
    for row in milestones_of(ids):
        plan.setdefault(row.commitment_id, []).append(row)
    keys = [info.id for info in commitments]
    claimed, verified = _sums(keys, Basis.CLAIMED), _sums(keys, Basis.VERIFIED)
    return {
        info.id: _view(
            info,
            contracts[info.contract_id],
            plan.get(info.id, []),
            claimed.get(info.id, []),
            verified.get(info.id, []),
            on,
        )
        for info in commitments
    }


def forecasts_of(
    promises: Iterable[awards.Promise],
    contracts: Mapping[int, awards.RunningContract],
    due: Mapping[int, Sequence[Due]],
    on: date,
    until: datetime | None = None,
) -> dict[int, forecasts.Forecast]:
    """Where promises that add up end, by commitment, as ``progress_of`` says; those without a forecast are not in it.

    ``contracts`` by number, ``due`` by commitment; of what is verified, the rows posted before ``until``. One query,
    and none where nothing is planned.
    """
    planned = [row for row in promises if due.get(row.id)]
    verified = ledger.quarter_sums([row.id for row in planned], basis=Basis.VERIFIED, until=until)
    found = {}
    for row in planned:
        day = _on(contracts[row.contract_id], on)
        one, _ = _forecast(row.quantity, due[row.id], verified.get(row.id, {}), day)
        if one is not None:
            found[row.id] = one
    return found


def _on(contract: awards.ContractBrief | awards.RunningContract, on: date) -> date:
    """A contract that is closed is over on the day it was closed already."""
    return max(on, contract.last_day + timedelta(days=1)) if contract.has_ended else on


def _sums(keys: Sequence[int], basis: Basis) -> dict[int, list[QuarterSum]]:
    """What stands in the ledger, by commitment."""
    found: dict[int, list[QuarterSum]] = {}
    for row in ledger.commitment_sums(keys, basis=basis).values():
        found.setdefault(row.commitment_id, []).append(row)
    return found


def _delivered(info: awards.CommitmentInfo, rows: Sequence[QuarterSum]) -> Decimal:
    return progress.delivered(
        info.measure.aggregation,
        sum((row.quantity for row in rows), ZERO),
        sum((row.denominator or ZERO for row in rows), ZERO),
    )


def _by_quarter(rows: Sequence[QuarterSum]) -> dict[date, Decimal]:
    found: dict[date, Decimal] = {}
    for row in rows:
        quarter = quarter_start(row.period)
        found[quarter] = found.get(quarter, ZERO) + row.quantity
    return found


def _view(
    info: awards.CommitmentInfo,
    contract: awards.ContractBrief,
    milestones: Sequence[MilestoneInfo],
    claimed: Sequence[QuarterSum],
    rows: Sequence[QuarterSum],
    on: date,
) -> CommitmentProgressView:
    measure, verified = info.measure, _delivered(info, rows)
    on = _on(contract, on)
    is_tracked = progress.can_be_tracked(measure.aggregation)
    due = [row.quantity for row in milestones if row.due_on <= on]
    planned = progress.planned(measure.aggregation, due)
    found, left = (
        _forecast(info.quantity, milestones, _by_quarter(rows), on)
        if measure.adds_up
        else (None, 0)
    )
    if contract.has_ended:
        found = None  # it is known where it ended
    track = (
        progress.standing(
            verified,
            planned,
            info.quantity,
            is_over=contract.last_day < on,
            adds_up=measure.adds_up,
        )
        if is_tracked
        else progress.Track.NOT_DUE
    )
    is_wrong = progress.needs_attention(track) or (found is not None and found.warns)
    return CommitmentProgressView(
        commitment=info,
        planned=planned,
        claimed=_delivered(info, claimed),
        verified=verified,
        track=track,
        is_tracked=is_tracked,
        forecast=found,
        forecast_sentence=forecasts.forecast_sentence(found, measure.unit, contract.last_day)
        if found
        else "",
        put_right=forecasts.put_right(
            promised=info.quantity,
            verified=verified,
            quarters_left=left,
            pace=found.pace if found else None,
            unit=measure.unit,
            ends_on=contract.last_day,
        )
        if measure.adds_up and is_wrong
        else "",
    )


def _forecast(
    promised: Decimal,
    milestones: Sequence[MilestoneInfo | Due],
    verified: Mapping[date, Decimal],
    on: date,
) -> tuple[forecasts.Forecast | None, int]:
    """The forecast of what adds up, from what is verified by quarter; and how many quarters are not over."""
    begun = [row.quarter for row in milestones if row.quantity or verified.get(row.quarter)]
    # What was added later, or begins later by plan, was not slow before it began.
    milestones = [row for row in milestones if begun and row.quarter >= begun[0]]
    over = [row.quarter for row in milestones if row.due_on < on]
    seen = [
        row.quarter
        for row in milestones
        if row.quarter in over and (row.due_on + SETTLING < on or verified.get(row.quarter))
    ]
    found = forecasts.forecast(
        promised=promised,
        verified=sum(verified.values(), ZERO),
        by_quarter=[verified.get(quarter, ZERO) for quarter in seen],
        quarters_left=len(milestones) - len(seen),
    )
    return found, len(milestones) - len(over)
