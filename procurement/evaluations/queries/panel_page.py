"""The pages of the panel: who is on it, what is missing, one's own declaration, an interest to decide about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from procurement.evaluations.models import EvaluationInterest, EvaluationPanelMember
from procurement.evaluations.permissions import (
    DECIDE_REASON,
    DECLARE_REASON,
    OWN_INTEREST_REASON,
    PANEL_REASON,
    PANEL_ROLES,
    can_decide_interest,
    can_name_panel,
    can_read_interests,
    can_word,
)
from procurement.evaluations.queries.interests import wording_of
from procurement.evaluations.queries.panel import Interest, Panellist, missing_for_opening, panel_of
from procurement.evaluations.queries.standing import evaluation_of_tender, readable_tender
from procurement.evaluations.rules.panels import lacking
from procurement.evaluations.vocabulary import EvaluationStatus, PanelRole
from procurement.procurements import queries as procurements
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.accounts.queries import people_with_role
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class MemberView:
    """One person on the page. ``interests`` are empty for those who may not read what was declared."""

    member: Panellist
    interests: tuple[Interest, ...]
    may_decide: bool
    may_remove: bool
    may_recuse: bool
    is_me: bool

    @property
    def state(self) -> str:
        """Key of the status shown: recused, undeclared, undecided, or cleared."""
        if self.member.is_recused:
            return "recused"
        if self.member.undeclared:
            return "undeclared"
        return "undecided" if self.member.undecided else "cleared"


@dataclass(frozen=True, slots=True)
class PanelPage:
    procurement_id: int
    tender_id: int
    title: str
    members: tuple[MemberView, ...]
    missing: tuple[str, ...]
    is_opened: bool
    may_add: bool
    roles: tuple[str, ...]
    """What somebody may be named now."""
    people: tuple[tuple[int, str], ...]
    """Who may be named: not on the panel yet."""
    must_declare: bool
    """The person reading has suppliers still to declare about."""
    may_declare: bool
    may_word: bool


def panel_page(actor: Actor, procurement_id: int) -> PanelPage:
    """NotVisible elsewhere or before publication; NotAllowed for those who do not read bids."""
    tender = readable_tender(actor, procurement_id)
    panel = panel_of(tender.pk)
    is_opened = tender.status in (TenderStatus.OPENED, TenderStatus.AWARDED)
    own = next((row for row in panel if row.person_id == actor.user_id), None)
    roles = _roles_to_name(tender, panel, is_opened=is_opened)
    # A panel of a tender that is marked can lack somebody again, after a recusal.
    is_forming = not is_opened or (bool(panel) and _is_being_marked(tender))
    may_name = can_name_panel(actor, tender.authority_id)
    officers = set(
        people_with_role(tender.authority_id, Role.PROCUREMENT_OFFICER).values_list("pk", flat=True)
    )
    return PanelPage(
        procurement_id=procurement_id,
        tender_id=tender.pk,
        title=procurements.procurement_brief(procurement_id).title,
        members=tuple(
            _member_view(actor, tender, row, is_opened=is_opened, officers=officers)
            for row in panel
        ),
        missing=tuple(missing_for_opening(tender)) if is_forming else (),
        is_opened=is_opened,
        may_add=may_name and bool(roles),
        roles=roles if may_name else (),
        people=_people(tender, panel) if may_name and roles else (),
        must_declare=own is not None and not own.is_recused and bool(own.undeclared),
        may_declare=own is not None and not own.is_recused and not is_opened,
        may_word=can_word(actor, tender.authority_id),
    )


def _member_view(
    actor: Actor, tender: Tender, row: Panellist, *, is_opened: bool, officers: set[int]
) -> MemberView:
    may_decide = can_decide_interest(
        actor,
        tender.authority_id,
        person_id=row.person_id,
        is_officer=row.person_id in officers,
    )
    evaluation_is_over = tender.status == TenderStatus.AWARDED
    may_recuse = not row.is_recused and not evaluation_is_over
    return MemberView(
        member=row,
        interests=row.declared_interests
        if can_read_interests(actor, tender.authority_id, person_id=row.person_id)
        else (),
        may_decide=may_decide,
        may_remove=can_name_panel(actor, tender.authority_id)
        and not is_opened
        and not row.is_recused,
        may_recuse=may_recuse and ((may_decide and is_opened) or row.person_id == actor.user_id),
        is_me=row.person_id == actor.user_id,
    )


def _roles_to_name(tender: Tender, panel: list[Panellist], *, is_opened: bool) -> tuple[str, ...]:
    """Every role before the opening; after it only those that a recusal has left too few of."""
    if not is_opened:
        return tuple(PanelRole.values)
    if not panel or not _is_being_marked(tender):
        return ()
    seats = [row.seat for row in panel]
    gaps = []
    if sum(seat.is_evaluator for seat in seats) < 2:
        gaps.append(PanelRole.EVALUATOR.value)
    if not any(seat.is_moderator for seat in seats):
        gaps.append(PanelRole.MODERATOR.value)
    return tuple(gaps) if lacking(seats) else ()


def _is_being_marked(tender: Tender) -> bool:
    evaluation = evaluation_of_tender(tender.pk)
    return evaluation is not None and evaluation.status == EvaluationStatus.OPEN


def _people(tender: Tender, panel: list[Panellist]) -> tuple[tuple[int, str], ...]:
    taken = {row.person_id for row in panel}
    people = people_with_role(tender.authority_id, *PANEL_ROLES).exclude(pk__in=taken)
    return tuple((person.pk, str(person)) for person in people)


@dataclass(frozen=True, slots=True)
class SupplierToDeclare:
    """An invited supplier, with what was declared. ``has_interest`` None: nothing yet. ``is_fixed``: no change now."""

    supplier_id: int
    name: str
    has_interest: bool | None
    text: str
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class DeclarationPage:
    procurement_id: int
    tender_id: int
    title: str
    wording: str
    suppliers: tuple[SupplierToDeclare, ...]

    @property
    def open_suppliers(self) -> tuple[SupplierToDeclare, ...]:
        return tuple(row for row in self.suppliers if not row.is_fixed)

    @property
    def nothing_declared(self) -> bool:
        return all(row.has_interest is None for row in self.suppliers)


def declaration_page(actor: Actor, procurement_id: int) -> DeclarationPage:
    """One's own declaration. NotAllowed for somebody who is not on the panel, or was recused."""
    tender = readable_tender(actor, procurement_id)
    own = next((row for row in panel_of(tender.pk) if row.person_id == actor.user_id), None)
    if own is None or own.is_recused:
        raise NotAllowed(DECLARE_REASON)
    is_opened = tender.status in (TenderStatus.OPENED, TenderStatus.AWARDED)
    said = {row.supplier_id: row for row in own.interests}
    suppliers = []
    for invited in tenders.invited_to(tender.pk):
        row = said.get(invited.supplier_id)
        suppliers.append(
            SupplierToDeclare(
                invited.supplier_id,
                invited.supplier_name,
                row.has_interest if row else None,
                row.text if row else "",
                is_fixed=row is not None and (is_opened or bool(row.decision)),
            )
        )
    return DeclarationPage(
        procurement_id,
        tender.pk,
        procurements.procurement_brief(procurement_id).title,
        wording_of(tender.authority_id).text,
        tuple(suppliers),
    )


