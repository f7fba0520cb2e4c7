"""From sums of the ledger to what is told of an authority or a region in one year. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from procurement.ledger.vocabulary import Basis
from reporting.figures.rules.positions import latest, share_percent
from reporting.open_data.rules.members import rest_may_count
from reporting.open_data.rules.people import counts_people, is_small
from reporting.open_data.rules.suppression import Hidden, Leaf, Part, hidden_of, hidden_of_all
from socialvalue.core.periods import quarter_start
from toms.frameworks.vocabulary import Aggregation

FEW = "Fewer than 5"
NOT_TOLD = "Not shown"
NESTED = (Basis.CLAIMED, Basis.EVIDENCED, Basis.VERIFIED)
"""Each holds, measure by measure, at most what the one before holds. A figure told of one would be the least that an
untold one of another can be, and with the totals that can be enough to work out a small number."""
Told = Decimal | str | None
"""A figure, the words for one that is not told, or nothing where nothing was reported."""


@dataclass(frozen=True, slots=True)
class MeasureName:
    """A measure as the public knows it: the same in two editions is one."""

    theme_id: int
    """Of the theme that stands for its like in other editions."""
    theme: str
    label: str
    unit: str
    aggregation: str

    def __str__(self) -> str:
        """The same on every page it is on: ties between measures are broken by it, on all of them alike."""
        return f"{self.label} ({self.unit}, {self.aggregation})"


@dataclass(frozen=True, slots=True)
class Sum:
    """What one authority reported of one measure, basis and month."""

    basis: str
    authority_id: int
    measure: MeasureName
    month: date
    quantity: Decimal
    denominator: Decimal
    pence: int
    may_cover: bool = True


InMonth = Callable[[int, date], bool]
"""True when this month of this authority is part of a total."""


def quantity_of(aggregation: str, sums: Sequence[Sum]) -> Decimal | None:
    """What sums of one measure say together; a rate in percent, None for what does not add up."""
    if not sums or aggregation == Aggregation.NONE:
        return None
    if aggregation == Aggregation.RATIO:
        whole = sum((x.denominator for x in sums), Decimal(0))
        return share_percent(sum((x.quantity for x in sums), Decimal(0)), whole)
    if aggregation == Aggregation.LAST:
        return latest((x.authority_id, x.month, x.quantity) for x in sums)
    return sum((x.quantity for x in sums), Decimal(0))


def part_of(sums: Iterable[Sum]) -> Part:
    """The measures of one part of one basis."""
    grouped: dict[MeasureName, list[Sum]] = {}
    for one in sums:
        grouped.setdefault(one.measure, []).append(one)
    return {name: _leaf(name, rows) for name, rows in grouped.items()}


def _leaf(name: MeasureName, rows: Sequence[Sum]) -> Leaf:
    quantity = quantity_of(name.aggregation, rows) or Decimal(0)
    if name.aggregation == Aggregation.LAST:
        # Which month is the latest depends on the sum: none of them may be small.
        few = any(is_small(name.unit, name.aggregation, x.quantity, Decimal(0)) for x in rows)
    else:
        few = is_small(
            name.unit,
            name.aggregation,
            sum((x.quantity for x in rows), Decimal(0)),
            sum((x.denominator for x in rows), Decimal(0)),
        )
    return Leaf(
        name.theme_id,
        quantity,
        sum(x.pence for x in rows),
        few,
        counts_people(name.unit),
        all(x.may_cover for x in rows),
    )


def hidden_by_basis(
    sums: Iterable[Sum], stretch_of: Callable[[int, date], Hashable]
) -> dict[str, Hidden]:
    """What one authority does not tell, by basis. ``stretch_of`` says which months are told together somewhere.

    What one of the nested bases does not tell, none of them tells.
    """
    parts: dict[str, dict[Hashable, list[Sum]]] = {basis: {} for basis in Basis.values}
    for one in sums:
        of_basis = parts[one.basis]
        of_basis.setdefault(stretch_of(one.authority_id, one.month), []).append(one)
    found = {
        basis: hidden_of([part_of(rows) for rows in stretches.values()])
        for basis, stretches in parts.items()
    }
    return found | dict.fromkeys(NESTED, hidden_of_all(found[basis] for basis in NESTED))


@dataclass(frozen=True, slots=True)
class Membership:
    """Who is in a public total: those who publish, and the rest where it may count; and who is not, and why."""

    publishing: frozenset[int] = frozenset()
    rest: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()
    """They do not publish, and the total would tell their figures."""
    too_small: frozenset[int] = frozenset()
    """They publish, but not even their own total, because it would tell a small number."""
    hidden: Mapping[str, Hidden] = field(default_factory=dict)

    @property
    def counted(self) -> frozenset[int]:
        return self.publishing | self.rest


def membership_of(
    sums: Sequence[Sum],
    *,
    publishing: Collection[int],
    stretch_of: Callable[[int, date], Hashable],
    inside: InMonth,
) -> Membership:
    """Which members a region's public total holds, and what it does not tell.

    ``sums`` are of every member for the whole period, months outside the region included.
    """
    by_authority: dict[int, list[Sum]] = {}
    for one in sums:
        by_authority.setdefault(one.authority_id, []).append(one)
    told: dict[int, dict[str, Hidden]] = {
        key: hidden_by_basis(rows, stretch_of)
        for key, rows in by_authority.items()
        if key in publishing and any(inside(key, row.month) for row in rows)
    }
    small = frozenset(key for key, found in told.items() if any(x.total for x in found.values()))
    rest_rows = [
        x for x in sums if x.authority_id not in publishing and inside(x.authority_id, x.month)
    ]
    rest = frozenset(x.authority_id for x in rest_rows)
    rest_hidden = hidden_by_basis(rest_rows, lambda authority_id, month: "rest")
    pence: dict[int, dict[str, int]] = {}
    for one in rest_rows:
        by_basis = pence.setdefault(one.authority_id, {})
        by_basis[one.basis] = by_basis.get(one.basis, 0) + one.pence
    may_count = rest_may_count(pence) and not any(x.total for x in rest_hidden.values())
    counted = [found for key, found in told.items() if key not in small]
    counted += [rest_hidden] if may_count else []
    return Membership(
        frozenset(publishing) - small,
        rest if may_count else frozenset(),
        frozenset() if may_count else rest,
        small,
        {basis: hidden_of_all(found[basis] for found in counted) for basis in Basis.values},
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is told: by basis."""

    label: str
    figures: Mapping[str, Told]

    @property
    def share(self) -> Told:
        """Verified as a percentage of committed, told where both are."""
        verified, committed = self.figures[Basis.VERIFIED], self.figures[Basis.COMMITTED]
        if isinstance(verified, str) or isinstance(committed, str):
            return NOT_TOLD
        return share_percent(verified or 0, committed or 0)


