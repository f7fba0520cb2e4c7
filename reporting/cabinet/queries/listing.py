"""The list of reports, as the people of their authority may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from reporting.cabinet.models import CabinetReport
from reporting.cabinet.permissions import can_start, why_not_read
from reporting.cabinet.rules.forms import form_of
from reporting.cabinet.vocabulary import ReportKind, ReportStatus
from reporting.figures.rules.spans import Span
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.periods import FinancialYear
from socialvalue.core.tables import Column, Table


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One row of the list."""

    id: int
    title: str
    kind: str
    about: str
    """What it is about besides the organisation: a directorate or a region; empty for the whole of it."""
    year: str
    meeting_on: date
    committee: str
    status: str
    issue: int
    frozen_at: datetime | None
    may_open: bool
    meeting: str
    """What its date is called."""


def clock_date(moment: datetime) -> date:
    """The day in London."""
    return moment.astimezone(clock.LONDON).date()


SORTS = {
    "title": "title",
    "kind": "kind",
    "year": "financial_year",
    "meeting": "meeting_on",
    "status": "status",
}


@dataclass(frozen=True, slots=True)
class ReportFilters:
    """What the list is narrowed to; empty means everything. ``sort`` is a key of ``SORTS``, with ``-`` for down."""

    search: str = ""
    status: str = ""
    kind: str = ""
    sort: str = ""


def reports_for(actor: Actor, wanted: ReportFilters | None = None) -> QuerySet[CabinetReport]:
    """The reports of the actor's authority that fit, newest first unless sorted."""
    if not is_buyer(actor):
        return CabinetReport.objects.none()
    # What was frozen is large, and no list shows it.
    rows = CabinetReport.objects.filter(authority_id=actor.organisation_id).defer("figures")
    wanted = wanted or ReportFilters()
    for word in wanted.search.split():
        rows = rows.filter(Q(title__icontains=word) | Q(financial_year__startswith=word))
    if wanted.status in ReportStatus.values:
        rows = rows.filter(status=wanted.status)
    if wanted.kind in ReportKind.values:
        rows = rows.filter(kind=wanted.kind)
    field = SORTS.get(wanted.sort.removeprefix("-"))
    sign = "-" if wanted.sort.startswith("-") else ""
    rows = rows.select_related("region")
    return rows.order_by(f"{sign}{field}", "-id") if field else rows.order_by("-id")


def reports_table(actor: Actor, wanted: ReportFilters) -> Table:
    """Every report of the filtered list, for CSV and XLSX."""
    columns = [
        Column("Report", width=50),
        Column("Kind", width=30),
        Column("About", width=30),
        Column("Period", width=24),
        Column("For", width=24),
        Column("Meeting", "date"),
        Column("Status"),
        Column("Issue", "number"),
        Column("Frozen on", "date"),
        Column("SHA-256 of the content", width=66),
    ]
    rows = [
        (
            row.title,
            row.get_kind_display(),
            about_words(row),
            span_of(row).label,
            row.committee,
            row.meeting_on,
            row.get_status_display(),
            row.issue,
            clock_date(row.frozen_at) if row.frozen_at else None,
            row.figures_hash,
        )
        for row in reports_for(actor, wanted)
    ]
    return Table("Reports", columns, rows)


def span_of(report: CabinetReport) -> Span:
    """The period of its figures."""
    return Span(FinancialYear.parse(report.financial_year), report.quarter)


def meeting_of(report: CabinetReport) -> str:
    """What its date is called."""
    return form_of(report.kind).meeting


def about_words(report: CabinetReport) -> str:
    """The directorate or the region it is about; empty for the whole organisation."""
    return report.directorate or (report.region.name if report.region else "")


def report_lines(actor: Actor, rows: Iterable[CabinetReport]) -> list[ReportLine]:
    """Reports ready to show, in their order."""
    return [
        ReportLine(
            row.pk,
            row.title,
            row.get_kind_display(),
            about_words(row),
            span_of(row).label,
            row.meeting_on,
            row.committee,
            row.status,
            row.issue,
            row.frozen_at,
            not why_not_read(actor, row),
            meeting_of(row),
        )
        for row in rows
    ]


def may_start(actor: Actor) -> bool:
    return can_start(actor)
