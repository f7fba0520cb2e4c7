"""What a policy asks before publication: a reason where its advice is not followed, and a second person's yes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from procurement.policies.vocabulary import Route
from procurement.procurements.queries import procurement_brief
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import Tender, TenderApproval, TenderRequirement
from procurement.tenders.permissions import can_see
from procurement.tenders.queries import (
    decision_now,
    gates_of,
    missing_for_publication,
    why_not_approve,
)
from procurement.tenders.rules import lacks_only_approval
from procurement.tenders.services.holding import (
    PUBLISHED_ALREADY,
    change_draft,
    hold_draft,
    note,
)
from procurement.tenders.vocabulary import TenderDeed, TenderStatus
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken

READ_AGAIN = "The tender was changed since you read it. Read it again, then answer."


@transaction.atomic
def explain_measures(
    *, actor: Actor, tender_id: int, expected_version: int, reason: str, ask_for_none: bool = False
) -> Tender:
    """On the advised route: why the tender asks for no measures, or not for those the policy wants.

    ``ask_for_none`` takes the chosen ones away. RuleBroken on the mandatory route, where no reason is enough.
    """
    tender = hold_draft(actor, tender_id, expected_version)
    if decision_now(tender.procurement_id).route != Route.TOMS_ADVISED:
        raise RuleBroken(
            "The route makes measures mandatory, so a reason is not enough. Choose measures."
        )
    if not reason.strip():
        raise RuleBroken("Write down why", field="reason")
    if ask_for_none:
        TenderRequirement.objects.filter(tender=tender).delete()
    before = {"reason": tender.no_measures_reason}
    tender = change_draft(tender, no_measures_reason=reason.strip())
    many = TenderRequirement.objects.filter(tender=tender).count()
    what = "asks for no measures" if not many else "does not keep every rule on measures"
    note(
        actor,
        TenderDeed.EXPLAINED,
        f"The tender {what}. Reason: {tender.no_measures_reason}",
        tender,
        before,
        {"reason": tender.no_measures_reason, "measures": many},
    )
    return tender


@transaction.atomic
def approve_tender(
    *, actor: Actor, tender_id: int, expected_version: int, remark: str = ""
) -> Sequence[TenderApproval]:
    """Give every approval this version of the tender wants and the actor's roles can give.

    NotAllowed for the person who changed it last. RuleBroken while something is left to write: a change asks anew.
    Conflict when it was changed since it was read, or published.
    """
    tender = Tender.objects.select_for_update(of=("self",)).filter(pk=tender_id).first()
    if tender is None or not can_see(actor, tender.authority_id):
        raise NotVisible
    if tender.status != TenderStatus.DRAFT:
        raise Conflict(PUBLISHED_ALREADY)
    if tender.version != expected_version:
        raise Conflict(READ_AGAIN)
    if procurement_brief(tender.procurement_id).status != ProcurementStatus.ROUTED:
        raise RuleBroken("This procurement is no longer being prepared.")
    gates = gates_of(tender, decision_now(tender.procurement_id))
    if reason := why_not_approve(actor, tender, gates.approvals):
        raise NotAllowed(reason)
    missing = missing_for_publication(tender)
    if not lacks_only_approval(missing):
        raise RuleBroken(f"The tender is not finished yet: {missing[0].label}.")
    lines = [line for line in gates.approvals if not line.is_given and actor.has(line.role)]
    given = [
        TenderApproval.objects.create(
            tender=tender,
            rule_id=line.rule_id,
            tender_version=tender.version,
            note=remark.strip(),
            given_by_id=actor.person_id,
            given_at=clock.now(),
        )
        for line in lines
    ]
    tail = f" Note: {remark.strip()}" if remark.strip() else ""
    who = " and ".join(line.who for line in lines)
    note(
        actor,
        TenderDeed.APPROVED,
        f"The tender was approved as {who}.{tail}",
        tender,
        after={"tender_version": tender.version, "rules": [line.rule_id for line in lines]},
    )
    return given
