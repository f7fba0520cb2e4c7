"""What the calendar of duties rests on: days, values and the line of law, many procurements at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from procurement.policies.rules import Estimate, ThresholdRow
from procurement.procurements.models import ConsiderationRecord, Procurement, RouteDecision
from procurement.procurements.queries.records import estimate_of, procurement_for, wholes_of
from procurement.procurements.vocabulary import (
    DecisionStage,
    ProcurementSource,
    ProcurementStatus,
)
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core import clock
from socialvalue.core.actor import Actor


@dataclass(frozen=True, slots=True)
class DatedProcurement:
    """One procurement with the row of law it was decided by, as it was before the award (``estimate``) and now."""

    id: int
    reference: str
    title: str
    directorate: str
    category: str
    status: str
    commenced_on: date
    starts_on: date | None
    ends_on: date | None
    awarded_on: date | None
    taken_in_on: date | None
    """The day a published notice brought it here; None: it was entered here."""
    threshold: ThresholdRow
    estimate_net: Decimal
    estimate_gross: Decimal
    value_net: Decimal
    value_gross: Decimal
    considered_on: date | None
    considered_by: str

    @property
    def is_awarded(self) -> bool:
        return self.status in (ProcurementStatus.AWARDED, ProcurementStatus.COMPLETE)

    @property
    def is_withdrawn(self) -> bool:
        return self.status == ProcurementStatus.WITHDRAWN


def dated_procurement(actor: Actor, procurement_id: int) -> DatedProcurement | None:
    """One procurement of the actor's authority; None when no route is decided. NotVisible for any other."""
    procurement_for(actor, procurement_id)
    found = _dated(Procurement.objects.filter(pk=procurement_id))
    return found[0] if found else None


def dated_procurements(
    actor: Actor, *, q: str = "", directorate: str = ""
) -> list[DatedProcurement]:
    """Every procurement of the actor's authority with a route, in three queries whatever their number."""
    if not is_buyer(actor):
        return []
    rows = Procurement.objects.filter(authority_id=actor.organisation_id)
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(reference__icontains=q))
    if directorate:
        rows = rows.filter(directorate=directorate)
    return _dated(rows)


def _dated(rows: QuerySet[Procurement]) -> list[DatedProcurement]:
    decisions = RouteDecision.objects.filter(procurement=OuterRef("pk")).order_by("-id")
    before = decisions.exclude(stage=DecisionStage.AWARD)
    found = list(
        rows.annotate(
            now_id=Subquery(decisions.values("pk")[:1]), before_id=Subquery(before.values("pk")[:1])
        ).order_by("id")
    )
    ids = {pk for row in found for pk in (row.now_id, row.before_id)} - {None}
    # The inputs of a decision are long; of them only the amount is needed, which the table may have corrected since.
    decided = (
        RouteDecision.objects.select_related("threshold")
        .defer("inputs", "explanation")
        .annotate(decided_amount=KT("inputs__threshold_amount"))
    )
    by_id = {row.pk: row for row in decided.filter(pk__in=ids)}
    wholes = wholes_of([row.pk for row in found])
    recorded = {
        row.procurement_id: row
        for row in ConsiderationRecord.objects.filter(
            procurement_id__in=[wholes.get(row.pk, row.pk) for row in found]
        ).order_by("id")
    }
    considered = {row.pk: recorded.get(wholes.get(row.pk, row.pk)) for row in found}
    return [
        _one(
            row,
            by_id[row.now_id],
            by_id[row.before_id or row.now_id],
            considered.get(row.pk),
            wholes,
        )
        for row in found
        if row.now_id is not None
    ]


def _one(
    row: Procurement,
    now: RouteDecision,
    before: RouteDecision,
    considered: ConsiderationRecord | None,
    wholes: Mapping[int, int],
) -> DatedProcurement:
    law = before.threshold
    amount = Decimal(getattr(before, "decided_amount", None) or law.amount)
    value = _own_value(row) if row.pk in wholes else None
    is_notice = row.source == ProcurementSource.NOTICE
    return DatedProcurement(
        id=row.pk,
        reference=row.reference,
        title=row.title,
        directorate=row.directorate,
        category=row.category,
        status=row.status,
        commenced_on=row.commenced_on,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        awarded_on=row.awarded_on,
        taken_in_on=row.created_at.astimezone(clock.LONDON).date() if is_notice else None,
        threshold=ThresholdRow(
            law.pk, law.regime, law.category, law.authority_type, law.vat_basis, amount,
            law.effective_from, law.effective_to, law.source, law.certainty,
        ),
        estimate_net=before.net_amount,
        estimate_gross=before.gross_amount,
        value_net=value.net if value else now.net_amount,
        value_gross=value.gross if value else now.gross_amount,
        considered_on=considered.considered_on if considered else None,
        considered_by=considered.considered_by if considered else "",
    )  # fmt: skip


def _own_value(lot: Procurement) -> Estimate:
    """What this lot itself is worth: the decision on it holds the figures of the whole."""
    if lot.award_value is None:
        return estimate_of(lot)
    return Estimate(lot.award_value, lot.award_basis, lot.vat_rate_percent)
