"""Reports as the people of their authority may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.urls import reverse

from reporting.cabinet.models import CabinetReport, CabinetSection
from reporting.cabinet.permissions import can_see, can_start, why_not_read, why_not_write
from reporting.cabinet.queries.building import content_of, reading_of
from reporting.cabinet.rules import words
from reporting.cabinet.rules.content import Json, ReportView, report_view, table_of
from reporting.cabinet.vocabulary import ReportStatus
from reporting.figures.rules.definitions import Figure, plural
from reporting.rollups import queries as rollups
from socialvalue.accounts.permissions import is_buyer
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.periods import FinancialYear, uk_date
from socialvalue.core.tables import Column, Table


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One row of the list."""

    id: int
    title: str
    year: str
    meeting_on: date
    status: str
    frozen_at: datetime | None
    may_open: bool


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section on the report's page."""

    kind: str
    title: str
    paragraphs: int
    problem: str

    @property
    def status(self) -> str:
        if self.problem:
            return "failed"
        return "completed" if self.paragraphs else "not_started"

    @property
    def hint(self) -> str:
        return self.problem or plural(self.paragraphs, "paragraph")


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The page of one report."""

    id: int
    title: str
    year: str
    meeting_on: date
    status: str
    version: int
    frozen_at: datetime | None
    figures_hash: str
    ledger_position: int
    sections: tuple[SectionLine, ...]
    figures: tuple[Figure, ...]
    problems: tuple[str, ...]
    pending: int
    has_contacts: bool
    history: tuple[HistoryLine, ...]
    may_write: bool
    is_demonstration: bool

    @property
    def is_frozen(self) -> bool:
        return self.status == ReportStatus.FROZEN

    @property
    def tasks(self) -> list[dict[str, str]]:
        """Sections, contacts and details as a task list; without links for those who only read."""
        rows = [("Title and date", "completed", self._url("change"), "")]
        rows += [
            (line.title, line.status, self._url("section", line.kind), line.hint)
            for line in self.sections
        ]
        people = "completed" if self.has_contacts else "not_started"
        rows.append(("Contacts and circulation", people, self._url("contacts"), ""))
        return [
            {"title": title, "status": status, "href": url, "hint": hint}
            for title, status, url, hint in rows
        ]

    def _url(self, name: str, *args: str) -> str:
        return reverse(f"reporting:cabinet:{name}", args=[self.id, *args]) if self.may_write else ""

    @property
    def frozen_rows(self) -> list[tuple[str, object]]:
        return [
            ("Frozen on", uk_date(clock_date(self.frozen_at)) if self.frozen_at else ""),
            ("Up to ledger entry", self.ledger_position or "None"),
            ("SHA-256 of the content", self.figures_hash),
        ]

    @property
    def history_lines(self) -> list[tuple[str, datetime, str]]:
        return [(line.sentence, line.at, line.organisation) for line in self.history]

    @property
    def who_can_see(self) -> list[str]:
        if self.is_frozen:
            return ["Everybody who works for your organisation"]
        return [
            "Report authors of your organisation, who can change it",
            "Policy owners, approvers and auditors of your organisation, who can read it",
            "Everybody else of your organisation once it is frozen",
        ]


def clock_date(moment: datetime) -> date:
    """The day in London."""
    return moment.astimezone(clock.LONDON).date()


def report_for(actor: Actor, report_id: int) -> CabinetReport:
    """A report of the actor's own authority that they may read. NotVisible for another's, NotAllowed for a draft."""
    found = CabinetReport.objects.filter(pk=report_id).first()
    if found is None or not can_see(actor, found):
        raise NotVisible
    if reason := why_not_read(actor, found):
        raise NotAllowed(reason)
    return found


SORTS = {"title": "title", "year": "financial_year", "meeting": "meeting_on", "status": "status"}


@dataclass(frozen=True, slots=True)
class ReportFilters:
    """What the list is narrowed to; empty means everything. ``sort`` is a key of ``SORTS``, with ``-`` for down."""

    search: str = ""
    status: str = ""
    sort: str = ""


def reports_for(actor: Actor, wanted: ReportFilters | None = None) -> QuerySet[CabinetReport]:
    """The reports of the actor's authority that fit, newest first unless sorted."""
    if not is_buyer(actor):
        return CabinetReport.objects.none()
    rows = CabinetReport.objects.filter(authority_id=actor.organisation_id)
    wanted = wanted or ReportFilters()
    for word in wanted.search.split():
        rows = rows.filter(Q(title__icontains=word) | Q(financial_year__startswith=word))
    if wanted.status in ReportStatus.values:
        rows = rows.filter(status=wanted.status)
    field = SORTS.get(wanted.sort.removeprefix("-"))
    sign = "-" if wanted.sort.startswith("-") else ""
    return rows.order_by(f"{sign}{field}", "-id") if field else rows.order_by("-id")


