"""Who may approve a tender, and what waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.policies.queries import versions_with_approvals
from procurement.procurements.queries import procurement_briefs
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import Tender
from procurement.tenders.permissions import APPROVER, can_see
from procurement.tenders.queries.gates import ApprovalLine, gates_of
from procurement.tenders.queries.overview import decision_now, missing_for_publication
from procurement.tenders.rules import lacks_only_approval
from procurement.tenders.vocabulary import TenderDeed, TenderStatus
from socialvalue.audit.queries import last_person
from socialvalue.core.actor import Actor


def why_not_approve(actor: Actor, tender: Tender, approvals: Sequence[ApprovalLine]) -> str:
    """Why the actor cannot give an approval that is still wanted; empty when they can."""
    if not can_see(actor, tender.authority_id):
        return "Approving is for people of the buying authority."
    wanted = [line for line in approvals if not line.is_given]
    if not wanted:
        return "No approval is wanted for this tender."
    if not any(actor.has(line.role) for line in wanted):
        return f"This needs {' and '.join(line.who for line in wanted)}. You do not have that role."
    if actor.user_id == last_editor(tender.pk):
        return "You changed this tender last, so somebody else approves it."
    return ""


def last_editor(tender_id: int) -> int | None:
    """Who changed the tender last. Approving is not changing."""
    return last_person(
        target_type="tender", target_id=tender_id, without_deeds=[TenderDeed.APPROVED]
    )


@dataclass(frozen=True, slots=True)
class TenderToApprove:
    """A tender that lacks nothing but an approval the actor may give."""

    procurement_id: int
    title: str
    reference: str


def tenders_to_approve(actor: Actor) -> list[TenderToApprove]:
    """For the landing page: what waits for the actor's yes in their own authority, oldest first."""
    if not APPROVER.allows(actor) or actor.organisation_id is None:
        return []
    asking = versions_with_approvals([actor.organisation_id])
    if not asking:
        return []
    rows = list(
        Tender.objects.filter(
            authority_id=actor.organisation_id, status=TenderStatus.DRAFT
        ).order_by("pk")
    )
    briefs = procurement_briefs([row.procurement_id for row in rows])
    found = []
    for row in rows:
        brief = briefs[row.procurement_id]
        if brief.status != ProcurementStatus.ROUTED or not can_see(actor, row.authority_id):
            continue
        decision = decision_now(row.procurement_id)
        if decision.policy_version_id not in asking:
            continue
        gates = gates_of(row, decision)
        if (
            gates.wanted
            and not why_not_approve(actor, row, gates.approvals)
            and lacks_only_approval(missing_for_publication(row))
        ):
            found.append(TenderToApprove(brief.id, brief.title, brief.reference))
    return found
