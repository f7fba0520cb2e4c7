"""What a claim must hold. Pure: today is an argument."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from procurement.deliveries.rules.places import check_district, check_no_full_postcode
from procurement.ledger.rules import Posting
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import quantity_text
from socialvalue.core.periods import quarter_label, quarter_start, quarters_between, uk_date
from toms.valuation.rules import Additionality, value_of

MAX_NARRATIVE = 4_000
MAX_FILES = 10
LOOSE_FOR = timedelta(days=7)
"""How long a file that is part of no claim is kept: it may hold personal data nobody needs."""
HOW_MUCH = "How much was delivered"
WHOLE_OR_NOTHING = ("yes/no", "statement")
"""Units of which there is one or none."""
STATEMENT = "statement"
POSTCODE = re.compile(r"(?P<district>[A-Z]{1,2}[0-9][A-Z0-9]?)(?: *[0-9][A-Z]{2})?")

Fault = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Promise:
    """What the claim is about: the measure's unit, how it adds up, and the days of the contract.

    ``ended_on``: the last day of a contract that is closed.
    """

    unit: str
    adds_up: bool
    is_rate: bool
    starts_on: date
    ends_on: date
    numerator_label: str = ""
    denominator_label: str = ""
    ended_on: date | None = None

    @property
    def last_day(self) -> date:
        return self.ended_on or self.ends_on


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is claimed. ``quantity`` is the numerator of a rate; ``files`` counts the evidence."""

    quarter: date
    quantity: Decimal
    denominator: Decimal | None
    narrative: str = ""
    files: int = 0
    postcode_district: str = ""


