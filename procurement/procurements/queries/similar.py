"""Similar procurements of the same authority, in one query."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from procurement.policies.rules import Estimate, RouteResult
from procurement.procurements.models import Procurement
from procurement.procurements.queries.decisions import routed_now
from procurement.procurements.queries.records import lot_of, procurement_for
from procurement.procurements.rules import (
    Purchase,
    Together,
    crossed_together,
    first_day,
    lines_of,
)
from procurement.procurements.vocabulary import ProcurementStatus
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core.actor import Actor

COLUMNS = (
    "pk", "reference", "title", "category", "cpv", "commenced_on", "estimate", "estimate_basis",
    "vat_rate_percent", "estimate_other",
)  # fmt: skip


def similar_to(
    actor: Actor, result: RouteResult, *, title: str, cpv: str, own_id: int | None = None
) -> Together | None:
    """The warning for what is being entered: similar procurements that cross a line together with it, or None."""
    if not is_buyer(actor) or actor.organisation_id is None:
        return None
    own = Purchase(own_id, "", title, result.category, cpv, result.commenced_on, result.estimate)
    return crossed_together(own, _candidates(actor.organisation_id, own), lines_of(result))


def aggregation_of(actor: Actor, procurement_id: int) -> Together | None:
    """The same warning for one that is recorded. A warning only: nothing is held back by it."""
    found = procurement_for(actor, procurement_id)
    return aggregation_by(actor, found, routed_now(found))


def aggregation_by(
    actor: Actor, procurement: Procurement, result: RouteResult | None
) -> Together | None:
    """The same, with the rule's answer in hand."""
    if result is None or lot_of(procurement.pk) is not None:
        return None
    return similar_to(
        actor, result, title=procurement.title, cpv=procurement.cpv, own_id=procurement.pk
    )


def _candidates(authority_id: int, own: Purchase) -> Iterator[Purchase]:
    """Those of the twelve months that may be similar; the pure rule decides. Withdrawn ones buy nothing."""
    rows = (
        Procurement.objects.filter(
            authority_id=authority_id,
            commenced_on__gte=first_day(own.commenced_on),
            commenced_on__lte=own.commenced_on,
        )
        .filter(Q(cpv__startswith=own.cpv[:3]) | Q(cpv="") if own.cpv else Q(category=own.category))
        .filter(lot__isnull=True)  # the whole stands for its lots
        .exclude(status=ProcurementStatus.WITHDRAWN)
        .exclude(pk=own.id or 0)
        .order_by("-commenced_on", "-pk")
    )
    for pk, reference, title, category, cpv, commenced_on, *money in rows.values_list(*COLUMNS):
        yield Purchase(pk, reference, title, category, cpv, commenced_on, Estimate(*money))
