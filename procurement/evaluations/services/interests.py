"""Interests: declared by each member about each invited supplier, and decided by somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from procurement.evaluations.models import (
    EvaluationInterest,
    EvaluationPanelMember,
    EvaluationWording,
)
from procurement.evaluations.permissions import DECLARE_REASON, WORDING_REASON, can_mark, can_word
from procurement.evaluations.queries.interests import wording_of
from procurement.evaluations.queries.panel import seats_of
from procurement.evaluations.rules.panels import all_locked
from procurement.evaluations.services.disclosing import disclose_marks
from procurement.evaluations.services.panel import (
    OPENED,
    check_decider,
    evaluation_of_member,
    held_member,
    step_down,
)
from procurement.evaluations.vocabulary import EvaluationDeed, InterestDecision
from procurement.tenders import queries as tender_queries
from socialvalue.accounts.permissions import is_buyer
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a member says about one supplier. ``text`` is the interest, and empty where there is none."""

    supplier_id: int
    has_interest: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    """The member's own row with what is already declared."""

    member: EvaluationPanelMember
    tender: Tender
    known: dict[int, EvaluationInterest]
    names: dict[int, str]
    wording: str


@transaction.atomic
def declare_interests(
    *, actor: Actor, tender_id: int, declarations: Sequence[Declaration]
) -> list[EvaluationInterest]:
    """Declare about the invited suppliers: afterwards nothing is left to declare, or nothing is written.

    May change until it is decided or the bids are opened. After the opening only what was never declared is taken,
    from somebody who joined late. NotVisible elsewhere or for a supplier that is not invited; NotAllowed for
    somebody who is not on the panel; RuleBroken for a supplier left out, an interest without words, a late change.
    """
    held = _held(actor, tender_id)
    given = {row.supplier_id: row for row in declarations}
    if len(given) != len(declarations):
        raise RuleBroken("Declare once about each supplier.")
    if given.keys() - held.names.keys():
        raise NotVisible
    left = [name for pk, name in held.names.items() if pk not in given and pk not in held.known]
    if left:
        raise RuleBroken(f"Declare about every invited supplier: {', '.join(left)} is missing.")
    saved = [row for one in given.values() if (row := _declare(held, one)) is not None]
    if saved:
        _record_declared(actor, held, saved)
    return saved


def _held(actor: Actor, tender_id: int) -> _Held:
    tender = tender_queries.tender_for(actor, tender_id)
    member = (
        EvaluationPanelMember.objects.select_for_update(of=("self",))
        .filter(tender_id=tender_id, person_id=actor.person_id, left_at__isnull=True)
        .first()
    )
    if member is None or not can_mark(actor, tender.authority_id):
        raise NotAllowed(DECLARE_REASON)
    if member.recused_at is not None:
        raise RuleBroken("You were recused, so there is nothing more to declare.")
    return _Held(
        member,
        tender,
        {row.supplier_id: row for row in EvaluationInterest.objects.filter(member=member)},
        {row.supplier_id: row.supplier_name for row in tender_queries.invited_to(tender_id)},
        wording_of(tender.authority_id).text,
    )


def _declare(held: _Held, given: Declaration) -> EvaluationInterest | None:
    """One declaration, written; None where it says what was said before."""
    name = held.names[given.supplier_id]
    text = given.text.strip() if given.has_interest else ""
    if given.has_interest and not text:
        raise RuleBroken(f"Say what your interest in {name} is", field=f"text_{given.supplier_id}")
    before = held.known.get(given.supplier_id)
    if before is not None and (before.has_interest, before.text) == (given.has_interest, text):
        return None
    facts = {
        "has_interest": given.has_interest,
        "text": text,
        "wording": held.wording,
        "declared_at": clock.now(),
    }
    if before is None:
        return EvaluationInterest.objects.create(
            member=held.member, supplier_id=given.supplier_id, **facts
        )
    if held.tender.status in OPENED:
        raise RuleBroken(
            f"The bids are open, so what you declared about {name} no longer changes. Step down from the panel, or "
            "tell the procurement officer."
        )
    if before.decision:
        raise RuleBroken(
            f"Your interest in {name} is decided, so it no longer changes. Tell the procurement officer what is new."
        )
    EvaluationInterest.objects.filter(pk=before.pk).update(**facts)
    before.refresh_from_db()
    return before


def _record_declared(actor: Actor, held: _Held, saved: Sequence[EvaluationInterest]) -> None:
    named = [held.names[row.supplier_id] for row in saved if row.has_interest]
    number = f"{len(saved)} invited supplier{'' if len(saved) == 1 else 's'}"
    record(
        actor=actor,
        deed=EvaluationDeed.INTEREST_DECLARED,
        sentence=f"Declared an interest in {' and '.join(named)}."
        if named
        else f"Declared no interest in {number}.",
        target=held.member,
        procurement_id=held.tender.procurement_id,
        after={str(row.supplier_id): [row.has_interest, row.text] for row in saved},
    )


