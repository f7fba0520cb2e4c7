"""Sums over roll-up cells. Committed, claimed, evidenced and verified stand beside each other and are never added
together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from procurement.ledger.vocabulary import Basis
from socialvalue.core.periods import quarter_start
from toms.frameworks.vocabulary import Aggregation


@dataclass(frozen=True, slots=True)
class ThemeFacts:
    id: int
    name: str
    position: int = 0
    others: tuple[int, ...] = ()
    """The same theme in other editions: one line, whichever edition a contract was tendered with."""

    @property
    def ids(self) -> tuple[int, ...]:
        return (self.id, *self.others)


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What a sum needs to know of a measure."""

    id: int
    code: str
    title: str
    unit: str
    aggregation: str
    theme_id: int
    theme_name: str
    is_local_employment: bool = False
    objectives: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.code} {self.title}"


@dataclass(frozen=True, slots=True)
class MoneyCell:
    """Whole pence of one basis, theme and month, of every authority of the scope."""

    basis: str
    theme_id: int
    period: date
    value_pence: int
    entries: int


@dataclass(frozen=True, slots=True)
class AuthorityCell:
    """Whole pence of one basis and authority over the period."""

    basis: str
    authority_id: int
    value_pence: int
    entries: int


@dataclass(frozen=True, slots=True)
class MeasureCell:
    """Quantity and whole pence of one basis and measure over the period, of every authority of the scope.

    Where a measure's latest figure counts, ``quantity`` is what ``latest`` made of its months.
    """

    basis: str
    measure_id: int
    quantity: Decimal
    denominator: Decimal
    value_pence: int
    entries: int


@dataclass(frozen=True, slots=True)
class Position:
    """Everything the figures of one scope are computed from, read once."""

    money: Sequence[MoneyCell] = ()
    cells: Sequence[MeasureCell] = ()
    measures: Mapping[int, MeasureFacts] = field(default_factory=dict)
    themes: Sequence[ThemeFacts] = ()
    counts: Mapping[str, Decimal | None] = field(default_factory=dict)
    authorities: Sequence[AuthorityCell] = ()


def total_pence(position: Position, basis: str) -> int:
    return sum(cell.value_pence for cell in position.money if cell.basis == basis)


def entries_under(position: Position, basis: str) -> int:
    return sum(cell.entries for cell in position.money if cell.basis == basis)


