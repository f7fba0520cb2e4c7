"""What each room says about one procurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from procurement.action_plans import queries as plans
from procurement.awards import queries as awards
from procurement.deliveries import queries as deliveries
from procurement.deliveries.vocabulary import COUNTED_AS_CLAIMED, ClaimStatus
from procurement.evaluations import queries as evaluations
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


def gather(actor: Actor, procurement_id: int) -> Parts:
    procurement = procurements.with_route(actor, procurement_id)
    decisions = procurements.decisions_of(actor, procurement_id)
    kept = procurements.kept_facts([procurement_id])[procurement_id]
    tender = tenders.tender_of_procurement(actor, procurement_id)
    evaluation = evaluations.evaluation_brief(tender.pk) if tender else None
    contract = awards.contract_of_procurement(procurement_id)
    today = clock.today()
    plan = plans.plan_brief(contract.id, today) if contract else None
    facts = rules.ThreadFacts(
        status=procurement.status,
        source=procurement.source,
        route=decisions[0].route if decisions else "",
        has_note=kept.has_note,
        lacks_consideration=kept.needs_consideration and not kept.has_consideration,
        **_tender_facts(tender),
        **_evaluation_facts(tender, evaluation),
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
    )


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
    bids, marks_missing = evaluation.bids, 0
    if evaluation.status == EvaluationStatus.OPEN:
        progress = evaluations.progress_of(tender)
        bids, marks_missing = progress.bids, progress.marks_missing
    return {
        "evaluation_status": evaluation.status,
        "bids": bids,
        "bids_passed": evaluation.passed,
        "marks_missing": marks_missing,
    }


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
    reported = set(counted.values_list("commitment_id", "quarter"))
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
