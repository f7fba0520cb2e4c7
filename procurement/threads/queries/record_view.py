"""What the record says beside its decisions, with the addresses of what the reader may do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from procurement.procurements import queries as procurements
from procurement.procurements.permissions import (
    why_not_ask_override,
    why_not_consider,
    why_not_divide,
    why_not_explain,
)
from procurement.procurements.vocabulary import OverrideStatus

if TYPE_CHECKING:
    from procurement.procurements.models import Procurement, RouteDecision, RouteOverride
    from socialvalue.core.actor import Actor


@dataclass(frozen=True, slots=True)
class RecordView:
    """Addresses are empty where the reader may not do the deed."""

    beside: procurements.Beside
    waiting: RouteOverride | None
    lots_url: str
    override_url: str
    consideration_url: str
    deviation_url: str


def record_view(
    actor: Actor, procurement: Procurement, decision: RouteDecision | None
) -> RecordView:
    pk = procurement.pk
    beside = procurements.beside_decisions(actor, procurement, decision)
    waiting = [row for row in beside.overrides if row.status == OverrideStatus.ASKED]
    return RecordView(
        beside=beside,
        waiting=waiting[0] if waiting else None,
        lots_url=_url("lots", pk, why_not_divide(actor, procurement)),
        override_url=_url(
            "override_new", pk, "waits" if waiting else why_not_ask_override(actor, procurement)
        ),
        consideration_url=_url("consideration", pk, why_not_consider(actor, procurement)),
        deviation_url=_url("deviation", pk, why_not_explain(actor, procurement)),
    )


def _url(name: str, pk: int, why_not: str) -> str:
    return "" if why_not else reverse(f"procurement:procurements:{name}", args=[pk])
