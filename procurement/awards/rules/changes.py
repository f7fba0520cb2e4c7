"""What a change of a running contract may say. Pure; what its quarters can carry is for the action plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.awards.rules.terms import LONGEST_YEARS
from procurement.awards.vocabulary import ChangeKind
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import MAX_QUANTITY, MILLI, measured
from socialvalue.core.periods import quarter_label, quarter_start, uk_date

Fault = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Change:
    """What the parties agreed, and what it meets. ``quantity`` in the measure's unit, dates as in the contract."""

    kind: str
    reason: str
    from_quarter: date
    starts_on: date
    ends_on: date
    today: date
    quantity_before: Decimal | None = None
    quantity: Decimal | None = None
    new_end: date | None = None

    @property
    def last_day(self) -> date:
        """The end of the contract once the change stands."""
        return self.new_end or self.ends_on


def check_change(change: Change) -> None:
    """RuleBroken with every fault at once. The past is over: what is planned again begins this quarter or later."""
    faults = [*_reason(change), *_what(change), *_from_when(change)]
    if faults:
        field, message = faults[0]
        raise RuleBroken(message, field=field, more=faults[1:])


def change_sentence(
    *,
    kind: str,
    label: str = "",
    unit: str = "",
    before: Decimal | None = None,
    after: Decimal | None = None,
    ends_before: date | None = None,
    ends_after: date | None = None,
) -> str:
    """``PLB1 Local spend: from £10,000 to £12,000.``"""
    if kind == ChangeKind.EXTENSION and ends_before and ends_after:
        return f"End of the contract: from {uk_date(ends_before)} to {uk_date(ends_after)}."
    now = measured(after or Decimal(0), unit)
    if kind == ChangeKind.ADDED or before is None:
        return f"{label}: added with {now}."
    if after == 0:
        return f"{label}: given up, {measured(before, unit)} before."
    return f"{label}: from {measured(before, unit)} to {now}."


def _reason(change: Change) -> Iterator[Fault]:
    if not change.reason.strip():
        yield "reason", "Enter the reason for the change"


def _what(change: Change) -> Iterator[Fault]:
    if change.kind == ChangeKind.EXTENSION:
        yield from _end(change)
        return
    quantity = change.quantity
    if quantity is None or quantity < 0:
        yield "quantity", "Enter the quantity the commitment is to stand at, 0 or more"
    elif quantity != quantity.quantize(MILLI) or quantity > MAX_QUANTITY:
        yield (
            "quantity",
            "The quantity must have at most 3 decimal places and 11 figures before them",
        )
    elif change.kind == ChangeKind.ADDED and quantity == 0:
        yield "quantity", "A commitment that is added must be more than 0"
    elif quantity == change.quantity_before:
        yield "quantity", "The commitment stands at this quantity already. Enter another one"


def _end(change: Change) -> Iterator[Fault]:
    end = change.new_end
    if end is None:
        yield "ends_on", "Enter the new end date"
    elif end == change.ends_on:
        yield "ends_on", "The contract ends on this day already. Enter another date"
    elif end < max(change.starts_on, change.today):
        yield "ends_on", "The new end date must be today or later, and after the contract starts"
    elif end.year - change.starts_on.year > LONGEST_YEARS:
        yield "ends_on", f"The contract must be {LONGEST_YEARS} years or less"


def _from_when(change: Change) -> Iterator[Fault]:
    start = change.from_quarter
    first = max(quarter_start(change.starts_on), quarter_start(change.today))
    if start != quarter_start(start):
        yield (
            "from_quarter",
            "Choose a quarter: it begins on the first day of January, April, July or October",
        )
    elif start < first:
        yield (
            "from_quarter",
            f"What is over stays as it was. Choose {quarter_label(first)} or a later quarter",
        )
    elif start > quarter_start(change.last_day):
        yield (
            "from_quarter",
            f"No quarter is left to plan. Choose {quarter_label(change.last_day)} or an earlier quarter",
        )
