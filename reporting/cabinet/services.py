"""Writing a Cabinet report and freezing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from procurement.ledger import queries as ledger
from reporting.cabinet.models import CabinetReport, CabinetSection
from reporting.cabinet.permissions import can_see, can_start, why_not_write
from reporting.cabinet.queries.building import content_of, reading_of
from reporting.cabinet.queries.reports import problems_of, sections_of
from reporting.cabinet.rules import words
from reporting.cabinet.rules.content import hash_of
from reporting.cabinet.vocabulary import CabinetDeed, ReportStatus, SectionKind
from reporting.rollups import queries as rollups
from reporting.rollups import services as rollup_services
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import FinancialYear

LONGEST_NARRATIVE = 20_000
MOST_CONTACTS = 12
CHANGED = "Somebody else changed this report while you were writing. What you typed is still here."


@dataclass(frozen=True, slots=True)
class Contact:
    """One row of the contacts table."""

    role: str
    name: str
    contact: str


@transaction.atomic
def start_report(
    *, actor: Actor, title: str, financial_year: str, meeting_on: date
) -> CabinetReport:
    """A draft with every heading, opening paragraphs that fit the figures, and an empty contacts table.

    ``financial_year`` is like ``2025-26``. NotAllowed without the author's role, RuleBroken for a year that cannot be
    read or has not begun.
    """
    if not can_start(actor) or actor.organisation_id is None or actor.user_id is None:
        raise NotAllowed(
            "Only a report author can do this. Ask your organisation's administrator for that role."
        )
    year = _year(financial_year)
    report = CabinetReport.objects.create(
        authority_id=actor.organisation_id,
        title=_title(title),
        financial_year=year.slug,
        meeting_on=meeting_on,
        contacts=[
            {"role": role, "name": actor.name if n == 0 else "", "contact": ""}
            for n, role in enumerate(words.CONTACT_ROLES)
        ],
        started_by_id=actor.user_id,
        started_at=clock.now(),
    )
    reading = reading_of(actor, year.slug)
    figures = {figure.name: figure for figure in reading.figures()}
    for position, kind in enumerate(SectionKind.values, start=1):
        narrative = words.suggested(
            kind,
            organisation=actor.organisation_name,
            year=year.label,
            next_year=FinancialYear(year.start_year + 1).label,
            figures=figures,
        )
        CabinetSection.objects.create(
            report=report, kind=kind, position=position, narrative=narrative
        )
    record(
        actor=actor,
        deed=CabinetDeed.STARTED,
        sentence=f"{actor.name} started the report “{report.title}” for {year.label}.",
        target=report,
        after={
            "title": report.title,
            "financial_year": year.slug,
            "meeting_on": meeting_on.isoformat(),
        },
    )
    return report


def _year(text: str) -> FinancialYear:
    try:
        year = FinancialYear.parse(text)
    except ValueError as error:
        raise RuleBroken(f"{error}.", field="financial_year") from error
    if year.first_day > clock.today():
        raise RuleBroken(
            "This financial year has not begun. Choose an earlier one.", field="financial_year"
        )
    return year


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title:
        raise RuleBroken("Enter a title", field="title")
    if len(title) > 200:
        raise RuleBroken("The title must be 200 characters or fewer.", field="title")
    return title


def _to_write(actor: Actor, report_id: int) -> CabinetReport:
    """The report under a lock. NotVisible for another authority's, NotAllowed when it may not change."""
    report = CabinetReport.objects.select_for_update(of=("self",)).filter(pk=report_id).first()
    if report is None or not can_see(actor, report):
        raise NotVisible
    if reason := why_not_write(actor, report):
        raise NotAllowed(reason)
    return report


@transaction.atomic
def change_report(
    *, actor: Actor, report_id: int, expected_version: int, title: str, meeting_on: date
) -> CabinetReport:
    """Title and date of the meeting. Conflict when somebody else was first."""
    report = _to_write(actor, report_id)
    before = {"title": report.title, "meeting_on": report.meeting_on.isoformat()}
    after = {"title": _title(title), "meeting_on": meeting_on.isoformat()}
    _check_version(
        report.version,
        expected_version,
        differences(
            {"title": "Title", "meeting_on": "Date of the Cabinet meeting"},
            {"title": report.title, "meeting_on": report.meeting_on},
            {"title": after["title"], "meeting_on": meeting_on},
        ),
    )
    report.title, report.meeting_on = after["title"], meeting_on
    report.version += 1
    report.save(update_fields=["title", "meeting_on", "version"])
    _changed(actor, report, "title and date", before, after)
    return report


@transaction.atomic
def write_section(
    *, actor: Actor, report_id: int, kind: str, expected_version: int, narrative: str
) -> CabinetSection:
    """The words under one heading. RuleBroken for a name in braces that is no figure, Conflict when not the first."""
    report = _to_write(actor, report_id)
    section = (
        CabinetSection.objects.select_for_update(of=("self",))
        .filter(report=report, kind=kind)
        .first()
    )
    if section is None:
        raise NotVisible
    text = narrative.replace("\r\n", "\n").strip()
    _check_version(
        section.version,
        expected_version,
        differences(
            {kind: f"Text of {words.HEADINGS[kind]}"}, {kind: section.narrative}, {kind: text}
        ),
    )
    if len(text) > LONGEST_NARRATIVE:
        raise RuleBroken(
            f"A section must be {LONGEST_NARRATIVE:,} characters or fewer. Shorten it.",
            field="narrative",
        )
    if sentence := words.unknown_sentence(words.unknown_references(text)):
        raise RuleBroken(sentence, field="narrative")
    before, section.narrative = section.narrative, text
    section.version += 1
    section.save(update_fields=["narrative", "version"])
    _changed(
        actor, report, f"section {words.HEADINGS[kind]}", {"narrative": before}, {"narrative": text}
    )
    return section