@dataclass(frozen=True, slots=True)
class MeasureLine:
    name: MeasureName
    quantities: Mapping[str, Told]
    pounds: Mapping[str, Told]


@dataclass(frozen=True, slots=True)
class Year:
    """Everything that is told of one scope in one period."""

    total: Line
    themes: tuple[Line, ...]
    quarters: tuple[Line, ...]
    measures: tuple[MeasureLine, ...]
    hidden: Mapping[str, Hidden]

    @property
    def hides(self) -> bool:
        return any(not hidden.is_nothing for hidden in self.hidden.values())

    def tells_unit(self, basis: str, unit: str) -> bool:
        """True when every measure counted in this unit is told, so that their sum may be."""
        return all(
            not isinstance(line.quantities[basis], str)
            for line in self.measures
            if line.name.unit == unit
        )


def year_of(
    sums: Sequence[Sum],
    hidden: Mapping[str, Hidden],
    *,
    themes: Sequence[tuple[int, str]],
    quarters: Sequence[tuple[date, str]],
) -> Year:
    """What is told of these sums, with nothing of what is hidden. ``themes`` and ``quarters`` in reading order."""

    def line(label: str, rows: Sequence[Sum], is_hidden: Callable[[Hidden], bool]) -> Line:
        return Line(
            label,
            {
                basis: NOT_TOLD if is_hidden(hidden[basis]) else _pounds(rows, basis)
                for basis in Basis.values
            },
        )

    by_theme: dict[int, list[Sum]] = {}
    by_quarter: dict[date, list[Sum]] = {}
    by_measure: dict[MeasureName, list[Sum]] = {}
    for one in sums:
        by_theme.setdefault(one.measure.theme_id, []).append(one)
        by_quarter.setdefault(quarter_start(one.month), []).append(one)
        by_measure.setdefault(one.measure, []).append(one)
    order = {key: place for place, (key, _) in enumerate(themes)}
    names = sorted(by_measure, key=lambda x: order.get(x.theme_id, len(order)))
    return Year(
        line("Total", sums, lambda x: x.total),
        tuple(
            line(name, by_theme.get(key, []), lambda x, key=key: x.total or key in x.themes)  # type: ignore[misc]  # key is bound now
            for key, name in themes
        ),
        tuple(line(name, by_quarter.get(start, []), lambda x: x.total) for start, name in quarters),
        tuple(_measure_line(name, by_measure[name], hidden) for name in names),
        hidden,
    )


def _pounds(rows: Iterable[Sum], basis: str) -> Decimal:
    pence = sum(x.pence for x in rows if x.basis == basis)
    return (Decimal(pence) / 100).quantize(Decimal("0.01"))


def _measure_line(
    name: MeasureName, rows: Sequence[Sum], hidden: Mapping[str, Hidden]
) -> MeasureLine:
    is_valued = any(x.pence for x in rows)
    quantities: dict[str, Told] = {}
    pounds: dict[str, Told] = {}
    reported = {
        basis: quantity_of(name.aggregation, [x for x in rows if x.basis == basis])
        for basis in Basis.values
    }
    for basis, quantity in reported.items():
        if name in hidden[basis].measures:
            # The same words on all of them, or a measure that is few on one would be known to be none on another.
            alike = NESTED if basis in NESTED else (basis,)
            quantities[basis] = _words(name, [reported[other] or Decimal(0) for other in alike])
            pounds[basis] = NOT_TOLD if is_valued else None
            continue
        quantities[basis] = quantity
        pounds[basis] = _pounds(rows, basis) if is_valued else None
    return MeasureLine(name, quantities, pounds)


def _words(name: MeasureName, quantities: Sequence[Decimal]) -> str:
    """What stands in place of these: whether the largest of them is few."""
    most = max(quantities, key=abs)
    is_rate = name.aggregation == Aggregation.RATIO
    few = not is_rate and is_small(name.unit, name.aggregation, most, Decimal(0))
    return FEW if few else NOT_TOLD
