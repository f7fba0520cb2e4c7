"""Shortfalls: one page each, the register of the authority, the supplier's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from procurement.awards import queries as awards
from procurement.remedies.models import (
    RemedyDecision,
    Shortfall,
)
from procurement.remedies.queries.standing import UNFINISHED, promised_of
from procurement.remedies.rules import Gap, gap_working
from procurement.remedies.vocabulary import (
    DecisionStatus,
    RemedyKind,
    ShortfallStatus,
)
from socialvalue.accounts.permissions import is_buyer, is_supplier
from socialvalue.core.actor import Actor
from socialvalue.core.money import from_pence, measured
from socialvalue.core.tables import Column, Table
from toms.valuation.rules import WorkingLine

SORTS = {
    "raised": "raised_at",
    "contract": "contract__title",
    "supplier": "supplier__name",
    "value": "gap_pence",
    "status": "status",
}


@dataclass(frozen=True, slots=True)
class ShortfallFilters:
    """What a person asks of the register. ``status`` may be ``unfinished``."""

    text: str = ""
    status: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class ShortfallRow:
    """A shortfall in a list. ``value`` None: counted, not valued."""

    id: int
    contract_id: int
    contract_title: str
    reference: str
    authority_name: str
    supplier_name: str
    measure_label: str
    unit: str
    as_at: date
    planned: Decimal
    verified: Decimal
    gap: Decimal
    value: Decimal | None
    lines: tuple[WorkingLine, ...]
    status: str
    raised_at: datetime
    remedy: str
    outcome: str

    @property
    def status_label(self) -> str:
        return ShortfallStatus(self.status).label

    @property
    def look(self) -> str:
        """How the status is drawn: an open shortfall is nothing green."""
        return "in_conversation" if self.status == ShortfallStatus.OPEN else self.status

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED

    @property
    def gap_shown(self) -> str:
        return measured(self.gap, self.unit)

    @property
    def planned_shown(self) -> str:
        return measured(self.planned, self.unit)

    @property
    def verified_shown(self) -> str:
        return measured(self.verified, self.unit)


def shortfalls_for(actor: Actor, filters: ShortfallFilters | None = None) -> QuerySet[Shortfall]:
    """The register: the authority's own, or those of the supplier."""
    wanted = filters or ShortfallFilters()
    rows = visible(actor).select_related("contract", "authority", "supplier")
    if wanted.status == "unfinished":
        rows = rows.filter(status__in=UNFINISHED)
    elif wanted.status in ShortfallStatus.values:
        rows = rows.filter(status=wanted.status)
    for word in wanted.text.split():
        rows = rows.filter(
            Q(contract__title__icontains=word)
            | Q(contract__reference__icontains=word)
            | Q(supplier__name__icontains=word)
            | Q(authority__name__icontains=word)
            | Q(commitment__measure__code__icontains=word)
            | Q(commitment__measure__title__icontains=word)
        )
    key = wanted.sort.removeprefix("-")
    sign = "-" if wanted.sort.startswith("-") or key not in SORTS else ""
    return rows.order_by(f"{sign}{SORTS.get(key, 'raised_at')}", "-id")


def shortfall_rows(rows: Iterable[Shortfall]) -> list[ShortfallRow]:
    """The rows as shown, in three queries whatever their number. The caller has shown visibility."""
    rows = list(rows)
    infos = awards.commitment_infos(row.commitment_id for row in rows)
    approved = RemedyDecision.objects.filter(
        shortfall__in=rows, status=DecisionStatus.APPROVED
    ).values_list("shortfall_id", "kind")
    remedies = {pk: RemedyKind(kind).label for pk, kind in approved}
    return [_row(row, infos[row.commitment_id], remedies.get(row.pk, "")) for row in rows]


def shortfalls_of(actor: Actor, contract_id: int) -> list[ShortfallRow]:
    """The shortfalls of a contract, newest first, to either party. NotVisible for anybody else."""
    awards.contract_for(actor, contract_id)
    rows = Shortfall.objects.filter(contract_id=contract_id)
    return shortfall_rows(rows.select_related("contract", "authority", "supplier"))


def plans_awaited(actor: Actor) -> list[ShortfallRow]:
    """Open shortfalls, oldest first: to the supplier those without a plan, to the authority those with one to agree."""
    rows = visible(actor).filter(
        status=ShortfallStatus.OPEN, rectification__isnull=is_supplier(actor)
    )
    return shortfall_rows(
        rows.select_related("contract", "authority", "supplier").order_by("raised_at", "id")
    )


def shortfall_table(actor: Actor, filters: ShortfallFilters) -> Table:
    """Exactly what the register shows under these filters, for CSV and XLSX."""
    return Table(
        caption="Shortfalls",
        columns=(
            Column("Contract", width=40),
            Column("Reference"),
            Column("Authority", width=30),
            Column("Supplier", width=30),
            Column("Measure", width=40),
            Column("As at", "date"),
            Column("Planned", "number"),
            Column("Verified", "number"),
            Column("Missing", "number"),
            Column("Unit"),
            Column("Worth (£)", "money", is_social_value=True),
            Column("Status"),
            Column("Remedy", width=30),
            Column("Outcome", width=50),
        ),
        rows=[
            (
                row.contract_title,
                row.reference,
                row.authority_name,
                row.supplier_name,
                row.measure_label,
                row.as_at,
                row.planned,
                row.verified,
                row.gap,
                row.unit,
                row.value,
                row.status_label,
                row.remedy,
                row.outcome,
            )
            for row in shortfall_rows(shortfalls_for(actor, filters))
        ],
        empty="No shortfall matches.",
    )


def visible(actor: Actor) -> QuerySet[Shortfall]:
    if is_buyer(actor):
        return Shortfall.objects.filter(authority_id=actor.organisation_id)
    if is_supplier(actor):
        return Shortfall.objects.filter(supplier_id__in=actor.organisation_ids)
    return Shortfall.objects.none()


def _row(row: Shortfall, info: awards.CommitmentInfo, remedy: str) -> ShortfallRow:
    promised = promised_of(info)
    gap = Gap(row.as_at, row.planned, Decimal(0), row.verified, has_ended=False)
    return ShortfallRow(
        id=row.pk,
        contract_id=row.contract_id,
        contract_title=row.contract.title,
        reference=row.contract.reference,
        authority_name=row.authority.name,
        supplier_name=row.supplier.name,
        measure_label=info.measure.label,
        unit=info.measure.unit,
        as_at=row.as_at,
        planned=row.planned,
        verified=row.verified,
        gap=row.gap,
        value=from_pence(row.gap_pence) if promised.is_valued else None,
        lines=gap_working(promised, gap),
        status=row.status,
        raised_at=row.raised_at,
        remedy=remedy,
        outcome=row.outcome,
    )
