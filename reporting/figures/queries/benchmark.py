"""Social value for each £1 of contract value, of several authorities at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from procurement.awards import queries as awards
from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from reporting.figures.rules.benchmark import PerPound, RunningContract, per_pound
from reporting.figures.rules.spans import Span
from reporting.rollups import queries as rollups
from socialvalue.core import clock


def values_per_pound(
    authority_ids: Sequence[int], span: Span, at: date | None = None
) -> list[PerPound]:
    """In the order asked, in two queries; as it stood at the end of ``at``, or as it is now.

    The caller has shown that the reader may know the value of each.
    """
    running = (
        awards.contracts_running(authority_ids, span.first, span.last)
        if at is None
        else awards.contracts_running_as_at(authority_ids, span.first, span.last, at)
    )
    found = list(
        running.values_list("pk", "authority_id", "value", "value_basis", "committed_pence")
    )
    verified = _verified([row[0] for row in found], at)
    contracts = [
        RunningContract(
            authority_id,
            value,
            value_basis,
            committed_pence,
            verified.get(key, 0),
        )
        for key, authority_id, value, value_basis, committed_pence in found
    ]
    return [per_pound(key, contracts) for key in authority_ids]


def _verified(contract_ids: Sequence[int], at: date | None) -> dict[int, int]:
    """Pence verified by contract: the totals, or for a past date the entries posted by then."""
    if at is None:
        totals = rollups.contract_totals(contract_ids, Basis.VERIFIED)
        return {key: row.value_pence for key, row in totals.items()}
    rows = ledger.sums(
        basis=Basis.VERIFIED,
        by=("contract_id",),
        contract_ids=contract_ids,
        until=clock.end_of(at),
    )
    return {row.key[0]: row.value_pence for row in rows}
