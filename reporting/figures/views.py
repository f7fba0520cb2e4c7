"""The glossary: every figure by name."""

from __future__ import annotations

from typing import Any

from reporting.figures.queries.reading import read
from reporting.figures.queries.scopes import council_scope
from reporting.figures.rules.progress import RULE
from reporting.figures.rules.spans import Span
from socialvalue.accounts.permissions import BUYER
from socialvalue.core import clock
from socialvalue.core.periods import FinancialYear
from socialvalue.core.views import Page


class Glossary(Page):
    """What every figure means, how it is worked out, and what it is this year for the acting authority."""

    access = BUYER
    template_name = "reporting/figures/glossary.html"

    def get_page(self) -> dict[str, Any]:
        counts_only = self.request.GET.get("counts") == "1"
        span = Span(FinancialYear.of(clock.today()))
        reading = read(self.actor, council_scope(self.actor, span))
        return {
            "figures": reading.figures(money=not counts_only),
            "span": span,
            "counts_only": counts_only,
            "progress_rule": RULE,
        }
