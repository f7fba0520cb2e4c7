"""What is kept about procurements that tells whether their route was followed. No actor: the caller has shown them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from procurement.procurements.models import (
    ConsiderationRecord,
    LightTouchNote,
    ProcurementPart,
    RouteDecision,
    RouteDeviation,
)
from procurement.procurements.rules import needs_consideration
from procurement.procurements.vocabulary import DecisionStage


@dataclass(frozen=True, slots=True)
class KeptFacts:
    """Of one procurement. ``overridden_from`` is empty where no override stands before the award."""

    has_note: bool
    has_consideration: bool
    needs_consideration: bool
    overridden_from: str
    override_reason: str
    told: tuple[str, ...]


def kept_facts(ids: Sequence[int]) -> dict[int, KeptFacts]:
    """The facts of each of these procurements, in five queries whatever their number."""
    wanted = set(ids)
    noted = set(_of(LightTouchNote, wanted))
    considered = set(_of(ConsiderationRecord, wanted))
    told: dict[int, list[str]] = {}
    for pk, reason in RouteDeviation.objects.filter(procurement_id__in=wanted).values_list(
        "procurement_id", "reason"
    ):
        told.setdefault(pk, []).append(reason)
    parts: dict[int, set[str]] = {}
    for pk, category in ProcurementPart.objects.filter(procurement_id__in=wanted).values_list(
        "procurement_id", "category"
    ):
        parts.setdefault(pk, set()).add(category)
    # The latest decision before the award wins: rows come oldest first.
    decided = {
        row["procurement_id"]: row
        for row in RouteDecision.objects.filter(procurement_id__in=wanted)
        .exclude(stage=DecisionStage.AWARD)
        .order_by("id")
        .values(
            "procurement_id",
            "replaced_route",
            "compared_amount",
            "inputs",
            reason=F("override__reason"),
            category=F("procurement__category"),
        )
    }
    found = {}
    for pk in wanted:
        row = decided.get(pk)
        found[pk] = KeptFacts(
            has_note=pk in noted,
            has_consideration=pk in considered,
            needs_consideration=row is not None
            and needs_consideration(
                row["category"],
                parts.get(pk, ()),
                row["compared_amount"],
                # As it was decided: the row of the table may have been corrected since.
                Decimal(row["inputs"]["threshold_amount"]),
            ),
            overridden_from=row["replaced_route"] if row else "",
            override_reason=(row["reason"] or "") if row else "",
            told=tuple(told.get(pk, ())),
        )
    return found


def _of(table: type[LightTouchNote | ConsiderationRecord], wanted: set[int]) -> Sequence[int]:
    return list(
        table.objects.filter(procurement_id__in=wanted).values_list("procurement_id", flat=True)
    )
