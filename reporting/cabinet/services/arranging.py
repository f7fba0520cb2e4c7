"""The sections of a report: added, renamed, moved and removed."""

from __future__ import annotations

from django.db import transaction

from reporting.cabinet.models import CabinetReport, CabinetSection
from reporting.cabinet.rules import arranging
from reporting.cabinet.services.guards import (
    check_version,
    section_to_write,
    tell_changed,
    to_write,
)
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import RuleBroken


@transaction.atomic
def add_section(
    *, actor: Actor, report_id: int, heading: str, is_numbered: bool, after: str = ""
) -> CabinetSection:
    """A new section without words, after the one named, at the end when none is.

    RuleBroken for a heading that another section has, and for more sections than a report holds.
    """
    report = to_write(actor, report_id)
    rows = _rows(report)
    if len(rows) >= arranging.MOST_SECTIONS:
        raise RuleBroken(f"A report holds at most {arranging.MOST_SECTIONS} sections.")
    name = arranging.heading_of(heading, [row.heading for row in rows])
    section = CabinetSection.objects.create(
        report=report,
        kind=arranging.key_of(name, [row.kind for row in rows]),
        heading=name,
        is_numbered=is_numbered,
        position=len(rows) + 1,
    )
    place = next((n for n, row in enumerate(rows, start=1) if row.kind == after), len(rows))
    _place([*rows[:place], section, *rows[place:]])
    tell_changed(actor, report, "sections", {}, {"added": name})
    return section


@transaction.atomic
def change_section(
    *,
    actor: Actor,
    report_id: int,
    kind: str,
    expected_version: int,
    heading: str,
    is_numbered: bool,
) -> CabinetSection:
    """Its heading, and whether it and its paragraphs have numbers. Conflict when somebody else was first."""
    report = to_write(actor, report_id)
    section = section_to_write(report, kind)
    others = [row.heading for row in _rows(report) if row.pk != section.pk]
    name = arranging.heading_of(heading, others)
    before = {"heading": section.heading, "is_numbered": section.is_numbered}
    after = {"heading": name, "is_numbered": is_numbered}
    check_version(
        section.version,
        expected_version,
        differences({"heading": "Heading", "is_numbered": "Numbered"}, before, after),
    )
    section.heading, section.is_numbered = name, is_numbered
    section.version += 1
    section.save(update_fields=["heading", "is_numbered", "version"])
    tell_changed(actor, report, f"heading of section {name}", before, after)
    return section


@transaction.atomic
def remove_section(*, actor: Actor, report_id: int, kind: str, expected_version: int) -> None:
    """Take a section out; the history keeps its words. Conflict when somebody has changed it since it was read."""
    report = to_write(actor, report_id)
    section = section_to_write(report, kind)
    check_version(section.version, expected_version, {section.heading: (section.narrative, "")})
    rows = [row for row in _rows(report) if row.pk != section.pk]
    if not rows:
        raise RuleBroken("A report needs at least one section.")
    gone = {"heading": section.heading, "narrative": section.narrative}
    section.delete()
    _place(rows)
    tell_changed(actor, report, "sections", gone, {"removed": gone["heading"]})


@transaction.atomic
def move_section(*, actor: Actor, report_id: int, kind: str, step: int) -> CabinetSection:
    """One place up (``step`` -1) or down (1); the first stays first and the last stays last."""
    report = to_write(actor, report_id)
    section = section_to_write(report, kind)
    rows = _rows(report)
    place = next(n for n, row in enumerate(rows) if row.pk == section.pk)
    order = arranging.moved(rows, place, 1 if step > 0 else -1)
    if [row.pk for row in order] != [row.pk for row in rows]:
        _place(order)
        tell_changed(
            actor,
            report,
            "order of the sections",
            {"order": [row.heading for row in rows]},
            {"order": [row.heading for row in order]},
        )
    return section


def _rows(report: CabinetReport) -> list[CabinetSection]:
    return list(CabinetSection.objects.filter(report=report).order_by("position", "id"))


def _place(rows: list[CabinetSection]) -> None:
    """Positions 1, 2, 3 … in this order."""
    for position, row in enumerate(rows, start=1):
        row.position = position
    CabinetSection.objects.bulk_update(rows, ["position"])
