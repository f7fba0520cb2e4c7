"""The page of a contract's plan and of one commitment in it, for both parties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procurement.action_plans import rules
from procurement.action_plans.models import ActionPlan
from procurement.action_plans.permissions import (
    CHANGE_REASON,
    can_change,
    can_start,
    side_of,
    why_not_agree,
)
from procurement.action_plans.queries.milestones import MilestoneInfo, milestones_as_agreed
from procurement.action_plans.queries.revisions import RevisionView, revisions_of
from procurement.action_plans.queries.settled import settled_of
from procurement.action_plans.vocabulary import PlanStatus, Side
from procurement.awards import queries as awards
from procurement.awards.permissions import who_sees_contract
from procurement.awards.vocabulary import ContractStatus
from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from procurement.policies.vocabulary import Route
from procurement.procurements import queries as procurements
from socialvalue.accounts.rules import Sight, people_of
from socialvalue.accounts.vocabulary import Deed
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.money import from_pence, measured, pounds

REQUIRED = "Required: the policy asks for an agreed action plan at its upper threshold and above."
ADVISED = "Not required by the policy at this value. Agree one all the same, so that both know what is due when."


@dataclass(frozen=True, slots=True)
class QuarterView:
    """One milestone as shown. ``value`` is None for what is counted and not valued."""

    quarter: date
    due_on: date
    quantity: Decimal
    value: Decimal | None
    working: tuple[tuple[str, str], ...] = ()
    is_settled: bool = False
    """It lies before the last change of the contract, or is over in a plan both agreed, and stays as it is."""
    is_unreached: bool = False
    """The contract was terminated before it began, so nothing falls due."""


@dataclass(frozen=True, slots=True)
class CommitmentPlan:
    """A commitment and its quarters. For what adds up the quarters make the commitment exactly."""

    commitment: awards.CommitmentInfo
    quarters: tuple[QuarterView, ...]
    owner: str
    evidence: str
    authority_owner: str = ""

    @property
    def adds_up(self) -> bool:
        return self.commitment.measure.adds_up

    @property
    def by_quarter(self) -> dict[date, QuarterView]:
        return {row.quarter: row for row in self.quarters}

    @property
    def settled(self) -> list[QuarterView]:
        return [row for row in self.quarters if row.is_settled]

    @property
    def open_quantity(self) -> Decimal:
        """What the quarters that may still change must add up to."""
        return self.commitment.quantity - sum((row.quantity for row in self.settled), Decimal(0))


@dataclass(frozen=True, slots=True)
class PartyAgreement:
    """One of the two parties, and whether it agreed the version that stands."""

    name: str
    at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """The page of a contract's plan. ``plan_id`` is None while it has not been started."""

    contract: awards.ContractBrief
    plan_id: int | None
    status: str
    version: int
    agreed_at: datetime | None
    parties: tuple[PartyAgreement, ...]
    """The authority, then the supplier; empty while there is no plan."""
    need: str
    """Whether the policy requires the plan, as a sentence."""
    quarters: tuple[date, ...]
    commitments: tuple[CommitmentPlan, ...]
    changes: tuple[awards.ChangeInfo, ...]
    revisions: tuple[RevisionView, ...]
    """Earlier versions, newest first."""
    history: tuple[tuple[str, datetime, str], ...]
    who_can_see: tuple[Sight, ...]
    may_start: bool
    may_change: bool
    may_agree: bool
    waits_for: str
    """Who must still agree, for a reader who cannot; empty when nobody is waited for."""

    @property
    def is_agreed(self) -> bool:
        return self.status == PlanStatus.AGREED

    @property
    def other_agreed(self) -> bool:
        """One party agreed already, so that the next word makes it agreed."""
        return any(party.at for party in self.parties)


