"""Warwickshire's reports to Cabinet: last year's, frozen, and a draft for the running year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from reporting.cabinet.queries.listing import reports_for
from reporting.cabinet.queries.reports import section_for
from reporting.cabinet.services import (
    Contact,
    freeze_report,
    set_contacts,
    start_report,
    write_section,
)
from reporting.cabinet.services.files import make_files
from reporting.cabinet.vocabulary import SectionKind
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.periods import FinancialYear
from socialvalue.demo.dates import Days
from socialvalue.demo.people import Cast, address

AUTHORITY = "warwickshire"
NARRATIVE = {
    SectionKind.SUPPORTING: (
        "Deliveries are strongest where one person at the supplier is named for each promise. Two contracts fell "
        "behind on school catering and on highways; their suppliers have been asked how they will catch up.\n\n"
        "Three claims were returned in the year because the evidence covered more than the quarter, and one verified "
        "figure was corrected after internal audit found hours that were counted on two contracts."
    ),
    SectionKind.TIMESCALES: (
        "Officers will bring a mid-year position to the Resources committee, and ask suppliers who are behind for a "
        "plan to catch up before the end of the year."
    ),
}


@dataclass(frozen=True, slots=True)
class ReportPlan:
    year: FinancialYear
    meeting_on: date
    is_frozen: bool


def plans(days: Days) -> list[ReportPlan]:
    last = FinancialYear(days.year.start_year - 1)
    return [
        ReportPlan(last, days.today + timedelta(days=18), is_frozen=True),
        ReportPlan(days.year, days.year.last_day + timedelta(days=70), is_frozen=False),
    ]


def unwritten(days: Days, cast: Cast) -> Iterator[ReportPlan]:
    """What is missing. A report that was entered on an earlier day counts, whatever its year."""
    known = list(
        reports_for(cast.at(AUTHORITY, Role.REPORT_AUTHOR)).values_list("status", flat=True)
    )
    for plan in plans(days):
        if ("frozen" if plan.is_frozen else "draft") not in known:
            yield plan


def write(plan: ReportPlan, days: Days, cast: Cast) -> None:
    """Start the report; last year's is written to the end and frozen."""
    author = cast.at(AUTHORITY, Role.REPORT_AUTHOR)
    # A report cannot be started before its year begins.
    started_on = max(days.today - timedelta(days=6), plan.year.first_day)
    with clock.at(days.by_now(started_on, 9)):
        report = start_report(
            actor=author,
            title=f"Social value: annual report {plan.year.label}",
            financial_year=plan.year.slug,
            meeting_on=plan.meeting_on,
        )
        set_contacts(
            actor=author,
            report_id=report.pk,
            expected_version=report.version,
            contacts=[
                Contact("Report Author", "Report author", address("author", AUTHORITY)),
                Contact(
                    "Assistant Director",
                    "Assistant director, procurement",
                    "procurement@warwickshire.example",
                ),
                Contact(
                    "Portfolio Holder",
                    "Portfolio holder for resources",
                    "cabinet@warwickshire.example",
                ),
            ],
            circulation_local="None",
            circulation_other="Members of the resources committee",
        )
    if plan.is_frozen:
        with clock.at(days.by_now(days.today - timedelta(days=3), 14)):
            for kind, text in NARRATIVE.items():
                section = section_for(author, report.pk, kind)
                write_section(
                    actor=author,
                    report_id=report.pk,
                    kind=kind,
                    expected_version=section.version,
                    narrative=f"{section.narrative}\n\n{text}",
                )
        with clock.at(days.now):
            freeze_report(actor=author, report_id=report.pk)
            make_files(actor=author, report_id=report.pk)
