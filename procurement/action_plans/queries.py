"""Plans and milestones, for both parties of a contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum

from procurement.action_plans import rules
from procurement.action_plans.models import ActionPlan, Milestone
from procurement.action_plans.permissions import can_change, can_start
from procurement.action_plans.vocabulary import PlanStatus
from procurement.awards import queries as awards
from procurement.awards.vocabulary import ContractStatus
from socialvalue.accounts.permissions import is_supplier
from socialvalue.audit.queries import history_of
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.money import from_pence, measured, pounds


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


@dataclass(frozen=True, slots=True)
class QuarterView:
    """One milestone as shown. ``value`` is None for what is counted and not valued."""

    quarter: date
    due_on: date
    quantity: Decimal
    value: Decimal | None
    working: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CommitmentPlan:
    """A commitment and its quarters. For what adds up the quarters make the commitment exactly."""

    commitment: awards.CommitmentInfo
    quarters: tuple[QuarterView, ...]
    owner: str
    evidence: str

    @property
    def adds_up(self) -> bool:
        return self.commitment.measure.adds_up

    @property
    def by_quarter(self) -> dict[date, QuarterView]:
        return {row.quarter: row for row in self.quarters}


@dataclass(frozen=True, slots=True)
class PlanView:
    """The page of a contract's plan. ``plan_id`` is None while it has not been started."""

    contract: awards.ContractBrief
    plan_id: int | None
    status: str
    version: int
    agreed_at: datetime | None
    agreed_by: str
    quarters: tuple[date, ...]
    commitments: tuple[CommitmentPlan, ...]
    history: tuple[tuple[str, datetime, str], ...]
    who_can_see: tuple[str, ...]
    may_start: bool
    may_change: bool
    may_agree: bool

    @property
    def is_agreed(self) -> bool:
        return self.status == PlanStatus.AGREED


@dataclass(frozen=True, slots=True)
class CommitmentEdit:
    """What the page that changes one commitment's quarters starts with."""

    contract: awards.ContractBrief
    plan: CommitmentPlan
    quarters: tuple[date, ...]
    version: int
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class PlanBrief:
    """Where a plan stands, for the thread."""

    id: int
    status: str
    agreed_at: datetime | None
    milestones: int
    due: int
    next_due_on: date | None


def plan_of(actor: Actor, contract_id: int) -> PlanView:
    """The plan of a contract, to either party. NotVisible for anybody else."""
    contract = awards.contract_for(actor, contract_id)
    brief = awards.contract_brief(contract_id)
    plan = ActionPlan.objects.select_related("agreed_by").filter(contract_id=contract_id).first()
    commitments = _commitment_plans(brief) if plan else ()
    is_live = contract.status == ContractStatus.LIVE
    return PlanView(
        contract=brief,
        plan_id=plan.pk if plan else None,
        status=plan.status if plan else "",
        version=plan.version if plan else 0,
        agreed_at=plan.agreed_at if plan else None,
        agreed_by=str(plan.agreed_by) if plan and plan.agreed_by_id else "",
        quarters=tuple(rules.quarters_of(brief.starts_on, brief.ends_on)),
        commitments=commitments,
        history=_history(plan),
        who_can_see=(
            f"People who work for {brief.authority_name}; its contract managers can change it.",
            f"People who work for {brief.supplier_name}.",
        ),
        may_start=plan is None and can_start(actor, contract),
        may_change=plan is not None and not brief.has_ended and can_change(actor, contract),
        may_agree=plan is not None
        and plan.status == PlanStatus.DRAFT
        and is_live
        and can_change(actor, contract),
    )


def commitment_to_plan(actor: Actor, contract_id: int, commitment_id: int) -> CommitmentEdit:
    """One commitment's quarters for the contract manager. NotVisible for a foreign commitment."""
    contract = awards.contract_for(actor, contract_id)
    plan = ActionPlan.objects.filter(contract_id=contract_id).first()
    brief = awards.contract_brief(contract_id)
    found = next(
        (row for row in _commitment_plans(brief) if row.commitment.id == commitment_id), None
    )
    if plan is None or found is None:
        raise NotVisible
    if not can_change(actor, contract):
        raise NotAllowed("Only a contract manager of the buying authority can change a plan.")
    return CommitmentEdit(
        contract=brief,
        plan=found,
        quarters=tuple(rules.quarters_of(brief.starts_on, brief.ends_on)),
        version=plan.version,
        is_agreed=plan.status == PlanStatus.AGREED,
    )


