"""What these tests share: the year and its span."""

from __future__ import annotations

from reporting.figures.rules.spans import Span
from socialvalue.core.periods import FinancialYear

YEAR = FinancialYear(2025)
SPAN = Span(YEAR)
