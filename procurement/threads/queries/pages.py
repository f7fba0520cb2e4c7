"""The page of one procurement, put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from procurement.awards import queries as awards
from procurement.evaluations.permissions import can_read
from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from procurement.policies.rules import BASIS_WORDS
from procurement.policies.vocabulary import VatBasis
from procurement.procurements.permissions import OFFICER, can_edit, can_withdraw
from procurement.tenders.vocabulary import TenderDeed, TenderStatus, WeightingKind
from procurement.threads import rules
from procurement.threads.queries.gathering import Parts, gather, moment_shown
from procurement.threads.vocabulary import Doer, StageKey, StageState
from procurement.verifications.permissions import VERIFIER
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of_procurement
from socialvalue.core import money
from socialvalue.core.actor import Actor
from socialvalue.core.periods import uk_date

if TYPE_CHECKING:
    from procurement.procurements.models import Procurement, RouteDecision


ROLE_OF = {
    Doer.OFFICER: Role.PROCUREMENT_OFFICER,
    Doer.EVALUATOR: Role.EVALUATOR,
    Doer.MANAGER: Role.CONTRACT_MANAGER,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage as the page shows it. ``href`` is empty while there is nothing to open."""

    key: str
    label: str
    state: StageState
    note: str
    href: str
    missing: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return self.label

    @property
    def url(self) -> str:
        return self.href

    @property
    def summary(self) -> str:
        return self.note

    @property
    def status_key(self) -> str:
        return {
            StageState.DONE: "completed",
            StageState.CURRENT: "in_progress",
            StageState.NEXT: "cannot_start",
            StageState.SKIPPED: "not_needed",
        }[self.state]


