"""A remedy proposed by the contract manager and decided by an approver, who is another person."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum

from procurement.action_plans import services as plans
from procurement.awards import queries as awards
from procurement.awards import services as award_services
from procurement.awards.vocabulary import ChangeKind
from procurement.remedies.models import RemedyDecision, RemedyTerms, Shortfall
from procurement.remedies.permissions import MANAGE_REASON, can_manage, why_not_decide
from procurement.remedies.queries.standing import (
    promised_of,
    remedy_in_words,
    terms_in,
    terms_of,
)
from procurement.remedies.rules import (
    Line,
    Terms,
    check_reason,
    check_text,
    credit_of,
    fund_payment,
    provided,
    raise_of,
)
from procurement.remedies.services.steps import (
    bump,
    check_unfinished,
    locked_shortfall,
)
from procurement.remedies.vocabulary import (
    DecisionStatus,
    RemedyDeed,
    RemedyKind,
    ShortfallStatus,
)
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.money import measured, pounds_from_pence, to_pence
from socialvalue.core.periods import quarter_start

PROPOSED_ALREADY = (
    "A remedy is proposed already and waits for a decision. Withdraw it before you propose another."
)


@dataclass(frozen=True, slots=True)
class _Worked:
    """A remedy worked out: what is due or raised, and the sum."""

    lines: tuple[Line, ...]
    amount_pence: int | None = None
    instead_id: int | None = None
    quantity: Decimal | None = None


@transaction.atomic
def propose_remedy(
    *,
    actor: Actor,
    shortfall_id: int,
    expected_version: int,
    kind: str,
    reason: str,
    instead_id: int | None = None,
    quantity: Decimal | None = None,
) -> RemedyDecision:
    """Propose one of the remedies the contract provides, with its arithmetic as it stands now.

    ``instead_id`` and ``quantity`` say which commitment is raised by how much, for a substitution. NotAllowed without
    the contract manager's role; RuleBroken when the contract does not provide it or the sum does not work out;
    Conflict when a remedy waits, or the shortfall is finished or changed.
    """
    row = locked_shortfall(actor, shortfall_id)
    if not can_manage(actor, row):
        raise NotAllowed(MANAGE_REASON)
    check_unfinished(row, expected_version)
    reason = check_reason(reason, "Enter why this remedy is right here")
    worked = _work_out(row, kind, terms_of(row.contract_id), instead_id, quantity)
    try:
        with transaction.atomic():
            decision = RemedyDecision.objects.create(
                shortfall=row,
                kind=kind,
                amount_pence=worked.amount_pence,
                instead_commitment_id=worked.instead_id,
                instead_quantity=worked.quantity,
                working=[list(line) for line in worked.lines],
                reason=reason,
                proposed_at=clock.now(),
                proposed_by_id=actor.person_id,
            )
    except IntegrityError as error:
        raise Conflict(PROPOSED_ALREADY) from error
    bump(row)
    _record(
        actor, row, decision, RemedyDeed.REMEDY_PROPOSED, f"Proposed {remedy_in_words(decision)}."
    )
    return decision


@transaction.atomic
def approve_remedy(*, actor: Actor, decision_id: int, remark: str = "") -> RemedyDecision:
    """Approve another person's proposal; a substitution changes the contract and its plan in the same transaction.

    The arithmetic is done again: RuleBroken when the contract no longer provides the remedy or the sum came out
    otherwise. NotAllowed without the approver's role or for one's own; Conflict when it is decided already.
    """
    row, decision = _to_decide(actor, decision_id)
    if why_not := why_not_decide(actor, row, decision.proposed_by_id):
        raise NotAllowed(why_not)
    _check_waits(decision)
    check_unfinished(row)
    terms_row = (
        RemedyTerms.objects.select_for_update(of=("self",))
        .filter(contract_id=row.contract_id)
        .first()
    )
    worked = _work_out(
        row,
        decision.kind,
        terms_in(terms_row) if terms_row else Terms(),
        decision.instead_commitment_id,
        decision.instead_quantity,
    )
    if worked.amount_pence != decision.amount_pence:
        raise RuleBroken(
            "The sum comes out otherwise since this was proposed: the terms or the credits of this contract changed. "
            "Refuse it, so that it can be proposed anew."
        )
    if decision.kind == RemedyKind.SUBSTITUTION:
        decision.change_id = _substitute(actor, row, decision)
    _decide(actor, decision, DecisionStatus.APPROVED, remark)
    outcome = f"{remedy_in_words(decision)[0].upper()}{remedy_in_words(decision)[1:]}."
    bump(
        row,
        status=ShortfallStatus.REMEDIED,
        closed_at=clock.now(),
        closed_by_id=actor.person_id,
        outcome=outcome,
    )
    _record(
        actor, row, decision, RemedyDeed.REMEDY_APPROVED, f"Approved {remedy_in_words(decision)}."
    )
    return decision


@transaction.atomic
def refuse_remedy(*, actor: Actor, decision_id: int, remark: str) -> RemedyDecision:
    """Refuse another person's proposal with the reason. The shortfall stays open."""
    row, decision = _to_decide(actor, decision_id)
    if why_not := why_not_decide(actor, row, decision.proposed_by_id):
        raise NotAllowed(why_not)
    _check_waits(decision)
    remark = check_text(remark, "Enter why you refuse the remedy", field="remark")
    _decide(actor, decision, DecisionStatus.REFUSED, remark)
    bump(row)
    _record(
        actor,
        row,
        decision,
        RemedyDeed.REMEDY_REFUSED,
        f"Refused {remedy_in_words(decision)}: {remark}",
    )
    return decision


