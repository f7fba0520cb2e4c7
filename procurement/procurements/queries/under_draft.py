"""What a draft of a policy would have meant for the procurements of the last twelve months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.policies import queries as policies
from procurement.policies.rules import PolicyInForce
from procurement.procurements.models import Procurement, ProcurementPart
from procurement.procurements.queries.records import estimate_of
from procurement.procurements.vocabulary import ProcurementStatus
from socialvalue.core.actor import Actor
from socialvalue.core.periods import add_months

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Rerouted:
    """One procurement that would go another way."""

    id: int
    reference: str
    title: str
    commenced_on: date
    net: Decimal
    gross: Decimal
    route_now: str
    route_then: str


@dataclass(frozen=True, slots=True)
class UnderDraft:
    """``current`` is None when nothing binds the authority today. Nobody's decision changes by looking."""

    draft: PolicyInForce
    current: PolicyInForce | None
    examples: policies.Examples
    since: date
    compared: int
    left_out: int
    """Procurements no route can be worked out for, now or then."""
    rerouted: list[Rerouted]


def under_draft(actor: Actor, version_id: int, today: date) -> UnderDraft:
    """The examples and the authority's own procurements under the draft beside what binds it today.

    Each is held against the law of the day it commenced, as it was. Withdrawn ones are left out. NotVisible for a
    version the actor may not see.
    """
    rerouter = policies.Rerouter(actor, version_id, today)
    since = add_months(today, -MONTHS)
    rows = list(
        Procurement.objects.filter(
            authority_id=rerouter.authority_id, commenced_on__gte=since, commenced_on__lte=today
        )
        .filter(lot__isnull=True)  # the whole stands for its lots
        .exclude(status__in=[ProcurementStatus.DRAFT, ProcurementStatus.WITHDRAWN])
        .order_by("-commenced_on", "-pk")
    )
    parts = _parts([row.pk for row in rows])
    found, left_out = [], 0
    for row in rows:
        both = rerouter.both(
            policies.Case(
                row.category,
                estimate_of(row),
                row.commenced_on,
                row.is_utilities,
                parts.get(row.pk),
            )
        )
        if both.now is None or both.then is None:
            left_out += 1
        elif both.differs:
            found.append(
                Rerouted(
                    row.pk, row.reference, row.title, row.commenced_on, both.now.net,
                    both.now.gross, both.now.route, both.then.route,
                )
            )  # fmt: skip
    return UnderDraft(
        rerouter.draft,
        rerouter.current,
        policies.example_changes(rerouter),
        since,
        len(rows) - left_out,
        left_out,
        found,
    )


def _parts(ids: list[int]) -> dict[int, dict[str, Decimal]]:
    found: dict[int, dict[str, Decimal]] = {}
    for row in ProcurementPart.objects.filter(procurement_id__in=ids):
        found.setdefault(row.procurement_id, {})[row.category] = row.amount
    return found
