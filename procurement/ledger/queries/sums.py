"""Sums straight from the rows.

Every sum is of exactly one basis: committed, claimed and verified are three ways of looking at the same outcomes and
are never added together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Func, IntegerField, QuerySet, Sum, Value

from procurement.ledger.models import LedgerEntry, PendingPosting
from procurement.ledger.queries.titles import titles_for
from procurement.ledger.rules import in_rows
from socialvalue.core.actor import Actor
from socialvalue.core.money import from_pence, measured, quantity_text
from socialvalue.core.periods import quarter_start
from toms.frameworks.queries import MeasureInfo, measure_infos


class ExactSum(Sum):
    """A sum of three-place decimals that is exact on both databases: SQLite adds thousandths as whole numbers."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(SUM(CAST(ROUND((%(expressions)s) * 1000) AS INTEGER)) / 1000.0)"
        return self.as_sql(compiler, connection, template=template, **context)


class _Length(Func):
    """How many ids a row of the feed holds."""

    function = "jsonb_array_length"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="json_array_length", **context)


@dataclass(frozen=True, slots=True)
class UnitTotal:
    """What the entries add up to in one unit. ``shown`` is a sentence; ``quantity`` None where nothing adds up."""

    unit: str
    quantity: Decimal | None
    shown: str


@dataclass(frozen=True, slots=True)
class EntryTotals:
    count: int
    value_pence: int
    units: list[UnitTotal] = field(default_factory=list)

    @property
    def value(self) -> Decimal:
        return from_pence(self.value_pence)


def entry_totals(actor: Actor, entries: QuerySet[LedgerEntry]) -> EntryTotals:
    """How many, their value, and their quantity a unit. Rates show both their sums; what does not add up says so.

    ``entries`` are ones that the actor may see.
    """
    grouped = list(
        entries.order_by()
        .values("measure_id")
        .annotate(
            how_many=Count("id"),
            quantity_sum=ExactSum("quantity"),
            denominator_sum=ExactSum("denominator"),
            pence=Sum("value_pence"),
        )
        .order_by("measure_id")
    )
    measures = measure_infos({row["measure_id"] for row in grouped}, titles_for(actor))
    return EntryTotals(
        count=sum(row["how_many"] for row in grouped),
        value_pence=sum(row["pence"] for row in grouped),
        units=_units(grouped, measures),
    )


def _units(
    grouped: Sequence[Mapping[str, Any]], measures: dict[int, MeasureInfo]
) -> list[UnitTotal]:
    added: dict[str, Decimal] = {}
    rates, apart = [], []
    for row in sorted(grouped, key=lambda row: measures[row["measure_id"]].code_sort):
        measure = measures[row["measure_id"]]
        if measure.adds_up:
            added[measure.unit] = added.get(measure.unit, Decimal(0)) + row["quantity_sum"]
        elif measure.is_rate:
            rates.append(_rate(measure, row["quantity_sum"], row["denominator_sum"]))
        else:
            apart.append(
                UnitTotal(measure.unit, None, f"{measure.label}: each figure stands alone")
            )
    sums = [UnitTotal(unit, total, measured(total, unit)) for unit, total in added.items()]
    return [*sums, *rates, *apart]


def _rate(measure: MeasureInfo, numerator: Decimal, denominator: Decimal | None) -> UnitTotal:
    if not denominator:
        return UnitTotal(measure.unit, None, f"{measure.label}: no whole to compare with")
    share = (numerator * 100 / denominator).quantize(Decimal("0.1"))
    parts = f"{quantity_text(numerator)} of {quantity_text(denominator)}"
    return UnitTotal(measure.unit, None, f"{measure.label}: {share:f}% ({parts})")


def posted_before(until: datetime | None) -> QuerySet[LedgerEntry]:
    """Entries that had been posted before a moment; None: every entry. No actor: the caller narrows them."""
    rows = LedgerEntry.objects.all()
    return rows if until is None else rows.filter(posted_at__lt=until)


@dataclass(frozen=True, slots=True)
class QuarterSum:
    """What stands in the ledger for a commitment in one month, of one basis."""

    commitment_id: int
    period: date
    basis: str
    quantity: Decimal
    denominator: Decimal | None
    value_pence: int