class Measure(Protocol):
    """What the figures of a claim are called after, and what a posting is filed under."""

    @property
    def id(self) -> int: ...
    @property
    def theme_id(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def is_rate(self) -> bool: ...
    @property
    def numerator_label(self) -> str: ...
    @property
    def denominator_label(self) -> str: ...
    @property
    def additionality(self) -> Additionality: ...


class Commitment(Protocol):
    """A promise as it was awarded."""

    @property
    def edition_id(self) -> int: ...
    @property
    def measure(self) -> Measure: ...
    @property
    def unit_value(self) -> Decimal | None: ...
    @property
    def attribution_percent(self) -> Decimal: ...


class Claimed(Protocol):
    """A claim, as far as the ledger needs it."""

    pk: int
    authority_id: int
    supplier_id: int
    contract_id: int
    commitment_id: int
    quarter: date


@dataclass(frozen=True, slots=True)
class FigureNames:
    """What the figures of a claim are called. ``whole`` is empty unless the measure is a rate."""

    quantity: str
    unit: str
    whole: str = ""


def figure_names(measure: Measure, counted: str = HOW_MUCH) -> FigureNames:
    """The part and the whole of a rate by their own names; any other figure is called ``counted``."""
    if measure.is_rate:
        return FigureNames(measure.numerator_label, "", measure.denominator_label)
    return FigureNames(counted, measure.unit)


def posting_for(
    claim: Claimed,
    commitment: Commitment,
    *,
    basis: str,
    quantity: Decimal,
    denominator: Decimal | None,
    posting_key: str,
    verification_id: int | None = None,
    reason: str = "",
) -> Posting:
    """What a claim posts on a basis: filed under its commitment, valued as it was awarded."""
    worth = value_of(
        quantity=quantity,
        unit_value=commitment.unit_value,
        attribution_percent=commitment.attribution_percent,
        additionality=commitment.measure.additionality,
    )
    return Posting(
        basis=basis,
        authority_id=claim.authority_id,
        supplier_id=claim.supplier_id,
        edition_id=commitment.edition_id,
        theme_id=commitment.measure.theme_id,
        measure_id=commitment.measure.id,
        contract_id=claim.contract_id,
        commitment_id=claim.commitment_id,
        claim_id=claim.pk,
        verification_id=verification_id,
        period=claim.quarter,
        quantity=quantity,
        denominator=denominator,
        value_pence=worth.value_pence,
        reason=reason[:500],
        posting_key=posting_key,
    )


def claimable_quarters(promise: Promise, today: date) -> list[date]:
    """The quarters a claim may name, newest first: from the start of the contract to the current one or its end."""
    last = min(quarter_start(today), quarter_start(promise.last_day))
    first = quarter_start(promise.starts_on)
    return list(reversed(quarters_between(first, last))) if last >= first else []


def check_delivery(delivery: Delivery, promise: Promise, today: date) -> None:
    """RuleBroken with every fault at once, each under the field it belongs to."""
    faults = [
        *_quarter_faults(delivery.quarter, promise, today),
        *_quantity_faults(delivery, promise),
        *_account_faults(delivery, promise),
    ]
    if faults:
        field, message = faults[0]
        raise RuleBroken(message, field=field, more=faults[1:])


def check_quarter(quarter: date, promise: Promise, today: date) -> None:
    """RuleBroken (field ``quarter``) unless something can be reported of it: begun, and within the contract."""
    for field, message in _quarter_faults(quarter, promise, today):
        raise RuleBroken(message, field=field)


def _quarter_faults(quarter: date, promise: Promise, today: date) -> list[Fault]:
    if quarter != quarter_start(quarter):
        return [("quarter", "Select a quarter from the list")]
    if quarter > today:
        begins = uk_date(quarter)
        return [
            ("quarter", f"That quarter has not begun. Claim it from {begins}, once it is delivered")
        ]
    if quarter not in claimable_quarters(promise, today):
        if promise.last_day < quarter <= promise.ends_on:
            ended = f"The contract ended on {uk_date(promise.last_day)}"
            return [("quarter", f"{ended}, so nothing can be claimed for {quarter_label(quarter)}")]
        days = f"{uk_date(promise.starts_on)} to {uk_date(promise.ends_on)}"
        return [
            ("quarter", f"{quarter_label(quarter)} is outside the contract, which runs from {days}")
        ]
    return []


def _quantity_faults(delivery: Delivery, promise: Promise) -> list[Fault]:
    quantity, whole = delivery.quantity, delivery.denominator
    if quantity < 0:
        return [("quantity", "The quantity must be 0 or more")]
    if promise.is_rate:
        return _rate_faults(quantity, whole, promise)
    if whole is not None:
        return [("denominator", "This measure has one figure only. Leave the second box empty")]
    if promise.unit in WHOLE_OR_NOTHING and quantity not in (0, 1):
        return [("quantity", "Enter 1 when it was done and 0 when it was not")]
    if promise.adds_up and quantity == 0:
        return [
            ("quantity", "Enter more than 0. When nothing was delivered there is nothing to claim")
        ]
    return []


def _rate_faults(quantity: Decimal, whole: Decimal | None, promise: Promise) -> list[Fault]:
    label = _lower(promise.denominator_label)
    if whole is None:
        return [("denominator", f"Enter {label}, so that the share can be worked out")]
    if whole <= 0:
        return [("denominator", f"Enter more than 0 for {label}")]
    if quantity > whole:
        part = _lower(promise.numerator_label)
        return [
            (
                "quantity",
                f"Enter {quantity_text(whole)} or less for {part}: it is a part of {label}",
            )
        ]
    return []


def _account_faults(delivery: Delivery, promise: Promise) -> list[Fault]:
    """Words and files may come later, but for a statement: that is words and nothing else."""
    faults: list[Fault] = []
    if promise.unit == STATEMENT and not delivery.narrative.strip():
        faults.append(("narrative", "Enter the statement: this measure is words only"))
    elif len(delivery.narrative) > MAX_NARRATIVE:
        faults.append(
            ("narrative", f"What was delivered must be {MAX_NARRATIVE:,} characters or less")
        )
    if delivery.files > MAX_FILES:
        faults.append(
            ("file", f"A claim holds {MAX_FILES} files at most. Put them together in one document")
        )
    for check, words in (
        (check_no_full_postcode, delivery.narrative),
        (check_district, delivery.postcode_district),
    ):
        try:
            check(words)
        except RuleBroken as error:
            faults += error.errors
    return faults


def district_of(typed: str) -> str:
    """The first half of a postcode, in capitals. Of a whole one the second half is dropped: it may name a household.

    What is neither comes back as it was typed, for ``check_delivery`` to refuse.
    """
    found = POSTCODE.fullmatch(typed.strip().upper())
    return found["district"] if found else typed.strip()


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
