"""Social value for each £1 of contract value, of several authorities at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from procurement.awards import queries as awards
from reporting.figures.queries.running import verified_of_contracts
from reporting.figures.rules.benchmark import PerPound, RunningContract, per_pound
from reporting.figures.rules.spans import Span
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
    until = None if at is None else clock.end_of(at)
    verified = verified_of_contracts([row[0] for row in found], until)
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
