"""Reports as the people of their authority may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse

from reporting.cabinet.models import CabinetReport, CabinetSection, SectionDraft
from reporting.cabinet.permissions import can_see, who_sees_report, why_not_read, why_not_write
from reporting.cabinet.queries.building import content_of, reading_of
from reporting.cabinet.queries.knowing import known_of
from reporting.cabinet.queries.listing import about_words, clock_date, meeting_of, span_of
from reporting.cabinet.rules import references, words
from reporting.cabinet.rules.annex import annex_tables
from reporting.cabinet.rules.content import Json, ReportView, report_view
from reporting.cabinet.rules.references import Known
from reporting.cabinet.vocabulary import ReportStatus
from reporting.figures.rules.definitions import Figure, Kind
from reporting.rollups import queries as rollups
from socialvalue.accounts.rules import Sight
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.money import count_text
from socialvalue.core.periods import uk_date
from socialvalue.core.tables import Table


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section on the report's page."""

    kind: str
    title: str
    paragraphs: int
    exhibits: int
    """Charts, tables and stories."""
    problem: str
    has_own_draft: bool = False
    """The actor has typed in it and not saved."""

    @property
    def status(self) -> str:
        if self.problem:
            return "failed"
        if self.has_own_draft:
            return "draft"
        return "completed" if self.paragraphs or self.exhibits else "not_started"

    @property
    def hint(self) -> str:
        unsaved = "You have text here that is not saved yet." if self.has_own_draft else ""
        return self.problem or unsaved or self._length

    @property
    def _length(self) -> str:
        """``3 paragraphs, 2 exhibits``."""
        parts = ((self.paragraphs, "paragraph"), (self.exhibits, "chart, table or story"))
        many = {"chart, table or story": "charts, tables and stories"}
        return "; ".join(count_text(n, one, many.get(one, "")) for n, one in parts if n)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The page of one report."""

    id: int
    authority: tuple[int, str]
    title: str
    kind: str
    """What kind of report it is, in words."""
    committee: str
    about: str
    """The directorate or the region it is about; empty for the whole organisation."""
    year: str
    """The period of its figures: a financial year or a quarter of one."""
    meeting_on: date
    meeting: str
    """What the date is: ``Date of the Cabinet meeting``."""
    status: str
    version: int
    frozen_at: datetime | None
    figures_hash: str
    ledger_position: int
    sections: tuple[SectionLine, ...]
    figures: tuple[Figure, ...]
    problems: tuple[str, ...]
    unsaved: tuple[str, ...]
    """Who has typed in which section and not saved, each a sentence."""
    pending: int
    has_contacts: bool
    history: tuple[HistoryLine, ...]
    may_write: bool
    is_demonstration: bool
    gives_answers: bool
    """It is frozen with the facts that requests for information are answered from."""

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

    @property
    def first_to_write(self) -> str:
        """The address of the first section that stands in the way of the freeze, or else of the first."""
        open_ones = [line for line in self.sections if line.status != "completed"]
        line = next(iter([*open_ones, *self.sections]), None)
        return self._url("section", line.kind) if line else self._url("sections")

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
    def who_can_see(self) -> list[Sight]:
        return who_sees_report(self.authority, is_frozen=self.is_frozen)


def report_for(actor: Actor, report_id: int) -> CabinetReport:
    """A report of the actor's own authority that they may read. NotVisible for another's, NotAllowed for a draft."""
    found = CabinetReport.objects.filter(pk=report_id).first()
    if found is None or not can_see(actor, found):
        raise NotVisible
    if reason := why_not_read(actor, found):
        raise NotAllowed(reason)
    return found


def sections_of(report_id: int) -> list[CabinetSection]:
    """In their order, each with its report."""
    rows = CabinetSection.objects.filter(report_id=report_id).select_related("report")
    return list(rows.order_by("position", "id"))


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
    if not sections:
        return ["The report has no sections. Add one."]
    known = known_of(sections[0].report)
    found = []
    for section in sections:
        found += [f"{section.heading}: {text}" for text in _problems(section, known)]
        if not section.narrative.strip():
            found.append(f"{section.heading} is empty. Write at least one paragraph, or “None”.")
    return found


def _problems(section: CabinetSection, known: Known) -> list[str]:
    return references.problems(section.narrative, known)


def report_page(actor: Actor, report_id: int) -> ReportPage:
    report = report_for(actor, report_id)
    sections = sections_of(report_id)
    content = content_for(actor, report, is_whole=False)
    is_frozen = report.status == ReportStatus.FROZEN
    return ReportPage(
        authority=(report.authority_id, actor.organisation_name),
        id=report.pk,
        title=report.title,
        kind=report.get_kind_display(),
        committee=report.committee,
        about=about_words(report),
        year=span_of(report).label,
        meeting_on=report.meeting_on,
        meeting=meeting_of(report),
        status=report.status,
        version=report.version,
        frozen_at=report.frozen_at,
        figures_hash=report.figures_hash,
        ledger_position=content["ledger_position"],
        sections=_section_lines(actor, sections),
        figures=tuple(figures_in(content)),
        problems=() if is_frozen else tuple(problems_of(sections)),
        unsaved=() if is_frozen else _unsaved(sections),
        pending=0 if is_frozen else rollups.freshness().pending,
        has_contacts=any(row["name"] for row in report.contacts),
        history=tuple(history_of(target_type="cabinetreport", target_id=report.pk)),
        may_write=not why_not_write(actor, report),
        is_demonstration=content["is_demonstration"],
        gives_answers=is_frozen and bool(content.get("foi")),
    )


def _unsaved(sections: list[CabinetSection]) -> tuple[str, ...]:
    kept = SectionDraft.objects.filter(section__in=sections).select_related("user", "section")
    return tuple(
        f"{row.user} has text in {row.section.heading} that is not saved. It is no part of the report until it is."
        for row in kept.order_by("section__position", "id")
        if row.narrative.strip() != row.section.narrative
    )


def _section_lines(actor: Actor, sections: list[CabinetSection]) -> tuple[SectionLine, ...]:
    if not sections:
        return ()
    known = known_of(sections[0].report)
    typed = SectionDraft.objects.filter(section__in=sections, user_id=actor.user_id or 0)
    drafts = dict(typed.values_list("section_id", "narrative"))
    numbers = words.numbers(section.is_numbered for section in sections)
    return tuple(
        SectionLine(
            section.kind,
            words.heading_of(section.heading, number),
            len(words.paragraphs(section.narrative, None)),
            len(words.exhibits(section.narrative)),
            " ".join(_problems(section, known)),
            drafts.get(section.pk, section.narrative).strip() != section.narrative,
        )
        for section, number in zip(sections, numbers, strict=True)
    )


def content_for(actor: Actor, report: CabinetReport, *, is_whole: bool = True) -> Json:
    """What was frozen, or for a draft what the figures say now.

    ``is_whole`` False leaves out of a draft what is not on its pages: the rows behind the figures and the annex.
    """
    if report.status == ReportStatus.FROZEN:
        return report.figures
    reading = reading_of(actor, report)
    moment = reading.as_at or clock.now()
    return content_of(report, sections_of(report.pk), reading, moment, is_whole=is_whole)


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
            is_price=row["kind"] == Kind.MONEY and not row["is_money"],
        )
        for row in content["figures"]
    ]


def report_to_read(
    actor: Actor, report_id: int, *, counts_only: bool = False, opens: bool = False
) -> ReportView:
    """The report as page and PDF show it; on the page its figures open to their rows (``opens``)."""
    report = report_for(actor, report_id)
    content = content_for(actor, report, is_whole=False)
    return report_view(
        content, figures_hash=report.figures_hash, counts_only=counts_only, opens=opens
    )


def annex_of(actor: Actor, report_id: int, *, counts_only: bool = False) -> list[Table]:
    """The sheets of the annex, frozen with the report."""
    content = content_for(actor, report_for(actor, report_id))
    return annex_tables(content, counts_only=counts_only)