@dataclass(frozen=True, slots=True)
class NextDeed:
    """What happens next. ``url`` is empty when the actor cannot do it; ``who`` says who can."""

    label: str
    url: str
    method: str
    who: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One route decision: when, on what amount, which way and why."""

    stage: str
    decided_at: datetime
    amount: Decimal
    basis: str
    route: str
    explanation: str
    crossed_line: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """£ committed, claimed and verified of the contract. Three figures, never added together."""

    committed: Decimal
    claimed: Decimal
    verified: Decimal
    committed_url: str
    claimed_url: str
    verified_url: str


@dataclass(frozen=True, slots=True)
class ThreadView:
    """Everything the page of one procurement shows."""

    procurement: Procurement
    route: str
    stages: tuple[Stage, ...]
    next_deed: NextDeed | None
    outcome: str
    estimate: str
    award: str
    decisions: tuple[DecisionView, ...]
    """The newest, and with it the one before it on the other side of a line."""
    earlier_decisions: tuple[DecisionView, ...]
    crossing: tuple[DecisionView, DecisionView] | None
    figures: Figures | None
    contract: awards.ContractBrief | None
    missing: tuple[str, ...]
    history: tuple[tuple[str, datetime, str], ...]
    who_can_see: tuple[str, ...]
    edit_url: str
    withdraw_url: str


def stages(actor: Actor, procurement_id: int) -> ThreadView:
    """The thread of one procurement, to the buying side of its authority; NotVisible for the rest.

    The number of queries does not grow with decisions, bids, milestones or claims.
    """
    parts = gather(actor, procurement_id)
    procurement = parts.procurement
    shown = tuple(_stage(actor, parts, stand) for stand in rules.stages_of(parts.facts))
    decisions = tuple(_decision(row) for row in parts.decisions)
    crossing = _crossing(decisions)
    shown_decisions = tuple(dict.fromkeys((*decisions[:1], *reversed(crossing or ()))))
    return ThreadView(
        procurement=procurement,
        route=parts.facts.route,
        stages=shown,
        next_deed=_next_deed(actor, parts),
        outcome=_outcome(parts),
        estimate=_worth(procurement.estimate, procurement.estimate_basis),
        award=_worth(procurement.award_value, procurement.award_basis),
        decisions=shown_decisions,
        earlier_decisions=tuple(row for row in decisions if row not in shown_decisions),
        crossing=crossing,
        figures=_figures(parts.contract),
        contract=parts.contract,
        missing=tuple(
            text for stage in shown if stage.state == StageState.CURRENT for text in stage.missing
        ),
        history=_history(parts),
        who_can_see=_who_can_see(parts),
        edit_url=reverse("procurement:procurements:edit", args=[procurement.pk])
        if can_edit(actor, procurement)
        else "",
        withdraw_url=reverse("procurement:procurements:withdraw", args=[procurement.pk])
        if can_withdraw(actor, procurement)
        else "",
    )


def next_deed(actor: Actor, procurement_id: int) -> NextDeed | None:
    """Only what comes next, for a landing page."""
    return _next_deed(actor, gather(actor, procurement_id))


def _stage(actor: Actor, parts: Parts, stand: rules.StageStand) -> Stage:
    return Stage(
        key=stand.key,
        label=str(stand.key.label),
        state=stand.state,
        note=stand.note,
        href=_href(actor, parts, stand),
        missing=stand.missing,
        facts=_FACTS[stand.key](parts) if stand.key in _FACTS else (),
    )


def _href(actor: Actor, parts: Parts, stand: rules.StageStand) -> str:
    """Where the stage opens. A stage that has not begun has no page, nor one the reader may not open."""
    if stand.key == StageKey.ROUTE:
        return "#route"
    if stand.state in (StageState.NEXT, StageState.SKIPPED):
        return ""
    pk = parts.procurement.pk
    if stand.key == StageKey.NOTE:
        if parts.has_note:
            return reverse("procurement:procurements:note_print", args=[pk])
        return reverse("procurement:procurements:note", args=[pk]) if OFFICER.allows(actor) else ""
    if stand.key == StageKey.TENDER:
        return reverse("procurement:tenders:task_list", args=[pk])
    if stand.key in (StageKey.EVALUATION, StageKey.BIDS):
        may_read = parts.tender and can_read(actor, parts.procurement.authority_id)
        return reverse("procurement:evaluations:board", args=[pk]) if may_read else ""
    if parts.contract is None:
        return ""
    return _contract_href(actor, parts.contract, stand.key)


def _contract_href(actor: Actor, contract: awards.ContractBrief, key: StageKey) -> str:
    if key == StageKey.PLAN:
        return reverse("procurement:action_plans:plan", args=[contract.id])
    if key == StageKey.VERIFICATION and VERIFIER.allows(actor):
        return reverse("procurement:verifications:queue")
    if key in (StageKey.VERIFICATION, StageKey.REPORTING):
        return _entries_url(contract.id, Basis.VERIFIED)
    return reverse("procurement:awards:contract", args=[contract.id])


def _entries_url(contract_id: int, basis: str) -> str:
    query = urlencode({"basis": basis, "contract": contract_id})
    return f"{reverse('procurement:ledger:entries')}?{query}"


def _next_deed(actor: Actor, parts: Parts) -> NextDeed | None:
    step = rules.next_step(parts.facts)
    if step is None:
        return None
    role = ROLE_OF.get(step.who)
    is_mine = role is not None and actor.has(role)
    url = ""
    if is_mine and step.url_name:
        args = {
            "procurement": [parts.procurement.pk],
            "contract": [parts.contract.id] if parts.contract else [],
            "none": [],
        }[step.of]
        url = reverse(step.url_name, args=args)
    return NextDeed(
        label=step.label,
        url=url,
        method="post" if step.is_post else "get",
        who=str(step.who.label),
        is_mine=is_mine,
    )


def _outcome(parts: Parts) -> str:
    """Why nothing comes next, when nothing does."""
    facts = parts.facts
    if facts.is_withdrawn:
        return "This procurement was withdrawn. Nothing more happens here."
    if facts.was_awarded_elsewhere:
        return (
            "This came from a published notice of an award. Its tender and contract are not kept "
            "here, so nothing more happens here."
        )
    if facts.is_light_touch and facts.has_note:
        return "The light-touch note is finished. Nothing more is needed."
    if facts.contract_status and rules.next_step(facts) is None:
        return "The contract is closed. What it delivered stays in the reports."
    return ""


def _decision(row: RouteDecision) -> DecisionView:
    return DecisionView(
        stage=row.get_stage_display(),
        decided_at=row.decided_at,
        amount=row.compared_amount,
        basis=BASIS_WORDS[VatBasis(row.compared_basis)],
        route=row.route,
        explanation=row.explanation,
        crossed_line=row.crossed_line,
    )


def _worth(amount: Decimal | None, basis: str) -> str:
    """``£180,000 excluding VAT``, or nothing."""
    if amount is None:
        return ""
    return f"{money.pounds(amount)} {BASIS_WORDS[VatBasis(basis)] if basis else ''}".strip()


def _crossing(decisions: Sequence[DecisionView]) -> tuple[DecisionView, DecisionView] | None:
    """The last two decisions that differ: before and after the line. Newest first in ``decisions``."""
    for after, before in pairwise(decisions):
        if after.crossed_line and after.route != before.route:
            return before, after
    return None


def _figures(contract: awards.ContractBrief | None) -> Figures | None:
    if contract is None:
        return None
    pounds = {}
    for basis in Basis:
        rows = ledger.sums(basis=basis, by=("contract_id",), contract_ids=[contract.id])
        pounds[basis] = money.from_pence(sum(row.value_pence for row in rows))
    return Figures(
        pounds[Basis.COMMITTED],
        pounds[Basis.CLAIMED],
        pounds[Basis.VERIFIED],
        *(_entries_url(contract.id, basis) for basis in Basis),
    )


def _history(parts: Parts) -> tuple[tuple[str, datetime, str], ...]:
    """Every deed; while bids are sealed nothing that names a supplier."""
    is_open = parts.tender is None or parts.tender.status in (
        TenderStatus.OPENED,
        TenderStatus.AWARDED,
    )
    lines = history_of_procurement(
        procurement_id=parts.procurement.pk,
        organisation_ids=None if is_open else [parts.procurement.authority_id],
        without_deeds=() if is_open else (TenderDeed.INVITED, TenderDeed.INVITATION_REMOVED),
    )
    return tuple(
        (line.sentence, line.at, ", ".join(filter(None, (line.who, line.organisation))))
        for line in lines
    )


def _who_can_see(parts: Parts) -> tuple[str, ...]:
    authority = parts.procurement.authority.name
    found = [f"People who work for {authority}."]
    if parts.tender is not None:
        found.append(
            "Bids: nobody but the bidder before the deadline; after opening, the procurement "
            f"officers, evaluators, approvers and auditors of {authority}."
        )
    if parts.contract is not None:
        found.append(
            f"{parts.contract.supplier_name} sees the contract, its plan and its own claims, "
            "not this page."
        )
    found.append("No other organisation sees this page.")
    return tuple(found)


def _route_facts(parts: Parts) -> tuple[tuple[str, str], ...]:
    if not parts.decisions:
        return ()
    row = parts.decisions[0]
    least, most = (
        money.quantity_text(p) for p in (row.weighting_min_percent, row.weighting_max_percent)
    )
    return (
        (
            "Compared",
            _worth(row.compared_amount, row.compared_basis),
        ),
        ("Weighting allowed", f"{least}% to {most}%"),
    )


def _tender_stage_facts(parts: Parts) -> tuple[tuple[str, str], ...]:
    tender = parts.tender
    if tender is None:
        return ()
    found = []
    if tender.weighting_kind == WeightingKind.PASS_FAIL:
        found.append(("Weighting", "Pass or fail"))
    elif tender.weighting_percent is not None:
        found.append(("Weighting", f"{money.quantity_text(tender.weighting_percent)}%"))
    if tender.deadline_at:
        found.append(("Deadline", moment_shown(tender.deadline_at)))
    return tuple(found)


def _award_facts(parts: Parts) -> tuple[tuple[str, str], ...]:
    contract, procurement = parts.contract, parts.procurement
    if contract is not None:
        return (
            ("Supplier", contract.supplier_name),
            ("Contract value", _worth(contract.value, contract.value_basis)),
            ("Dates", f"{uk_date(contract.starts_on)} to {uk_date(contract.ends_on)}"),
        )
    if procurement.award_value is not None:
        return (("Award value", _worth(procurement.award_value, procurement.award_basis)),)
    return ()


def _plan_facts(parts: Parts) -> tuple[tuple[str, str], ...]:
    if parts.plan is None:
        return ()
    found = [("Milestones due", f"{parts.plan.due} of {parts.plan.milestones}")]
    if parts.plan.next_due_on:
        found.append(("Next due", uk_date(parts.plan.next_due_on)))
    return tuple(found)


_FACTS = {
    StageKey.ROUTE: _route_facts,
    StageKey.TENDER: _tender_stage_facts,
    StageKey.AWARD: _award_facts,
    StageKey.PLAN: _plan_facts,
}
