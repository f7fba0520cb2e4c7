"""Who is invited: the buyer's list, and a published tender as an invited supplier sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from procurement.procurements.queries import (
    PartOf,
    procurement_brief,
    procurement_briefs,
)
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import TenderInvitation
from procurement.tenders.permissions import can_be_invited
from procurement.tenders.queries.asked import (
    QuestionInfo,
    RequirementInfo,
    questions_of,
    requirements_of,
)
from procurement.tenders.queries.scoring import scoring_now
from procurement.tenders.queries.tenders import mark_scale_of, place_name, tender_for
from procurement.tenders.rules import ScoringInWords
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.accounts.queries import organisation_names, suppliers
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.proxies.rules import sector_name


@dataclass(frozen=True, slots=True)
class InvitationInfo:
    """A supplier the authority has asked to bid."""

    id: int
    supplier_id: int
    supplier_name: str
    invited_at: datetime


@dataclass(frozen=True, slots=True)
class TenderView:
    """A published tender as an invited supplier sees it. Nothing about anybody else who is invited."""

    tender_id: int
    supplier_id: int
    """As which of the reader's suppliers it is seen: their own, or one that was merged into it."""
    reference: str
    title: str
    authority_id: int
    authority_name: str
    status: str
    is_withdrawn: bool
    deadline_at: datetime
    place: str
    sector: str
    starts_on: date | None
    ends_on: date | None
    requirements: list[RequirementInfo]
    questions: list[QuestionInfo]
    scoring: ScoringInWords | None
    mark_scale: tuple[str, ...]
    """What the marks 0 to 5 mean."""
    part_of: PartOf | None = None
    """Its place among the lots of a whole."""

    def is_open_at(self, now: datetime) -> bool:
        """True while offers can be submitted: before the deadline, not at it."""
        return (
            self.status == TenderStatus.PUBLISHED
            and not self.is_withdrawn
            and now < self.deadline_at
        )

    @property
    def place_name(self) -> str:
        return place_name(self.place)

    @property
    def sector_name(self) -> str:
        return sector_name(self.sector) if self.sector else ""


@dataclass(frozen=True, slots=True)
class SupplierInvitation:
    """One line of a supplier's list."""

    tender_id: int
    supplier_id: int
    """As which of the actor's suppliers: itself, or one that was merged into it."""
    reference: str
    title: str
    authority_name: str
    deadline_at: datetime
    invited_at: datetime
    status: str
    is_withdrawn: bool
    part_of: PartOf | None = None


def _invitations(actor: Actor) -> QuerySet[TenderInvitation]:
    """Published tenders this supplier is asked to bid for. Where one that was merged into it is asked too, the
    invitation of its own name counts."""
    if not can_be_invited(actor):
        return TenderInvitation.objects.none()
    own = TenderInvitation.objects.filter(
        tender_id=OuterRef("tender_id"), supplier_id=actor.organisation_id
    )
    return (
        TenderInvitation.objects.filter(supplier_id__in=actor.organisation_ids)
        .exclude(~Q(supplier_id=actor.organisation_id) & Exists(own))
        .exclude(tender__status=TenderStatus.DRAFT)
        .select_related("tender")
        .order_by("-tender__deadline_at", "-pk")
    )


def tender_for_bidder(actor: Actor, tender_id: int) -> TenderView:
    """A published tender for a supplier that is invited to it. NotVisible for everybody else."""
    invitation = _invitations(actor).filter(tender_id=tender_id).first()
    if invitation is None:
        raise NotVisible
    tender = invitation.tender
    brief = procurement_brief(tender.procurement_id)
    assert tender.deadline_at is not None  # noqa: S101  # a constraint ties it to publication
    requirements, questions = requirements_of(tender.pk), questions_of(tender.pk)
    return TenderView(
        tender_id=tender.pk,
        supplier_id=invitation.supplier_id,
        reference=brief.reference,
        title=brief.title,
        authority_id=tender.authority_id,
        authority_name=brief.authority_name,
        status=tender.status,
        is_withdrawn=brief.status == ProcurementStatus.WITHDRAWN,
        deadline_at=tender.deadline_at,
        place=tender.place,
        sector=tender.sector,
        starts_on=brief.starts_on,
        ends_on=brief.ends_on,
        requirements=requirements,
        questions=questions,
        scoring=scoring_now(tender, requirements, questions),
        mark_scale=mark_scale_of(tender),
        part_of=brief.part_of,
    )


def invitations_for(actor: Actor) -> list[SupplierInvitation]:
    """Every published tender the actor's supplier is invited to, latest deadline first."""
    found = []
    rows = list(_invitations(actor))
    briefs = procurement_briefs([row.tender.procurement_id for row in rows])
    for row in rows:
        tender = row.tender
        brief = briefs[tender.procurement_id]
        assert tender.deadline_at is not None  # noqa: S101  # a constraint ties it to publication
        found.append(
            SupplierInvitation(
                tender.pk,
                row.supplier_id,
                brief.reference,
                brief.title,
                brief.authority_name,
                tender.deadline_at,
                row.invited_at,
                tender.status,
                brief.status == ProcurementStatus.WITHDRAWN,
                brief.part_of,
            )
        )
    return found


def invited_suppliers(actor: Actor, tender_id: int) -> list[InvitationInfo]:
    """Whom the authority has asked. Says nothing about who has answered."""
    tender_for(actor, tender_id)
    return invited_to(tender_id)


def invited_to(tender_id: int) -> list[InvitationInfo]:
    rows = list(TenderInvitation.objects.filter(tender_id=tender_id).order_by("pk"))
    names = organisation_names([row.supplier_id for row in rows])
    return [InvitationInfo(r.pk, r.supplier_id, names[r.supplier_id], r.invited_at) for r in rows]


@dataclass(frozen=True, slots=True)
class SupplierChoice:
    id: int
    name: str


def suppliers_to_invite(actor: Actor, tender_id: int, search: str = "") -> list[SupplierChoice]:
    """Known suppliers that are not invited yet, by name; ``search`` keeps those whose name contains it."""
    tender_for(actor, tender_id)
    invited = TenderInvitation.objects.filter(tender_id=tender_id).values("supplier_id")
    rows = suppliers().exclude(pk__in=invited)
    if search.strip():
        rows = rows.filter(Q(name__icontains=search.strip()))
    return [SupplierChoice(pk, name) for pk, name in rows.values_list("pk", "name")]