@transaction.atomic
def withdraw_remedy(*, actor: Actor, decision_id: int) -> RemedyDecision:
    """Take a proposal back. NotAllowed without the contract manager's role; Conflict when it is decided."""
    row, decision = _to_decide(actor, decision_id)
    if not can_manage(actor, row):
        raise NotAllowed(MANAGE_REASON)
    _check_waits(decision)
    _decide(actor, decision, DecisionStatus.WITHDRAWN, "")
    bump(row)
    said = f"Withdrew the proposal of {remedy_in_words(decision)}."
    _record(actor, row, decision, RemedyDeed.REMEDY_WITHDRAWN, said)
    return decision


@transaction.atomic
def end_by_remedy(*, actor: Actor, shortfall_id: int) -> None:
    """Close the contract as the approved termination says, by the deed that closes every contract."""
    row = locked_shortfall(actor, shortfall_id)
    approved = RemedyDecision.objects.filter(
        shortfall=row, kind=RemedyKind.TERMINATION, status=DecisionStatus.APPROVED
    ).first()
    if approved is None:
        raise RuleBroken("No termination is approved here, so the contract runs on.")
    award_services.end_contract(
        actor=actor, contract_id=row.contract_id, terminated_because=approved.reason
    )


# --- parts ------------------------------------------------------------------------------------


def _to_decide(actor: Actor, decision_id: int) -> tuple[Shortfall, RemedyDecision]:
    """The shortfall is locked first, so that whoever is second sees what the first did."""
    found = RemedyDecision.objects.filter(pk=decision_id).values_list("shortfall_id", flat=True)
    if not found:
        raise NotVisible
    row = locked_shortfall(actor, found[0])
    decision = RemedyDecision.objects.select_related(
        "proposed_by", "decided_by", "instead_commitment"
    )
    return row, decision.get(pk=decision_id)


def _check_waits(decision: RemedyDecision) -> None:
    if decision.status != DecisionStatus.PROPOSED:
        raise Conflict(
            f"This remedy is {decision.get_status_display().lower()} already, by {decision.decided_by}. "
            "Open the shortfall again to see what happened."
        )


