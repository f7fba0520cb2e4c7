"""What stood, was decided and was spent in a period, for reports: shortfalls with their recovery, remedies, costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from procurement.awards import queries as awards
from procurement.remedies.models import (
    OversightCost,
    RectificationPlan,
    RectificationStep,
    RemedyDecision,
    Shortfall,
)
from procurement.remedies.queries.shortfalls import ShortfallRow, shortfall_rows, visible
from procurement.remedies.queries.standing import UNFINISHED
from procurement.remedies.vocabulary import DecisionStatus, RemedyKind
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.money import measured
from socialvalue.core.periods import month_of


@dataclass(frozen=True, slots=True)
class RecoveryStep:
    """One step of a rectification plan; ``done_on`` None: not done yet."""

    what: str
    owner: str
    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Recovery:
    """What the supplier says it will do to catch up, in its own words. ``agreed_on`` None: proposed."""

    cause: str
    recover_by: date
    agreed_on: date | None
    steps: tuple[RecoveryStep, ...]


@dataclass(frozen=True, slots=True)
class StandingShortfall:
    """A shortfall that stood in a period, with its plan; None while there is none."""

    row: ShortfallRow
    raised_on: date
    closed_on: date | None
    recovery: Recovery | None

    @property
    def is_unfinished(self) -> bool:
        return self.row.status in UNFINISHED


@dataclass(frozen=True, slots=True)
class DecidedRemedy:
    """A remedy approved in a period. ``amount_pence`` None: nothing is paid."""

    id: int
    shortfall_id: int
    contract_id: int
    contract_title: str
    reference: str
    supplier_name: str
    kind: str
    decided_on: date
    amount_pence: int | None
    raised: str
    """Of a substitution: what is raised by how much; empty for another remedy."""
    reason: str

    @property
    def label(self) -> str:
        return RemedyKind(self.kind).label


@dataclass(frozen=True, slots=True)
class OverseeingCost:
    """One line of the register. ``contract_id`` None: of no one contract."""

    id: int
    month: date
    what: str
    contract_id: int | None
    contract_title: str
    reference: str
    hours: Decimal | None
    cost_pence: int


def shortfalls_between(
    actor: Actor, first: date, last: date, contract_ids: Iterable[int] | None = None
) -> list[StandingShortfall]:
    """The authority's shortfalls raised by the last day and not closed before the first, newest first; of these
    contracts, or of all. Six queries, however many."""
    if not is_buyer(actor):
        return []
    rows = visible(actor).select_related("contract", "authority", "supplier")
    rows = rows.filter(raised_at__lt=clock.end_of(last)).filter(
        Q(closed_at__isnull=True) | Q(closed_at__gte=clock.start_of(first))
    )
    if contract_ids is not None:
        rows = rows.filter(contract_id__in=set(contract_ids))
    found = list(rows.order_by("-raised_at", "-id"))
    plans = _recoveries(found)
    return [
        StandingShortfall(
            shown,
            clock.day_of(row.raised_at),
            clock.day_of(row.closed_at) if row.closed_at else None,
            plans.get(row.pk),
        )
        for row, shown in zip(found, shortfall_rows(found), strict=True)
    ]


def _recoveries(rows: list[Shortfall]) -> dict[int, Recovery]:
    plans = list(RectificationPlan.objects.filter(shortfall__in=rows))
    steps: dict[int, list[RecoveryStep]] = {}
    for step in RectificationStep.objects.filter(plan__in=plans).order_by("plan", "number"):
        steps.setdefault(step.plan_id, []).append(
            RecoveryStep(step.what, step.owner, step.due_on, step.done_on)
        )
    return {
        plan.shortfall_id: Recovery(
            plan.cause,
            plan.recover_by,
            clock.day_of(plan.agreed_at) if plan.agreed_at else None,
            tuple(steps.get(plan.pk, ())),
        )
        for plan in plans
    }


def remedies_between(
    actor: Actor, first: date, last: date, contract_ids: Iterable[int] | None = None
) -> list[DecidedRemedy]:
    """The remedies approved from the first to the last day, oldest first; of these contracts, or of all."""
    if not is_buyer(actor):
        return []
    rows = RemedyDecision.objects.filter(
        shortfall__authority_id=actor.organisation_id,
        status=DecisionStatus.APPROVED,
        decided_at__gte=clock.start_of(first),
        decided_at__lt=clock.end_of(last),
    ).select_related("shortfall__contract", "shortfall__supplier")
    if contract_ids is not None:
        rows = rows.filter(shortfall__contract_id__in=set(contract_ids))
    found = [row for row in rows.order_by("decided_at", "pk") if row.decided_at is not None]
    infos = awards.commitment_infos(
        row.instead_commitment_id for row in found if row.instead_commitment_id
    )
    return [
        DecidedRemedy(
            id=row.pk,
            shortfall_id=row.shortfall_id,
            contract_id=row.shortfall.contract_id,
            contract_title=row.shortfall.contract.title,
            reference=row.shortfall.contract.reference,
            supplier_name=row.shortfall.supplier.name,
            kind=row.kind,
            decided_on=clock.day_of(row.decided_at),  # type: ignore[arg-type]  # approved ones have it
            amount_pence=row.amount_pence,
            raised=_raised(row, infos),
            reason=row.reason,
        )
        for row in found
    ]


def _raised(row: RemedyDecision, infos: dict[int, awards.CommitmentInfo]) -> str:
    if row.instead_commitment_id is None or row.instead_quantity is None:
        return ""
    measure = infos[row.instead_commitment_id].measure
    return f"{measure.label} raised by {measured(row.instead_quantity, measure.unit)}"


def costs_between(
    actor: Actor, first: date, last: date, contract_ids: Iterable[int] | None = None
) -> list[OverseeingCost]:
    """The costs of overseeing of the months from the first to the last day, oldest first; of these contracts, or all
    with those of no one contract. Removed lines do not count. One query."""
    if not is_buyer(actor):
        return []
    rows = OversightCost.objects.filter(
        authority_id=actor.organisation_id,
        removed_at__isnull=True,
        month__gte=month_of(first),
        month__lte=last,
    ).select_related("contract")
    if contract_ids is not None:
        rows = rows.filter(contract_id__in=set(contract_ids))
    return [
        OverseeingCost(
            row.pk,
            row.month,
            row.what,
            row.contract_id,
            row.contract.title if row.contract else "",
            row.contract.reference if row.contract else "",
            row.hours,
            row.cost_pence,
        )
        for row in rows.order_by("month", "pk")
    ]
