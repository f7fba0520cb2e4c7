"""Why the route was not followed, told afterwards."""

from __future__ import annotations

from django.db import transaction

from procurement.procurements.models import RouteDeviation
from procurement.procurements.permissions import why_not_explain
from procurement.procurements.queries import procurement_for
from procurement.procurements.vocabulary import ProcurementDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, RuleBroken

MAX_REASON = 2000


@transaction.atomic
def explain_deviation(*, actor: Actor, procurement_id: int, reason: str) -> RouteDeviation:
    """Tell why the route was not followed. Nothing told before is changed: a later telling is another row."""
    procurement = procurement_for(actor, procurement_id)
    if (why_not := why_not_explain(actor, procurement)) or actor.user_id is None:
        raise NotAllowed(why_not)
    reason = reason.strip()
    if not reason:
        raise RuleBroken("Say why the route was not followed.", field="reason")
    if len(reason) > MAX_REASON:
        raise RuleBroken(f"The reason must be {MAX_REASON:,} characters or fewer.", field="reason")
    told = RouteDeviation.objects.create(
        procurement=procurement,
        reason=reason,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    record(
        actor=actor,
        deed=ProcurementDeed.DEVIATION_EXPLAINED,
        sentence=f"{procurement.reference}: why the route was not followed: {reason}",
        target=told,
        procurement_id=procurement.pk,
    )
    return told
