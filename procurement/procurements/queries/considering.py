"""What was considered under the Social Value Act, and whether it must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from procurement.procurements.models import ConsiderationRecord, RouteDecision
from procurement.procurements.queries.decisions import latest_decision
from procurement.procurements.queries.records import (
    parts_by_category,
    procurement_for,
    wholes_of,
)
from procurement.procurements.rules import needs_consideration
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible


def consideration_missing(procurement_id: int, decision: RouteDecision | None = None) -> bool:
    """True while the Act asks for a record and there is none. By the decision that holds.

    Takes no actor: the caller has shown that the procurement may be seen.
    """
    decision = decision or latest_decision(procurement_id)
    if decision is None or not _asked_for(decision, parts_by_category(decision.procurement)):
        return False
    return not _records(procurement_id).exists()


def _records(procurement_id: int) -> QuerySet[ConsiderationRecord]:
    """Of the procurement; of a lot, those of the whole: it was considered before it was divided."""
    whole = wholes_of([procurement_id]).get(procurement_id, procurement_id)
    return ConsiderationRecord.objects.filter(procurement_id=whole)


def _asked_for(decision: RouteDecision, parts: Mapping[str, Decimal]) -> bool:
    # As it was decided: the row of the table may have been corrected since.
    threshold = Decimal(decision.inputs["threshold_amount"])
    return needs_consideration(
        decision.procurement.category, parts, decision.compared_amount, threshold
    )


@dataclass(frozen=True, slots=True)
class Consideration:
    """``records``: newest first, the first one counts. ``is_needed``: the Act asks for one."""

    is_needed: bool
    records: tuple[ConsiderationRecord, ...]

    @property
    def latest(self) -> ConsiderationRecord | None:
        return self.records[0] if self.records else None

    @property
    def earlier(self) -> tuple[ConsiderationRecord, ...]:
        return self.records[1:]

    @property
    def is_missing(self) -> bool:
        return self.is_needed and not self.records


def consideration_of(actor: Actor, procurement_id: int) -> Consideration:
    """Every record of a procurement the actor may see, and whether one is needed."""
    procurement = procurement_for(actor, procurement_id)
    parts = parts_by_category(procurement)
    return consideration_by(procurement_id, latest_decision(procurement_id), parts)


def consideration_by(
    procurement_id: int, decision: RouteDecision | None, parts: Mapping[str, Decimal]
) -> Consideration:
    """The same by the decision that holds. Takes no actor: the caller has shown that it may be seen."""
    rows = _records(procurement_id)
    return Consideration(
        decision is not None and _asked_for(decision, parts),
        tuple(rows.select_related("recorded_by").order_by("-id")),
    )


@dataclass(frozen=True, slots=True)
class KeptFile:
    name: str
    media_type: str
    content: bytes


def consideration_file(actor: Actor, procurement_id: int, record_id: int) -> KeptFile:
    """The evidence of one record. NotVisible for anybody else's, and when it is not in the store any more."""
    procurement_for(actor, procurement_id)
    row = _records(procurement_id).filter(pk=record_id).exclude(evidence="").first()
    if row is None:
        raise NotVisible
    try:
        with row.evidence.open("rb") as stored:
            return KeptFile(row.evidence_name, row.evidence_media_type, stored.read())
    except FileNotFoundError as error:
        raise NotVisible("This file is no longer in the store.") from error
