"""Social value for each £1 of contract value, of several authorities at once."""

from __future__ import annotations

from collections.abc import Sequence

from procurement.awards import queries as awards
from procurement.ledger.vocabulary import Basis
from reporting.figures.rules.benchmark import PerPound, RunningContract, per_pound
from reporting.figures.rules.spans import Span
from reporting.rollups import queries as rollups


def values_per_pound(authority_ids: Sequence[int], span: Span) -> list[PerPound]:
    """In the order asked, in two queries. The caller has shown that the reader may know the value of each."""
    rows = awards.contracts_running(authority_ids, span.first, span.last).values_list(
        "pk", "authority_id", "value", "value_basis", "committed_pence"
    )
    found = list(rows)
    verified = rollups.contract_totals([row[0] for row in found], Basis.VERIFIED)
    contracts = [
        RunningContract(
            authority_id,
            value,
            value_basis,
            committed_pence,
            verified[key].value_pence if key in verified else 0,
        )
        for key, authority_id, value, value_basis, committed_pence in found
    ]
    return [per_pound(key, contracts) for key in authority_ids]
