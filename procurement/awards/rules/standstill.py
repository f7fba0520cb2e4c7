"""How long a contract must wait after its award is made known. Pure: the law as lines, days as arguments.

The lengths are those of the table of duties (``procurement/duties/data/duties.json``); a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from procurement.policies.rules import BASIS_WORDS, ThresholdRow
from procurement.policies.vocabulary import Category, VatBasis
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import pounds
from socialvalue.core.periods import add_working_days, uk_date


@dataclass(frozen=True, slots=True)
class StandstillRule:
    """One line of law. ``counts_working_days`` False: calendar days after the notice, ending on a working day."""

    regimes: tuple[str, ...]
    law: str
    number: int
    counts_working_days: bool
    notice: str
    """What starts it."""
    in_force_from: date
    excepted: Mapping[str, str]
    """Kinds of contract it does not bind, with the reason."""

    @property
    def in_words(self) -> str:
        if self.counts_working_days:
            return f"{self.number} working days, the day of the notice counted"
        return f"{self.number} calendar days after the notice, ending on a working day"

    @property
    def sentence(self) -> str:
        return f"{self.law}: {self.in_words}."


_NEW = StandstillRule(
    regimes=("PA2023",),
    law="Procurement Act 2023, section 51",
    number=8,
    counts_working_days=True,
    notice="contract award notice",
    in_force_from=date(2025, 2, 24),
    excepted={Category.LIGHT_TOUCH: "A light-touch contract needs no standstill."},
)
_OLD = tuple(
    StandstillRule(
        regimes=(regime,),
        law=law,
        number=10,
        counts_working_days=False,
        notice="award letters",
        in_force_from=date(2009, 12, 20),
        excepted={},
    )
    for regime, law in (
        ("PCR2006", "Public Contracts Regulations 2006, regulation 32A"),
        ("PCR2015", "Public Contracts Regulations 2015, regulation 87"),
        ("CCR2016", "Concession Contracts Regulations 2016, regulation 48"),
    )
)
RULES = (_NEW, *_OLD)


@dataclass(frozen=True, slots=True)
class LawFacts:
    """What the law looks at: the row of thresholds it was decided by, and the estimate before the award."""

    category: str
    commenced_on: date
    threshold: ThresholdRow
    estimate_net: Decimal
    estimate_gross: Decimal

    @property
    def estimate(self) -> Decimal:
        """On the basis of the threshold."""
        is_net = self.threshold.vat_basis == VatBasis.EXCL
        return self.estimate_net if is_net else self.estimate_gross

    @property
    def is_at_or_above(self) -> bool:
        return self.estimate >= self.threshold.amount

    @property
    def needs_summaries(self) -> bool:
        """Every bidder must be told of its assessment: at or above the threshold, light touch included."""
        return self.is_at_or_above and self._rule is not None

    @property
    def _rule(self) -> StandstillRule | None:
        return next((rule for rule in RULES if self.threshold.regime in rule.regimes), None)


def binding_rule(facts: LawFacts) -> StandstillRule | None:
    """The standstill the law asks for; None where it asks for none."""
    rule = facts._rule
    return None if rule is None or why_none(facts) else rule


def voluntary_rule(facts: LawFacts | None) -> StandstillRule:
    """The length of a standstill that nobody asks for: as long as a mandatory one under the same law."""
    return (facts._rule if facts else None) or _NEW


def why_none(facts: LawFacts) -> str:
    """Why no standstill is needed, in a sentence; empty where one is."""
    rule = facts._rule
    row = facts.threshold
    if rule is None or facts.commenced_on < rule.in_force_from:
        return f"The {row.regime_name} asks for no standstill."
    if not facts.is_at_or_above:
        basis = BASIS_WORDS[VatBasis(row.vat_basis)]
        return (
            f"At {pounds(facts.estimate)} {basis} the estimate was below the "
            f"{pounds(row.amount)} threshold, so no standstill is needed."
        )
    return rule.excepted.get(facts.category, "")


def last_day(rule: StandstillRule, notice_on: date, holidays: Collection[date]) -> date:
    """The last day of the standstill. RuleBroken when the table of bank holidays does not reach that far."""
    if rule.counts_working_days:
        return add_working_days(notice_on - timedelta(days=1), rule.number, holidays)
    return add_working_days(notice_on + timedelta(days=rule.number), 0, holidays)


def first_day_to_sign(ends_on: date) -> date:
    return ends_on + timedelta(days=1)


def check_notice(notice_on: date, *, awarded_on: date, issued_on: date | None, today: date) -> None:
    """RuleBroken for a day to come, before the award, or before every bidder had its summary."""
    if notice_on > today:
        raise RuleBroken(
            "The day of the notice must be today or in the past. Record it once it is published.",
            field="notice_on",
        )
    if notice_on < awarded_on:
        raise RuleBroken(
            f"The day of the notice must be on or after {uk_date(awarded_on)}, the day of the award.",
            field="notice_on",
        )
    if issued_on is not None and notice_on < issued_on:
        raise RuleBroken(
            f"The assessment summaries were issued on {uk_date(issued_on)}, and the notice comes "
            "after them. Enter that day or a later one.",
            field="notice_on",
        )


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of the standstill. ``number`` 1, 2 … where it is counted, else None with the reason in ``note``."""

    day: date
    number: int | None
    note: str


def calendar_of(
    rule: StandstillRule, notice_on: date, ends_on: date, holidays: Mapping[date, str]
) -> tuple[CalendarDay, ...]:
    """Every day from the notice to the last one, and the first day to sign."""
    days: list[CalendarDay] = []
    number = 0
    day = notice_on
    while day <= ends_on:
        why_not = _not_counted(rule, day, notice_on, holidays)
        number += not why_not
        notes = [_event(day, notice_on, ends_on, rule), why_not]
        days.append(CalendarDay(day, None if why_not else number, ". ".join(filter(None, notes))))
        day += timedelta(days=1)
    return (*days, CalendarDay(first_day_to_sign(ends_on), None, "The contract can be signed"))


def _not_counted(
    rule: StandstillRule, day: date, notice_on: date, holidays: Mapping[date, str]
) -> str:
    if not rule.counts_working_days:
        if day == notice_on:
            return "Not counted"
        is_over = day > notice_on + timedelta(days=rule.number)
        return "It runs on to a working day" if is_over else ""
    if day in holidays:
        return f"{holidays[day]}, not counted"
    return f"{day:%A}, not counted" if day.weekday() >= 5 else ""


def _event(day: date, notice_on: date, ends_on: date, rule: StandstillRule) -> str:
    if day == notice_on:
        return f"Day of the {rule.notice}"
    return "Last day of the standstill" if day == ends_on else ""
