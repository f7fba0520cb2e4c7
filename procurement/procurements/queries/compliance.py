"""What is kept about procurements that tells whether their route was followed. No actor: the caller has shown them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from procurement.policies.vocabulary import Category
from procurement.procurements.models import (
    ConsiderationRecord,
    LightTouchNote,
    RouteDecision,
    RouteDeviation,
)
from procurement.procurements.vocabulary import DecisionStage

SERVICES = (Category.SERVICES, Category.LIGHT_TOUCH)
"""What the Public Services (Social Value) Act 2012 is about."""


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
    """The facts of each of these procurements, in four queries whatever their number."""
    wanted = set(ids)
    noted = set(_of(LightTouchNote, wanted))
    considered = set(_of(ConsiderationRecord, wanted))
    told: dict[int, list[str]] = {}
    for pk, reason in RouteDeviation.objects.filter(procurement_id__in=wanted).values_list(
        "procurement_id", "reason"
    ):
        told.setdefault(pk, []).append(reason)
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
            reason=F("override__reason"),
            line=F("threshold__amount"),
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
            and row["category"] in SERVICES
            and row["compared_amount"] >= row["line"],
            overridden_from=row["replaced_route"] if row else "",
            override_reason=(row["reason"] or "") if row else "",
            told=tuple(told.get(pk, ())),
        )
    return found


def _of(table: type[LightTouchNote | ConsiderationRecord], wanted: set[int]) -> Sequence[int]:
    return list(
        table.objects.filter(procurement_id__in=wanted).values_list("procurement_id", flat=True)
    )