@transaction.atomic
def set_contacts(
    *,
    actor: Actor,
    report_id: int,
    expected_version: int,
    contacts: Sequence[Contact],
    circulation_local: str,
    circulation_other: str,
) -> CabinetReport:
    """The contacts table and to whom the report was circulated. Rows that are wholly empty are left out."""
    report = _to_write(actor, report_id)
    rows = [
        {"role": row.role.strip(), "name": row.name.strip(), "contact": row.contact.strip()}
        for row in contacts
        if row.role.strip() or row.name.strip() or row.contact.strip()
    ]
    if len(rows) > MOST_CONTACTS:
        raise RuleBroken(f"Name at most {MOST_CONTACTS} people.")
    _check_version(
        report.version,
        expected_version,
        _people_differ(
            report,
            {
                "contacts": rows,
                "circulation_local": circulation_local,
                "circulation_other": circulation_other,
            },
        ),
    )
    before = _people(report)
    report.contacts = rows
    report.circulation_local = circulation_local.strip()
    report.circulation_other = circulation_other.strip()
    report.version += 1
    report.save(update_fields=["contacts", "circulation_local", "circulation_other", "version"])
    _changed(actor, report, "contacts and circulation", before, _people(report))
    return report


def _people(report: CabinetReport) -> dict[str, object]:
    return {
        "contacts": report.contacts,
        "circulation_local": report.circulation_local,
        "circulation_other": report.circulation_other,
    }


def _people_differ(report: CabinetReport, sent: dict[str, object]) -> dict[str, tuple[str, str]]:
    return differences(
        {
            "contacts": "Contacts",
            "circulation_local": "Local members the report was circulated to",
            "circulation_other": "Other members the report was circulated to",
        },
        _people(report),
        sent,
        words={"contacts": _contacts_in_words},
    )


def _contacts_in_words(rows: Sequence[dict[str, str]]) -> str:
    return "; ".join(
        ", ".join(row[part] for part in ("role", "name", "contact") if row[part]) for row in rows
    )


def _check_version(now: int, expected: int, changed: dict[str, tuple[str, str]]) -> None:
    if now != expected:
        raise Conflict(CHANGED, changed=changed)


def _changed(actor: Actor, report: CabinetReport, what: str, before: dict, after: dict) -> None:
    record(
        actor=actor,
        deed=CabinetDeed.CHANGED,
        sentence=f"{actor.name} changed the {what} of “{report.title}”.",
        target=report,
        before=before,
        after=after,
    )


def freeze_report(*, actor: Actor, report_id: int) -> CabinetReport:
    """Keep the report for ever: words, figures, definitions, tables, charts, ledger position, and a hash of it all.

    First everything that waits is rolled up and every cell is compared with the ledger. RuleBroken when a cell differs,
    when entries still wait, or when a section is empty or names a figure that does not exist; then nothing changes.
    """
    report = CabinetReport.objects.filter(pk=report_id).first()
    if report is None or not can_see(actor, report):
        raise NotVisible
    if reason := why_not_write(actor, report):
        raise NotAllowed(reason)
    rollup_services.drain()
    result = rollup_services.reconcile()
    if result.wrong:
        raise RuleBroken(
            f"The totals do not agree with the ledger in {result.wrong} of {result.cells} cells, so the report cannot "
            "be frozen. Ask an administrator to rebuild the totals on the roll-ups page, then freeze again."
        )
    return _freeze(actor, report_id)


@transaction.atomic
def _freeze(actor: Actor, report_id: int) -> CabinetReport:
    report = _to_write(actor, report_id)
    version = rollups.cube_version()
    if ledger.has_pending():
        raise RuleBroken(
            "New ledger entries arrived while the totals were checked. Wait a moment, then freeze again."
        )
    sections = sections_of(report.pk)
    if problems := problems_of(sections):
        raise RuleBroken(" ".join(problems))
    now = clock.now()
    content = content_of(report, sections, reading_of(actor, report.financial_year), now)
    if rollups.cube_version() != version or ledger.has_pending():
        raise Conflict("The figures moved while the report was being frozen. Freeze it again.")
    figures_hash = hash_of(content)
    frozen = CabinetReport.objects.filter(
        pk=report.pk, status=ReportStatus.DRAFT, version=report.version
    ).update(
        status=ReportStatus.FROZEN,
        frozen_by_id=actor.user_id,
        frozen_at=now,
        figures=content,
        figures_hash=figures_hash,
    )
    if not frozen:
        raise Conflict("Somebody else changed or froze this report a moment ago. Open it again.")
    record(
        actor=actor,
        deed=CabinetDeed.FROZEN,
        sentence=f"{actor.name} froze the report “{report.title}”.",
        target=report,
        after={"figures_hash": figures_hash, "ledger_position": content["ledger_position"]},
    )
    report.refresh_from_db()
    return report
