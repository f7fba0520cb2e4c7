"""Shared deliveries: to the supplier with all who count them, to an authority only its own part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from procurement.awards import queries as awards
from procurement.deliveries.models import Allocation, Claim, SharedDelivery
from procurement.deliveries.permissions import CLAIM_REASON, can_claim
from procurement.deliveries.queries.claims import ClaimRow, claim_for, claim_rows
from procurement.deliveries.queries.parts import PartSeen, parts_of
from procurement.deliveries.rules import Whole
from procurement.deliveries.vocabulary import ClaimStatus
from socialvalue.accounts.permissions import is_supplier
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.money import measured

RELEASED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class SharedRow:
    """A delivery as its supplier sees it. ``counted_by`` are the claims that count a part of it now."""

    id: int
    title: str
    unit: str
    delivered_on: date
    whole: Whole
    counted_by: int

    @property
    def quantity_shown(self) -> str:
        return measured(self.whole.quantity, self.unit)

    @property
    def allocated_shown(self) -> str:
        return measured(self.whole.allocated, self.unit)

    @property
    def left_shown(self) -> str:
        return measured(self.whole.left, self.unit)

    @property
    def is_whole_counted(self) -> bool:
        return self.whole.left == 0


@dataclass(frozen=True, slots=True)
class CountedBy:
    """A claim that counts a part, with its contract and authority: to the supplier only."""

    claim: ClaimRow
    part_shown: str
    made_at: date


@dataclass(frozen=True, slots=True)
class SharedPage:
    """``counts`` are the parts that count now, oldest first; ``released`` the newest of those that count no more."""

    row: SharedRow
    counts: QuerySet[Allocation]
    released: tuple[CountedBy, ...]
    released_count: int


@dataclass(frozen=True, slots=True)
class PartsPage:
    """The parts one claim counts, and what else it could count."""

    claim: ClaimRow
    parts: tuple[PartSeen, ...]
    choices: tuple[SharedRow, ...]
    may_change: bool


def shared_deliveries(actor: Actor, text: str = "") -> QuerySet[SharedDelivery]:
    """What the actor's supplier recorded, newest first. NotAllowed for who is no supplier."""
    if not is_supplier(actor):
        raise NotAllowed(CLAIM_REASON)
    rows = SharedDelivery.objects.filter(supplier_id__in=actor.organisation_ids)
    return rows.filter(title__icontains=text) if text else rows


def shared_rows(deliveries: Iterable[SharedDelivery]) -> list[SharedRow]:
    """Deliveries ready to show, in two queries."""
    deliveries = list(deliveries)
    held = Allocation.objects.filter(delivery__in=deliveries, quantity__gt=0).order_by()
    counts = dict(held.values_list("delivery_id").annotate(n=Count("pk")))
    return [
        SharedRow(
            row.pk,
            row.title,
            row.unit,
            row.delivered_on,
            Whole(row.title, row.unit, row.quantity, row.allocated),
            counts.get(row.pk, 0),
        )
        for row in deliveries
    ]


def shared_page(actor: Actor, delivery_id: int) -> SharedPage:
    """Who counts how much of a delivery: to its supplier. NotVisible for anybody else."""
    found = shared_deliveries(actor).filter(pk=delivery_id).first()
    if found is None:
        raise NotVisible
    rows = Allocation.objects.filter(delivery=found).select_related("claim", "claim__submitted_by")
    released = rows.filter(quantity=0).order_by("-pk")
    return SharedPage(
        row=shared_rows([found])[0],
        counts=rows.filter(quantity__gt=0).order_by("pk"),
        released=tuple(counted_by(released[:RELEASED_SHOWN], found.unit)),
        released_count=released.count(),
    )


def counted_by(allocations: Iterable[Allocation], unit: str) -> list[CountedBy]:
    """Parts of a delivery in ``unit`` that the actor was shown, with their claims: one or many, as many queries."""
    rows = list(allocations)
    claims = {claim.id: claim for claim in claim_rows(row.claim for row in rows)}
    return [
        CountedBy(claims[row.claim_id], measured(row.quantity, unit), row.made_at.date())
        for row in rows
    ]


def parts_page(actor: Actor, claim_id: int) -> PartsPage:
    """To the supplier of the claim. NotVisible for strangers, NotAllowed for the authority."""
    claim = claim_for(actor, claim_id)
    if not can_claim(actor, claim):
        raise NotAllowed(CLAIM_REASON)
    measure = claim.commitment.measure
    parts = tuple(parts_of([claim_id]).get(claim_id, ()))
    free = SharedDelivery.objects.filter(supplier_id=claim.supplier_id, unit=measure.unit)
    kept = {part.delivery_id for part in parts}
    choices = [
        row
        for row in shared_rows(free.order_by("title", "pk"))
        if row.whole.left > 0 or row.id in kept
    ]
    return PartsPage(
        claim=claim,
        parts=parts,
        choices=tuple(choices) if measure.adds_up else (),
        may_change=claim.status in (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED),
    )


def shareable_units(actor: Actor) -> list[str]:
    """Units of what the actor's contracts promise that can be split: a share of a whole cannot."""
    promised = awards.commitments_of_contracts(awards.contract_ids_for(actor))
    return sorted({row.measure.unit for row in promised if row.measure.adds_up})


def waiting_quarters() -> set[tuple[int, date]]:
    """Authority and quarter of every claim that waits. No actor: for the job that draws the samples."""
    rows = Claim.objects.filter(status=ClaimStatus.SUBMITTED).order_by()
    return set(rows.values_list("authority_id", "quarter").distinct())
