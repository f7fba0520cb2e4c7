"""The totals, read. Each function names one basis; the caller asks only for ids that the actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, F, Max, Q, QuerySet, Sum, Value, When, Window

from procurement.ledger.queries import ExactSum, LedgerSum, added_up, pending_count, within
from procurement.ledger.rules import Stretch
from reporting.rollups.models import (
    Cell,
    CommitmentTotal,
    ContractCell,
    CubeVersion,
    RollupRun,
    ThemeCell,
)
from reporting.rollups.permissions import check_may_run
from reporting.rollups.vocabulary import RunKind, RunState
from socialvalue.core.actor import Actor


@dataclass(frozen=True, slots=True)
class TotalSum:
    """Everything of one basis under a commitment or contract. Quantities of a contract do not add up: units mix."""

    id: int
    quantity: Decimal | None
    denominator: Decimal | None
    value_pence: int
    entries: int


def measure_sums(
    stretches: Iterable[Stretch], by: Sequence[str], measure_ids: Iterable[int] | None = None
) -> list[LedgerSum]:
    """Cells added up under ``basis`` and other columns of a cell, sorted by them. Quantities add up only where
    ``measure_id`` is one of the columns."""
    rows = Cell.objects.filter(within(stretches))
    if measure_ids is not None:
        rows = rows.filter(measure_id__in=set(measure_ids))
    return _measures_added_up(rows, by)


def _measures_added_up(rows: QuerySet[Cell], by: Sequence[str]) -> list[LedgerSum]:
    return added_up(
        rows,
        by,
        quantity=ExactSum("quantity"),
        denominator=ExactSum("denominator"),
        pence=Sum("value_pence"),
        how_many=Sum("entries"),
    )


def measure_sums_of_two(
    stretches: Iterable[Stretch], by: Sequence[str], first: date
) -> tuple[list[LedgerSum], list[LedgerSum]]:
    """``measure_sums`` of the months from ``first`` on, and of those before it, in one reading of the cells."""
    since = Case(When(period__gte=first, then=Value(1)), default=Value(0))
    rows = Cell.objects.filter(within(stretches)).annotate(is_since=since)
    found: tuple[list[LedgerSum], list[LedgerSum]] = ([], [])
    for row in _measures_added_up(rows, ("is_since", *by)):
        is_since, *key = row.key
        found[not is_since].append(
            LedgerSum(tuple(key), row.quantity, row.denominator, row.value_pence, row.entries)
        )
    return found


def last_quantities(
    stretches: Iterable[Stretch], measure_ids: Iterable[int]
) -> list[tuple[str, int, int, Decimal]]:
    """Basis, measure, authority, and the quantity of the last month that has entries of them."""
    rows = Cell.objects.filter(within(stretches), measure_id__in=set(measure_ids)).annotate(
        last=Window(Max("period"), partition_by=["basis", "measure_id", "authority_id"])
    )
    return list(
        rows.filter(period=F("last")).values_list("basis", "measure_id", "authority_id", "quantity")
    )


def authorities_with(
    stretches: Iterable[Stretch], measure_ids: Iterable[int]
) -> list[tuple[int, int]]:
    """Measure and authority, for each that has entries, on whatever basis."""
    rows = Cell.objects.filter(within(stretches), measure_id__in=set(measure_ids)).order_by()
    return list(rows.values_list("measure_id", "authority_id").distinct())


def theme_sums(stretches: Iterable[Stretch], by: Sequence[str]) -> list[LedgerSum]:
    """Theme cells added up under ``basis`` and other columns of a cell, sorted by them: money only, units mix."""
    rows = ThemeCell.objects.filter(within(stretches))
    return added_up(rows, by, pence=Sum("value_pence"), how_many=Sum("entries"))


def commitment_totals(commitment_ids: Iterable[int], basis: str) -> dict[int, TotalSum]:
    """By commitment; a commitment without an entry of this basis is not in the answer: that is not the same as 0."""
    rows = CommitmentTotal.objects.filter(commitment_id__in=set(commitment_ids), basis=basis)
    columns = ("commitment_id", "quantity", "denominator", "value_pence", "entries")
    return {row[0]: TotalSum(*row) for row in rows.order_by("commitment_id").values_list(*columns)}


def contract_totals(
    contract_ids: Iterable[int], basis: str, first: date = date.min, last: date = date.max
) -> dict[int, TotalSum]:
    """By contract, money only, of the months that begin from ``first`` to ``last``, both days counted.

    A contract without an entry of this basis is not in the answer.
    """
    rows = (
        ContractCell.objects.filter(
            contract_id__in=set(contract_ids), basis=basis, period__gte=first, period__lte=last
        )
        .order_by("contract_id")
        .values_list("contract_id")
        .annotate(pence=Sum("value_pence"), how_many=Sum("entries"))
    )
    return {key: TotalSum(key, None, None, pence, count) for key, pence, count in rows}


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the cells last changed (None: never), how many entries wait to be added to them, and the cells' version."""

    as_at: datetime | None
    pending: int
    version: int
    """Moves with every change to the cells: part of the key of whatever is kept from them."""

    @property
    def is_current(self) -> bool:
        return self.pending == 0


def freshness() -> Freshness:
    changed_at, version = CubeVersion.objects.filter(pk=1).values_list(
        "changed_at", "number"
    ).first() or (None, 0)
    return Freshness(as_at=changed_at, pending=pending_count(), version=version)


def cube_version() -> int:
    """The version of the cells alone."""
    return CubeVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


@dataclass(frozen=True, slots=True)
class LastReconcile:
    """The latest comparison that ended. ``holds`` is False when a cell differed."""

    at: datetime
    wrong_cells: int

    @property
    def holds(self) -> bool:
        return self.wrong_cells == 0


def last_reconcile() -> LastReconcile | None:
    """None when the cells have never been compared."""
    row = (
        RollupRun.objects.filter(
            kind=RunKind.RECONCILE, state=RunState.DONE, ended_at__isnull=False
        )
        .order_by("-id")
        .values_list("ended_at", "wrong_cells")
        .first()
    )
    return None if row is None or row[0] is None else LastReconcile(row[0], row[1] or 0)


def runs_for(
    actor: Actor, *, kinds: Sequence[str] = (), states: Sequence[str] = ()
) -> QuerySet[RollupRun]:
    """Runs, newest first. NotAllowed unless the actor looks after the roll-ups."""
    check_may_run(actor)
    wanted = Q()
    if kinds:
        wanted &= Q(kind__in=kinds)
    if states:
        wanted &= Q(state__in=states)
    return RollupRun.objects.filter(wanted).order_by("-id")
