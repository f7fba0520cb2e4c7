"""Starting, changing and agreeing the plan of a contract. Committed entries are posted from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F

from procurement.action_plans import rules
from procurement.action_plans.models import ActionPlan, Milestone
from procurement.action_plans.permissions import (
    AGREE_REASON,
    CHANGE_REASON,
    START_REASON,
    can_change,
    can_start,
)
from procurement.action_plans.vocabulary import PlanDeed, PlanStatus
from procurement.awards import queries as awards
from procurement.awards.rules import NOT_SIGNED
from procurement.ledger import queries as ledger_queries
from procurement.ledger import services as ledger
from procurement.ledger.rules import Posting, reverse
from procurement.ledger.vocabulary import Basis
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import quarter_label, uk_moment


@transaction.atomic
def start_plan(*, actor: Actor, contract_id: int) -> ActionPlan:
    """The plan of a contract, with every commitment spread evenly over its quarters.

    The plan that exists when there is one. What adds up is posted to the ledger as committed, one
    entry a milestone. NotVisible for a stranger, NotAllowed without the role.
    """
    contract = _visible(actor, contract_id)
    if not can_start(actor, contract):
        raise NotAllowed(START_REASON)
    existing = ActionPlan.objects.filter(contract_id=contract_id).first()
    if existing is not None:
        return existing
    try:
        with transaction.atomic():
            plan = ActionPlan.objects.create(contract_id=contract_id)
    except IntegrityError:
        # Somebody started it at the same moment: theirs is the plan.
        return ActionPlan.objects.get(contract_id=contract_id)
    quarters = rules.quarters_of(contract.starts_on, contract.ends_on)
    commitments = awards.commitments_of(contract_id)
    milestones = _create_milestones(plan, contract, commitments, quarters)
    _post(actor, contract, plan, commitments, milestones)
    record(
        actor=actor,
        deed=PlanDeed.STARTED,
        sentence=f"Started the action plan: {len(commitments)} commitments over "
        f"{len(quarters)} quarters.",
        target=plan,
        procurement_id=contract.procurement_id,
        after={"commitments": len(commitments), "quarters": len(quarters)},
    )
    return plan


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
) -> ActionPlan:
    """Set the quarters of one commitment. An agreed plan goes back to draft when a quantity moves.

    The committed entries that change are reversed and posted anew, so that the ledger always says
    what the plan says. NotVisible for a foreign commitment, NotAllowed without the contract
    manager's role, RuleBroken unless the quarters add up exactly, Conflict when the plan has
    changed since ``expected_version``.
    """
    contract = _visible(actor, contract_id)
    if not can_change(actor, contract):
        raise NotAllowed(CHANGE_REASON)
    commitment = _commitment(contract_id, commitment_id)
    if contract.has_ended:
        raise RuleBroken("The contract is closed, so its plan no longer changes.")
    quarters = rules.quarters_of(contract.starts_on, contract.ends_on)
    adds_up = commitment.measure.adds_up
    rules.check_quantities(commitment.quantity, quantities, quarters, adds_up=adds_up)
    plan = _locked(contract_id)
    rows = {
        row.quarter: row for row in Milestone.objects.filter(plan=plan, commitment_id=commitment_id)
    }
    before = {quarter.isoformat(): str(row.quantity) for quarter, row in rows.items()}
    has_moved = any(rows[quarter].quantity != quantities[quarter] for quarter in quarters)
    sent: dict[date | str, object] = {quarter: quantities[quarter] for quarter in quarters}
    sent |= {"owner": owner, "evidence": evidence}
    plan = _next_version(plan, expected_version, _what_differs(rows, sent), back_to_draft=has_moved)
    for quarter in quarters:
        row = rows[quarter]
        row.quantity = quantities[quarter]
        row.owner, row.evidence = owner.strip(), evidence.strip()
    Milestone.objects.bulk_update(rows.values(), ["quantity", "owner", "evidence"])
    if has_moved and adds_up:
        _post_again(actor, contract, plan, commitment, list(rows.values()))
    record(
        actor=actor,
        deed=PlanDeed.CHANGED,
        sentence=f"Changed the quarters of {commitment.measure.label}."
        if has_moved
        else f"Changed who does {commitment.measure.label}, or its evidence.",
        target=plan,
        procurement_id=contract.procurement_id,
        before=before,
        after={quarter.isoformat(): str(quantities[quarter]) for quarter in quarters}
        | {"owner": owner.strip(), "evidence": evidence.strip()},
    )
    return plan


@transaction.atomic
def agree_plan(
    *, actor: Actor, contract_id: int, expected_version: int | None = None
) -> ActionPlan:
    """Agree the plan as it stands. NotAllowed without the contract manager's role.

    RuleBroken while there is none or the contract is not signed, Conflict when it is agreed already
    or has changed since ``expected_version``.
    """
    contract = _visible(actor, contract_id)
    if not can_change(actor, contract):
        raise NotAllowed(AGREE_REASON)
    if contract.is_unsigned:
        raise RuleBroken(f"{NOT_SIGNED} Agree the plan once it is.")
    plan = _locked(contract_id)
    if expected_version is not None and plan.version != expected_version:
        raise Conflict("The plan changed while you were on this page. Read it again, then agree.")
    moved = ActionPlan.objects.filter(pk=plan.pk, status=PlanStatus.DRAFT).update(
        status=PlanStatus.AGREED, agreed_at=clock.now(), agreed_by_id=actor.user_id
    )
    plan.refresh_from_db()
    if not moved:
        raise Conflict(_agreed_already(actor, plan))
    record(
        actor=actor,
        deed=PlanDeed.AGREED,
        sentence="Agreed the action plan.",
        target=plan,
        procurement_id=contract.procurement_id,
        after={"version": plan.version},
    )
    return plan


# --- parts ------------------------------------------------------------------------------------


def _agreed_already(actor: Actor, plan: ActionPlan) -> str:
    who = "You" if plan.agreed_by_id == actor.user_id else str(plan.agreed_by)
    at = f" on {uk_moment(plan.agreed_at.astimezone(clock.LONDON))}" if plan.agreed_at else ""
    return f"{who} agreed the plan{at}."


def _visible(actor: Actor, contract_id: int) -> awards.ContractBrief:
    if not actor.is_system:
        awards.contract_for(actor, contract_id)
    return awards.contract_brief(contract_id)


def _commitment(contract_id: int, commitment_id: int) -> awards.CommitmentInfo:
    found = awards.commitment_info(commitment_id)
    if found.contract_id != contract_id:
        raise NotVisible
    return found


def _locked(contract_id: int) -> ActionPlan:
    plan = (
        ActionPlan.objects.select_for_update(of=("self",)).filter(contract_id=contract_id).first()
    )
    if plan is None:
        raise RuleBroken("The action plan has not been started. Start it first.")
    return plan


def _what_differs(
    rows: Mapping[date, Milestone], sent: Mapping[date | str, object]
) -> dict[str, tuple[str, str]]:
    """Quarter by quarter, then who and by what evidence: what is kept beside what was sent."""
    labels: dict[date | str, str] = {quarter: quarter_label(quarter) for quarter in sorted(rows)}
    now: dict[date | str, object] = {quarter: row.quantity for quarter, row in rows.items()}
    # Owner and evidence are kept with every quarter of the commitment, and are the same in each.
    any_row = next(iter(rows.values()))
    return differences(
        labels | {"owner": "Who is responsible", "evidence": "Evidence expected"},
        now | {"owner": any_row.owner, "evidence": any_row.evidence},
        sent,
    )


def _next_version(
    plan: ActionPlan,
    expected: int,
    changed: Mapping[str, tuple[str, str]],
    *,
    back_to_draft: bool,
) -> ActionPlan:
    changes: dict[str, object] = {"version": F("version") + 1}
    if back_to_draft:
        changes |= {"status": PlanStatus.DRAFT, "agreed_at": None, "agreed_by": None}
    if not ActionPlan.objects.filter(pk=plan.pk, version=expected).update(**changes):
        raise Conflict(
            "Somebody else changed the plan while you were on this page.",
            changed=changed,
        )
    plan.refresh_from_db()
    return plan


def _create_milestones(
    plan: ActionPlan,
    contract: awards.ContractBrief,
    commitments: Sequence[awards.CommitmentInfo],
    quarters: Sequence[date],
) -> list[Milestone]:
    rows = []
    for commitment in commitments:
        shares = rules.spread(commitment.quantity, quarters, adds_up=commitment.measure.adds_up)
        rows += [
            Milestone(
                plan=plan,
                commitment_id=commitment.id,
                quarter=quarter,
                due_on=rules.due_on(quarter, contract.ends_on),
                quantity=quantity,
                owner=contract.supplier_name[:150],
                evidence=commitment.measure.evidence[:300],
            )
            for quarter, quantity in shares.items()
        ]
    return Milestone.objects.bulk_create(rows)


def _post(
    actor: Actor,
    contract: awards.ContractBrief,
    plan: ActionPlan,
    commitments: Sequence[awards.CommitmentInfo],
    milestones: Sequence[Milestone],
) -> None:
    postings = []
    for commitment in commitments:
        if commitment.measure.adds_up:
            own = [row for row in milestones if row.commitment_id == commitment.id]
            postings += list(_wanted(contract, plan, commitment, own).values())
    ledger.post_entries(actor=actor, postings=postings)


def _wanted(
    contract: awards.ContractBrief,
    plan: ActionPlan,
    commitment: awards.CommitmentInfo,
    milestones: Sequence[Milestone],
) -> dict[date, Posting]:
    """The committed entry of each quarter. A quarter without quantity and pence has none."""
    by_quarter = {row.quarter: row for row in milestones}
    shares = rules.shares_of(
        {quarter: row.quantity for quarter, row in by_quarter.items()},
        commitment.value_pence,
        contract.ends_on,
    )
    measure = commitment.measure
    return {
        share.quarter: Posting(
            basis=Basis.COMMITTED,
            authority_id=contract.authority_id,
            supplier_id=contract.supplier_id,
            edition_id=commitment.edition_id,
            theme_id=measure.theme_id,
            measure_id=measure.id,
            contract_id=contract.id,
            commitment_id=commitment.id,
            period=share.quarter,
            quantity=share.quantity,
            value_pence=share.value_pence,
            posting_key=f"committed:{by_quarter[share.quarter].pk}:{plan.version}",
        )
        for share in shares
        if share.quantity or share.value_pence
    }


def _post_again(
    actor: Actor,
    contract: awards.ContractBrief,
    plan: ActionPlan,
    commitment: awards.CommitmentInfo,
    milestones: Sequence[Milestone],
) -> None:
    """Reverse each committed entry that no longer says what the plan says, and post what it does."""
    wanted = _wanted(contract, plan, commitment, milestones)
    standing = {
        entry.period: entry
        for entry in ledger_queries.standing_entries(
            commitment_id=commitment.id, basis=Basis.COMMITTED
        )
    }
    postings = []
    for quarter in sorted({*wanted, *standing}):
        old, new = standing.get(quarter), wanted.get(quarter)
        if old and new and (old.quantity, old.value_pence) == (new.quantity, new.value_pence):
            continue
        if old:
            postings.append(reverse(old, f"reversed:{old.pk}", "The action plan changed."))
        if new:
            postings.append(new)
    ledger.post_entries(actor=actor, postings=postings)
