"""Very many rows under another edition, summed by measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from socialvalue.core.money import from_pence, measured, pounds
from toms.frameworks.queries import MeasureInfo
from toms.priorities.queries.reviewing import Price, Reviewer
from toms.priorities.rules.opinions import ValuedRow
from toms.valuation.rules import Compared, Totals, WorkingLine, totals

HUNDRED = Decimal(100)
MOST_SHOWN = 12
"""Values of one listed under a sum; more would be a list, and the entries are one."""


@dataclass(frozen=True, slots=True)
class MeasureOpinion:
    """All rows of one measure together. ``quantity`` is None where the figures stand alone."""

    measure: MeasureInfo
    counterpart: MeasureInfo | None
    how: str
    quantity: Decimal | None
    totals: Totals
    reasons: tuple[tuple[str, int], ...]
    """Why rows cannot be compared, and how many."""
    working_lines: tuple[WorkingLine, ...]
    """How the other value is made: each value of one that was used, and how much of the quantity it was used for."""

    @property
    def value(self) -> Decimal | None:
        return from_pence(self.totals.value_pence) if self.is_valued else None

    @property
    def is_valued(self) -> bool:
        return self.totals.value_pence != 0 or self.totals.comparable > 0

    @property
    def other(self) -> Decimal | None:
        """Of what can be compared; what only the other edition values where nothing can."""
        if self.totals.comparable:
            return from_pence(self.totals.other_pence)
        return from_pence(self.totals.elsewhere_pence) if self.totals.elsewhere else None

    @property
    def difference(self) -> Decimal | None:
        return from_pence(self.totals.difference_pence) if self.totals.comparable else None

    @property
    def difference_lines(self) -> list[tuple[str, str]]:
        """The two sums that the difference lies between."""
        if not self.totals.comparable:
            return []
        return [
            ("Valued there", pounds(from_pence(self.totals.other_pence))),
            (
                "Valued here, of what can be compared",
                pounds(from_pence(self.totals.comparable_pence)),
            ),
        ]

    @property
    def why_not(self) -> str:
        """``No counterpart``; with numbers where only some of the rows are meant."""
        if len(self.reasons) == 1 and self.reasons[0][1] == self.totals.rows:
            return self.reasons[0][0]
        return "; ".join(
            f"{reason} ({count} of {self.totals.rows})" for reason, count in self.reasons
        )


@dataclass(slots=True)
class _Used:
    """Rows that share a value of one, a share and a place."""

    rows: int = 0
    quantity: Decimal = Decimal(0)


@dataclass(slots=True)
class _Sum:
    quantity: Decimal = Decimal(0)
    compared: list[Compared] = field(default_factory=list)
    used: dict[tuple[Decimal | None, str, Decimal], _Used] = field(default_factory=dict)

    def add(self, row: ValuedRow, compared: Compared, price: Price | None) -> None:
        self.quantity += row.quantity
        self.compared.append(compared)
        if price is not None:
            key = (price.amount, price.source, row.attribution_percent)
            used = self.used.setdefault(key, _Used())
            used.rows += 1
            used.quantity += row.quantity


def opinion_by_measure(
    looks: Reviewer, rows: Iterable[ValuedRow]
) -> tuple[list[MeasureOpinion], Totals]:
    """Rows of any number, read once, summed by measure; the sums are of rows rounded one by one."""
    sums: dict[int, _Sum] = {}
    for row in rows:
        sums.setdefault(row.measure_id, _Sum()).add(row, *looks.looked(row))
    found = [_measure(looks, measure_id, kept) for measure_id, kept in sums.items()]
    found.sort(key=lambda row: (row.measure.code_sort, row.measure.id))
    return found, sum((row.totals for row in found), Totals())


def _measure(looks: Reviewer, measure_id: int, kept: _Sum) -> MeasureOpinion:
    measure, match = looks.measures[measure_id], looks.counterparts[measure_id]
    target = looks.measures[match.measure_id] if match.measure_id is not None else None
    sums = totals(kept.compared)
    return MeasureOpinion(
        measure,
        target,
        match.how,
        kept.quantity if measure.adds_up else None,
        sums,
        tuple(sorted(Counter(row.reason for row in kept.compared if row.reason).items())),
        tuple(_lines(looks, measure, target, match.factor, kept, sums)) if target else (),
    )


def _lines(
    looks: Reviewer,
    measure: MeasureInfo,
    target: MeasureInfo,
    factor: Decimal,
    kept: _Sum,
    sums: Totals,
) -> Iterator[WorkingLine]:
    yield WorkingLine("Measure", f"{target.label}, {looks.edition.name}")
    if factor != 1 or measure.unit != target.unit:
        said = f"one of {measure.unit} counts as {factor.normalize():f} of {target.unit}"
        yield WorkingLine("By the region's crosswalk", said)
    most = sorted(kept.used.items(), key=lambda pair: -pair[1].rows)
    for (amount, source, share), used in most[:MOST_SHOWN]:
        entries = "1 entry" if used.rows == 1 else f"{used.rows:,} entries"
        due = "" if share == HUNDRED else f" × {share.normalize():f}%"
        one = "" if amount is None else f"{amount:,f}"
        one = one.rstrip("0").rstrip(".") if "." in one else one
        yield WorkingLine(
            f"{measured(used.quantity, measure.unit)} in {entries}",
            ". ".join(filter(None, (f"× £{one}{due}", source))),
        )
    if len(most) > MOST_SHOWN:
        yield WorkingLine("And", f"{len(most) - MOST_SHOWN} more values of one")
    for _, label, part in looks.method_of(target.id).parts():
        yield WorkingLine(label, f"{(part * HUNDRED).normalize():f}% taken off")
    if looks.terms.is_discounted:
        yield WorkingLine("Discounted", "each entry by the year of its contract it falls in")
    total = pounds(from_pence(sums.there_pence))
    yield WorkingLine("Value", f"{total}, each entry rounded to the penny")
