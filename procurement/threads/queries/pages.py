"""The page of one procurement, put into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse

from procurement.awards import queries as awards
from procurement.awards.permissions import who_sees_procurement
from procurement.evaluations.permissions import can_read
from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from procurement.procurements.permissions import can_edit, can_withdraw
from procurement.procurements.queries import PartOf, part_of
from procurement.threads import rules
from procurement.threads.queries.compliance import verdict_on
from procurement.threads.queries.decisions import DecisionView, crossing_of, decision_view, worth
from procurement.threads.queries.gathering import Parts, gather
from procurement.threads.queries.record_view import RecordView, record_view
from procurement.threads.queries.recorded import scope_of
from procurement.threads.queries.stage_views import Stage, entries_url, proposal_url, stage_view
from procurement.threads.vocabulary import Doer, StageState
from socialvalue.accounts.permissions import allowed
from socialvalue.accounts.rules import Sight
from socialvalue.accounts.vocabulary import Deed
from socialvalue.audit.queries import history_of_procurement
from socialvalue.core import money
from socialvalue.core.actor import Actor

if TYPE_CHECKING:
    from procurement.procurements.models import Procurement


DEED_OF = {
    Doer.OFFICER: Deed.PREPARE_TENDER,
    Doer.OPENER: Deed.OPEN_BIDS,
    Doer.APPROVER: Deed.APPROVE_AWARD,
    Doer.SIGNER: Deed.RECORD_SIGNATURE,
    Doer.MANAGER: Deed.MANAGE_CONTRACT,
}


@dataclass(frozen=True, slots=True)
class NextDeed:
    """What happens next. ``url`` is empty when the actor cannot do it; ``who`` says who can.

    ``proposal_url``: what waits for approval, for somebody who may read it and not decide.
    """

    label: str
    url: str
    method: str
    who: str
    is_mine: bool
    proposal_url: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """£ on each basis of the contract, each with its entries. Never added together."""

    committed: Decimal
    claimed: Decimal
    evidenced: Decimal
    verified: Decimal
    committed_entries: int
    claimed_entries: int
    evidenced_entries: int
    verified_entries: int
    committed_url: str
    claimed_url: str
    evidenced_url: str
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
    verdict: rules.Verdict
    missing: tuple[str, ...]
    history: tuple[tuple[str, datetime, str], ...]
    who_can_see: tuple[Sight, ...]
    edit_url: str
    withdraw_url: str
    record: RecordView
    part_of: PartOf | None
    """Its place in the whole, where it is a lot."""


def stages(actor: Actor, procurement_id: int) -> ThreadView:
    """The thread of one procurement, to the buying side of its authority; NotVisible for the rest.

    The number of queries does not grow with decisions, bids, milestones or claims.
    """
    parts = gather(actor, procurement_id)
    procurement = parts.procurement
    shown = tuple(stage_view(actor, parts, stand) for stand in rules.stages_of(parts.facts))
    decisions = tuple(decision_view(row, parts.procurement) for row in parts.decisions)
    crossing = crossing_of(decisions)
    shown_decisions = tuple(dict.fromkeys((*decisions[:1], *reversed(crossing or ()))))
    return ThreadView(
        procurement=procurement,
        route=parts.facts.route,
        stages=shown,
        next_deed=_next_deed(actor, parts),
        outcome=_outcome(parts),
        estimate=worth(procurement.estimate, procurement.estimate_basis),
        award=worth(procurement.award_value, procurement.award_basis),
        decisions=shown_decisions,
        earlier_decisions=tuple(row for row in decisions if row not in shown_decisions),
        crossing=crossing,
        figures=_figures(parts.contract),
        contract=parts.contract,
        verdict=verdict_on(procurement, parts.kept),
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
        record=record_view(actor, procurement, parts.decisions[0] if parts.decisions else None),
        part_of=part_of(procurement.pk),
    )


def next_deed(actor: Actor, procurement_id: int) -> NextDeed | None:
    """Only what comes next, for a landing page."""
    return _next_deed(actor, gather(actor, procurement_id))


def _next_deed(actor: Actor, parts: Parts) -> NextDeed | None:
    step = rules.next_step(parts.facts)
    if step is None:
        return None
    is_mine = _is_mine(actor, parts, step.who)
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
        proposal_url=proposal_url(parts.procurement.pk)
        if parts.facts.is_proposed
        and not is_mine
        and can_read(actor, parts.procurement.authority_id)
        else "",
    )


def _is_mine(actor: Actor, parts: Parts, who: Doer) -> bool:
    """By role; by the panel, where the panel does it; and never as a second person to oneself."""
    if who in (Doer.EVALUATOR, Doer.MODERATOR):
        return who.value in parts.panel_roles
    if who in (Doer.OPENER, Doer.APPROVER) and actor.user_id == parts.first_person_id:
        return False
    return who in DEED_OF and allowed(actor, DEED_OF[who])


def _outcome(parts: Parts) -> str:
    """Why nothing comes next, when nothing does."""
    facts = parts.facts
    if facts.is_withdrawn:
        return "This procurement was withdrawn. Nothing more happens here."
    if facts.is_divided:
        return "Each lot is a procurement of its own. Open a lot below to go on."
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


def _figures(contract: awards.ContractBrief | None) -> Figures | None:
    if contract is None:
        return None
    pounds, entries = {}, {}
    for basis in Basis:
        rows = ledger.sums(basis=basis, by=("contract_id",), contract_ids=[contract.id])
        pounds[basis] = money.from_pence(sum(row.value_pence for row in rows))
        entries[basis] = sum(row.entries for row in rows)
    return Figures(
        committed=pounds[Basis.COMMITTED],
        claimed=pounds[Basis.CLAIMED],
        evidenced=pounds[Basis.EVIDENCED],
        verified=pounds[Basis.VERIFIED],
        committed_entries=entries[Basis.COMMITTED],
        claimed_entries=entries[Basis.CLAIMED],
        evidenced_entries=entries[Basis.EVIDENCED],
        verified_entries=entries[Basis.VERIFIED],
        committed_url=entries_url(contract.id, Basis.COMMITTED),
        claimed_url=entries_url(contract.id, Basis.CLAIMED),
        evidenced_url=entries_url(contract.id, Basis.EVIDENCED),
        verified_url=entries_url(contract.id, Basis.VERIFIED),
    )


def _history(parts: Parts) -> tuple[tuple[str, datetime, str], ...]:
    """Every deed; while bids are sealed nothing that names a supplier."""
    told = scope_of(parts)
    lines = history_of_procurement(
        procurement_id=parts.procurement.pk,
        organisation_ids=told.organisation_ids,
        without_deeds=told.without_deeds,
    )
    return tuple(
        (line.sentence, line.at, ", ".join(filter(None, (line.who, line.organisation))))
        for line in lines
    )


def _who_can_see(parts: Parts) -> tuple[Sight, ...]:
    return who_sees_procurement(
        authority=(parts.procurement.authority_id, parts.procurement.authority.name),
        supplier=(parts.contract.supplier_id, parts.contract.supplier_name)
        if parts.contract
        else None,
        has_tender=parts.tender is not None,
    )
