"""Getting hold of a tender that may still change, and writing what was done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from procurement.procurements.queries import procurement_brief
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import (
    Tender,
)
from procurement.tenders.permissions import (
    WHY_NOT_PREPARE,
    can_prepare,
    can_see,
)
from procurement.tenders.rules import (
    plain,
)
from procurement.tenders.vocabulary import TenderDeed, TenderStatus
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import uk_date

PUBLISHED_ALREADY = "This tender is published. Only an amendment changes it."


def london(moment: datetime) -> str:
    """``12:00 on 9 September 2021, UK time``."""
    local = timezone.localtime(moment, clock.LONDON)
    return f"{local:%H:%M} on {uk_date(local.date())}, UK time"


def hold_tender(actor: Actor, tender_id: int) -> Tender:
    """The tender's row, locked, for somebody who may prepare it."""
    tender = Tender.objects.select_for_update(of=("self",)).filter(pk=tender_id).first()
    if tender is None or not can_see(actor, tender.authority_id):
        raise NotVisible
    if not can_prepare(actor, tender.authority_id):
        raise NotAllowed(WHY_NOT_PREPARE)
    return tender


def hold_draft(
    actor: Actor,
    tender_id: int,
    expected_version: int | None = None,
    changed: Callable[[Tender], Mapping[str, tuple[str, str]]] | None = None,
) -> Tender:
    """The same, while it may still change and nobody else has changed it since the page was shown.

    ``changed`` compares what was sent with the tender as it is, for the Conflict of who was second.
    """
    tender = hold_tender(actor, tender_id)
    if tender.status != TenderStatus.DRAFT:
        raise Conflict(PUBLISHED_ALREADY)
    if procurement_brief(tender.procurement_id).status != ProcurementStatus.ROUTED:
        raise RuleBroken(
            "This procurement is no longer being prepared, so its tender does not change."
        )
    if expected_version is not None and tender.version != expected_version:
        raise Conflict(
            "Somebody else changed this tender while you were working on it. "
            "Check the page, then save again.",
            changed=changed(tender) if changed else None,
        )
    return tender


def change_draft(tender: Tender, **fields: Any) -> Tender:
    """Write the fields and the next version, if the row is still the draft that was read."""
    changed = Tender.objects.filter(
        pk=tender.pk, status=TenderStatus.DRAFT, version=tender.version
    ).update(version=F("version") + 1, **fields)
    if not changed:
        raise Conflict(PUBLISHED_ALREADY)
    tender.refresh_from_db()
    return tender


def note(
    actor: Actor,
    deed: TenderDeed,
    sentence: str,
    tender: Tender,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    record(
        actor=actor,
        deed=deed,
        sentence=sentence,
        target=tender,
        procurement_id=tender.procurement_id,
        before=before,
        after=after,
    )


def scoring_facts(tender: Tender) -> dict[str, Any]:
    return {
        "kind": tender.weighting_kind,
        "percent": None if tender.weighting_percent is None else plain(tender.weighting_percent),
        "share_of": tender.weighting_share_of,
        "quality_percent": None
        if tender.quality_percent is None
        else plain(tender.quality_percent),
        "quantitative_percent": plain(tender.quantitative_percent),
        "formula": tender.formula,
        "target_value": None if tender.target_value is None else f"{tender.target_value:f}",
        "tie_rule": tender.tie_rule,
        "mark_scale": list(tender.mark_scale),
    }
