"""The yearly pipeline notice (Procurement Act 2023, section 93). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from procurement.policies.rules import BASIS_WORDS, Estimate, ThresholdRow
from procurement.policies.vocabulary import VatBasis
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import pounds
from socialvalue.core.periods import FinancialYear, add_months, uk_date

SPEND_LINE, CONTRACT_LINE = "pipeline_spend_gt", "pipeline_contract_gt"
"""Categories of the table of thresholds."""
NOTICE_DAYS = 56
"""Section 93(3): before the end of 56 days that begin with the first day of the financial year: 26 May."""
REPORTING_MONTHS = 18
REMIND_MONTHS = 1


def notice_due_on(year: FinancialYear) -> date:
    return year.first_day + timedelta(days=NOTICE_DAYS - 1)


def remind_from(year: FinancialYear) -> date:
    return add_months(notice_due_on(year), -REMIND_MONTHS)


def reporting_period(year: FinancialYear) -> tuple[date, date]:
    """First and last day of the 18 months that the notice of a year looks ahead."""
    return year.first_day, add_months(year.first_day, REPORTING_MONTHS) - timedelta(days=1)


def needs_notice(spend: Decimal | None, line: ThresholdRow | None) -> bool:
    """More than the line; the line itself is not more. None: not known, or not in force that year."""
    return spend is not None and line is not None and spend > line.amount


def is_in_notice(
    estimate: Estimate, notice_expected_on: date, year: FinancialYear, line: ThresholdRow | None
) -> bool:
    """Whether a planned procurement belongs in the notice of this year, if one is due."""
    first, last = reporting_period(year)
    if line is None or not first <= notice_expected_on <= last:
        return False
    return estimate.on(line.vat_basis) > line.amount


@dataclass(frozen=True, slots=True)
class PipelineStand:
    """How the notice of one year stands. ``state`` is a status key."""

    year: FinancialYear
    due_on: date
    remind_from: date
    spend: Decimal | None
    needs_notice: bool
    published_on: date | None
    state: str
    sentence: str
    is_reminder: bool
    """It needs somebody now."""

    @property
    def can_ask(self) -> bool:
        """Whether the law asks for a notice from large spenders in this year at all."""
        return self.state != "not_asked"

    @property
    def state_label(self) -> str:
        return {
            "completed": "Published",
            "not_asked": "Not asked for",
            "not_needed": "Not needed",
            "not_known": "Spend not recorded",
            "not_due": "Not yet due",
            "due": "Due",
            "overdue": "Overdue",
        }[self.state]


def pipeline_stand(
    year: FinancialYear,
    today: date,
    spend: Decimal | None,
    published_on: date | None,
    line: ThresholdRow | None,
) -> PipelineStand:
    """From 26 April a reminder, after 26 May overdue, until the notice is recorded as published."""
    due, start = notice_due_on(year), remind_from(year)
    needed = needs_notice(spend, line)
    # A spend that nobody recorded may be over the line: asked for at the same time.
    is_open = published_on is None and line is not None and (needed or spend is None)
    if published_on is not None:
        state = "completed"
        sentence = f"The pipeline notice for {year.label} was published on {uk_date(published_on)}."
    elif line is None:
        state, sentence = "not_asked", f"No pipeline notice was asked for in {year.label}."
    elif spend is None:
        state = "overdue" if today > due else "not_known"
        sentence = (
            f"What we expect to pay in {year.label} is not recorded. Above "
            f"{pounds(line.amount)} a pipeline notice is due by {uk_date(due)}."
        )
    elif not needed:
        state = "not_needed"
        sentence = (
            f"We expect to pay {_amount(spend, line)} in {year.label}: not more than "
            f"{pounds(line.amount)}, so no pipeline notice is due."
        )
    else:
        state = "overdue" if today > due else "due" if today >= start else "not_due"
        word = "was due" if today > due else "is due"
        sentence = (
            f"We expect to pay {_amount(spend, line)} in {year.label}: more than "
            f"{pounds(line.amount)}, so a pipeline notice {word} by {uk_date(due)}."
        )
    return PipelineStand(
        year, due, start, spend, needed, published_on, state, sentence, is_open and today >= start
    )


def _amount(value: Decimal, line: ThresholdRow) -> str:
    return f"{pounds(value)} {BASIS_WORDS[VatBasis(line.vat_basis)]}"


def check_plan_dates(notice_on: date, starts_on: date, ends_on: date | None) -> None:
    """RuleBroken names the date to mend: notice, then start, then end."""
    if starts_on < notice_on:
        raise RuleBroken(
            "The contract must start on or after the day the notice is expected.",
            field="starts_expected_on",
        )
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken(
            "The contract must end on or after the day it starts.", field="ends_expected_on"
        )
