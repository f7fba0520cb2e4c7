"""The page of one shortfall: what was said and done about it, and what the reader may do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procurement.awards import queries as awards
from procurement.remedies.models import (
    RectificationPlan,
    RemedyDecision,
    Shortfall,
    ShortfallMessage,
)
from procurement.remedies.permissions import (
    can_manage,
    can_speak,
    can_supply,
    why_not_agree_plan,
    why_not_decide,
)
from procurement.remedies.queries.shortfalls import ShortfallRow, shortfall_rows, visible
from procurement.remedies.queries.standing import (
    UNFINISHED,
    raised_instead,
    raised_too_much,
    terms_of,
)
from procurement.remedies.rules import Terms, provided
from procurement.remedies.vocabulary import DecisionStatus, RemedyKind, ShortfallStatus
from socialvalue.accounts.permissions import is_buyer
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import from_pence


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of the conversation."""

    text: str
    organisation: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class StepView:
    number: int
    what: str
    owner: str
    due_on: date
    done_on: date | None
    status: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """The rectification plan. ``agreed_at`` None: proposed."""

    cause: str
    recover_by: date
    proposed_at: datetime
    proposed_by: str
    agreed_at: datetime | None
    agreed_by: str
    steps: tuple[StepView, ...]
    is_late: bool


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One remedy, proposed or decided, with the arithmetic as it stood when it was proposed."""

    id: int
    kind: str
    reason: str
    lines: tuple[tuple[str, str], ...]
    value: Decimal | None
    raised: str
    """Of a substitution: what is raised by how much."""
    too_much: str
    """Of a substitution that waits: a sentence where it raises by more than equal value asks for."""
    status: str
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str
    remark: str
    why_not_decide: str
    may_withdraw: bool

    @property
    def label(self) -> str:
        return RemedyKind(self.kind).label

    @property
    def status_label(self) -> str:
        return DecisionStatus(self.status).label

    @property
    def is_waiting(self) -> bool:
        return self.status == DecisionStatus.PROPOSED

    @property
    def may_decide(self) -> bool:
        return self.is_waiting and not self.why_not_decide


@dataclass(frozen=True, slots=True)
class ShortfallPage:
    """One shortfall, what was said and done about it, and what the reader may do next."""

    row: ShortfallRow
    version: int
    raised_by: str
    closed_at: datetime | None
    closed_by: str
    messages: tuple[Said, ...]
    plan: PlanView | None
    decisions: tuple[DecisionView, ...]
    terms: Terms
    history: tuple[tuple[str, datetime, str], ...]
    may_say: bool
    may_propose_plan: bool
    may_agree_plan: bool
    may_tick: bool
    may_propose_remedy: bool
    why_no_remedy: str
    may_close: bool
    may_end_contract: bool

    @property
    def who_can_see(self) -> tuple[str, ...]:
        return (
            f"People who work for {self.row.authority_name}.",
            f"People who work for {self.row.supplier_name}. They see a remedy once it is approved.",
        )


def shortfall_page(actor: Actor, shortfall_id: int) -> ShortfallPage:
    """NotVisible for anybody but the two parties. The supplier sees of remedies what is approved."""
    row = (
        visible(actor)
        .select_related("contract", "authority", "supplier", "raised_by", "closed_by")
        .filter(pk=shortfall_id)
        .first()
    )
    if row is None:
        raise NotVisible
    shown = shortfall_rows([row])[0]
    plan = (
        RectificationPlan.objects.filter(shortfall=row)
        .select_related("proposed_by", "agreed_by")
        .first()
    )
    decisions = _decisions(actor, row)
    terms = terms_of(row.contract_id)
    manages, going = can_manage(actor, row), row.status in UNFINISHED
    waits = any(one.is_waiting for one in decisions)
    ended = awards.contract_brief(row.contract_id).has_ended
    return ShortfallPage(
        row=shown,
        version=row.version,
        raised_by=str(row.raised_by),
        closed_at=row.closed_at,
        closed_by=str(row.closed_by) if row.closed_by_id else "",
        messages=tuple(
            Said(one.text, one.organisation.name, one.written_at, str(one.written_by))
            for one in ShortfallMessage.objects.filter(shortfall=row).select_related(
                "organisation", "written_by"
            )
        ),
        plan=_plan(plan) if plan else None,
        decisions=decisions,
        terms=terms,
        history=tuple(
            (line.sentence, line.at, ", ".join(filter(None, (line.who, line.organisation))))
            for line in history_of(target_type="shortfall", target_id=row.pk)
        )
        if is_buyer(actor)
        else (),
        may_say=going and can_speak(actor, row),
        may_propose_plan=going and can_supply(actor, row),
        may_agree_plan=row.status == ShortfallStatus.OPEN
        and plan is not None
        and not why_not_agree_plan(actor, row, plan.proposed_by_id),
        may_tick=row.status == ShortfallStatus.RECTIFYING and (manages or can_supply(actor, row)),
        may_propose_remedy=going and manages and not waits and bool(provided(terms)),
        why_no_remedy=""
        if provided(terms) or not (going and manages)
        else "The terms recorded for this contract provide no remedy.",
        may_close=going and manages and not waits,
        may_end_contract=manages
        and not ended
        and any(
            one.kind == RemedyKind.TERMINATION and one.status == DecisionStatus.APPROVED
            for one in decisions
        ),
    )


def remedies_awaiting(actor: Actor) -> list[tuple[int, int, str, str]]:
    """Remedies the actor may decide, oldest first: decision, shortfall, what, contract."""
    rows = (
        RemedyDecision.objects.filter(
            status=DecisionStatus.PROPOSED, shortfall__authority_id=actor.organisation_id
        )
        .select_related("shortfall__contract")
        .order_by("proposed_at", "id")
    )
    return [
        (row.pk, row.shortfall_id, row.get_kind_display(), row.shortfall.contract.title)
        for row in rows
        if not why_not_decide(actor, row.shortfall, row.proposed_by_id)
    ]


def decision_for(actor: Actor, decision_id: int) -> tuple[DecisionView, ShortfallPage]:
    """One remedy beside its shortfall. NotVisible for who may not read it."""
    found = RemedyDecision.objects.filter(pk=decision_id).values_list("shortfall_id", flat=True)
    if not found:
        raise NotVisible
    page = shortfall_page(actor, found[0])
    decision = next((one for one in page.decisions if one.id == decision_id), None)
    if decision is None:
        raise NotVisible
    return decision, page


def _plan(plan: RectificationPlan) -> PlanView:
    today = clock.today()
    steps = tuple(
        StepView(
            step.number,
            step.what,
            step.owner,
            step.due_on,
            step.done_on,
            "done" if step.done_on else "overdue" if step.due_on < today else "not_due",
        )
        for step in plan.steps.all()
    )
    return PlanView(
        cause=plan.cause,
        recover_by=plan.recover_by,
        proposed_at=plan.proposed_at,
        proposed_by=str(plan.proposed_by),
        agreed_at=plan.agreed_at,
        agreed_by=str(plan.agreed_by) if plan.agreed_by_id else "",
        steps=steps,
        is_late=plan.recover_by < today,
    )


def _decisions(actor: Actor, row: Shortfall) -> tuple[DecisionView, ...]:
    found = RemedyDecision.objects.filter(shortfall=row).select_related("proposed_by", "decided_by")
    if not is_buyer(actor):
        found = found.filter(status=DecisionStatus.APPROVED)
    return tuple(
        DecisionView(
            id=one.pk,
            kind=one.kind,
            reason=one.reason,
            lines=tuple((what, figure) for what, figure in one.working),
            value=from_pence(one.amount_pence) if one.amount_pence is not None else None,
            raised=raised_instead(one),
            too_much=raised_too_much(one, row.gap_pence)
            if one.status == DecisionStatus.PROPOSED
            else "",
            status=one.status,
            proposed_at=one.proposed_at,
            proposed_by=str(one.proposed_by),
            decided_at=one.decided_at,
            decided_by=str(one.decided_by) if one.decided_by_id else "",
            remark=one.remark,
            why_not_decide=why_not_decide(actor, row, one.proposed_by_id),
            may_withdraw=one.status == DecisionStatus.PROPOSED and can_manage(actor, row),
        )
        for one in found.order_by("-id")
    )
