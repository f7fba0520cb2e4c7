"""Changing a plan: by hand, and again from the quarter on that a change of the contract names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from procurement.action_plans import rules
from procurement.action_plans.models import ActionPlan, Milestone
from procurement.action_plans.permissions import (
    AGAIN_REASON,
    CHANGE_REASON,
    can_change,
)
from procurement.action_plans.queries.settled import settled_of
from procurement.action_plans.services.parts import (
    keep_revision,
    locked,
    milestone,
    next_version,
    post_again,
    visible,
)
from procurement.action_plans.services.starting import started
from procurement.action_plans.vocabulary import PlanDeed
from procurement.awards import queries as awards
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import quarter_label

if TYPE_CHECKING:
    from procurement.awards.models import ContractChange


@transaction.atomic
def change_milestones(
    *,
    actor: Actor,
    contract_id: int,
    commitment_id: int,
    expected_version: int,
    quantities: Mapping[date, Decimal],
    owner: str,
    evidence: str,
    authority_owner: str | None = None,
) -> ActionPlan:
    """Set the quarters of one commitment. When a quantity moves, what either party agreed is agreed no longer.

    The committed entries that change are reversed and posted anew, so that the ledger always says
    what the plan says; quarters that are over in a plan both agreed, or lie before the last change of the contract,
    stay. ``authority_owner`` None: as it is.
    NotVisible for a foreign commitment, NotAllowed without the contract manager's role, RuleBroken unless the
    quarters add up exactly, Conflict when the plan has changed since ``expected_version``.
    """
    contract = visible(actor, contract_id)
    if not can_change(actor, contract):
        raise NotAllowed(CHANGE_REASON)
    commitment = awards.commitment_info(commitment_id)
    if commitment.contract_id != contract_id:
        raise NotVisible
    if contract.has_ended:
        raise RuleBroken("The contract is closed, so its plan no longer changes.")
    quarters = rules.quarters_of(contract.starts_on, contract.ends_on)
    plan = locked(contract_id)
    rows = {
        row.quarter: row for row in Milestone.objects.filter(plan=plan, commitment_id=commitment_id)
    }
    boundary = settled_of(plan, [commitment_id], clock.today()).get(commitment_id)
    rules.check_quantities(
        commitment.quantity,
        quantities,
        quarters,
        adds_up=commitment.measure.adds_up,
        settled={q: row.quantity for q, row in rows.items() if boundary and q < boundary},
    )
    before = {quarter.isoformat(): str(row.quantity) for quarter, row in rows.items()}
    has_moved = any(rows[quarter].quantity != quantities[quarter] for quarter in quarters)
    people = _people(rows, owner, authority_owner, evidence)
    sent: dict[date | str, object] = {quarter: quantities[quarter] for quarter in quarters}
    for key, text in people.items():
        sent[key] = text
    plan = next_version(
        plan,
        expected_version,
        back_to_draft=has_moved,
        changed=_what_differs(rows, sent),
    )
    for quarter in quarters:
        rows[quarter].quantity = quantities[quarter]
    for row in rows.values():
        row.owner, row.authority_owner = people["owner"], people["authority_owner"]
        row.evidence = people["evidence"]
    Milestone.objects.bulk_update(
        rows.values(), ["quantity", "owner", "authority_owner", "evidence"]
    )
    if has_moved:
        post_again(
            actor,
            contract,
            plan,
            commitment,
            list(rows.values()),
            settled_before=boundary,
            reason="The action plan changed.",
        )
    sentence = (
        f"Changed the quarters of {commitment.measure.label}."
        if has_moved
        else f"Changed who does {commitment.measure.label}, or its evidence."
    )
    keep_revision(actor, plan, sentence)
    record(
        actor=actor,
        deed=PlanDeed.CHANGED,
        sentence=sentence,
        target=plan,
        procurement_id=contract.procurement_id,
        before=before,
        after={quarter.isoformat(): str(quantities[quarter]) for quarter in quarters} | people,
    )
    return plan


@transaction.atomic
def plan_again(*, actor: Actor, contract_id: int, change: ContractChange) -> ActionPlan:
    """Plan the future of a contract again after ``change``, which both its parties agreed.

    Quarters before the change's first one stay as they are, in the plan and in the ledger; the rest of each
    commitment is spread evenly over the quarters from there to the end, so that past and future make its quantity
    and its pence exactly. A change of a quantity touches that commitment, a change of the end all of them. Both
    parties' agreement to the old plan is gone. RuleBroken when the past holds more than the commitment now stands at.
    """
    contract = visible(actor, contract_id)
    if change.contract_id != contract_id:
        raise NotVisible
    # Whoever agreed the change, or carries out a remedy, in one deed with it: ``apply_change`` said who may.
    if change.agreed_by_id != actor.user_id:
        raise NotAllowed(AGAIN_REASON)
    started(actor, contract)
    plan = locked(contract_id)
    plan = next_version(plan, plan.version, back_to_draft=True)
    touched = [
        row for row in awards.commitments_of(contract_id) if change.commitment_id in (None, row.id)
    ]
    reason = f"The contract changed: {change.reason}"[:500]
    for commitment in touched:
        _again(actor, contract, plan, commitment, change.from_quarter, reason)
    keep_revision(actor, plan, reason)
    record(
        actor=actor,
        deed=PlanDeed.PLANNED_AGAIN,
        sentence=f"Planned the action plan again from {quarter_label(change.from_quarter)} on, because "
        "the contract changed. What lies before stayed as it was.",
        target=plan,
        procurement_id=contract.procurement_id,
        after={
            "from_quarter": change.from_quarter.isoformat(),
            "commitments": [row.measure.code for row in touched],
            "version": plan.version,
        },
    )
    return plan


def _again(
    actor: Actor,
    contract: awards.ContractBrief,
    plan: ActionPlan,
    commitment: awards.CommitmentInfo,
    from_quarter: date,
    reason: str,
) -> None:
    """One commitment: quarters that the contract no longer has go, those it gained come."""
    quarters = rules.quarters_of(contract.starts_on, contract.ends_on)
    rows = {
        row.quarter: row for row in Milestone.objects.filter(plan=plan, commitment_id=commitment.id)
    }
    people = next(iter(rows.values()), None)
    for quarter in quarters:
        if quarter not in rows:
            rows[quarter] = milestone(plan, contract, commitment, quarter)
            if people is not None:
                rows[quarter].owner, rows[quarter].evidence = people.owner, people.evidence
                rows[quarter].authority_owner = people.authority_owner
    quantities = rules.plan_again(
        commitment.quantity,
        {quarter: rows[quarter].quantity for quarter in quarters if quarter < from_quarter},
        [quarter for quarter in quarters if quarter >= from_quarter],
        adds_up=commitment.measure.adds_up,
    )
    gone = [row.pk for quarter, row in rows.items() if quarter not in quantities]
    Milestone.objects.filter(pk__in=gone).delete()
    kept = [rows[quarter] for quarter in quarters]
    for row in kept:
        row.quantity = quantities[row.quarter]
        if row.quarter >= from_quarter:
            row.due_on = rules.due_on(row.quarter, contract.ends_on)
    Milestone.objects.bulk_create([row for row in kept if row.pk is None])
    Milestone.objects.bulk_update(
        [row for row in kept if row.quarter >= from_quarter], ["quantity", "due_on"]
    )
    post_again(actor, contract, plan, commitment, kept, settled_before=from_quarter, reason=reason)


def _people(
    rows: Mapping[date, Milestone], owner: str, authority_owner: str | None, evidence: str
) -> dict[str, str]:
    """Kept with every quarter of the commitment, and the same in each."""
    now = next(iter(rows.values())).authority_owner if rows else ""
    return {
        "owner": owner.strip(),
        "authority_owner": now if authority_owner is None else authority_owner.strip(),
        "evidence": evidence.strip(),
    }


def _what_differs(
    rows: Mapping[date, Milestone], sent: Mapping[date | str, object]
) -> dict[str, tuple[str, str]]:
    """Quarter by quarter, then who and by what evidence: what is kept beside what was sent."""
    labels: dict[date | str, str] = {quarter: quarter_label(quarter) for quarter in sorted(rows)}
    now: dict[date | str, object] = {quarter: row.quantity for quarter, row in rows.items()}
    any_row = next(iter(rows.values()))
    return differences(
        labels
        | {
            "owner": "Who is responsible",
            "authority_owner": "Who is responsible at the authority",
            "evidence": "Evidence expected",
        },
        now
        | {
            "owner": any_row.owner,
            "authority_owner": any_row.authority_owner,
            "evidence": any_row.evidence,
        },
        sent,
    )
