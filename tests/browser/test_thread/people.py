"""The people of one procurement, and the days on which they do what they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.periods import FinancialYear, add_months
from socialvalue.demo.dates import Days

PASSWORD = "a-password-for-tests-only"
TITLE = "Refurbishment of day centres"
BUYERS = {
    "officer": Role.PROCUREMENT_OFFICER,
    "evaluator": Role.EVALUATOR,
    "second": Role.EVALUATOR,
    "approver": Role.APPROVER,
    "manager": Role.CONTRACT_MANAGER,
    "author": Role.REPORT_AUTHOR,
}
WINNER, LOSER = "Winning Works Ltd", "Second Best Ltd"
SECOND = "Second evaluator"


@dataclass(frozen=True)
class Dates:
    """The contract began with the quarter before the running one, so that its first claims are due."""

    days: Days

    @property
    def starts_on(self) -> date:
        return self.days.quarter(-1)

    @property
    def ends_on(self) -> date:
        return add_months(self.starts_on, 12) - timedelta(days=1)

    @property
    def year(self) -> FinancialYear:
        return FinancialYear.of(self.starts_on)

    def before(self, number: int, hour: int = 10) -> datetime:
        return self.days.moment(self.starts_on - timedelta(days=number), hour)

    @property
    def commenced_on(self) -> date:
        return Days.lawful(self.before(100).date(), "services")
