"""Contracts, for the authority that made them and the supplier that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from procurement.awards.models import AwardSummary, Contract
from procurement.awards.queries.commitments import standing_now
from procurement.awards.vocabulary import ContractStatus
from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from procurement.procurements.vocabulary import EstimateBasis
from socialvalue.accounts.permissions import is_buyer, is_supplier
from socialvalue.core import money
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.tables import Column, Table

ZERO = Decimal(0)


SORTS = {
    "title": "title",
    "supplier": "supplier__name",
    "authority": "authority__name",
    "value": "value",
    "committed": "committed_pence",
    "starts": "starts_on",
    "ends": "ran_until",
}


@dataclass(frozen=True, slots=True)
class ContractFilters:
    """What a person asks of the list. ``sort`` is a key of SORTS, with a minus for descending."""

    search: str = ""
    status: str = ""
    sort: str = "-starts"


@dataclass(frozen=True, slots=True)
class ContractBrief:
    """A contract as later rooms know it."""

    id: int
    procurement_id: int
    reference: str
    title: str
    authority_id: int
    authority_name: str
    supplier_id: int
    supplier_name: str
    value: Decimal
    value_basis: str
    starts_on: date
    ends_on: date
    status: str
    signed_on: date | None
    is_demonstration: bool
    ended_on: date | None = None
    """Once it is closed: the last day it ran."""

    @property
    def last_day(self) -> date:
        """The day it ended, or the day it is to end. Nothing falls due and nothing is delivered after it."""
        return self.ended_on or self.ends_on

    @property
    def ended_early(self) -> bool:
        """It was terminated before its end."""
        return self.last_day < self.ends_on

    @property
    def is_live(self) -> bool:
        return self.status == ContractStatus.LIVE

    @property
    def is_unsigned(self) -> bool:
        """Awarded, and not running yet."""
        return self.status == ContractStatus.AWARDED

    @property
    def has_ended(self) -> bool:
        return self.status == ContractStatus.ENDED


def contracts_for(actor: Actor, filters: ContractFilters | None = None) -> QuerySet[Any]:
    """The authority's own contracts, or those the supplier knows of; each with ``committed_pence`` and
    ``ran_until``, the day it ended or is to end."""
    rows = _visible(actor).select_related("authority", "supplier__merged_into")
    rows = rows.annotate(
        committed_pence=Coalesce(
            Subquery(pence_of_contract(standing_now())), 0, output_field=BigIntegerField()
        ),
        commitment_count=Count("commitments"),
        ran_until=ran_until(),
    )
    wanted = filters or ContractFilters()
    for word in wanted.search.split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(reference__icontains=word)
            | Q(supplier__name__icontains=word)
            | Q(authority__name__icontains=word)
        )
    if wanted.status in ContractStatus.values:
        rows = rows.filter(status=wanted.status)
    key = wanted.sort.removeprefix("-")
    field = SORTS.get(key, "starts_on")
    prefix = "-" if wanted.sort.startswith("-") or key not in SORTS else ""
    return rows.order_by(f"{prefix}{field}", "-id")


class RunningContract(NamedTuple):
    """A signed contract as the figures of a period know it."""

    id: int
    title: str
    reference: str
    value: Decimal
    value_basis: str
    ends_on: date
    ended_on: date | None
    status: str
    supplier_name: str
    supplier_place: str
    supplier_postcode_district: str
    supplier_is_sme: bool | None
    supplier_is_vcse: bool | None

    @property
    def last_day(self) -> date:
        """The day it ended, or the day it is to end."""
        return self.ended_on or self.ends_on

    @property
    def has_ended(self) -> bool:
        return self.status == ContractStatus.ENDED


def contracts_in(
    actor: Actor, first: date, last: date, directorate: str = ""
) -> list[RunningContract]:
    """The actor's signed contracts that run on at least one of these days, of one directorate or of all, the latest
    begun first. One query."""
    rows = (
        _visible(actor)
        .alias(ran_until=ran_until())
        .filter(starts_on__lte=last, ran_until__gte=first)
        .exclude(status=ContractStatus.AWARDED)
    )
    return running_of(rows, directorate)


AS_KNOWN = ("pk", "title", "reference", "value", "value_basis")
STANDING = ("ends_on", "ended_on", "status")
OF_SUPPLIER = tuple(
    f"supplier__{name}" for name in ("name", "place", "postcode_district", "is_sme", "is_vcse")
)


def running_of(
    rows: QuerySet[Any], directorate: str, standing: Sequence[str] = STANDING
) -> list[RunningContract]:
    """These signed contracts, of one directorate or of all, the latest begun first; ``standing`` are the columns that
    hold the day each is to end, the day it ended and its status. One query."""
    if directorate:
        rows = rows.filter(procurement__directorate=directorate)
    found = rows.order_by("-starts_on", "-id").values_list(*AS_KNOWN, *standing, *OF_SUPPLIER)
    return [RunningContract(*row) for row in found]


def ran_until() -> Coalesce:
    """The last day of a contract: the one it ended on, or is to end on."""
    return Coalesce("ended_on", "ends_on")


def pence_of_contract(standing: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Pence that the commitments of the contract outside stand at, of rows with ``pence_now``: one ``total``."""
    return (
        standing.filter(contract_id=OuterRef("pk"))
        .order_by()
        .values("contract_id")
        .annotate(total=Sum("pence_now"))
        .values("total")
    )


