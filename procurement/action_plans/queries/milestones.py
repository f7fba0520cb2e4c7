"""When what falls due, across contracts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Least

from procurement.action_plans.models import ActionPlan, Milestone
from procurement.action_plans.permissions import side_of, why_not_agree
from procurement.action_plans.vocabulary import PlanStatus, Side
from procurement.awards import queries as awards
from procurement.awards.vocabulary import ContractStatus
from procurement.ledger.rules import Stretch
from socialvalue.accounts.permissions import is_supplier
from socialvalue.core.actor import Actor

ENDED_ON = "plan__contract__ended_on"


@dataclass(frozen=True, slots=True)
class MilestoneInfo:
    """What of a commitment falls due in one quarter."""

    id: int
    contract_id: int
    commitment_id: int
    quarter: date
    due_on: date
    quantity: Decimal
    owner: str
    evidence: str
    authority_owner: str = ""


@dataclass(frozen=True, slots=True)
class PlanBrief:
    """Where a plan stands, for the thread."""

    id: int
    status: str
    agreed_at: datetime | None
    milestones: int
    due: int
    next_due_on: date | None
    authority_agreed: bool = False
    supplier_agreed: bool = False
    """Which of the two parties agreed the version that stands, while it is a draft."""


def plan_brief(contract_id: int, on: date) -> PlanBrief | None:
    """Status and counts of a plan. The caller has shown that the actor may see the contract."""
    plan = ActionPlan.objects.filter(contract_id=contract_id).first()
    if plan is None:
        return None
    days = list(_falling_due().filter(plan=plan).values_list("falls_due", flat=True))
    ahead = [day for day in days if day > on]
    return PlanBrief(
        id=plan.pk,
        status=plan.status,
        agreed_at=plan.agreed_at,
        milestones=len(days),
        due=len(days) - len(ahead),
        next_due_on=min(ahead, default=None),
        authority_agreed=plan.authority_agreed_at is not None,
        supplier_agreed=plan.supplier_agreed_at is not None,
    )


def milestones_of(contract_ids: Iterable[int]) -> list[MilestoneInfo]:
    """What falls due of these contracts in order of commitment and time, in one query: of a contract that was
    terminated nothing for the quarters after its last day.

    The caller has shown that the actor may see the contracts.
    """
    rows = _falling_due().filter(plan__contract_id__in=set(contract_ids)).select_related("plan")
    return [_milestone(row, row.falls_due) for row in rows.order_by("commitment_id", "quarter")]


class Due(NamedTuple):
    """Of what falls due in one quarter, what sums over very many need."""

    commitment_id: int
    quarter: date
    due_on: date
    quantity: Decimal


def due_of(contract_ids: Iterable[int]) -> list[Due]:
    """What ``milestones_of`` gives, in the same order, for sums over very many."""
    rows = _falling_due().filter(plan__contract_id__in=set(contract_ids))
    return [
        Due(*row)
        for row in rows.order_by("commitment_id", "quarter").values_list(
            "commitment_id", "quarter", "falls_due", "quantity"
        )
    ]


def milestones_as_agreed(contract_id: int) -> list[MilestoneInfo]:
    """The whole plan of a contract as it was agreed, whenever the contract ended; the same order."""
    rows = Milestone.objects.filter(plan__contract_id=contract_id).select_related("plan")
    return [_milestone(row, row.due_on) for row in rows.order_by("commitment_id", "quarter")]


def _falling_due() -> QuerySet[Any]:
    """Milestones with the day they fall due, ``falls_due``, without those of quarters that a contract did not reach."""
    return Milestone.objects.annotate(
        falls_due=Least("due_on", Coalesce(F(ENDED_ON), F("due_on")))
    ).filter(Q(plan__contract__ended_on__isnull=True) | Q(quarter__lte=F(ENDED_ON)))


def milestone_of(commitment_id: int, quarter: date) -> MilestoneInfo | None:
    row = (
        _falling_due()
        .filter(commitment_id=commitment_id, quarter=quarter)
        .select_related("plan")
        .first()
    )
    return _milestone(row, row.falls_due) if row else None


def planned_to_date(contract_id: int, on: date) -> dict[int, Decimal]:
    """Quantity due on or before ``on`` of each commitment that adds up, by commitment.

    Commitments with nothing due yet are left out: that is "not yet due", never 0%.
    """
    return planned_of_contracts([contract_id], on)


def planned_of_contracts(contract_ids: Sequence[int], on: date) -> dict[int, Decimal]:
    rows = (
        _falling_due()
        .filter(plan__contract_id__in=set(contract_ids), falls_due__lte=on)
        .order_by()
        .values("commitment_id")
        .annotate(planned=Sum("quantity"))
        .values_list("commitment_id", "planned")
    )
    planned = dict(rows)
    infos = awards.commitment_infos(planned)
    return {pk: quantity for pk, quantity in planned.items() if infos[pk].measure.adds_up}


def due_milestones(actor: Actor, on: date) -> list[MilestoneInfo]:
    """The supplier's milestones whose quarter has begun by ``on``, oldest first; live contracts."""
    if not is_supplier(actor):
        return []
    live = [row.pk for row in awards.contracts_for(actor, awards.ContractFilters(status="live"))]
    rows = Milestone.objects.filter(plan__contract_id__in=live, quarter__lte=on, quantity__gt=0)
    rows = rows.select_related("plan").order_by("due_on", "pk")
    return [_milestone(row, row.due_on) for row in rows]