@transaction.atomic
def decide_interest(
    *, actor: Actor, interest_id: int, decision: str, reason: str
) -> EvaluationInterest:
    """Whether somebody who declared an interest stays or is recused from the whole tender, with the reason.

    By a procurement officer; about an officer by another one or an approver; never about oneself. NotVisible
    elsewhere; NotAllowed otherwise; RuleBroken without a reason or where there is no interest; Conflict when decided.
    Where a recusal leaves only locked marks, they are disclosed.
    """
    member_id = EvaluationInterest.objects.filter(pk=interest_id).values_list("member", flat=True)
    evaluation = evaluation_of_member(member_id.first() or 0)
    interest = (
        EvaluationInterest.objects.select_for_update(of=("self",))
        .select_related("supplier")
        .filter(pk=interest_id, member__left_at__isnull=True)
        .first()
    )
    if interest is None:
        raise NotVisible
    member, tender = held_member(actor, interest.member_id)
    check_decider(actor, tender, member)
    if not interest.has_interest:
        raise RuleBroken(
            "No interest was declared in this supplier, so there is nothing to decide."
        )
    if decision not in InterestDecision.values:
        raise RuleBroken("Select whether this person stays on the panel", field="decision")
    if not reason.strip():
        raise RuleBroken("Enter the reason for this decision", field="reason")
    moved = EvaluationInterest.objects.filter(pk=interest.pk, decision="").update(
        decision=decision,
        decision_reason=reason.strip(),
        decided_by_id=actor.person_id,
        decided_at=clock.now(),
    )
    if not moved:
        raise Conflict(
            "Somebody else decided this interest while you were on this page.",
            changed={
                "Decision": (
                    interest.get_decision_display(),
                    str(InterestDecision(decision).label),
                ),
                "Reason": (interest.decision_reason, reason.strip()),
            },
        )
    interest.refresh_from_db()
    is_recused = decision == InterestDecision.RECUSED
    was_blind = not all_locked(seats_of(tender.pk))
    if is_recused and member.recused_at is None:
        step_down(member, f"Interest in {interest.supplier.name}. {reason.strip()}")
    record(
        actor=actor,
        deed=EvaluationDeed.INTEREST_DECIDED,
        sentence=f"{member.person} {'was recused over' if is_recused else 'stays on the panel despite'} an interest "
        f"in {interest.supplier.name}.",
        target=member,
        procurement_id=tender.procurement_id,
        after={"interest_id": interest.pk, "decision": decision, "reason": reason.strip()},
    )
    if evaluation and was_blind and is_recused:
        disclose_marks(actor, evaluation, tender)
    return interest


@transaction.atomic
def set_wording(*, actor: Actor, text: str, expected_version: int) -> EvaluationWording:
    """Word the declaration of the actor's own authority. What was declared keeps the words it was declared in.

    ``expected_version`` is the version seen; 0 while the standard text holds. NotAllowed without the policy owner's
    or officer's role; RuleBroken for an empty text; Conflict when somebody else changed it.
    """
    authority_id = actor.organisation_id
    if authority_id is None or not is_buyer(actor) or not can_word(actor, authority_id):
        raise NotAllowed(WORDING_REASON)
    if not text.strip():
        raise RuleBroken("Enter what people are asked to declare", field="text")
    facts = {
        "text": text.strip(),
        "changed_by_id": actor.person_id,
        "changed_at": clock.now(),
    }
    before = EvaluationWording.objects.filter(authority_id=authority_id).first()
    if before is None and expected_version == 0:
        try:
            with transaction.atomic():
                row = EvaluationWording.objects.create(authority_id=authority_id, **facts)
        except IntegrityError as error:
            raise _changed_since(wording_of(authority_id).text, text) from error
    else:
        moved = EvaluationWording.objects.filter(
            authority_id=authority_id, version=expected_version
        ).update(**facts, version=F("version") + 1)
        if not moved:
            raise _changed_since(wording_of(authority_id).text, text)
        row = EvaluationWording.objects.get(authority_id=authority_id)
    record(
        actor=actor,
        deed=EvaluationDeed.WORDING_SET,
        sentence="Changed the wording of the declaration of interests.",
        target=row,
        before={"text": before.text} if before else {},
        after={"text": row.text},
    )
    return row


def _changed_since(now: str, sent: str) -> Conflict:
    return Conflict(
        "Somebody else changed the wording while you were on this page.",
        changed={"Wording": (now, sent.strip())},
    )