def reports_table(actor: Actor, wanted: ReportFilters) -> Table:
    """Every report of the filtered list, for CSV and XLSX."""
    columns = [
        Column("Report", width=50),
        Column("Financial year"),
        Column("Cabinet meeting", "date"),
        Column("Status"),
        Column("Frozen on", "date"),
        Column("SHA-256 of the content", width=66),
    ]
    rows = [
        (
            row.title,
            FinancialYear.parse(row.financial_year).label,
            row.meeting_on,
            row.get_status_display(),
            clock_date(row.frozen_at) if row.frozen_at else None,
            row.figures_hash,
        )
        for row in reports_for(actor, wanted)
    ]
    return Table("Cabinet reports", columns, rows)


def report_lines(actor: Actor, rows: Iterable[CabinetReport]) -> list[ReportLine]:
    """Reports ready to show, in their order."""
    return [
        ReportLine(
            row.pk,
            row.title,
            FinancialYear.parse(row.financial_year).label,
            row.meeting_on,
            row.status,
            row.frozen_at,
            not why_not_read(actor, row),
        )
        for row in rows
    ]


def may_start(actor: Actor) -> bool:
    return can_start(actor)


def sections_of(report_id: int) -> list[CabinetSection]:
    return list(CabinetSection.objects.filter(report_id=report_id).order_by("position"))


def section_for(actor: Actor, report_id: int, kind: str) -> CabinetSection:
    """One section of a report the actor may write. NotVisible for an unknown kind, NotAllowed when it is fixed."""
    report = report_for(actor, report_id)
    found = CabinetSection.objects.filter(report=report, kind=kind).first()
    if found is None:
        raise NotVisible
    if reason := why_not_write(actor, report):
        raise NotAllowed(reason)
    return found


def report_to_change(actor: Actor, report_id: int) -> CabinetReport:
    """A report the actor may write. NotAllowed with the reason otherwise."""
    report = report_for(actor, report_id)
    if reason := why_not_write(actor, report):
        raise NotAllowed(reason)
    return report


def problems_of(sections: list[CabinetSection]) -> list[str]:
    """What stands between the sections and the freeze, each a sentence."""
    found = []
    for section in sections:
        title = words.HEADINGS[section.kind]
        if sentence := words.unknown_sentence(words.unknown_references(section.narrative)):
            found.append(f"{title}: {sentence}")
        if not section.narrative.strip():
            found.append(f"{title} is empty. Write at least one paragraph, or “None”.")
    return found


def report_page(actor: Actor, report_id: int) -> ReportPage:
    report = report_for(actor, report_id)
    sections = sections_of(report_id)
    content = content_for(actor, report)
    is_frozen = report.status == ReportStatus.FROZEN
    return ReportPage(
        id=report.pk,
        title=report.title,
        year=FinancialYear.parse(report.financial_year).label,
        meeting_on=report.meeting_on,
        status=report.status,
        version=report.version,
        frozen_at=report.frozen_at,
        figures_hash=report.figures_hash,
        ledger_position=content["ledger_position"],
        sections=tuple(_section_line(section) for section in sections),
        figures=tuple(figures_in(content)),
        problems=() if is_frozen else tuple(problems_of(sections)),
        pending=0 if is_frozen else rollups.freshness().pending,
        has_contacts=any(row["name"] for row in report.contacts),
        history=tuple(history_of(target_type="cabinetreport", target_id=report.pk)),
        may_write=not why_not_write(actor, report),
        is_demonstration=content["is_demonstration"],
    )


def _section_line(section: CabinetSection) -> SectionLine:
    return SectionLine(
        section.kind,
        words.heading_of(section.kind),
        len(words.paragraphs(section.narrative, None)),
        words.unknown_sentence(words.unknown_references(section.narrative)),
    )


def content_for(actor: Actor, report: CabinetReport) -> Json:
    """What was frozen, or for a draft what the figures say now."""
    if report.status == ReportStatus.FROZEN:
        return report.figures
    reading = reading_of(actor, report.financial_year)
    return content_of(report, sections_of(report.pk), reading, reading.as_at or clock.now())


def figures_in(content: Json) -> list[Figure]:
    """The figures of a content, to be listed by name."""
    return [
        Figure(
            name=row["name"],
            label=row["label"],
            meaning=row["meaning"],
            kind=row["kind"],
            unit=row["unit"],
            computation=row["computation"],
            source=row["source"],
            visible_to="",
            value=None if row["value"] is None else Decimal(row["value"]),
            shown=row["shown"],
            short=row["shown"],
            beside=row["beside"],
            opens_url=row["opens_url"],
            is_money=row["is_money"],
        )
        for row in content["figures"]
    ]


def report_to_read(
    actor: Actor, report_id: int, *, counts_only: bool = False, opens: bool = False
) -> ReportView:
    """The report as page and PDF show it; on the page its figures open to their rows (``opens``)."""
    report = report_for(actor, report_id)
    content = content_for(actor, report)
    return report_view(
        content, figures_hash=report.figures_hash, counts_only=counts_only, opens=opens
    )


def annex_of(actor: Actor, report_id: int, *, counts_only: bool = False) -> list[Table]:
    """The sheets of the annex, frozen with the report."""
    content = content_for(actor, report_for(actor, report_id))
    tables = [table_of(found) for found in content["annex"]["counts" if counts_only else "money"]]
    return [table.counts_only() for table in tables] if counts_only else tables
