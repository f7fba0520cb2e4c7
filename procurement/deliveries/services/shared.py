"""One real delivery, and the parts of it that claims count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Sum

from procurement.awards import queries as awards
from procurement.deliveries.models import Allocation, SharedDelivery
from procurement.deliveries.permissions import CLAIM_REASON
from procurement.deliveries.rules import (
    SHARED_DECIDED,
    Part,
    Whole,
    check_claim_holds,
    check_part,
    check_recorded,
    shared_title,
    too_much,
)
from procurement.deliveries.services.steps import claim_to_change, keep_record, move, person_of
from procurement.deliveries.vocabulary import ClaimStatus, DeliveryDeed
from socialvalue.accounts.permissions import is_supplier
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.money import measured

if TYPE_CHECKING:
    from procurement.awards.queries import CommitmentInfo
    from procurement.deliveries.models import Claim

SUM_HELD = "shared_delivery_allocated_at_most_whole"
CHANGEABLE = (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED)


@transaction.atomic
def record_shared_delivery(
    *,
    actor: Actor,
    what: str,
    number: int,
    unit: str,
    quantity: Decimal,
    delivered_on: date,
) -> SharedDelivery:
    """Keep one real delivery of the actor's own organisation, called by its role and number.

    NotAllowed for who is no supplier, RuleBroken with every fault of the form, and for a title that is there already.
    """
    if not is_supplier(actor) or actor.organisation_id is None:
        raise NotAllowed(CLAIM_REASON)
    check_recorded(
        what=what,
        number=number,
        quantity=quantity,
        unit=unit,
        delivered_on=delivered_on,
        today=clock.today(),
    )
    title = shared_title(what, number)
    own = SharedDelivery.objects.filter(supplier_id__in=actor.organisation_ids)
    if own.filter(title__iexact=title).exists():
        raise RuleBroken(
            f"{title} is recorded already. Choose another number, or open the one there is",
            field="number",
        )
    delivery = SharedDelivery.objects.create(
        supplier_id=actor.organisation_id,
        title=title,
        unit=unit,
        quantity=quantity,
        delivered_on=delivered_on,
        made_at=clock.now(),
        made_by_id=person_of(actor),
    )
    record(
        actor=actor,
        deed=DeliveryDeed.DELIVERY_SHARED,
        sentence=f"Recorded {title}: {measured(quantity, unit)}.",
        target=delivery,
        after={"quantity": str(quantity), "unit": unit},
    )
    return delivery


@transaction.atomic
def allocate(*, actor: Actor, claim_id: int, delivery_id: int, quantity: Decimal) -> Allocation:
    """Let a claim that waits or is returned count this much of a delivery; 0 takes the part back.

    The claim gets a new version: whoever opened it before sees it again before deciding. NotVisible for another
    supplier's claim or delivery, Conflict once the claim is decided on, RuleBroken for more than is left of the
    delivery, for another unit, and for more than the claim says.
    """
    claim = claim_to_change(actor, claim_id)
    if claim.status not in CHANGEABLE:
        word = ClaimStatus(claim.status).label.lower()
        raise Conflict(f"{SHARED_DECIDED.format(status=word)}.")
    made = _set_part(actor, claim, Part(delivery_id, quantity))
    check_parts(claim)
    move(claim, claim.version, CHANGEABLE)
    return made


def allocate_parts(actor: Actor, claim: Claim, parts: Sequence[tuple[int, Decimal]]) -> None:
    """The parts a claim names when it is sent, as delivery and quantity, in the transaction that sends it."""
    for delivery_id, quantity in sorted(parts):
        _set_part(actor, claim, Part(delivery_id, quantity))
    check_parts(claim)


def check_parts(claim: Claim) -> None:
    """RuleBroken when the claim says less than its parts of shared deliveries come to."""
    parts = claim.allocations.aggregate(whole=Sum("quantity"))["whole"] or Decimal(0)
    if parts:
        unit = awards.commitment_info(claim.commitment_id).measure.unit
        check_claim_holds(claim.quantity, parts, unit)


def release_parts(actor: Actor, claim: Claim, why: str) -> None:
    """What a claim that no longer stands counted of shared deliveries is free again."""
    held = list(
        claim.allocations.filter(quantity__gt=0).select_related("delivery").order_by("delivery_id")
    )
    for row in held:
        was, row.quantity = row.quantity, Decimal(0)
        row.save(update_fields=["quantity"])
        keep_record(
            actor,
            claim,
            awards.contract_for(actor, claim.contract_id),
            DeliveryDeed.DELIVERY_RELEASED,
            f"{why}: {measured(was, row.delivery.unit)} of {row.delivery.title} is free again.",
        )


def _set_part(actor: Actor, claim: Claim, part: Part) -> Allocation:
    # Locked until the end: who comes second reads what the first left.
    delivery = (
        SharedDelivery.objects.select_for_update(of=("self",)).filter(pk=part.delivery_id).first()
    )
    if delivery is None or delivery.supplier_id != claim.supplier_id:
        raise NotVisible
    commitment = awards.commitment_info(claim.commitment_id)
    row = Allocation.objects.filter(delivery=delivery, claim=claim).first()
    whole = Whole(
        delivery.title,
        delivery.unit,
        delivery.quantity,
        delivery.allocated,
        Decimal(0) if row is None else row.quantity,
    )
    check_part(
        whole, part.quantity, unit=commitment.measure.unit, adds_up=commitment.measure.adds_up
    )
    made = _write(actor, claim, delivery, row, part.quantity, whole)
    _tell(actor, claim, commitment, delivery, part.quantity)
    return made


def _write(
    actor: Actor,
    claim: Claim,
    delivery: SharedDelivery,
    row: Allocation | None,
    quantity: Decimal,
    whole: Whole,
) -> Allocation:
    try:
        with transaction.atomic():
            if row is None:
                return Allocation.objects.create(
                    delivery=delivery,
                    claim=claim,
                    quantity=quantity,
                    made_at=clock.now(),
                    made_by_id=person_of(actor),
                )
            row.quantity = quantity
            row.save(update_fields=["quantity"])
            return row
    except IntegrityError as error:
        if SUM_HELD in str(error):
            raise RuleBroken(too_much(whole), field="quantity") from error
        raise


def _tell(
    actor: Actor,
    claim: Claim,
    commitment: CommitmentInfo,
    delivery: SharedDelivery,
    quantity: Decimal,
) -> None:
    deed = DeliveryDeed.DELIVERY_ALLOCATED if quantity else DeliveryDeed.DELIVERY_RELEASED
    unit = commitment.measure.unit
    told = f"Counts {measured(quantity, unit)} of" if quantity else "Counts nothing any more of"
    keep_record(
        actor,
        claim,
        awards.contract_for(actor, claim.contract_id),
        deed,
        f"{told} {delivery.title}.",
    )
