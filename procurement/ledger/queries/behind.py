"""The entries behind the figures of a report, up to a place in the ledger."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from procurement.ledger.models import LedgerEntry, PendingPosting
from procurement.ledger.queries.as_at import within
from procurement.ledger.rules import Stretch


def ledger_position() -> int:
    """The number of the last entry; 0 when there is none."""
    return LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def entries_within(
    stretches: Iterable[Stretch],
    *,
    until: int,
    contract_ids: Iterable[int] | None = None,
    cells_only: bool = False,
) -> QuerySet[LedgerEntry]:
    """The entries of these months of these authorities, up to the entry ``until`` and in the order of the ledger; of
    these contracts, or of all. ``cells_only`` leaves out what is not rolled up yet, as the cells do.

    No actor: the caller shows that the reader may see the authorities.
    """
    rows = LedgerEntry.objects.filter(within(stretches), pk__lte=until)
    if contract_ids is not None:
        rows = rows.filter(contract_id__in=set(contract_ids))
    if cells_only:
        waiting = [
            pk for ids in PendingPosting.objects.values_list("entry_ids", flat=True) for pk in ids
        ]
        rows = rows.exclude(pk__in=waiting) if waiting else rows
    return rows.order_by("pk")


def contract_names(contract_ids: Iterable[int]) -> list[tuple[int, str, str, str]]:
    """Id, reference, title and directorate of contracts that entries name, in the order of the ids."""
    rows = LedgerEntry.objects.filter(contract_id__in=set(contract_ids)).order_by("contract_id")
    return list(
        rows.values_list(
            "contract_id",
            "contract__reference",
            "contract__title",
            "contract__procurement__directorate",
        ).distinct()
    )
