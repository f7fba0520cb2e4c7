"""The one sum: quantity x unit value x attribution, less what is not additional, discounted; rounded once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from socialvalue.core.money import pounds, round_pounds, to_pence
from toms.valuation.rules.additionality import ALL_ADDITIONAL, Additionality
from toms.valuation.rules.discounting import Timing
from toms.valuation.rules.numbers import (
    EXACT,
    HUNDRED,
    ONE,
    amount_of,
    counted,
    exactly,
    fraction,
    percent,
    pounds_of_one,
)

NOT_VALUED = "Counted, not valued"


@dataclass(frozen=True, slots=True)
class WorkingLine:
    """One line of a sum, as a person reads it: ``Quantity``, ``25 FTE-years``."""

    label: str
    shown: str

    @property
    def text(self) -> str:
        return f"{self.label}: {self.shown}"


@dataclass(frozen=True, slots=True)
class Working:
    """A value with its sum. ``value`` is pounds rounded once, half up, to the penny; None when nothing is valued.

    ``exact`` is the same before rounding, for sums that must be rounded as a whole.
    """

    lines: tuple[WorkingLine, ...]
    value: Decimal | None
    value_pence: int
    exact: Decimal | None = None

    @property
    def is_valued(self) -> bool:
        return self.value is not None

    @property
    def quantity_shown(self) -> str:
        """``25 FTE-years``: what the sum begins with."""
        return next((line.shown for line in self.lines if line.label == "Quantity"), "")

    @property
    def shown(self) -> str:
        return pounds(self.value) if self.value is not None else NOT_VALUED


def value_of(
    *,
    quantity: Decimal,
    unit_value: Decimal | None,
    attribution_percent: Decimal = HUNDRED,
    additionality: Additionality = ALL_ADDITIONAL,
    unit: str = "",
    source: str = "",
) -> Working:
    """What ``quantity`` units are worth: what a bid, a commitment and a claim are valued with.

    ``unit_value`` is pounds of one unit (None: the measure is counted, not valued), ``attribution_percent`` the share
    (0 to 100] of the outcome that is due to this contract, ``additionality`` what the measure's method takes off.
    ValueError for a share outside that range.
    """
    if not 0 < attribution_percent <= HUNDRED:
        raise ValueError("attribution_percent must be above 0 and at most 100")
    return worth(
        quantity=quantity,
        unit_value=unit_value,
        attribution=EXACT.divide(attribution_percent, HUNDRED),
        additionality=additionality,
        unit=unit,
        source=source,
    )


def worth(
    *,
    quantity: Decimal,
    unit_value: Decimal | None,
    attribution: Decimal = ONE,
    additionality: Additionality = ALL_ADDITIONAL,
    timing: Timing | None = None,
    unit: str = "",
    source: str = "",
) -> Working:
    """What ``quantity`` units are worth, with all that a method may take off; every step that is on is in the working.

    ``attribution`` is a fraction from 0 to 1, ``timing`` the year the value falls in (None: not discounted).
    ValueError for a fraction outside its range. Exact until the one rounding to the penny.
    """
    fraction("attribution", attribution)
    exactly("quantity", quantity)
    head = WorkingLine("Quantity", amount_of(quantity, unit))
    if unit_value is None:
        return Working((head, WorkingLine("Value", NOT_VALUED)), None, 0)
    exactly("unit_value", unit_value)
    one = f"£{pounds_of_one(unit_value)}"
    lines = [head, WorkingLine("Value of one", one)]
    terms = [f"{counted(quantity)} × {one}"]
    exact = exact_worth(
        quantity=quantity,
        unit_value=unit_value,
        attribution=attribution,
        kept=additionality.kept,
        timing=timing,
    )
    if attribution != ONE:
        share = percent(attribution)
        lines.append(WorkingLine("Share due to this contract", share))
        terms.append(f" × {share}")
    if additionality is not ALL_ADDITIONAL:
        for _, label, part in additionality.parts():
            lines.append(WorkingLine(label, f"{percent(part)} taken off"))
            terms.append(f" × (1 − {percent(part)})")
    if timing is not None:
        lines += _timing_lines(timing)
        terms += _timing_terms(timing)
    value = round_pounds(exact)
    lines.append(WorkingLine("Value", f"{''.join(terms)} = {pounds(value)}"))
    if source:
        lines.append(WorkingLine("Source", source))
    return Working(tuple(lines), value, to_pence(value), exact)


def exact_worth(
    *,
    quantity: Decimal,
    unit_value: Decimal,
    attribution: Decimal = ONE,
    kept: Decimal = ONE,
    timing: Timing | None = None,
) -> Decimal:
    """The sum of ``worth`` before its one rounding and without its working: for very many at once.

    ``kept`` is the fraction that is left when all that is not additional is taken off. The arguments are not judged.
    """
    exact = EXACT.multiply(EXACT.multiply(quantity, unit_value), attribution)
    exact = EXACT.multiply(exact, kept)
    if timing is None:
        return exact
    return EXACT.divide(EXACT.multiply(exact, timing.left), timing.divisor)


def pence_of(
    *,
    quantity: Decimal,
    unit_value: Decimal | None,
    attribution_percent: Decimal = HUNDRED,
    additionality: Additionality = ALL_ADDITIONAL,
) -> int:
    """``value_of`` in whole pence, without its working: for very many at once. The arguments are not judged."""
    if unit_value is None or not quantity:
        return 0
    exact = exact_worth(
        quantity=quantity,
        unit_value=unit_value,
        attribution=EXACT.divide(attribution_percent, HUNDRED),
        kept=ONE if additionality is ALL_ADDITIONAL else additionality.kept,
    )
    return to_pence(round_pounds(exact))


def _timing_lines(timing: Timing) -> list[WorkingLine]:
    lines = []
    if timing.drop_off is not None:
        lines.append(
            WorkingLine(
                f"Drop-off to year {timing.in_year}", f"{percent(timing.drop_off)} lost each year"
            )
        )
    if not timing.steps:
        return [*lines, WorkingLine("Falls in year 0", "not discounted")]
    lines.append(WorkingLine(f"Falls in year {timing.in_year}", f"factor {timing.factor_shown}"))
    whose = "Rate given" if timing.rate is not None else "Green Book schedule"
    return [*lines, WorkingLine(whose, timing.rates_shown)]


def _timing_terms(timing: Timing) -> list[str]:
    terms = []
    if timing.drop_off is not None and timing.in_year:
        terms.append(f" × (1 − {percent(timing.drop_off)})^{timing.in_year}")
    if timing.steps:
        terms.append(f" ÷ {timing.divisor_shown}")
    return terms
