"""The days of awards and contracts, many at a time. No actor: the caller has shown the procurements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery

from procurement.awards.models import AwardSummary, Contract
from procurement.awards.queries.contracts import ran_until
from socialvalue.core import clock


@dataclass(frozen=True, slots=True)
class ContractDates:
    """Of the contract that a procurement led to."""

    contract_id: int
    awarded_on: date
    starts_on: date
    ends_on: date
    """The day it ended, where it was terminated before its end."""
    summaries_on: date | None = None
    """When every bidder was told of its assessment."""
    notice_on: date | None = None
    """When the standstill began."""
    signed_on: date | None = None


def contract_dates(procurement_ids: Sequence[int]) -> dict[int, ContractDates]:
    """By procurement, for those with a contract. One query."""
    issued = AwardSummary.objects.filter(award=OuterRef("award"), issued_at__isnull=False)
    rows = (
        Contract.objects.filter(procurement_id__in=set(procurement_ids))
        .annotate(
            told_at=Subquery(issued.order_by("issued_at").values("issued_at")[:1]),
            ran_until=ran_until(),
        )
        .order_by()
    )
    return {
        pk: ContractDates(contract_id, _day(at), starts_on, ends_on, _day(told), notice, signed)
        for pk, contract_id, at, starts_on, ends_on, told, notice, signed in rows.values_list(
            "procurement_id", "pk", "award__decided_at", "starts_on", "ran_until", "told_at",
            "award__standstill__notice_on", "signed_on",
        )
    }  # fmt: skip


def _day(at: Any) -> Any:
    """The day in London of a moment, None of none."""
    return at.astimezone(clock.LONDON).date() if at else None
