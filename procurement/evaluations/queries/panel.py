"""Who is on the panel of a tender, what they declared, and what is missing before the bids can be opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from procurement.evaluations.models import EvaluationInterest, EvaluationPanelMember
from procurement.evaluations.queries.scoring import scoring_of
from procurement.evaluations.rules.panels import Seat, lacking
from procurement.evaluations.vocabulary import InterestDecision, PanelRole
from procurement.tenders import queries as tenders

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class Interest:
    """What one member declared about one supplier. ``decision`` is empty where nothing is to decide, or not yet."""

    id: int
    supplier_id: int
    supplier_name: str
    has_interest: bool
    text: str
    declared_at: datetime
    decision: str
    decision_reason: str
    decided_by: str

    @property
    def is_undecided(self) -> bool:
        return self.has_interest and not self.decision

    @property
    def decision_label(self) -> str:
        return str(InterestDecision(self.decision).label) if self.decision else ""


@dataclass(frozen=True, slots=True)
class Panellist:
    """One person on the panel with their declarations. ``undeclared``: invited suppliers not declared about yet."""

    id: int
    person_id: int
    name: str
    role: str
    added_at: datetime
    recused_at: datetime | None
    recusal_reason: str
    locked_at: datetime | None
    interests: tuple[Interest, ...]
    undeclared: tuple[str, ...]

    @property
    def role_label(self) -> str:
        return str(PanelRole(self.role).label)

    @property
    def seat(self) -> Seat:
        return Seat(self.id, self.person_id, self.role, self.recused_at is not None, self.locked_at)

    @property
    def is_recused(self) -> bool:
        return self.recused_at is not None

    @property
    def undecided(self) -> tuple[Interest, ...]:
        return tuple(row for row in self.interests if row.is_undecided)

    @property
    def declared_interests(self) -> tuple[Interest, ...]:
        return tuple(row for row in self.interests if row.has_interest)

    @property
    def is_cleared(self) -> bool:
        """Has declared about every invited supplier, and every interest is decided in favour of staying."""
        return not self.is_recused and not self.undeclared and not self.undecided


def panel_of(tender_id: int) -> list[Panellist]:
    """The panel as it is, recused members too, in the order of naming. For callers who have shown the visibility.

    Four queries, whatever the size of the panel and the number of suppliers.
    """
    members = list(
        EvaluationPanelMember.objects.filter(tender_id=tender_id, left_at__isnull=True)
        .select_related("person")
        .order_by("pk")
    )
    if not members:
        return []
    invited = {row.supplier_id: row.supplier_name for row in tenders.invited_to(tender_id)}
    declared: dict[int, list[EvaluationInterest]] = {row.pk: [] for row in members}
    rows = EvaluationInterest.objects.filter(member__in=members).select_related(
        "supplier", "decided_by"
    )
    for row in rows.order_by("pk"):
        declared[row.member_id].append(row)
    return [_panellist(row, declared[row.pk], invited) for row in members]


def _panellist(
    row: EvaluationPanelMember, declared: Sequence[EvaluationInterest], invited: dict[int, str]
) -> Panellist:
    known = {interest.supplier_id for interest in declared}
    return Panellist(
        id=row.pk,
        person_id=row.person_id,
        name=str(row.person),
        role=row.role,
        added_at=row.added_at,
        recused_at=row.recused_at,
        recusal_reason=row.recusal_reason,
        locked_at=row.locked_at,
        interests=tuple(_interest(interest) for interest in declared),
        undeclared=tuple(name for pk, name in invited.items() if pk not in known),
    )


def _interest(row: EvaluationInterest) -> Interest:
    return Interest(
        id=row.pk,
        supplier_id=row.supplier_id,
        supplier_name=row.supplier.name,
        has_interest=row.has_interest,
        text=row.text,
        declared_at=row.declared_at,
        decision=row.decision,
        decision_reason=row.decision_reason,
        decided_by="" if row.decided_by is None else str(row.decided_by),
    )


def seats_of(tender_id: int) -> list[Seat]:
    """The same without what was declared, in one query: for arithmetic and for who sees whose marks."""
    rows = EvaluationPanelMember.objects.filter(tender_id=tender_id, left_at__isnull=True)
    return [
        Seat(row.pk, row.person_id, row.role, row.recused_at is not None, row.locked_at)
        for row in rows.order_by("pk")
    ]


def seat_in(seats: Sequence[Seat], person_id: int | None) -> Seat | None:
    return next((seat for seat in seats if seat.person_id == person_id), None)


def missing_for_opening(tender: Tender) -> list[str]:
    """Why the bids cannot be opened yet, each as a sentence that says how to mend it; empty when nothing is missing.

    Where no answer is to be marked no panel is needed; whoever is named all the same still declares. Somebody
    recused declares nothing more.
    """
    panel = panel_of(tender.pk)
    found = lacking([row.seat for row in panel]) if scoring_of(tender).to_mark else []
    for row in panel:
        found.extend(_waiting_for(row))
    return found


def _waiting_for(row: Panellist) -> list[str]:
    if row.is_recused:
        return []
    found = []
    if row.undeclared:
        found.append(f"{row.name} has still to declare interests in {_named(row.undeclared)}.")
    found.extend(
        f"Decide whether {row.name} stays, who declared an interest in {interest.supplier_name}."
        for interest in row.undecided
    )
    return found


def _named(names: Sequence[str]) -> str:
    """One or two by name, more as a number."""
    if len(names) <= 2:
        return " and ".join(names)
    return f"{len(names)} invited suppliers"
