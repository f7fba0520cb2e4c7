"""KPIs of a contract: how many the law asks for, which years are to be rated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from socialvalue.core.money import pounds
from socialvalue.core.periods import add_months, uk_date

KPIS_WANTED = 3
LIGHT = ("light_touch", "concession")
"""Kinds of contract outside section 52 of the Procurement Act 2023."""


@dataclass(frozen=True, slots=True)
class KpiLaw:
    """What is known of a contract, and the dated line of law; ``line`` None where the Act does not reach."""

    value_gross: Decimal
    line: Decimal | None
    category: str

    @property
    def is_asked(self) -> bool:
        """Whether the Act asks for KPIs of this contract."""
        if self.line is None or self.category in LIGHT:
            return False
        return self.value_gross > self.line


@dataclass(frozen=True, slots=True)
class ContractYear:
    """Twelve months of a contract, the last one cut at its end; both days count."""

    first: date
    last: date

    @property
    def label(self) -> str:
        return f"{uk_date(self.first)} to {uk_date(self.last)}"

    @property
    def slug(self) -> str:
        return self.first.isoformat()


def contract_years(starts_on: date, ends_on: date) -> list[ContractYear]:
    """The years of a contract in order of time."""
    found, number = [], 0
    while (first := add_months(starts_on, 12 * number)) <= ends_on:
        number += 1
        last = add_months(starts_on, 12 * number) - timedelta(days=1)
        found.append(ContractYear(first, min(last, ends_on)))
    return found


def kpis_asked(law: KpiLaw, standing: int) -> tuple[int, str]:
    """How many KPIs are still to be set, and the sentence that says why; 0 and why not where none are asked."""
    value = pounds(law.value_gross)
    if law.line is None:
        return 0, "The Procurement Act 2023 does not ask for KPIs here. You can set your own."
    if law.category in LIGHT:
        return 0, "Light-touch and concession contracts need no KPIs by law. You can set your own."
    if law.value_gross <= law.line:
        return 0, (
            f"This contract is worth {value} including VAT. The law asks for KPIs above {pounds(law.line)}. "
            "You can set your own."
        )
    missing = max(KPIS_WANTED - standing, 0)
    todo = f"{missing} more to set." if missing else f"{standing} are set."
    return missing, (
        f"This contract is worth {value} including VAT, more than {pounds(law.line)}: section 52 of the Procurement "
        f"Act 2023 asks for at least {KPIS_WANTED} KPIs, rated at least once a year. {todo}"
    )


def rating_state(year: ContractYear, today: date, set_on: date, *, is_rated: bool) -> str:
    """``done``, ``before``, ``overdue``, ``due`` or ``not_due``: a year is rated by its last day.

    One that was over ``before`` the KPI was set can be rated and need not be.
    """
    if is_rated:
        return "done"
    if year.last < set_on:
        return "before"
    if year.last < today:
        return "overdue"
    return "due" if year.first <= today else "not_due"