@dataclass(frozen=True, slots=True)
class CommitmentEdit:
    """What the page that changes one commitment's quarters starts with."""

    contract: awards.ContractBrief
    plan: CommitmentPlan
    quarters: tuple[date, ...]
    version: int
    is_agreed: bool

    @property
    def open_quarters(self) -> list[date]:
        """Quarters that may still change."""
        settled = {row.quarter for row in self.plan.settled}
        return [quarter for quarter in self.quarters if quarter not in settled]


def plan_of(actor: Actor, contract_id: int) -> PlanView:
    """The plan of a contract, to either party. NotVisible for anybody else."""
    contract = awards.contract_for(actor, contract_id)
    brief = awards.contract_brief(contract_id)
    plan = (
        ActionPlan.objects.select_related("agreed_by", "supplier_agreed_by")
        .filter(contract_id=contract_id)
        .first()
    )
    commitments = _commitment_plans(brief, plan) if plan else ()
    parties = _parties(brief, plan)
    is_live = contract.status == ContractStatus.LIVE
    may_agree = is_live and plan is not None and _may_agree(actor, brief, plan)
    is_draft = plan is not None and plan.status == PlanStatus.DRAFT
    return PlanView(
        contract=brief,
        plan_id=plan.pk if plan else None,
        status=plan.status if plan else "",
        version=plan.version if plan else 0,
        agreed_at=plan.agreed_at if plan else None,
        parties=parties,
        need=REQUIRED if is_required(brief.procurement_id) else ADVISED,
        quarters=tuple(rules.quarters_of(brief.starts_on, brief.ends_on)),
        commitments=commitments,
        changes=tuple(awards.changes_of(contract_id)),
        revisions=tuple(revisions_of(plan.pk, plan.version)) if plan else (),
        history=_history(plan),
        who_can_see=(
            *who_sees_contract(
                authority=(brief.authority_id, brief.authority_name),
                supplier=(brief.supplier_id, brief.supplier_name),
                what="the plan, every version of it and what was delivered",
            ),
            people_of(
                brief.authority_name,
                brief.authority_id,
                Deed.MANAGE_CONTRACT,
                what="may change it, and agree it for the authority",
            ),
            people_of(
                brief.supplier_name,
                brief.supplier_id,
                Deed.AGREE_FOR_SUPPLIER,
                what="may agree it for the supplier",
            ),
        ),
        may_start=plan is None and not brief.has_ended and can_start(actor, contract),
        may_change=plan is not None and not brief.has_ended and can_change(actor, contract),
        may_agree=may_agree,
        waits_for=" and ".join(party.name for party in parties if party.at is None)
        if is_draft and is_live and not may_agree
        else "",
    )


def is_required(procurement_id: int) -> bool:
    """The policy routes the contract's procurement where an action plan must be agreed: its uppermost route."""
    return procurements.rules_own_route(procurement_id) == Route.TOMS_MANDATORY


def commitment_to_plan(actor: Actor, contract_id: int, commitment_id: int) -> CommitmentEdit:
    """One commitment's quarters for the contract manager. NotVisible for a foreign commitment."""
    contract = awards.contract_for(actor, contract_id)
    plan = ActionPlan.objects.filter(contract_id=contract_id).first()
    brief = awards.contract_brief(contract_id)
    rows = _commitment_plans(brief, plan) if plan else ()
    found = next((row for row in rows if row.commitment.id == commitment_id), None)
    if plan is None or found is None:
        raise NotVisible
    if not can_change(actor, contract):
        raise NotAllowed(CHANGE_REASON)
    return CommitmentEdit(
        contract=brief,
        plan=found,
        quarters=tuple(rules.quarters_of(brief.starts_on, brief.ends_on)),
        version=plan.version,
        is_agreed=plan.status == PlanStatus.AGREED,
    )


# --- parts ------------------------------------------------------------------------------------