def contracts_running(authority_ids: Iterable[int], first: date, last: date) -> QuerySet[Any]:
    """Signed contracts of these authorities that run on at least one of these days, each with ``committed_pence``.

    No actor: the caller has shown that the reader may know totals of the authorities.
    """
    return (
        Contract.objects.alias(ran_until=ran_until())
        .filter(authority_id__in=set(authority_ids), starts_on__lte=last, ran_until__gte=first)
        .exclude(status=ContractStatus.AWARDED)
        .annotate(
            committed_pence=Coalesce(
                Subquery(pence_of_contract(standing_now())), 0, output_field=BigIntegerField()
            )
        )
        .order_by("authority_id", "pk")
    )


def contract_for(actor: Actor, contract_id: int) -> Contract:
    """One contract of the actor's organisation, buyer or supplier. NotVisible for anybody else, and for the supplier
    until it is told of the award."""
    found = (
        _visible(actor)
        .select_related(
            "authority", "supplier__merged_into", "award__approved_by", "award__bid", "procurement"
        )
        .filter(pk=contract_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def contract_brief(contract_id: int) -> ContractBrief:
    """A contract for a room that has shown visibility itself. NotVisible when there is none."""
    found = contract_briefs([contract_id]).get(contract_id)
    if found is None:
        raise NotVisible
    return found


def contract_briefs(ids: Iterable[int]) -> dict[int, ContractBrief]:
    rows = Contract.objects.select_related("authority", "supplier__merged_into").filter(
        pk__in=set(ids)
    )
    return {row.pk: brief_of(row) for row in rows}


def contract_of_procurement(procurement_id: int) -> ContractBrief | None:
    """The contract a procurement led to. The caller has shown that the actor may see it."""
    rows = Contract.objects.select_related("authority", "supplier__merged_into")
    found = rows.filter(procurement_id=procurement_id).first()
    return brief_of(found) if found else None


def contract_ids_for(actor: Actor) -> list[int]:
    """Ids of every contract the actor may see."""
    return list(_visible(actor).order_by("pk").values_list("pk", flat=True))


def contracts_table(actor: Actor, filters: ContractFilters) -> Table:
    """Exactly what the list shows under these filters, for CSV and XLSX."""
    rows = list(contracts_for(actor, filters))
    claimed = value_by_contract([row.pk for row in rows], basis=Basis.CLAIMED)
    evidenced = value_by_contract([row.pk for row in rows], basis=Basis.EVIDENCED)
    verified = value_by_contract([row.pk for row in rows], basis=Basis.VERIFIED)
    return Table(
        caption="Contracts",
        columns=(
            Column("Reference"),
            Column("Contract", width=40),
            Column("Authority", width=30),
            Column("Supplier", width=30),
            Column("Status"),
            Column("Starts", "date"),
            Column("Ends", "date"),
            Column("Contract value (£)", "money"),
            Column("VAT"),
            Column("Commitments", "number"),
            Column("Social value committed (£)", "money", is_social_value=True),
            Column("Social value claimed (£)", "money", is_social_value=True),
            Column("Social value evidenced (£)", "money", is_social_value=True),
            Column("Social value verified (£)", "money", is_social_value=True),
        ),
        rows=[
            (
                row.reference,
                row.title,
                row.authority.name,
                row.supplier.name_now,
                row.get_status_display(),
                row.starts_on,
                row.last_day,
                row.value,
                EstimateBasis(row.value_basis).label,
                row.commitment_count,
                money.from_pence(row.committed_pence),
                claimed[row.pk],
                evidenced[row.pk],
                verified[row.pk],
            )
            for row in rows
        ],
        empty="No contracts match.",
    )


def value_by_contract(contract_ids: Sequence[int], *, basis: str) -> dict[int, Decimal]:
    """£ of one basis of each of these contracts, straight from the ledger, in one query."""
    found = {
        row.key[0]: money.from_pence(row.value_pence)
        for row in ledger.sums(basis=basis, by=("contract_id",), contract_ids=contract_ids)
    }
    return {pk: found.get(pk, ZERO) for pk in contract_ids}


def _visible(actor: Actor) -> QuerySet[Contract]:
    if is_buyer(actor):
        return Contract.objects.filter(authority_id=actor.organisation_id)
    if is_supplier(actor):
        return Contract.objects.filter(is_told(), supplier_id__in=actor.organisation_ids)
    return Contract.objects.none()


def is_told() -> Q:
    """Contracts whose supplier knows of them: every bidder has its summary, or it is signed. No winner learns first."""
    issued = AwardSummary.objects.filter(award_id=OuterRef("award_id"), issued_at__isnull=False)
    return ~Q(status=ContractStatus.AWARDED) | Q(Exists(issued))


def brief_of(row: Contract) -> ContractBrief:
    """The caller has shown that the actor may see it; its two organisations are read with it."""
    return ContractBrief(
        id=row.pk,
        procurement_id=row.procurement_id,
        reference=row.reference,
        title=row.title,
        authority_id=row.authority_id,
        authority_name=row.authority.name,
        supplier_id=row.supplier_id,
        supplier_name=row.supplier.name_now,
        value=row.value,
        value_basis=row.value_basis,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        status=row.status,
        signed_on=row.signed_on,
        is_demonstration=row.authority.is_demonstration,
        ended_on=row.ended_on,
    )