def share_percent(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """Unrounded percentage; None when there is nothing to be a part of."""
    return None if whole == 0 else Decimal(part) * 100 / Decimal(whole)


def measure_pence(position: Position, basis: str, wanted: Callable[[MeasureFacts], bool]) -> int:
    ids = {measure.id for measure in position.measures.values() if wanted(measure)}
    return sum(c.value_pence for c in position.cells if c.basis == basis and c.measure_id in ids)


def measure_quantity(
    position: Position, basis: str, wanted: Callable[[MeasureFacts], bool]
) -> Decimal | None:
    """The quantities added up; None (not reported) when no entry stands under them."""
    ids = {measure.id for measure in position.measures.values() if wanted(measure)}
    found = [c for c in position.cells if c.basis == basis and c.measure_id in ids]
    return sum((c.quantity for c in found), Decimal(0)) if found else None


def latest(months: Iterable[tuple[int, date, Decimal]]) -> Decimal:
    """Of authority, month and quantity: what each authority said last, added up."""
    said: dict[int, tuple[date, Decimal]] = {}
    for authority_id, month, quantity in months:
        if authority_id not in said or month > said[authority_id][0]:
            said[authority_id] = (month, quantity)
    return sum((quantity for _, quantity in said.values()), Decimal(0))


def combined_quantity(aggregation: str, cells: Iterable[MeasureCell]) -> Decimal | None:
    """What cells of one measure say together, by the measure's own way of adding up.

    A ratio is the percentage of the two sums. What does not add up has no quantity. None when nothing was reported.
    """
    rows = list(cells)
    if not rows or aggregation == Aggregation.NONE:
        return None
    if aggregation == Aggregation.RATIO:
        whole = sum((c.denominator for c in rows), Decimal(0))
        return share_percent(sum((c.quantity for c in rows), Decimal(0)), whole)
    return sum((c.quantity for c in rows), Decimal(0))


@dataclass(frozen=True, slots=True)
class Bases:
    """The bases beside each other, in their order: whole pence, or numbers of ledger entries."""

    committed: int = 0
    claimed: int = 0
    evidenced: int = 0
    verified: int = 0

    @property
    def share(self) -> Decimal | None:
        """Verified as a percentage of committed, unrounded."""
        return share_percent(self.verified, self.committed)


def bases_of(
    cells: Iterable[MoneyCell | AuthorityCell | MeasureCell], *, entries: bool = False
) -> Bases:
    """Pence of each basis, or the number of ledger entries under them."""
    sums = dict.fromkeys(Basis.values, 0)
    for cell in cells:
        sums[cell.basis] += cell.entries if entries else cell.value_pence
    return Bases(*(sums[basis] for basis in Basis.values))


@dataclass(frozen=True, slots=True)
class ThemeLine:
    theme: ThemeFacts
    pence: Bases
    entries: Bases


def by_theme(position: Position) -> list[ThemeLine]:
    """One line a theme in the framework's order; the lines add up to the totals."""
    grouped: dict[int, list[MoneyCell]] = {theme.id: [] for theme in position.themes}
    first = {key: theme.id for theme in position.themes for key in theme.ids}
    for cell in position.money:
        grouped.setdefault(first.get(cell.theme_id, cell.theme_id), []).append(cell)
    known = {theme.id: theme for theme in position.themes}
    return [
        ThemeLine(
            known.get(key) or ThemeFacts(key, "Theme not mapped", 10_000),
            bases_of(cells),
            bases_of(cells, entries=True),
        )
        for key, cells in grouped.items()
    ]


@dataclass(frozen=True, slots=True)
class QuarterLine:
    quarter: date
    pence: Bases
    entries: Bases


def by_quarter(position: Position, quarters: Sequence[date]) -> list[QuarterLine]:
    """One line a quarter of the period; the lines add up to the totals of those quarters."""
    grouped: dict[date, list[MoneyCell]] = {quarter: [] for quarter in quarters}
    for cell in position.money:
        start = quarter_start(cell.period)
        if start in grouped:
            grouped[start].append(cell)
    return [
        QuarterLine(quarter, bases_of(cells), bases_of(cells, entries=True))
        for quarter, cells in grouped.items()
    ]


@dataclass(frozen=True, slots=True)
class MeasureLine:
    measure: MeasureFacts
    committed: Decimal | None
    claimed: Decimal | None
    evidenced: Decimal | None
    verified: Decimal | None
    pence: Bases
    entries: Bases

    @property
    def is_valued(self) -> bool:
        """False for a measure that is counted only: no entry of it carries £."""
        return self.pence != Bases()


def by_measure(position: Position) -> list[MeasureLine]:
    """One line a measure that has entries, with quantities in its unit and £ beside them."""
    grouped: dict[int, list[MeasureCell]] = {}
    for cell in position.cells:
        grouped.setdefault(cell.measure_id, []).append(cell)
    lines = [_measure_line(position.measures[key], cells) for key, cells in grouped.items()]
    order = {key: theme.position for theme in position.themes for key in theme.ids}
    places = {key: place for place, key in enumerate(position.measures)}
    lines.sort(key=lambda x: (order.get(x.measure.theme_id, 10_000), places[x.measure.id]))
    return lines


def _measure_line(measure: MeasureFacts, cells: Sequence[MeasureCell]) -> MeasureLine:
    def of(basis: str) -> Decimal | None:
        return combined_quantity(measure.aggregation, (c for c in cells if c.basis == basis))

    return MeasureLine(
        measure,
        of(Basis.COMMITTED),
        of(Basis.CLAIMED),
        of(Basis.EVIDENCED),
        of(Basis.VERIFIED),
        bases_of(cells),
        bases_of(cells, entries=True),
    )


@dataclass(frozen=True, slots=True)
class AuthorityLine:
    authority_id: int
    pence: Bases
    entries: Bases


def by_authority(position: Position, ids: Sequence[int]) -> list[AuthorityLine]:
    """One line an authority in the order given; the lines add up to the totals."""
    grouped: dict[int, list[AuthorityCell]] = {key: [] for key in ids}
    for cell in position.authorities:
        grouped.setdefault(cell.authority_id, []).append(cell)
    return [
        AuthorityLine(key, bases_of(cells), bases_of(cells, entries=True))
        for key, cells in grouped.items()
    ]