def _parties(contract: awards.ContractBrief, plan: ActionPlan | None) -> tuple[PartyAgreement, ...]:
    if plan is None:
        return ()
    return (
        PartyAgreement(
            contract.authority_name,
            plan.authority_agreed_at,
            str(plan.agreed_by) if plan.agreed_by else "",
        ),
        PartyAgreement(
            contract.supplier_name,
            plan.supplier_agreed_at,
            str(plan.supplier_agreed_by) if plan.supplier_agreed_by else "",
        ),
    )


def _may_agree(actor: Actor, contract: awards.ContractBrief, plan: ActionPlan) -> bool:
    side = side_of(actor, contract)
    if plan.status != PlanStatus.DRAFT or why_not_agree(actor, contract, plan):
        return False
    at = plan.authority_agreed_at if side == Side.AUTHORITY else plan.supplier_agreed_at
    return at is None


def _history(plan: ActionPlan | None) -> tuple[tuple[str, datetime, str], ...]:
    if plan is None:
        return ()
    return tuple(
        (line.sentence, line.at, ", ".join(filter(None, (line.who, line.organisation))))
        for line in history_of(target_type="actionplan", target_id=plan.pk)
    )


def _commitment_plans(
    contract: awards.ContractBrief, plan: ActionPlan
) -> tuple[CommitmentPlan, ...]:
    by_commitment: dict[int, list[MilestoneInfo]] = {}
    for row in milestones_as_agreed(contract.id):
        by_commitment.setdefault(row.commitment_id, []).append(row)
    commitments = [info for info in awards.commitments_of(contract.id) if info.id in by_commitment]
    posted = ledger.commitment_sums([info.id for info in commitments], basis=Basis.COMMITTED)
    pence = {key: row.value_pence for key, row in posted.items()}
    changed = awards.settled_before(contract.id)
    settled = settled_of(plan, by_commitment, clock.today())
    return tuple(
        _commitment_plan(
            info,
            by_commitment[info.id],
            pence,
            changed.get(info.id),
            settled.get(info.id),
            contract.ended_on,
        )
        for info in commitments
    )


def _quarter_working(
    commitment: awards.CommitmentInfo, quantity: Decimal, pence: int, *, is_before_change: bool
) -> tuple[tuple[str, str], ...]:
    """How the £ of a quarter comes out of that of the commitment."""
    unit = commitment.measure.unit
    shared = (
        "Value of this quarter, as it stood before the contract changed"
        if is_before_change
        else "Value of this quarter, shared by quantity"
    )
    return (
        ("Value of the commitment", pounds(from_pence(commitment.value_pence))),
        ("Its quantity", measured(commitment.quantity, unit)),
        ("Of that in this quarter", measured(quantity, unit)),
        (shared, pounds(from_pence(pence))),
        ("Source of the unit value", commitment.unit_value_source or "None needed"),
    )


def _commitment_plan(
    commitment: awards.CommitmentInfo,
    milestones: list[MilestoneInfo],
    posted: Mapping[tuple[int, date], int],
    changed_from: date | None,
    settled_before: date | None,
    ended_on: date | None,
) -> CommitmentPlan:
    """The £ of each quarter is what the ledger holds as committed, so that page and ledger cannot differ."""
    is_valued = commitment.unit_value is not None and commitment.measure.adds_up
    quarters = []
    for row in milestones:
        pence = posted.get((commitment.id, row.quarter), 0)
        is_before_change = changed_from is not None and row.quarter < changed_from
        quarters.append(
            QuarterView(
                row.quarter,
                row.due_on,
                row.quantity,
                from_pence(pence) if is_valued else None,
                _quarter_working(commitment, row.quantity, pence, is_before_change=is_before_change)
                if is_valued
                else (),
                settled_before is not None and row.quarter < settled_before,
                ended_on is not None and row.quarter > ended_on,
            )
        )
    return CommitmentPlan(
        commitment=commitment,
        quarters=tuple(quarters),
        owner=milestones[0].owner,
        evidence=milestones[0].evidence,
        authority_owner=milestones[0].authority_owner,
    )
