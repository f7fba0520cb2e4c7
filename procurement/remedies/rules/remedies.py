"""What a contract may provide for a shortfall, and the arithmetic of each remedy."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from procurement.remedies.rules.gaps import Promised
from procurement.remedies.vocabulary import RemedyKind
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import (
    MAX_QUANTITY,
    MILLI,
    measured,
    pounds_from_pence,
    quantity_text,
)

HUNDRED = Decimal(100)
Line = tuple[str, str]
"""What, and the figure, as a person reads it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the contract provides. Without any row everything is off."""

    substitution: bool = False
    service_credit: bool = False
    service_credit_percent: Decimal | None = None
    service_credit_cap_percent: Decimal | None = None
    community_fund: bool = False
    fund_name: str = ""
    termination: bool = False
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """An amount due with the sum it comes from."""

    pence: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Raise:
    """By how much another commitment is raised, what that adds at its frozen value, and the sum."""

    quantity: Decimal
    after: Decimal
    adds_pence: int
    lines: tuple[Line, ...]


def provided(terms: Terms) -> tuple[RemedyKind, ...]:
    """The remedies the contract turns on, in the order of the vocabulary."""
    return tuple(kind for kind in RemedyKind if getattr(terms, kind.value))


def check_terms(terms: Terms) -> Terms:
    """The terms with what is switched off taken out. RuleBroken when a remedy lacks what it needs."""
    if terms.service_credit and not terms.service_credit_percent:
        raise RuleBroken(
            "Enter the percentage of the missing value that is credited, more than 0",
            field="service_credit_percent",
        )
    if terms.community_fund and not terms.fund_name.strip():
        raise RuleBroken("Enter the name of the fund that is paid into", field="fund_name")
    if provided(terms) and not terms.clause.strip():
        raise RuleBroken(
            "Enter the clause of the contract that provides this, like Schedule 4, clause 7",
            field="clause",
        )
    return Terms(
        substitution=terms.substitution,
        service_credit=terms.service_credit,
        service_credit_percent=terms.service_credit_percent if terms.service_credit else None,
        service_credit_cap_percent=terms.service_credit_cap_percent
        if terms.service_credit
        else None,
        community_fund=terms.community_fund,
        fund_name=terms.fund_name.strip() if terms.community_fund else "",
        termination=terms.termination,
        clause=terms.clause.strip(),
    )


def credit_of(gap_pence: int, terms: Terms, *, contract_pence: int, credited_pence: int) -> Payment:
    """The service credit: a percentage of the missing value, never more than is left under the cap.

    ``credited_pence`` was credited on this contract before. RuleBroken when nothing is left or nothing is valued.
    """
    _check_valued(gap_pence, "service credit")
    rate = terms.service_credit_percent or Decimal(0)
    due = _percent_of(gap_pence, rate)
    lines: list[Line] = [
        ("Value of what is missing", pounds_from_pence(gap_pence)),
        ("Service credit in the contract", f"{quantity_text(rate)}% of it"),
        ("Service credit", pounds_from_pence(due)),
    ]
    if terms.service_credit_cap_percent is not None:
        cap = _percent_of(contract_pence, terms.service_credit_cap_percent)
        left = max(cap - credited_pence, 0)
        share = quantity_text(terms.service_credit_cap_percent)
        lines += [
            (f"Cap: {share}% of {pounds_from_pence(contract_pence)}", pounds_from_pence(cap)),
            ("Credited before on this contract", pounds_from_pence(credited_pence)),
            ("Left under the cap", pounds_from_pence(left)),
        ]
        if left == 0:
            raise RuleBroken(
                "The cap on service credits of this contract is used up. Choose another remedy",
                field="kind",
            )
        due = min(due, left)
    return Payment(due, (*lines, ("Due", pounds_from_pence(due))))


def fund_payment(gap_pence: int, terms: Terms) -> Payment:
    """The whole missing value, into the fund the contract names."""
    _check_valued(gap_pence, "payment")
    return Payment(
        gap_pence,
        (
            ("Value of what is missing", pounds_from_pence(gap_pence)),
            (f"Due to {terms.fund_name}", pounds_from_pence(gap_pence)),
        ),
    )


def smallest_raise(instead: Promised, gap_pence: int) -> Decimal | None:
    """The least quantity, in thousandths, that adds at least the missing value; None when no quantity does."""
    if not instead.is_valued or gap_pence <= 0:
        return None
    high = 1
    while _adds(instead, high) < gap_pence:
        high *= 2
        if high * MILLI > MAX_QUANTITY - instead.quantity:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _adds(instead, middle) >= gap_pence else (middle, high)
    return high * MILLI


def raise_of(instead: Promised, quantity: Decimal, gap_pence: int) -> Raise:
    """What raising another commitment by ``quantity`` adds. RuleBroken when that is less than the missing value."""
    _check_valued(gap_pence, "substitution of equal value")
    if not instead.is_valued:
        raise RuleBroken(
            f"{instead.label} is counted and not valued, so it cannot take the place of a value. "
            "Choose another commitment",
            field="instead",
        )
    if quantity <= 0 or quantity != quantity.quantize(MILLI):
        raise RuleBroken(
            "Enter by how much it is raised: more than 0, at most 3 decimal places",
            field="quantity",
        )
    after = instead.quantity + quantity
    before_pence, after_pence = (
        instead.worth(instead.quantity).value_pence,
        instead.worth(after).value_pence,
    )
    adds = after_pence - before_pence
    if adds < gap_pence:
        least = smallest_raise(instead, gap_pence)
        mend = f" Enter {quantity_text(least)} or more" if least is not None else ""
        raise RuleBroken(
            f"{measured(quantity, instead.unit)} more adds {pounds_from_pence(adds)}; what is missing is worth "
            f"{pounds_from_pence(gap_pence)}.{mend}",
            field="quantity",
        )
    one = instead.worth(Decimal(1)).lines
    lines: list[Line] = [
        ("Value of what is missing", pounds_from_pence(gap_pence)),
        (f"{instead.label} stands at", measured(instead.quantity, instead.unit)),
        ("Raised by", measured(quantity, instead.unit)),
        ("Then stands at", measured(after, instead.unit)),
        *((line.label, line.shown) for line in one if line.label not in ("Quantity", "Value")),
        ("Its value before", pounds_from_pence(before_pence)),
        ("Its value then", pounds_from_pence(after_pence)),
        ("Adds", pounds_from_pence(adds)),
    ]
    return Raise(quantity, after, adds, tuple(lines))


def more_than_equal(instead: Promised, quantity: Decimal, gap_pence: int) -> str:
    """A sentence for whoever decides, where a raise is more than equal value asks for; empty where it is not.

    What is counted in whole things may be rounded up to the next one.
    """
    least = smallest_raise(instead, gap_pence)
    if least is None or quantity <= least.to_integral_value(ROUND_CEILING):
        return ""
    times = (quantity / least).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return (
        f"This is {quantity_text(times)} times what equal value asks for. "
        f"{measured(least, instead.unit)} would be enough."
    )


def _adds(instead: Promised, thousandths: int) -> int:
    """Pence that this many thousandths more add."""
    before = instead.worth(instead.quantity).value_pence
    return instead.worth(instead.quantity + thousandths * MILLI).value_pence - before


def _percent_of(pence: int, percent: Decimal) -> int:
    exact = Decimal(pence) * percent / HUNDRED
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _check_valued(gap_pence: int, what: str) -> None:
    if gap_pence <= 0:
        raise RuleBroken(
            f"What is missing is counted and not valued, so no {what} can be worked out from it. "
            "Agree a rectification plan, or change the commitment with the other party",
            field="kind",
        )