def milestones_over(stretches: Iterable[Stretch], on: date) -> QuerySet[Milestone]:
    """Milestones of live contracts with something planned whose day is over on ``on``, in these quarters of these
    authorities. No actor: the caller has shown that the reader may know totals of them."""
    rows = Milestone.objects.filter(
        plan__contract__status=ContractStatus.LIVE, due_on__lt=on, quantity__gt=0
    )
    return rows.filter(planned_within(stretches)).order_by(
        "plan__contract_id", "quarter", "commitment_id"
    )


def planned_within(stretches: Iterable[Stretch]) -> Q:
    """Milestones of these quarters of these authorities."""
    within = Q(pk__in=())
    for stretch in stretches:
        within |= Q(
            plan__contract__authority_id__in=stretch.authority_ids,
            quarter__gte=stretch.first,
            quarter__lte=stretch.last,
        )
    return within


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A plan that waits for the agreement of the actor's own side."""

    contract: awards.ContractBrief
    version: int
    other_agreed_at: datetime | None
    """When the other party agreed this version; None while it has not."""
    other_name: str

    @property
    def other_agreed(self) -> bool:
        return self.other_agreed_at is not None


def plans_awaiting(actor: Actor) -> list[WaitingPlan]:
    """Plans of live contracts that the actor can agree and its side has not agreed yet, by contract."""
    live = awards.contracts_for(actor, awards.ContractFilters(status="live"))
    rows = (
        ActionPlan.objects.filter(
            contract_id__in=live.order_by().values("pk"), status=PlanStatus.DRAFT
        )
        .filter(milestones__isnull=False)
        .distinct()
        .order_by("contract_id")
    )
    briefs = awards.contract_briefs(row.contract_id for row in rows)
    found = []
    for row in rows:
        brief = briefs[row.contract_id]
        side = side_of(actor, brief)
        mine, other, name = row.authority_agreed_at, row.supplier_agreed_at, brief.supplier_name
        if side == Side.SUPPLIER:
            mine, other, name = other, mine, brief.authority_name
        if mine is None and not why_not_agree(actor, brief, row):
            found.append(WaitingPlan(brief, row.version, other, name))
    return found


def _milestone(row: Milestone, due_on: date) -> MilestoneInfo:
    return MilestoneInfo(
        id=row.pk,
        contract_id=row.plan.contract_id,
        commitment_id=row.commitment_id,
        quarter=row.quarter,
        due_on=due_on,
        quantity=row.quantity,
        owner=row.owner,
        evidence=row.evidence,
        authority_owner=row.authority_owner,
    )
