"""Dividing a procurement into lots."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from procurement.procurements.models import Procurement, ProcurementLot
from procurement.procurements.permissions import OFFICER, why_not_divide
from procurement.procurements.queries import procurement_for
from procurement.procurements.rules import LotInput, clean_lots
from procurement.procurements.vocabulary import ProcurementDeed
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.money import pounds


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


def _as_text(rows: Sequence[ProcurementLot]) -> list[str]:
    return [f"{row}, {pounds(row.estimate)}" for row in rows]
