"""Parts of the deeds of this room: finding and locking the plan, its revisions, what it posts to the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import F

from procurement.action_plans import rules
from procurement.action_plans.models import ActionPlan, Milestone, PlanRevision
from procurement.action_plans.vocabulary import PlanStatus
from procurement.awards import queries as awards
from procurement.ledger import queries as ledger_queries
from procurement.ledger import services as ledger
from procurement.ledger.rules import Posting, reverse
from procurement.ledger.vocabulary import Basis
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.errors import Conflict, RuleBroken

NOT_STARTED = "The action plan has not been started. Start it first."
NOBODY_AGREED: Mapping[str, object] = {
    "status": PlanStatus.DRAFT,
    "agreed_at": None,
    "agreed_by": None,
    "authority_agreed_at": None,
    "supplier_agreed_at": None,
    "supplier_agreed_by": None,
}


def visible(actor: Actor, contract_id: int) -> awards.ContractBrief:
    if not actor.is_system:
        awards.contract_for(actor, contract_id)
    return awards.contract_brief(contract_id)


def locked(contract_id: int) -> ActionPlan:
    plan = (
        ActionPlan.objects.select_for_update(of=("self",)).filter(contract_id=contract_id).first()
    )
    if plan is None:
        raise RuleBroken(NOT_STARTED)
    return plan


def next_version(
    plan: ActionPlan,
    expected: int,
    *,
    back_to_draft: bool,
    changed: Mapping[str, tuple[str, str]] | None = None,
) -> ActionPlan:
    """One version on, before anything is changed. A party that agreed alone agreed what stood: its word is gone."""
    if not plan.revisions.filter(version=plan.version).exists():
        # Plans older than their versions: what stood until now is kept first.
        keep_revision(SYSTEM, plan, rules.BEFORE_VERSIONS)
    changes: dict[str, object] = {"version": F("version") + 1}
    if back_to_draft or plan.status == PlanStatus.DRAFT:
        changes |= NOBODY_AGREED
    if not ActionPlan.objects.filter(pk=plan.pk, version=expected).update(**changes):
        raise Conflict(
            "Somebody else changed the plan while you were on this page.", changed=changed or {}
        )
    plan.refresh_from_db()
    return plan


def keep_revision(actor: Actor, plan: ActionPlan, reason: str) -> PlanRevision:
    """The plan as it stands at its version: every commitment, every quarter."""
    quarters: dict[str, dict[str, str]] = {}
    rows = Milestone.objects.filter(plan=plan).order_by("commitment_id", "quarter")
    for row in rows:
        own = quarters.setdefault(str(row.commitment_id), {})
        own[row.quarter.isoformat()] = str(row.quantity)
    return PlanRevision.objects.create(
        plan=plan,
        version=plan.version,
        reason=reason[:500],
        quarters=quarters,
        made_at=clock.now(),
        made_by_id=actor.user_id,
    )


def milestone(
    plan: ActionPlan,
    contract: awards.ContractBrief,
    commitment: awards.CommitmentInfo,
    quarter: date,
) -> Milestone:
    """One that is not there yet, without a quantity."""
    return Milestone(
        plan=plan,
        commitment_id=commitment.id,
        quarter=quarter,
        due_on=rules.due_on(quarter, contract.ends_on),
        quantity=rules.ZERO,
        owner=contract.supplier_name[:150],
        authority_owner=f"Contract manager, {contract.authority_name}"[:150],
        evidence=commitment.measure.evidence[:300],
    )


def post_first(
    actor: Actor,
    contract: awards.ContractBrief,
    plan: ActionPlan,
    commitments: Sequence[awards.CommitmentInfo],
    milestones: Sequence[Milestone],
) -> None:
    """The committed entries of a plan that has posted nothing yet."""
    postings: list[Posting] = []
    for commitment in commitments:
        if commitment.measure.adds_up:
            own = [row for row in milestones if row.commitment_id == commitment.id]
            postings += _wanted(contract, plan, commitment, own, {}).values()
    ledger.post_entries(actor=actor, postings=postings)


def post_again(
    actor: Actor,
    contract: awards.ContractBrief,
    plan: ActionPlan,
    commitment: awards.CommitmentInfo,
    milestones: Sequence[Milestone],
    *,
    settled_before: date | None,
    reason: str,
) -> None:
    """Reverse each committed entry that no longer says what the plan says, and post what it does.

    Entries of quarters before ``settled_before`` stay exactly as they are, to the penny.
    """
    if not commitment.measure.adds_up:
        return
    standing = {
        entry.period: entry
        for entry in ledger_queries.standing_entries(
            commitment_id=commitment.id, basis=Basis.COMMITTED
        )
    }
    settled = {
        row.quarter: standing[row.quarter].value_pence if row.quarter in standing else 0
        for row in milestones
        if settled_before is not None and row.quarter < settled_before
    }
    wanted = _wanted(contract, plan, commitment, milestones, settled)
    postings = []
    for quarter in sorted({*wanted, *standing} - {*settled}):
        old, new = standing.get(quarter), wanted.get(quarter)
        if old and new and (old.quantity, old.value_pence) == (new.quantity, new.value_pence):
            continue
        if old:
            postings.append(reverse(old, f"reversed:{old.pk}", reason))
        if new:
            postings.append(new)
    ledger.post_entries(actor=actor, postings=postings)


def _wanted(
    contract: awards.ContractBrief,
    plan: ActionPlan,
    commitment: awards.CommitmentInfo,
    milestones: Sequence[Milestone],
    settled: Mapping[date, int],
) -> dict[date, Posting]:
    """The committed entry of each quarter. A quarter without quantity and pence has none."""
    by_quarter = {row.quarter: row for row in milestones}
    pence = rules.pence_of(
        {quarter: row.quantity for quarter, row in by_quarter.items()},
        commitment.value_pence,
        settled,
    )
    measure = commitment.measure
    return {
        quarter: Posting(
            basis=Basis.COMMITTED,
            authority_id=contract.authority_id,
            supplier_id=contract.supplier_id,
            edition_id=commitment.edition_id,
            theme_id=measure.theme_id,
            measure_id=measure.id,
            contract_id=contract.id,
            commitment_id=commitment.id,
            period=quarter,
            quantity=row.quantity,
            value_pence=pence[quarter],
            posting_key=f"committed:{row.pk}:{plan.version}",
        )
        for quarter, row in sorted(by_quarter.items())
        if row.quantity or pence[quarter]
    }