def commitment_sums(
    commitment_ids: Iterable[int], *, basis: str, until: datetime | None = None
) -> dict[tuple[int, date], QuarterSum]:
    """Sums by commitment and period of one basis, straight from the rows: of what was posted before ``until``, or of
    everything. The caller has shown visibility."""
    grouped = (
        posted_before(until)
        .filter(commitment_id__in=set(commitment_ids), basis=basis)
        .order_by()
        .values("commitment_id", "period")
        .annotate(
            quantity_sum=ExactSum("quantity"),
            denominator_sum=ExactSum("denominator"),
            pence=Sum("value_pence"),
        )
    )
    return {
        (row["commitment_id"], row["period"]): QuarterSum(
            row["commitment_id"],
            row["period"],
            basis,
            row["quantity_sum"],
            row["denominator_sum"],
            row["pence"],
        )
        for row in grouped
    }


def quarter_sums(
    commitment_ids: Iterable[int], *, basis: str, until: datetime | None = None
) -> dict[int, dict[date, Decimal]]:
    """Quantities by commitment and first day of a quarter, straight from the rows posted before ``until`` (None: from
    all): for very many commitments of measures that add up. The caller has shown visibility."""
    rows = (
        posted_before(until)
        .filter(commitment_id__in=set(commitment_ids), basis=basis)
        .order_by()
        .values_list("commitment_id", "period")
        .annotate(quantity_sum=ExactSum("quantity"))
    )
    found: dict[int, dict[date, Decimal]] = {}
    for commitment_id, period, quantity in rows:
        quarters = found.setdefault(commitment_id, {})
        first = quarter_start(period)
        quarters[first] = quarters.get(first, Decimal(0)) + quantity
    return found


@dataclass(frozen=True, slots=True)
class LedgerSum:
    """A sum of one basis under a key: what a cell must hold."""

    key: tuple[Any, ...]
    quantity: Decimal
    denominator: Decimal
    value_pence: int
    entries: int


def sums(
    *,
    basis: str,
    by: Sequence[str] = ("authority_id", "measure_id", "period"),
    contract_ids: Iterable[int] | None = None,
    commitment_ids: Iterable[int] | None = None,
    until: datetime | None = None,
) -> list[LedgerSum]:
    """Sums of one basis grouped by columns of the entry, sorted by key, of these contracts or commitments, or of all:
    of what was posted before ``until``, or of everything.

    No actor: for reconciling, and for rooms that have shown visibility themselves.
    """
    rows = posted_before(until).filter(basis=basis)
    if contract_ids is not None:
        rows = rows.filter(contract_id__in=set(contract_ids))
    if commitment_ids is not None:
        rows = rows.filter(commitment_id__in=set(commitment_ids))
    return entries_added_up(rows, by)


def entries_added_up(rows: QuerySet[LedgerEntry], by: Sequence[str]) -> list[LedgerSum]:
    """Rows of the ledger, added up under these columns and sorted by them."""
    return added_up(
        rows,
        by,
        quantity=ExactSum("quantity"),
        denominator=ExactSum("denominator"),
        pence=Sum("value_pence"),
        how_many=Count("id"),
    )


def added_up(
    rows: QuerySet[Any],
    by: Sequence[str],
    *,
    pence: Any,
    how_many: Any,
    quantity: Any = None,
    denominator: Any = None,
) -> list[LedgerSum]:
    """Rows of the ledger, or of cells made from it, added up under these columns and sorted by them."""
    nought = Value(Decimal(0))
    grouped = (
        rows.order_by()
        .values_list(*by)
        .annotate(
            quantity_sum=nought if quantity is None else quantity,
            denominator_sum=nought if denominator is None else denominator,
            pence_sum=pence,
            how_many=how_many,
        )
        .order_by(*by)
    )
    return [
        LedgerSum(
            key=tuple(key),
            quantity=quantity,
            denominator=denominator or Decimal(0),
            value_pence=pence,
            entries=entries,
        )
        for *key, quantity, denominator, pence, entries in grouped
    ]


def pending_count() -> int:
    """How many entries are not rolled up yet."""
    total: int | None = PendingPosting.objects.aggregate(n=Sum(_Length("entry_ids")))["n"]
    return total or 0


def has_pending() -> bool:
    return PendingPosting.objects.exists()


def has_pending_of(authority_ids: Iterable[int]) -> bool:
    """Whether an entry of one of these authorities is not rolled up yet. A query for every thousand that wait."""
    of_these = LedgerEntry.objects.filter(authority_id__in=set(authority_ids))
    waiting = PendingPosting.objects.values_list("entry_ids", flat=True)
    ids = [entry_id for row in waiting for entry_id in row]
    return any(of_these.filter(pk__in=some).exists() for some in in_rows(ids))
