"""Reports of every kind, at every stage: frozen and issued again, signed off, waiting, returned, being written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction

from procurement.deliveries.queries import ClaimFilters, claim_rows, claims_for
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.verifications.services import correct_claim
from reporting.cabinet.queries.listing import reports_for
from reporting.cabinet.queries.reports import section_for
from reporting.cabinet.queries.signing import sign_page
from reporting.cabinet.queries.starting import directorates, last_span, regions
from reporting.cabinet.rules.forms import form_of
from reporting.cabinet.services import (
    Contact,
    freeze_report,
    set_contacts,
    start_report,
    write_section,
)
from reporting.cabinet.services.files import make_files
from reporting.cabinet.services.reissue import reissue_report
from reporting.cabinet.services.signing import ask_for_sign_off, sign_report
from reporting.cabinet.vocabulary import ReportKind, ReportStatus, SectionKind, SignOffAnswer
from reporting.showcase.queries import published_stories
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import FinancialYear
from socialvalue.demo.dates import Days
from socialvalue.demo.people import Cast, address
from socialvalue.demo.words import whole

ORGANISATION = "warwickshire"
REGION_LEAD = "wmca"
RECOVERY = (
    "Deliveries are strongest where one person at the supplier is named for each promise. Two contracts fell "
    "behind on school catering and on highways; their suppliers have been asked how they will catch up.\n\n"
    "Three claims were returned in the year because the evidence covered more than the quarter, and one verified "
    "figure was corrected after internal audit found hours that were counted on two contracts."
)
MID_YEAR = (
    "Officers will bring a mid-year position to the Resources committee, and ask suppliers who are behind for a "
    "plan to catch up before the end of the year."
)
IN_BLOCKS = (
    "So far {verified_total} of the {committed_total} promised for the year has been verified, {verified_share} of it. "
    "The chart shows in which quarters it came in, and the table what was promised beside it.\n\n"
    "{chart:quarters | What came in, quarter by quarter}\n\n"
    "{table:quarters | The same in figures}"
)
TOLD = (
    "\n\nWhat a promise can become is told in one story of the year.\n\n"
    "{{story:{slug} | Told with the consent of those in it}}"
)
AGAIN = (
    "This issue takes the place of the one before. After that was frozen, a second look at the evidence put a "
    "smaller figure in place of one that had been verified."
)
SECOND_LOOK = "A second look at the records found entries of the quarter before among them."
NOT_LARGE = 1_000_000
"""Pence: what is corrected moves the total and turns no contract upside down."""
UNCLEAR = (
    "The statement is read by residents. Please say in the first section whom they can ask about a contract, and "
    "name the policy that the council has adopted."
)


class Ending(StrEnum):
    """How far a report of the demonstration has come."""

    BEGUN = "begun"
    ASKED = "asked"
    """Its first step has agreed and the next one is asked."""
    RETURNED = "returned"
    FROZEN = "frozen"
    REISSUED = "reissued"
    """Frozen, issued again, and the second issue frozen too."""


@dataclass(frozen=True, slots=True)
class ReportPlan:
    kind: ReportKind
    ending: Ending
    year: FinancialYear
    meeting_on: date
    organisation: str = ORGANISATION
    title: str = ""
    quarter: int | None = None
    added: dict[str, str] = field(default_factory=dict)
    """What is written below the first words of a section."""
    tells_story: bool = False

    @property
    def is_frozen(self) -> bool:
        return self.ending in (Ending.FROZEN, Ending.REISSUED)

    @property
    def key(self) -> tuple[str, str, bool]:
        """Kind, status and whether it is a later issue: what it is known by, whatever its year."""
        status = ReportStatus.FROZEN if self.is_frozen else ReportStatus.DRAFT
        return self.kind, status, self.ending == Ending.REISSUED


def plans(days: Days) -> list[ReportPlan]:
    last = FinancialYear(days.year.start_year - 1)
    soon = days.today + timedelta(days=18)
    pack = last_span(form_of(ReportKind.DIRECTORATE), days.today)
    return [
        ReportPlan(
            ReportKind.CABINET,
            Ending.REISSUED,
            last,
            soon,
            title=f"Social value: annual report {last.label}",
            added={SectionKind.SUPPORTING: RECOVERY, SectionKind.TIMESCALES: MID_YEAR},
        ),
        ReportPlan(
            ReportKind.CABINET,
            Ending.BEGUN,
            days.year,
            days.year.last_day + timedelta(days=70),
            title=f"Social value: annual report {days.year.label}",
            added={SectionKind.SUPPORTING: IN_BLOCKS},
            tells_story=True,
        ),
        ReportPlan(ReportKind.ANNUAL, Ending.ASKED, last, soon + timedelta(days=3)),
        ReportPlan(
            ReportKind.DIRECTORATE,
            Ending.BEGUN,
            pack.year,
            days.today + timedelta(days=9),
            quarter=pack.quarter,
        ),
        ReportPlan(ReportKind.SUMMARY, Ending.FROZEN, last, soon),
        ReportPlan(ReportKind.STATEMENT, Ending.RETURNED, last, soon + timedelta(days=30)),
        ReportPlan(ReportKind.REGION, Ending.FROZEN, last, soon + timedelta(days=7), REGION_LEAD),
    ]


def unwritten(days: Days, cast: Cast) -> Iterator[ReportPlan]:
    """What is missing. A report that was entered on an earlier day counts, whatever its year."""
    known = {slug: _known(cast, slug) for slug in (ORGANISATION, REGION_LEAD)}
    for plan in plans(days):
        if plan.key not in known[plan.organisation]:
            yield plan


def _known(cast: Cast, slug: str) -> set[tuple[str, str, bool]]:
    try:
        author = cast.at(slug, Role.REPORT_AUTHOR)
    except NotVisible:
        return set()
    rows = reports_for(author).order_by().values_list("kind", "status", "issue")
    return {(kind, status, issue > 1) for kind, status, issue in rows}


@transaction.atomic
def write(plan: ReportPlan, days: Days, cast: Cast) -> None:
    """Start the report and take it as far as its ending; whole or not at all."""
    author = cast.at(plan.organisation, Role.REPORT_AUTHOR)

    def at(days_ago: int, hour: int) -> datetime:
        # A report cannot be started before its year begins.
        day = max(days.today - timedelta(days=days_ago), plan.year.first_day)
        return days.by_now(day, hour)

    with clock.at(at(6, 9)):
        report_id = _start(plan, author)
    with clock.at(at(5, 14)):
        for kind, text in plan.added.items():
            _add(author, report_id, kind, text + (_story(author) if plan.tells_story else ""))
    if plan.ending == Ending.BEGUN:
        return
    approver = cast.at(plan.organisation, Role.APPROVER)
    with clock.at(at(4, 10)):
        ask_for_sign_off(actor=author, report_id=report_id)
    if plan.ending == Ending.RETURNED:
        with clock.at(at(2, 16)):
            _sign(approver, report_id, returned=UNCLEAR)
        return
    with clock.at(at(3, 11)):
        _sign(approver, report_id)
        if plan.ending == Ending.ASKED:
            return
        _sign_the_rest(approver, report_id)
    # What is frozen says as of when its figures are: of the roll-up that has just been.
    with clock.at(days.now):
        freeze_report(actor=author, report_id=report_id)
        if plan.ending == Ending.REISSUED:
            _correct(cast, plan)
            report_id = reissue_report(actor=author, report_id=report_id).pk
            _add(author, report_id, SectionKind.EXECUTIVE_SUMMARY, AGAIN)
            ask_for_sign_off(actor=author, report_id=report_id)
            _sign_the_rest(approver, report_id)
            freeze_report(actor=author, report_id=report_id)
        make_files(actor=author, report_id=report_id)


def _start(plan: ReportPlan, author: Actor) -> int:
    form = form_of(plan.kind)
    report = start_report(
        actor=author,
        kind=plan.kind,
        title=plan.title,
        financial_year=plan.year.slug,
        quarter=plan.quarter,
        directorate=directorates(author)[0] if form.has_directorate else "",
        region=regions(author)[0].slug if form.has_region else "",
        meeting_on=plan.meeting_on,
    )
    domain = f"{plan.organisation}.example"
    set_contacts(
        actor=author,
        report_id=report.pk,
        expected_version=report.version,
        contacts=[
            Contact(role, role.capitalize(), contact)
            for role, contact in zip(
                form.contact_roles,
                (
                    address("author", plan.organisation),
                    f"procurement@{domain}",
                    f"director@{domain}",
                    f"cabinet@{domain}",
                ),
                strict=False,
            )
        ],
        circulation_local="None",
        circulation_other="Members of the resources committee",
    )
    return report.pk


def _add(author: Actor, report_id: int, kind: str, text: str) -> None:
    section = section_for(author, report_id, kind)
    write_section(
        actor=author,
        report_id=report_id,
        kind=kind,
        expected_version=section.version,
        narrative=f"{section.narrative}\n\n{text}",
    )


def _story(author: Actor) -> str:
    """The oldest story of the authority; the first words of the form tell the latest."""
    told = published_stories([author.organisation_id or 0])
    return TOLD.format(slug=told[-1].slug) if told else ""


def _sign(approver: Actor, report_id: int, *, returned: str = "") -> None:
    """The step whose turn it is agrees, or returns the report with these words."""
    page = sign_page(approver, report_id)
    sign_report(
        actor=approver,
        report_id=report_id,
        step=page.open_step,
        answer=SignOffAnswer.RETURNED if returned else SignOffAnswer.AGREED,
        note=returned,
        words_hash=page.words_hash,
    )


def _sign_the_rest(approver: Actor, report_id: int) -> None:
    while sign_page(approver, report_id).open_step:
        _sign(approver, report_id)


def _correct(cast: Cast, plan: ReportPlan) -> None:
    """The contract manager puts a smaller figure in place of one that was verified in the year of the report."""
    manager = cast.at(plan.organisation, Role.CONTRACT_MANAGER)
    verified = claims_for(
        manager, ClaimFilters(statuses=(ClaimStatus.VERIFIED,), order="-value")
    ).filter(
        quarter__range=(plan.year.first_day, plan.year.last_day),
        quantity__gte=20,
        value_pence__lte=NOT_LARGE,
    )
    row = next(row for row in claim_rows(verified) if row.commitment.measure.adds_up)
    correct_claim(
        actor=manager,
        claim_id=row.id,
        quantity=whole(row.quantity * 85 / 100, row.commitment.measure.code),
        reason=SECOND_LOOK,
    )
