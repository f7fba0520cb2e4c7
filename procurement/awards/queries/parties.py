"""Who has a contract that is running, for jobs that write to people."""

from __future__ import annotations

from procurement.awards.models import Contract
from procurement.awards.vocabulary import ContractStatus


def parties_of_live_contracts() -> tuple[set[int], set[int]]:
    """Ids of the authorities and of the suppliers with at least one live contract. For the system only."""
    rows = Contract.objects.filter(status=ContractStatus.LIVE).order_by()
    found = list(rows.values_list("authority_id", "supplier_id").distinct())
    return {authority for authority, _ in found}, {supplier for _, supplier in found}