@dataclass(frozen=True, slots=True)
class InterestToDecide:
    procurement_id: int
    title: str
    interest_id: int
    member_name: str
    role_label: str
    supplier_name: str
    text: str
    wording: str
    declared_at: datetime
    decision_label: str
    """Empty while it waits for a decision."""
    decision_reason: str
    decided_by: str


def interest_to_decide(actor: Actor, procurement_id: int, interest_id: int) -> InterestToDecide:
    """NotVisible elsewhere or where nothing is to decide; NotAllowed about oneself or without the role."""
    tender = readable_tender(actor, procurement_id)
    row = (
        EvaluationInterest.objects.filter(
            pk=interest_id, member__tender=tender, member__left_at__isnull=True, has_interest=True
        )
        .select_related("member__person", "supplier", "decided_by")
        .first()
    )
    if row is None:
        raise NotVisible
    _check_decider(actor, tender, row.member.person_id)
    return InterestToDecide(
        procurement_id,
        procurements.procurement_brief(procurement_id).title,
        row.pk,
        str(row.member.person),
        str(PanelRole(row.member.role).label).lower(),
        row.supplier.name,
        row.text,
        row.wording,
        row.declared_at,
        row.get_decision_display(),
        row.decision_reason,
        "" if row.decided_by is None else str(row.decided_by),
    )


@dataclass(frozen=True, slots=True)
class MemberToRecuse:
    procurement_id: int
    title: str
    member_id: int
    name: str
    role: str
    is_me: bool
    is_opened: bool
    has_marks: bool
    is_recused: bool

    @property
    def is_evaluator(self) -> bool:
        return self.role == PanelRole.EVALUATOR


def member_to_recuse(actor: Actor, procurement_id: int, member_id: int) -> MemberToRecuse:
    """NotVisible elsewhere or for somebody who left; NotAllowed without the role, unless it is oneself."""
    tender = readable_tender(actor, procurement_id)
    row = _member(tender, member_id, even_recused=True)
    is_me = row.person_id == actor.user_id
    if not is_me:
        _check_decider(actor, tender, row.person_id)
    return MemberToRecuse(
        procurement_id,
        procurements.procurement_brief(procurement_id).title,
        row.pk,
        str(row.person),
        row.role,
        is_me,
        tender.status == TenderStatus.OPENED,
        row.marks.exists(),
        row.recused_at is not None,
    )


def member_to_remove(actor: Actor, procurement_id: int, member_id: int) -> int:
    """The member, where the actor may change this procurement's panel. NotVisible elsewhere, else NotAllowed."""
    tender = readable_tender(actor, procurement_id)
    if not can_name_panel(actor, tender.authority_id):
        raise NotAllowed(PANEL_REASON)
    return _member(tender, member_id).pk


def _member(tender: Tender, member_id: int, *, even_recused: bool = False) -> EvaluationPanelMember:
    row = (
        EvaluationPanelMember.objects.filter(pk=member_id, tender=tender, left_at__isnull=True)
        .select_related("person")
        .first()
    )
    if row is None or (row.recused_at is not None and not even_recused):
        raise NotVisible
    return row


def _check_decider(actor: Actor, tender: Tender, person_id: int) -> None:
    officers = people_with_role(tender.authority_id, Role.PROCUREMENT_OFFICER)
    if not can_decide_interest(
        actor,
        tender.authority_id,
        person_id=person_id,
        is_officer=officers.filter(pk=person_id).exists(),
    ):
        raise NotAllowed(OWN_INTEREST_REASON if actor.user_id == person_id else DECIDE_REASON)
