"""What each room says about one procurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from procurement.action_plans import queries as plans
from procurement.action_plans.vocabulary import PlanStatus
from procurement.awards import queries as awards
from procurement.awards.rules import Gate, first_day_to_sign, gates
from procurement.awards.vocabulary import ContractStatus
from procurement.bids import queries as bids
from procurement.deliveries import queries as deliveries
from procurement.deliveries.vocabulary import COUNTED_AS_CLAIMED, ClaimStatus
from procurement.evaluations import queries as evaluations
from procurement.evaluations.rules.panels import lacking
from procurement.evaluations.vocabulary import EvaluationStatus
from procurement.procurements import queries as procurements
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import TenderStatus
from procurement.threads import rules
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.periods import uk_date

if TYPE_CHECKING:
    from procurement.procurements.models import Procurement, RouteDecision
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class Parts:
    """What the rooms answered, before it is put into words."""

    procurement: Procurement
    decisions: list[RouteDecision]
    tender: Tender | None
    evaluation: evaluations.EvaluationBrief | None
    contract: awards.ContractBrief | None
    plan: plans.PlanBrief | None
    facts: rules.ThreadFacts
    kept: procurements.KeptFacts
    today: date
    panel_roles: frozenset[str] = frozenset()
    """The reader's own roles on the panel of this tender."""
    first_person_id: int | None = None
    """Who did the first half of what takes two people now: opening, or the award."""


def gather(actor: Actor, procurement_id: int) -> Parts:
    procurement = procurements.with_route(actor, procurement_id)
    decisions = procurements.decisions_of(actor, procurement_id)
    kept = procurements.kept_facts([procurement_id])[procurement_id]
    tender = tenders.tender_of_procurement(actor, procurement_id)
    evaluation = evaluations.evaluation_brief(tender.pk) if tender else None
    contract = awards.contract_of_procurement(procurement_id)
    today = clock.today()
    plan = plans.plan_brief(contract.id, today) if contract else None
    is_out = tender is not None and tender.status == TenderStatus.PUBLISHED
    opening = bids.opening_of(tender.pk) if tender and is_out else None
    proposer = awards.waiting_proposer(procurement_id) if evaluation else None
    facts = rules.ThreadFacts(
        status=procurement.status,
        source=procurement.source,
        route=decisions[0].route if decisions else "",
        has_note=kept.has_note,
        lacks_consideration=kept.needs_consideration and not kept.has_consideration,
        **_tender_facts(tender),
        **_opening_facts(tender, opening),
        **_evaluation_facts(tender, evaluation),
        is_proposed=proposer is not None,
        **_signing_facts(actor, contract, today),
        **_contract_facts(actor, contract, plan, today),
    )
    return Parts(
        procurement,
        decisions,
        tender,
        evaluation,
        contract,
        plan,
        facts,
        kept,
        today,
        panel_roles=_panel_roles(actor, tender),
        first_person_id=_first_person(opening, proposer),
    )


def _panel_roles(actor: Actor, tender: Tender | None) -> frozenset[str]:
    seat = evaluations.seat_in(evaluations.seats_of(tender.pk), actor.user_id) if tender else None
    return frozenset() if seat is None or seat.is_recused else frozenset({seat.role})


def _first_person(opening: bids.OpeningInfo | None, proposer: int | None) -> int | None:
    if opening is not None and not opening.is_done:
        return opening.first_by_id
    return proposer


def _opening_facts(tender: Tender | None, opening: bids.OpeningInfo | None) -> dict[str, Any]:
    if tender is None or tender.status != TenderStatus.PUBLISHED:
        return {}
    return {
        "not_ready_to_open": tuple(evaluations.missing_for_opening(tender)),
        "first_opener": opening.first_name if opening else "",
    }


def _signing_facts(
    actor: Actor, contract: awards.ContractBrief | None, today: date
) -> dict[str, Any]:
    if contract is None or contract.status != ContractStatus.AWARDED:
        return {}
    facts = awards.signing_facts(actor, awards.contract_for(actor, contract.id))
    gate, ends_on = gates(facts, today)[0], facts.standstill_ends_on
    return {
        "gate": gate,
        "signed_from": first_day_to_sign(ends_on) if gate == Gate.WAIT and ends_on else None,
    }


def _tender_facts(tender: Tender | None) -> dict[str, Any]:
    if tender is None:
        return {}
    missing: Sequence[str] = ()
    if tender.status == TenderStatus.DRAFT:
        missing = [row.label for row in tenders.missing_for_publication(tender)]
    return {
        "tender_status": tender.status,
        "tender_missing": tuple(missing),
        "is_past_deadline": bool(tender.deadline_at and tender.deadline_at <= clock.now()),
        "deadline_shown": moment_shown(tender.deadline_at),
    }


def _evaluation_facts(
    tender: Tender | None, evaluation: evaluations.EvaluationBrief | None
) -> dict[str, Any]:
    if tender is None or evaluation is None:
        return {}
    found: dict[str, Any] = {
        "evaluation_status": evaluation.status,
        "bids": evaluation.bids,
        "bids_passed": evaluation.passed,
    }
    if evaluation.status == EvaluationStatus.OPEN:
        progress = evaluations.marking_progress(tender)
        seats = evaluations.seats_of(tender.pk)
        found |= {
            "panel_lacks": tuple(lacking(seats)) if seats and progress.answers else (),
            "bids": progress.bids,
            "marks_missing": progress.marks_missing,
            "locks_missing": progress.evaluators - progress.locked if progress.answers else 0,
            "moderations_missing": progress.moderations_missing,
        }
    return found


def _contract_facts(
    actor: Actor,
    contract: awards.ContractBrief | None,
    plan: plans.PlanBrief | None,
    today: date,
) -> dict[str, Any]:
    if contract is None:
        return {}
    claims = deliveries.claims_for(actor, deliveries.ClaimFilters(contract_id=contract.id))
    grouped = claims.order_by().values("status").annotate(how_many=Count("id"))
    by_status = {row["status"]: row["how_many"] for row in grouped}
    return {
        "contract_status": contract.status,
        "has_contract_ended": contract.ends_on < today,
        "plan_status": plan.status if plan else "",
        "plan_waits_for_supplier": plan is not None
        and plan.status == PlanStatus.DRAFT
        and plan.authority_agreed,
        "next_due_on": plan.next_due_on if plan else None,
        "due_unclaimed": _due_unclaimed(claims, contract.id, today),
        "claims": sum(by_status.values()) - by_status.get(ClaimStatus.WITHDRAWN, 0),
        "claims_waiting": by_status.get(ClaimStatus.SUBMITTED, 0),
        "claims_returned": by_status.get(ClaimStatus.RETURNED, 0),
        "claims_verified": by_status.get(ClaimStatus.VERIFIED, 0),
    }


def _due_unclaimed(claims, contract_id: int, today: date) -> int:  # type: ignore[no-untyped-def]
    """Milestones whose quarter is over and that no claim reports."""
    counted = claims.filter(status__in=COUNTED_AS_CLAIMED).order_by()
    reported = set(counted.values_list("commitment_id", "quarter").distinct())
    return sum(
        row.due_on <= today
        and row.quantity > 0
        and (row.commitment_id, row.quarter) not in reported
        for row in plans.milestones_of([contract_id])
    )


def moment_shown(moment: datetime | None) -> str:
    """``9 September 2021 at 12:00``, in London."""
    if moment is None:
        return ""
    local = moment.astimezone(clock.LONDON)
    return f"{uk_date(local.date())} at {local:%H:%M}"