def plan_brief(contract_id: int, on: date) -> PlanBrief | None:
    """Status and counts of a plan. The caller has shown that the actor may see the contract."""
    plan = ActionPlan.objects.filter(contract_id=contract_id).first()
    if plan is None:
        return None
    days = list(Milestone.objects.filter(plan=plan).values_list("due_on", flat=True))
    ahead = [day for day in days if day > on]
    return PlanBrief(
        id=plan.pk,
        status=plan.status,
        agreed_at=plan.agreed_at,
        milestones=len(days),
        due=len(days) - len(ahead),
        next_due_on=min(ahead, default=None),
    )


def milestones_of(contract_ids: Iterable[int]) -> list[MilestoneInfo]:
    """Milestones of these contracts in order of commitment and time, in one query.

    The caller has shown that the actor may see the contracts.
    """
    rows = Milestone.objects.filter(plan__contract_id__in=set(contract_ids)).select_related("plan")
    return [_milestone(row) for row in rows.order_by("commitment_id", "quarter")]


def milestone_of(commitment_id: int, quarter: date) -> MilestoneInfo | None:
    row = (
        Milestone.objects.filter(commitment_id=commitment_id, quarter=quarter)
        .select_related("plan")
        .first()
    )
    return _milestone(row) if row else None


def planned_to_date(contract_id: int, on: date) -> dict[int, Decimal]:
    """Quantity due on or before ``on`` of each commitment that adds up, by commitment.

    Commitments with nothing due yet are left out: that is "not yet due", never 0%.
    """
    return planned_of_contracts([contract_id], on)


def planned_of_contracts(contract_ids: Sequence[int], on: date) -> dict[int, Decimal]:
    rows = (
        Milestone.objects.filter(plan__contract_id__in=set(contract_ids), due_on__lte=on)
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
    return [_milestone(row) for row in rows.select_related("plan").order_by("due_on", "pk")]


# --- parts ------------------------------------------------------------------------------------


def _milestone(row: Milestone) -> MilestoneInfo:
    return MilestoneInfo(
        id=row.pk,
        contract_id=row.plan.contract_id,
        commitment_id=row.commitment_id,
        quarter=row.quarter,
        due_on=row.due_on,
        quantity=row.quantity,
        owner=row.owner,
        evidence=row.evidence,
    )


def _history(plan: ActionPlan | None) -> tuple[tuple[str, datetime, str], ...]:
    if plan is None:
        return ()
    return tuple(
        (line.sentence, line.at, ", ".join(filter(None, (line.who, line.organisation))))
        for line in history_of(target_type="actionplan", target_id=plan.pk)
    )


def _commitment_plans(contract: awards.ContractBrief) -> tuple[CommitmentPlan, ...]:
    by_commitment: dict[int, list[MilestoneInfo]] = {}
    for row in milestones_of([contract.id]):
        by_commitment.setdefault(row.commitment_id, []).append(row)
    return tuple(
        _commitment_plan(commitment, by_commitment[commitment.id], contract.ends_on)
        for commitment in awards.commitments_of(contract.id)
        if commitment.id in by_commitment
    )


def _share_working(
    commitment: awards.CommitmentInfo, share: rules.Share
) -> tuple[tuple[str, str], ...]:
    """How the £ of a quarter comes out of that of the commitment."""
    unit = commitment.measure.unit
    return (
        ("Value of the commitment", pounds(from_pence(commitment.value_pence))),
        ("Its quantity", measured(commitment.quantity, unit)),
        ("Of that in this quarter", measured(share.quantity, unit)),
        ("Value of this quarter, shared by quantity", pounds(from_pence(share.value_pence))),
        ("Source of the unit value", commitment.unit_value_source or "None needed"),
    )


def _commitment_plan(
    commitment: awards.CommitmentInfo, milestones: list[MilestoneInfo], ends_on: date
) -> CommitmentPlan:
    quantities = {row.quarter: row.quantity for row in milestones}
    is_valued = commitment.unit_value is not None and commitment.measure.adds_up
    shares = rules.shares_of(quantities, commitment.value_pence if is_valued else 0, ends_on)
    return CommitmentPlan(
        commitment=commitment,
        quarters=tuple(
            QuarterView(
                share.quarter,
                share.due_on,
                share.quantity,
                from_pence(share.value_pence) if is_valued else None,
                _share_working(commitment, share) if is_valued else (),
            )
            for share in shares
        ),
        owner=milestones[0].owner,
        evidence=milestones[0].evidence,
    )
