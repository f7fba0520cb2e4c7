"""The glossary: every figure by name, and the rows under those that are counted."""

from __future__ import annotations

from datetime import date
from typing import Any

from reporting.figures.queries.proofs import Proof as Listed
from reporting.figures.queries.proofs import proof
from reporting.figures.queries.reading import read
from reporting.figures.queries.scopes import council_scope
from reporting.figures.rules import benchmark
from reporting.figures.rules.progress import RULE
from reporting.figures.rules.spans import Span, file_name
from socialvalue.accounts.permissions import BUYER
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import FinancialYear
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Page, TableDownload

YEARS = range(2000, 2100)


class Glossary(Page):
    """What every figure means, how it is worked out, and what it is this year for the acting authority."""

    access = BUYER
    template_name = "reporting/figures/glossary.html"

    def get_page(self) -> dict[str, Any]:
        span = Span(FinancialYear.of(clock.today()))
        reading = read(self.actor, council_scope(self.actor, span))
        return {
            "figures": reading.figures(money=not self.counts_only),
            "span": span,
            "progress_rule": RULE,
            "benchmark": benchmark,
        }


def asked_span(view: BaseView) -> Span:
    """The period in the address; this financial year when it names none. NotVisible when it cannot be read."""
    year, quarter = view.request.GET.get("year", ""), view.request.GET.get("quarter", "")
    try:
        chosen = FinancialYear.parse(year) if year else FinancialYear.of(clock.today())
        span = Span(chosen, int(quarter) if quarter else None)
    except ValueError:
        raise NotVisible("There is no such period.") from None
    if chosen.start_year not in YEARS:
        raise NotVisible("There is no such period.")
    return span


def asked_day(view: BaseView) -> date | None:
    """The past date in the address; None when it names none. NotVisible when it cannot be read or is not over yet."""
    asked = view.request.GET.get("at", "")
    try:
        day = date.fromisoformat(asked) if asked else None
    except ValueError:
        raise NotVisible("There is no such date.") from None
    if day is not None and day > clock.today():
        raise NotVisible("The figures of a date that is to come are not known.")
    return day


def asked_proof(view: Page | TableDownload) -> Listed:
    """What the address names: a figure, a period, and perhaps one route, one directorate or a past date."""
    asked = view.request.GET
    return proof(
        view.actor,
        view.kwargs["name"],
        asked_span(view),
        route=asked.get("route", ""),
        directorate=asked.get("directorate", ""),
        at=asked_day(view),
    )


class Proof(Page):
    """The contracts or procurements that a figure counts."""

    access = BUYER
    template_name = "reporting/figures/proof.html"

    def get_page(self) -> dict[str, Any]:
        return {"proof": asked_proof(self)}


class Export(TableDownload):
    """The same rows as CSV or XLSX."""

    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        found = asked_proof(self)
        what = "-".join(filter(None, (found.figure.name, found.route.strip("-"))))
        return file_name(what, found.span, found.at), found.table
