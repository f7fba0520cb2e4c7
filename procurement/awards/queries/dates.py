"""The days of awards and contracts, many at a time. No actor: the caller has shown the procurements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from procurement.awards.models import Contract
from socialvalue.core import clock


@dataclass(frozen=True, slots=True)
class ContractDates:
    """Of the contract that a procurement led to."""

    contract_id: int
    awarded_on: date
    starts_on: date
    ends_on: date


def contract_dates(procurement_ids: Sequence[int]) -> dict[int, ContractDates]:
    """By procurement, for those with a contract. One query."""
    rows = Contract.objects.filter(procurement_id__in=set(procurement_ids)).order_by()
    return {
        pk: ContractDates(contract_id, at.astimezone(clock.LONDON).date(), starts_on, ends_on)
        for pk, contract_id, at, starts_on, ends_on in rows.values_list(
            "procurement_id", "pk", "award__decided_at", "starts_on", "ends_on"
        )
    }
