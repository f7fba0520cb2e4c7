"""One deed as it was valued and as another edition values it, with the sum behind that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from socialvalue.core.money import from_pence, pounds, round_pounds, to_pence
from toms.frameworks.queries import EditionInfo, MeasureInfo
from toms.frameworks.vocabulary import MeasureKind
from toms.priorities.rules.opinions import Counterpart, Terms, ValuedRow
from toms.proxies.queries import POUND_FOR_POUND, UnitValueRow
from toms.proxies.rules import in_force, lacking, nearest, until
from toms.valuation.rules import (
    Additionality,
    Compared,
    Timing,
    Working,
    WorkingLine,
    exact_worth,
    worth,
)
from toms.valuation.rules.numbers import EXACT, HUNDRED

COUNTED = "Counted, not valued, as awarded"
BOTH_COUNTED = "Counted, not valued, in either"


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """One deed as it was valued and as the other edition values it, with the sum behind that."""

    row: ValuedRow
    measure: MeasureInfo
    counterpart: MeasureInfo | None
    how: str
    compared: Compared
    working: Working | None

    @property
    def value(self) -> Decimal | None:
        return _pounds(self.compared.value_pence)

    @property
    def other(self) -> Decimal | None:
        return _pounds(self.compared.other_pence)

    @property
    def difference(self) -> Decimal | None:
        return _pounds(self.compared.difference_pence)

    @property
    def difference_lines(self) -> list[tuple[str, str]]:
        """The two figures that the difference lies between."""
        if self.value is None or self.other is None:
            return []
        return [("Valued there", pounds(self.other)), ("Valued here", pounds(self.value))]


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit is worth there, or why it has no value."""

    amount: Decimal | None
    source: str = ""
    reason: str = ""


