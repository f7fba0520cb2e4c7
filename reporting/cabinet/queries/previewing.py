"""A section as the report would show it, from words that are not saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reporting.cabinet.queries.building import content_of, reading_of
from reporting.cabinet.queries.knowing import known_of
from reporting.cabinet.queries.reports import section_for, sections_of
from reporting.cabinet.rules import references
from reporting.cabinet.rules.content import ReportView, SectionView, report_view
from socialvalue.core import clock
from socialvalue.core.actor import Actor

if TYPE_CHECKING:
    from reporting.cabinet.models import CabinetReport
    from reporting.figures.queries.reading import Reading


@dataclass(frozen=True, slots=True)
class Preview:
    """A report of this one section, with what stands between its words and the freeze."""

    report: ReportView
    section: SectionView
    problems: tuple[str, ...]


def preview(
    actor: Actor, report_id: int, kind: str, narrative: str, *, counts_only: bool
) -> Preview:
    """The section with these words. NotVisible and NotAllowed like ``section_for``."""
    report = section_for(actor, report_id, kind).report
    return preview_with(report, reading_of(actor, report), kind, narrative, counts_only=counts_only)


def preview_with(
    report: CabinetReport, reading: Reading, kind: str, narrative: str, *, counts_only: bool
) -> Preview:
    """The section with these words and these figures, numbered as in the report.

    The sections before it are built too: what they show decides the numbers of its charts, tables and references.
    """
    text = narrative.replace("\r\n", "\n").strip()
    rows = []
    for row in sections_of(report.pk):
        rows.append(row)
        if row.kind == kind:
            row.narrative = text
            break
    moment = reading.as_at or clock.now()
    content = content_of(report, rows, reading, moment, is_whole=False)
    view = report_view(content, counts_only=counts_only)
    section = view.all_sections[-1]
    alone = replace(view, recommendation=None, sections=(section,), definitions=())
    return Preview(alone, section, tuple(references.problems(text, known_of(report))))
