"""The content of a report, built from one reading of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from procurement.ledger import queries as ledger
from reporting.cabinet.queries import exhibits, foi_facts, rows
from reporting.cabinet.queries.annex import annex_json
from reporting.cabinet.queries.exhibits.registry import about_of
from reporting.cabinet.queries.signing import sign_offs_of
from reporting.cabinet.rules import words
from reporting.cabinet.rules.behind import Entries, disagreements
from reporting.cabinet.rules.content import FORMAT, Json, figure_json
from reporting.cabinet.rules.exhibits import exhibits_of
from reporting.cabinet.rules.words import Exhibit
from reporting.dashboards import rules as dashboard_rules
from reporting.figures.queries.reading import Reading, read
from reporting.figures.queries.scopes import (
    Scope,
    council_scope,
    directorate_scope,
    published_scope,
)
from reporting.figures.rules.definitions import FIGURES
from reporting.figures.rules.spans import Span
from socialvalue.accounts import queries as accounts
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import FinancialYear

if TYPE_CHECKING:
    from reporting.cabinet.models import CabinetReport, CabinetSection

DEFINITIONS = ("table", "definitions")
__all__ = ["content_of", "disagreements", "exhibits_with_rows", "reading_of", "scope_of"]


def scope_of(actor: Actor, report: CabinetReport) -> Scope:
    """What the figures of a report are of. NotVisible for who may not see them."""
    span = Span(FinancialYear.parse(report.financial_year), report.quarter)
    if report.region is not None:
        # An analyst of the region started it; who may read the report may read what it tells.
        if report.region.lead_id != report.authority_id:
            raise NotVisible
        return published_scope(span, region_slug=report.region.slug)
    if report.directorate:
        return directorate_scope(actor, span, report.directorate)
    return council_scope(actor, span)


def reading_of(actor: Actor, report: CabinetReport) -> Reading:
    """The figures of a report, read now. NotVisible for who may not see them."""
    return read(actor, scope_of(actor, report))


def exhibits_with_rows(actor: Actor, report: CabinetReport, reading: Reading) -> set[str]:
    """The charts and tables of this report that have something to show, like ``chart:themes``."""
    found = {
        f"{row.kind}:{row.name}"
        for row in exhibits_of(about_of(reading))
        if (row.kind, row.name) != DEFINITIONS
        and exhibits.has_rows(exhibits.built(reading, row.kind, row.name))
    }
    return {*found, ":".join(DEFINITIONS)}


def content_of(
    report: CabinetReport,
    sections: Sequence[CabinetSection],
    reading: Reading,
    moment: datetime,
    *,
    is_whole: bool = True,
) -> Json:
    """Everything the report shows, as JSON. ``moment`` is when it was built.

    ``is_whole`` False leaves out what is not on its pages: the rows behind the figures and the annex.
    """
    authority = accounts.authorities().get(pk=report.authority_id)
    position = ledger.ledger_position()
    told: list[Json] = [
        {
            "kind": row.kind,
            "heading": row.heading,
            "is_numbered": row.is_numbered,
            "narrative": row.narrative,
        }
        for row in sections
    ]
    used = _exhibits(report, reading, [row["narrative"] for row in told])
    entries = rows.entries_json(reading, position) if is_whole else None
    counted = rows.counted_json(reading) if is_whole else []
    return {
        "format": FORMAT,
        "kind": report.kind,
        "organisation": authority.name,
        "about": _about(report, reading, authority.name),
        "is_demonstration": authority.is_demonstration,
        "title": report.title,
        "committee": report.committee,
        "meeting_on": report.meeting_on.isoformat(),
        "year": report.financial_year,
        "quarter": report.quarter,
        "directorate": report.directorate,
        "region": reading.scope.name if report.region_id else "",
        "issue": report.issue,
        "replaces": _replaces(report),
        "as_at": dashboard_rules.as_at(reading.as_at),
        "moment": moment.isoformat(),
        "ledger_position": position,
        "cube_version": reading.version,
        "editions": _editions(entries),
        "figures": _figures(reading, told, used, entries, counted, position),
        "sections": told,
        "exhibits": used,
        "entries": entries,
        "counted": counted,
        "annex": annex_json(reading) if is_whole else [],
        "sign_offs": sign_offs_of(report, list(sections)),
        "contacts": report.contacts,
        "circulation_local": report.circulation_local,
        "circulation_other": report.circulation_other,
        "foi": foi_facts.facts_json(reading) if is_whole else None,
    }


def _about(report: CabinetReport, reading: Reading, organisation: str) -> str:
    if report.region_id is not None:
        return reading.scope.name
    return f"{organisation}, {report.directorate}" if report.directorate else organisation


def _replaces(report: CabinetReport) -> Json | None:
    before = report.replaces
    if before is None or before.frozen_at is None:
        return None
    return {"frozen_at": before.frozen_at.isoformat(), "figures_hash": before.figures_hash}


def _editions(entries: Json | None) -> list[str]:
    """The frameworks that valued the entries, by name."""
    return sorted(entries["editions"].values()) if entries else []


def _exhibits(report: CabinetReport, reading: Reading, narratives: Sequence[str]) -> Json:
    """The charts, tables and stories that the words ask for, and no others."""
    found: Json = {"chart": {}, "table": {}, "story": {}}
    for asked in _asked(narratives):
        if asked.name in found[asked.kind] or (asked.kind, asked.name) == DEFINITIONS:
            continue
        made = (
            exhibits.story(report.authority_id, asked.name)
            if asked.kind == "story"
            else exhibits.built(reading, asked.kind, asked.name)
        )
        if made is not None:
            found[asked.kind][asked.name] = made
    return found


def _asked(narratives: Sequence[str]) -> list[Exhibit]:
    return [exhibit for text in narratives for exhibit in words.exhibits(text)]


def _figures(
    reading: Reading,
    told: Sequence[Json],
    used: Json,
    entries: Json | None,
    counted: list[Json],
    position: int,
) -> list[Json]:
    """Every figure of the scope: those that the report uses first, in the order of their use."""
    every = {row["name"]: row for row in map(figure_json, reading.figures())}
    order = [name for name in _names_used(told, used) if name in every]
    rest = [name for name in every if name not in order]
    listed = None if entries is None else Entries(entries)
    found = []
    for number, name in enumerate([*order, *rest], start=1):
        row = {
            **every[name],
            "ref": f"F{number}",
            "is_used": number <= len(order),
            "query": rows.query_json(reading, FIGURES[name], position),
        }
        found.append({**row, "rows": rows.rows_of(row, listed, counted) if listed else None})
    return found


def _names_used(told: Sequence[Json], used: Json) -> list[str]:
    """The figures named in the text and in the tables between it, in the order they are read."""
    found: list[str] = []
    for row in told:
        for block in words.blocks(row["narrative"], None):
            if isinstance(block, Exhibit):
                found += _named_in(used.get(block.kind, {}).get(block.name))
            else:
                for text in (block.text, *block.bullets):
                    found += [mark.group(1) for mark in words.REFERENCE.finditer(text)]
    return [name for name in dict.fromkeys(found) if name]


def _named_in(exhibit: Json | None) -> list[str]:
    if exhibit is None or "money" not in exhibit:
        return []
    table = exhibit["money"]
    return [*table.get("row_figures", ()), *table.get("total_figures", ())]