@dataclass(slots=True)
class Reviewer:
    """Everything that is needed to look at any number of rows without another query."""

    edition: EditionInfo
    terms: Terms
    measures: Mapping[int, MeasureInfo]
    """As awarded, and of the other edition."""
    counterparts: Mapping[int, Counterpart]
    values: Mapping[int, Sequence[UnitValueRow]]
    _prices: dict[tuple[object, ...], Price] = field(default_factory=dict)
    _methods: dict[int, tuple[Additionality, Decimal]] = field(default_factory=dict)
    _timings: dict[int, Timing] = field(default_factory=dict)

    def compared(self, row: ValuedRow) -> Compared:
        """The two figures, without the sum behind the second: for very many rows."""
        return self.looked(row)[0]

    def looked(self, row: ValuedRow) -> tuple[Compared, Price | None]:
        """The two figures, and what one unit is worth there where it is worth anything."""
        found = self.counterparts[row.measure_id]
        if found.measure_id is None:
            return Compared(row.value_pence, None, found.reason), None
        price = self._price(row, found.measure_id)
        if price.amount is None:
            reason = price.reason if row.value_pence is not None else BOTH_COUNTED
            return Compared(row.value_pence, None, reason), None
        if self._is_unchanged(row, found.measure_id):
            return Compared(row.value_pence, row.value_pence), price
        exact = Decimal(0)
        for year, quantity in self._parts(row):
            exact = EXACT.add(exact, self._share(quantity, found, price, row, year))
        pence = to_pence(round_pounds(exact))
        return Compared(
            row.value_pence, pence, "" if row.value_pence is not None else COUNTED
        ), price

    def method_of(self, measure_id: int) -> Additionality:
        """What is taken off a measure here: its own method's, or what was named in its stead."""
        return self._method(measure_id)[0]

    def line(self, row: ValuedRow) -> OpinionLine:
        """The two figures with the sum behind the second."""
        found = self.counterparts[row.measure_id]
        compared = self.compared(row)
        target = self.measures[found.measure_id] if found.measure_id is not None else None
        working = None
        if target is not None and compared.other_pence is not None:
            working = self._working(row, found, target, compared.other_pence)
        return OpinionLine(row, self.measures[row.measure_id], target, found.how, compared, working)

    def _working(
        self, row: ValuedRow, found: Counterpart, target: MeasureInfo, pence: int
    ) -> Working:
        price, parts = self._price(row, target.id), self._parts(row)
        working = worth(
            quantity=EXACT.multiply(row.quantity, found.factor),
            unit_value=price.amount,
            attribution=EXACT.divide(row.attribution_percent, HUNDRED),
            additionality=self._method(target.id)[0],
            timing=self._timing(parts[0][0]) if len(parts) == 1 else None,
            unit=target.unit,
            source=price.source,
        )
        head = [WorkingLine("Measure", f"{target.label}, {self.edition.name}")]
        unit = self.measures[row.measure_id].unit
        if found.factor != 1 or unit != target.unit:
            said = f"one of {unit} counts as {found.factor.normalize():f} of {target.unit}"
            head.append(WorkingLine("By the region's crosswalk", said))
        tail = []
        if len(parts) > 1:
            for year, part in parts:
                share = pounds(round_pounds(self._share(part, found, price, row, year)))
                factor = Timing(year, self.terms.rate).factor_shown
                tail.append(WorkingLine(f"Falls in year {year}", f"{share}, factor {factor}"))
            tail.append(WorkingLine("Discounted value", pounds(from_pence(pence))))
        elif working.value_pence != pence:
            moved = pounds(from_pence(pence - working.value_pence))
            tail.append(WorkingLine("Moved so that the quarters add up to the commitment", moved))
        return Working((*head, *working.lines, *tail), from_pence(pence), pence)

    def _share(
        self, quantity: Decimal, found: Counterpart, price: Price, row: ValuedRow, year: int
    ) -> Decimal:
        """Unrounded, of the part that falls in one year."""
        return exact_worth(
            quantity=EXACT.multiply(quantity, found.factor),
            unit_value=price.amount or Decimal(0),
            attribution=EXACT.divide(row.attribution_percent, HUNDRED),
            kept=self._method(found.measure_id or 0)[1],
            timing=self._timing(year),
        )

    def _parts(self, row: ValuedRow) -> tuple[tuple[int, Decimal], ...]:
        if not self.terms.is_discounted or not row.years:
            return ((0, row.quantity),)
        return row.years

    def _is_unchanged(self, row: ValuedRow, target_id: int) -> bool:
        return target_id == row.measure_id and self.terms.is_plain and row.value_pence is not None

    def _method(self, measure_id: int) -> tuple[Additionality, Decimal]:
        if measure_id not in self._methods:
            method = self.terms.taken_off(self.measures[measure_id].additionality)
            self._methods[measure_id] = (method, method.kept)
        return self._methods[measure_id]

    def _timing(self, year: int) -> Timing | None:
        if not self.terms.is_discounted:
            return None
        if year not in self._timings:
            self._timings[year] = Timing(year, self.terms.rate)
        return self._timings[year]

    def _price(self, row: ValuedRow, target_id: int) -> Price:
        """Its own unit value where it is its own measure; else what the edition holds for the place and day."""
        target = self.measures[target_id]
        is_own = target_id == row.measure_id
        if is_own and (not self.terms.place or target.kind == MeasureKind.NEGOTIATED):
            reason = f"Counted, not valued, in {self.edition.name}"
            return Price(row.unit_value, row.source, "" if row.unit_value is not None else reason)
        place = self.terms.place or row.place
        key = (target_id, place, row.sector, row.on)
        if key not in self._prices:
            self._prices[key] = self._held(target, place, row)
        return self._prices[key]

    def _held(self, target: MeasureInfo, place: str, row: ValuedRow) -> Price:
        if target.kind == MeasureKind.POUND_FOR_POUND:
            return Price(POUND_FOR_POUND.amount, POUND_FOR_POUND.cited)
        if target.kind == MeasureKind.RECORD_ONLY:
            return Price(None, reason=f"Counted, not valued, in {self.edition.name}")
        if target.kind == MeasureKind.NEGOTIATED:
            return Price(None, reason=f"Negotiated in {self.edition.name}: no value before a bid")
        rows = self.values.get(target.id, ())
        for where in nearest(place, row.sector):
            here = [held for held in rows if (held.value.place, held.value.sector) == where]
            if here:
                value = in_force(here, row.on).value
                return Price(value.amount, value.cited)
        lacks = lacking([(held.value.place, held.value.sector) for held in rows], place, row.sector)
        if lacks:
            return Price(None, reason=f"No value until {until(lacks)}")
        return Price(None, reason=f"No value is held in {self.edition.name}")


def _pounds(pence: int | None) -> Decimal | None:
    return None if pence is None else from_pence(pence)
