"""Dividing a procurement into lots."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from procurement.procurements.models import Procurement, ProcurementLot, RouteOverride
from procurement.procurements.permissions import OFFICER, why_not_divide
from procurement.procurements.queries import (
    estimate_of,
    latest_decision,
    lot_of,
    procurement_for,
)
from procurement.procurements.rules import LotInput, clean_lots, in_proportion
from procurement.procurements.services.deciding import decide
from procurement.procurements.services.moves import move
from procurement.procurements.services.records import add
from procurement.procurements.vocabulary import DecisionStage, ProcurementDeed, ProcurementStatus
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.money import pounds

LIKE_THE_WHOLE = (
    "description", "directorate", "category", "cpv", "estimate_basis", "vat_rate_percent", "is_utilities",
    "commenced_on", "starts_on", "ends_on",
)  # fmt: skip


@transaction.atomic
def set_lots(
    *, actor: Actor, procurement_id: int, expected_version: int, lots: Sequence[LotInput]
) -> list[ProcurementLot]:
    """Replace the lots, before publication. None: undivided. Values are pounds on the estimate's VAT basis.

    RuleBroken unless there are at least two that add up to the estimate; Conflict when somebody saved meanwhile.
    """
    procurement = procurement_for(actor, procurement_id)
    if not OFFICER.allows(actor):
        raise NotAllowed(why_not_divide(actor, procurement))
    if reason := why_not_divide(actor, procurement):
        raise RuleBroken(reason)
    if lots and lot_of(procurement.pk) is not None:
        raise RuleBroken("This is a lot itself, so it is not divided again.")
    kept = clean_lots(procurement.estimate, lots)
    done = Procurement.objects.filter(pk=procurement.pk, version=expected_version).update(
        version=F("version") + 1
    )
    if not done:
        raise Conflict(
            "Somebody else saved this procurement after you opened it. What you typed is below: check it, then save "
            "again."
        )
    before = _as_text(list(ProcurementLot.objects.filter(procurement=procurement)))
    ProcurementLot.objects.filter(procurement=procurement).delete()
    rows = ProcurementLot.objects.bulk_create(
        ProcurementLot(
            procurement=procurement, number=number, title=lot.title, estimate=lot.estimate
        )
        for number, lot in enumerate(kept, start=1)
    )
    what = f"was divided into {len(rows)} lots" if rows else "is no longer divided into lots"
    record(
        actor=actor,
        deed=ProcurementDeed.LOTS_SET,
        sentence=f"{procurement.reference} {what}.",
        target=procurement,
        procurement_id=procurement.pk,
        before={"lots": before},
        after={"lots": _as_text(rows)},
    )
    return rows


@transaction.atomic
def tender_in_lots(*, actor: Actor, procurement_id: int) -> list[Procurement]:
    """Each lot becomes a procurement of its own, which stands alone from here on: its tender, bids, award, contract.

    All go the way of the whole. RuleBroken without lots that add up, or once a tender was started; Conflict when it
    is done already.
    """
    procurement = procurement_for(actor, procurement_id)
    if not OFFICER.allows(actor):
        raise NotAllowed(why_not_divide(actor, procurement))
    if procurement.status == ProcurementStatus.DIVIDED:
        raise Conflict("This procurement is tendered in lots already. Open a lot to go on.")
    if reason := why_not_divide(actor, procurement):
        raise RuleBroken(reason)
    lots = list(ProcurementLot.objects.filter(procurement=procurement).order_by("number"))
    clean_lots(procurement.estimate, [LotInput(lot.title, lot.estimate) for lot in lots])
    if not lots:
        raise RuleBroken("Divide it into lots first.")
    move(actor, procurement_id, ProcurementStatus.ROUTED, ProcurementStatus.DIVIDED)
    decision = latest_decision(procurement.pk)
    override = decision.override if decision else None
    return [_stand_alone(actor, procurement, lot, override) for lot in lots]


def _stand_alone(
    actor: Actor, whole: Procurement, lot: ProcurementLot, override: RouteOverride | None
) -> Procurement:
    values = {name: getattr(whole, name) for name in LIKE_THE_WHOLE}
    values |= {
        "title": f"{lot.title} (lot {lot.number} of {whole.title})"[:300],
        "estimate": lot.estimate,
        "estimate_other": in_proportion(lot.estimate, whole.estimate_basis, estimate_of(whole)),
    }
    made = add(
        actor,
        values,
        authority_id=whole.authority_id,
        owner_id=whole.owner_id,
        is_demonstration=whole.is_demonstration,
    )
    ProcurementLot.objects.filter(pk=lot.pk, tendered_as=None).update(tendered_as=made)
    decide(actor, made, DecisionStage.ENTRY, source="estimate of the whole", approved=override)
    return made


def _as_text(rows: Sequence[ProcurementLot]) -> list[str]:
    return [f"{row}, {pounds(row.estimate)}" for row in rows]
