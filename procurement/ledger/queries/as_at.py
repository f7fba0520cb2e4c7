"""Sums as they stood at a moment in the past: from the rows by when they were posted, not from the cells of today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from procurement.ledger.queries.sums import LedgerSum, entries_added_up, posted_before
from procurement.ledger.rules import Stretch


def within(stretches: Iterable[Stretch]) -> Q:
    """Rows whose authority and month lie in one of the stretches: of the ledger, or of cells made from it."""
    found = Q(pk__in=())
    for stretch in stretches:
        found |= Q(
            authority_id__in=stretch.authority_ids,
            period__gte=stretch.first,
            period__lte=stretch.last,
        )
    return found


def sums_as_at(
    *,
    stretches: Iterable[Stretch],
    by: Sequence[str],
    until: datetime | None = None,
    measure_ids: Iterable[int] | None = None,
    contract_ids: Iterable[int] | None = None,
) -> list[LedgerSum]:
    """Sums of what had been posted before ``until`` (None: of everything), grouped by columns of the entry, sorted by
    key; of these measures and contracts, or of all.

    ``by`` names the basis: sums of two bases mean nothing. No actor: the caller shows that the reader may see the
    authorities.
    """
    rows = posted_before(until).filter(within(stretches))
    if measure_ids is not None:
        rows = rows.filter(measure_id__in=set(measure_ids))
    if contract_ids is not None:
        rows = rows.filter(contract_id__in=set(contract_ids))
    return entries_added_up(rows, by)