def _work_out(
    row: Shortfall, kind: str, terms: Terms, instead_id: int | None, quantity: Decimal | None
) -> _Worked:
    if kind not in provided(terms):
        raise RuleBroken(
            "The contract does not provide this remedy. Record the terms of the contract first, if it does",
            field="kind",
        )
    if kind == RemedyKind.SERVICE_CREDIT:
        credit = credit_of(
            row.gap_pence,
            terms,
            contract_pence=to_pence(row.contract.value),
            credited_pence=_credited(row.contract_id),
        )
        return _Worked(credit.lines, amount_pence=credit.pence)
    if kind == RemedyKind.COMMUNITY_FUND:
        payment = fund_payment(row.gap_pence, terms)
        return _Worked(payment.lines, amount_pence=payment.pence)
    if kind == RemedyKind.TERMINATION:
        missing = awards.commitment_info(row.commitment_id).measure.unit
        lines = [("Missing", measured(row.gap, missing))]
        if row.gap_pence:
            lines.append(("Value of what is missing", pounds_from_pence(row.gap_pence)))
        return _Worked((*lines, ("Clause", terms.clause)))
    return _substitution(row, instead_id, quantity)


def _substitution(row: Shortfall, instead_id: int | None, quantity: Decimal | None) -> _Worked:
    if instead_id is None:
        raise RuleBroken("Select the commitment that is raised instead", field="instead")
    if quantity is None:
        raise RuleBroken("Enter by how much it is raised", field="quantity")
    if instead_id == row.commitment_id:
        raise RuleBroken(
            "What is missing cannot be made up by promising more of the same. Choose another commitment",
            field="instead",
        )
    instead = awards.commitment_info(instead_id)
    if instead.contract_id != row.contract_id:
        raise NotVisible
    raised = raise_of(promised_of(instead), quantity, row.gap_pence)
    return _Worked(raised.lines, instead_id=instead_id, quantity=quantity)


def _credited(contract_id: int) -> int:
    total = RemedyDecision.objects.filter(
        shortfall__contract_id=contract_id,
        kind=RemedyKind.SERVICE_CREDIT,
        status=DecisionStatus.APPROVED,
    ).aggregate(total=Sum("amount_pence"))["total"]
    return int(total or 0)


def _substitute(actor: Actor, row: Shortfall, decision: RemedyDecision) -> int:
    """Raise the other commitment from this quarter on, and plan it again."""
    if decision.instead_commitment_id is None or decision.instead_quantity is None:
        raise RuleBroken("This remedy does not say which commitment is raised by how much.")
    instead = awards.commitment_info(decision.instead_commitment_id)
    change = award_services.apply_change(
        actor=actor,
        contract_id=row.contract_id,
        kind=ChangeKind.QUANTITY,
        reason=f"Substitution of equal value: {decision.reason}",
        asked_by_id=decision.proposed_by_id,
        from_quarter=quarter_start(clock.today()),
        commitment_id=instead.id,
        quantity=instead.quantity + decision.instead_quantity,
        is_remedy=True,
    )
    plans.plan_again(actor=actor, contract_id=row.contract_id, change=change)
    return change.pk


def _decide(actor: Actor, decision: RemedyDecision, status: str, remark: str) -> None:
    decision.status = status
    decision.decided_at, decision.decided_by_id = clock.now(), actor.person_id
    decision.remark = remark.strip()
    decision.save()


def _record(
    actor: Actor, row: Shortfall, decision: RemedyDecision, deed: RemedyDeed, sentence: str
) -> None:
    record(
        actor=actor,
        deed=deed,
        sentence=sentence,
        target=row,
        procurement_id=row.contract.procurement_id,
        after={
            "decision": decision.pk,
            "kind": decision.kind,
            "status": decision.status,
            "amount_pence": decision.amount_pence,
            "reason": decision.reason,
            "remark": decision.remark,
            "working": decision.working,
        },
    )
