"""Naming the panel, and recusing people from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from procurement.evaluations.models import Evaluation, EvaluationPanelMember
from procurement.evaluations.permissions import (
    DECIDE_REASON,
    OWN_INTEREST_REASON,
    PANEL_REASON,
    PANEL_ROLES,
    can_decide_interest,
    can_name_panel,
)
from procurement.evaluations.queries import panel as panels
from procurement.evaluations.rules.panels import LEAST_EVALUATORS, all_locked
from procurement.evaluations.services.disclosing import disclose_marks
from procurement.evaluations.vocabulary import EvaluationDeed, EvaluationStatus, PanelRole
from procurement.procurements.queries import procurement_brief
from procurement.tenders import queries as tender_queries
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.accounts.queries import people_with_role
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.letters import post
from socialvalue.core.periods import uk_date

if TYPE_CHECKING:
    from procurement.tenders.models import Tender

OPENED = (TenderStatus.OPENED, TenderStatus.AWARDED)


@transaction.atomic
def add_panel_member(
    *, actor: Actor, tender_id: int, person_id: int, role: str
) -> EvaluationPanelMember:
    """Put somebody on the panel: an evaluator, procurement officer or approver of the authority.

    Until the bids are opened; after that only in place of somebody who was recused, where the panel is too small.
    NotVisible elsewhere; NotAllowed without the officer's role; RuleBroken for somebody else's person or role;
    Conflict when the person is on the panel already.
    """
    tender = tender_queries.tender_for(actor, tender_id)
    if not can_name_panel(actor, tender.authority_id):
        raise NotAllowed(PANEL_REASON)
    if role not in PanelRole.values:
        raise RuleBroken("Select what this person does on the panel", field="role")
    person = people_with_role(tender.authority_id, *PANEL_ROLES).filter(pk=person_id).first()
    if person is None:
        raise RuleBroken(
            "Select a person from the list: evaluators, procurement officers and approvers of your authority",
            field="person",
        )
    if tender.status in OPENED:
        _replaces_somebody(tender, role)
    try:
        with transaction.atomic():
            member = EvaluationPanelMember.objects.create(
                tender_id=tender_id,
                person_id=person_id,
                role=role,
                added_at=clock.now(),
                added_by_id=actor.person_id,
            )
    except IntegrityError as error:
        raise Conflict(f"{person} is on this panel already, in one role.") from error
    record(
        actor=actor,
        deed=EvaluationDeed.PANEL_JOINED,
        sentence=f"Named {person} {PanelRole(role).label.lower()} on the panel.",
        target=member,
        procurement_id=tender.procurement_id,
        after={"person_id": person_id, "role": role},
    )
    _tell(actor, tender, member)
    return member


def _tell(actor: Actor, tender: Tender, member: EvaluationPanelMember) -> None:
    brief = procurement_brief(tender.procurement_id)
    closes = tender.deadline_at.astimezone(clock.LONDON) if tender.deadline_at else None
    post(
        member.person.email,
        "panel_named",
        {
            "title": brief.title,
            "reference": brief.reference,
            "authority": brief.authority_name,
            "role": PanelRole(member.role).label.lower(),
            "deadline": f"{closes:%H:%M} on {uk_date(closes.date())}" if closes else "",
            "procurement_id": tender.procurement_id,
            "named_by": actor.name,
        },
    )


def _replaces_somebody(tender: Tender, role: str) -> None:
    """After the opening: only to fill a gap that a recusal has left, while the bids are being marked."""
    is_open = Evaluation.objects.filter(tender=tender, status=EvaluationStatus.OPEN).exists()
    seats = panels.seats_of(tender.pk)
    evaluators = sum(seat.is_evaluator for seat in seats)
    gaps = {
        PanelRole.EVALUATOR: evaluators < LEAST_EVALUATORS,
        PanelRole.MODERATOR: not any(seat.is_moderator for seat in seats),
    }
    if not (is_open and gaps.get(PanelRole(role), False)):
        raise RuleBroken(
            "The bids are open, so the panel stays as it is. Only somebody who was recused is replaced, where fewer "
            "than two evaluators or no moderator are left."
        )


@transaction.atomic
def remove_panel_member(*, actor: Actor, member_id: int) -> EvaluationPanelMember:
    """Take somebody off the panel before the bids are opened; what they declared stays on record.

    RuleBroken after the opening, or for somebody who was recused: that stays on the panel's record.
    """
    member, tender = held_member(actor, member_id)
    if not can_name_panel(actor, tender.authority_id):
        raise NotAllowed(PANEL_REASON)
    if tender.status in OPENED:
        raise RuleBroken("The bids are open. Recuse the person, with the reason, instead.")
    if member.recused_at is not None:
        raise RuleBroken("Somebody who was recused stays on the panel's record.")
    member.left_at = clock.now()
    member.save(update_fields=["left_at"])
    record(
        actor=actor,
        deed=EvaluationDeed.PANEL_LEFT,
        sentence=f"Took {member.person} off the panel.",
        target=member,
        procurement_id=tender.procurement_id,
        before={"person_id": member.person_id, "role": member.role},
    )
    return member


@transaction.atomic
def recuse(*, actor: Actor, member_id: int, reason: str) -> EvaluationPanelMember:
    """From now on this person marks nothing and their marks count for nothing; the marks are kept.

    By a procurement officer, not about oneself; an approver about an officer; or by the person, stepping down.
    RuleBroken without a reason or once the bids are ranked; Conflict when it was done.
    """
    evaluation = evaluation_of_member(member_id)
    member, tender = held_member(actor, member_id)
    if actor.user_id != member.person_id:
        check_decider(actor, tender, member)
    if not reason.strip():
        raise RuleBroken("Enter why this person is recused", field="reason")
    if evaluation and evaluation.status != EvaluationStatus.OPEN:
        raise RuleBroken("The bids are ranked. Reopen the moderation before you recuse somebody.")
    was_blind = not all_locked(panels.seats_of(tender.pk))
    step_down(member, reason.strip())
    record(
        actor=actor,
        deed=EvaluationDeed.RECUSED,
        sentence=f"{member.person} was recused from the panel."
        if actor.user_id != member.person_id
        else "Stepped down from the panel.",
        target=member,
        procurement_id=tender.procurement_id,
        after={"reason": member.recusal_reason},
    )
    if evaluation and was_blind:
        disclose_marks(actor, evaluation, tender)
    return member


def evaluation_of_member(member_id: int) -> Evaluation | None:
    """The evaluation under lock; None before the opening.

    Before the member, as marking and locking do, so that no two wait for each other.
    """
    its_tender = EvaluationPanelMember.objects.filter(pk=member_id).values("tender")
    evaluations = Evaluation.objects.select_for_update(of=("self",))
    return evaluations.filter(tender__in=its_tender).first()


def step_down(member: EvaluationPanelMember, reason: str) -> None:
    """Recuse, once. The caller records it."""
    moved = EvaluationPanelMember.objects.filter(pk=member.pk, recused_at__isnull=True).update(
        recused_at=clock.now(), recusal_reason=reason
    )
    if not moved:
        raise Conflict(f"{member.person} was recused already.")
    member.refresh_from_db()


def held_member(actor: Actor, member_id: int) -> tuple[EvaluationPanelMember, Tender]:
    """A person on the panel, locked, with the tender. NotVisible elsewhere, or for somebody who left."""
    member = (
        EvaluationPanelMember.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=member_id, left_at__isnull=True)
        .first()
    )
    if member is None:
        raise NotVisible
    return member, tender_queries.tender_for(actor, member.tender_id)


def check_decider(actor: Actor, tender: Tender, member: EvaluationPanelMember) -> None:
    """NotAllowed unless this actor may decide about this member's interests."""
    officers = people_with_role(tender.authority_id, Role.PROCUREMENT_OFFICER)
    is_officer = officers.filter(pk=member.person_id).exists()
    if not can_decide_interest(
        actor, tender.authority_id, person_id=member.person_id, is_officer=is_officer
    ):
        raise NotAllowed(
            OWN_INTEREST_REASON if actor.user_id == member.person_id else DECIDE_REASON
        )
