"""Writing a report: its title and date, the words of a section, contacts and circulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from reporting.cabinet.models import CabinetReport, CabinetSection
from reporting.cabinet.queries.knowing import known_of
from reporting.cabinet.rules import arranging
from reporting.cabinet.rules.forms import form_of
from reporting.cabinet.services.drafts import forget
from reporting.cabinet.services.guards import (
    check_references,
    check_version,
    section_to_write,
    tell_changed,
    to_write,
)
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import RuleBroken

LONGEST_NARRATIVE = 20_000
MOST_CONTACTS = 12
LONGEST_COMMITTEE = 80


@dataclass(frozen=True, slots=True)
class Contact:
    """One row of the contacts table."""

    role: str
    name: str
    contact: str


@transaction.atomic
def change_report(
    *,
    actor: Actor,
    report_id: int,
    expected_version: int,
    title: str,
    meeting_on: date,
    committee: str | None = None,
) -> CabinetReport:
    """Title, date of the meeting and who it is for. Conflict when somebody else was first."""
    report = to_write(actor, report_id)
    before = _details(report)
    after = {
        "title": arranging.title_of(title),
        "committee": report.committee if committee is None else _committee(committee),
        "meeting_on": meeting_on,
    }
    check_version(
        report.version,
        expected_version,
        differences(
            {
                "title": "Title",
                "committee": "Who it is for",
                "meeting_on": form_of(report.kind).meeting,
            },
            before,
            after,
        ),
    )
    report.title, report.committee = str(after["title"]), str(after["committee"])
    report.meeting_on = meeting_on
    report.version += 1
    report.save(update_fields=["title", "committee", "meeting_on", "version"])
    tell_changed(actor, report, "title and date", _as_text(before), _as_text(after))
    return report


def _details(report: CabinetReport) -> dict[str, object]:
    return {
        "title": report.title,
        "committee": report.committee,
        "meeting_on": report.meeting_on,
    }


def _as_text(facts: dict[str, object]) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
    }


def _committee(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise RuleBroken("Enter who the report is for, like Cabinet", field="committee")
    if len(name) > LONGEST_COMMITTEE:
        raise RuleBroken(
            f"Who it is for must be {LONGEST_COMMITTEE} characters or fewer.", field="committee"
        )
    return name


@transaction.atomic
def write_section(
    *, actor: Actor, report_id: int, kind: str, expected_version: int, narrative: str
) -> CabinetSection:
    """The words under one heading; what the actor had kept as a draft of them is gone.

    RuleBroken for a name in braces that the report cannot show, Conflict when not the first.
    """
    report = to_write(actor, report_id)
    section = section_to_write(report, kind)
    text = tidy(narrative)
    check_version(
        section.version,
        expected_version,
        differences({kind: f"Text of {section.heading}"}, {kind: section.narrative}, {kind: text}),
    )
    if len(text) > LONGEST_NARRATIVE:
        raise RuleBroken(
            f"A section must be {LONGEST_NARRATIVE:,} characters or fewer. Shorten it.",
            field="narrative",
        )
    check_references(text, known_of(report))
    before, section.narrative = section.narrative, text
    section.version += 1
    section.save(update_fields=["narrative", "version"])
    forget(actor, section)
    tell_changed(
        actor, report, f"section {section.heading}", {"narrative": before}, {"narrative": text}
    )
    return section


def tidy(narrative: str) -> str:
    """The text as it is kept: one kind of line end, nothing around it."""
    return narrative.replace("\r\n", "\n").strip()


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
    report = to_write(actor, report_id)
    rows = [
        {"role": row.role.strip(), "name": row.name.strip(), "contact": row.contact.strip()}
        for row in contacts
        if row.role.strip() or row.name.strip() or row.contact.strip()
    ]
    if len(rows) > MOST_CONTACTS:
        raise RuleBroken(f"Name at most {MOST_CONTACTS} people.")
    check_version(
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
    tell_changed(actor, report, "contacts and circulation", before, _people(report))
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
