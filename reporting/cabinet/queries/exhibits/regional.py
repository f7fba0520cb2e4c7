"""Exhibits of a region: what each authority puts in, which withhold their figures, and the region's targets."""

from __future__ import annotations

from reporting.cabinet.queries.exhibits.parts import TOTALS, bars
from reporting.cabinet.rules.content import Json, table_json
from reporting.dashboards.queries.crosswalk import counted_in
from reporting.dashboards.queries.targets import TargetProgress, progress_of, standing_targets
from reporting.figures.queries.reading import Reading, read
from reporting.figures.queries.scopes import region_scope
from reporting.figures.rules import tables
from reporting.figures.rules.positions import Bases, by_authority
from reporting.figures.rules.spans import Span
from reporting.figures.rules.tables import Amounts
from socialvalue.core.errors import NotVisible
from socialvalue.core.tables import Column, Table


def _member_lines(reading: Reading) -> list[Amounts]:
    scope = reading.scope
    names = {member.id: member.name for member in scope.members}
    ids = [m.id for m in scope.members if any(scope.counts(m.id, day) for day in scope.span.months)]
    return tables.authority_amounts(by_authority(reading.now, ids), names)


def _reporting(reading: Reading) -> list[Amounts]:
    return [line for line in _member_lines(reading) if line.entries != Bases()]


def members(reading: Reading) -> Json:
    """Each member's part of the totals. One that reported nothing or withholds its figures is named under the table;
    of the latter nothing else is told."""
    caption = f"Social value by authority, {reading.scope.span.label}"
    lines = _reporting(reading)
    note = " ".join(filter(None, (_silent(reading), _withheld(reading))))
    found: Json = {}
    for name, money in (("money", True), ("counts", False)):
        table = tables.amounts_table(caption, "Authority", lines, money=money)
        found[name] = table_json(table, total_figures=TOTALS if money and lines else ())
        found[name]["note"] = note
    return found


def _silent(reading: Reading) -> str:
    names = [line.label for line in _member_lines(reading) if line.entries == Bases()]
    return f"Nothing was reported in this period by {', '.join(names)}." if names else ""


def _withheld(reading: Reading) -> str:
    names = [member.name for member in reading.scope.withheld]
    if not names:
        return ""
    verb = "withholds its" if len(names) == 1 else "withhold their"
    return f"{', '.join(names)} {verb} figures from the region. Nothing of that is in these totals."


def member_bars(reading: Reading) -> Json:
    title = f"Social value by authority, {reading.scope.span.label}"
    return bars(title, "Authority", _reporting(reading))


def targets(reading: Reading) -> Json:
    """The targets of the whole year, whatever part of it the report is about."""
    scope = reading.scope
    if reading.actor is None or scope.region_id is None:
        raise NotVisible
    standing = standing_targets(scope.region_id, scope.span.year)
    year = Span(scope.span.year)
    if standing and scope.span.quarter is not None:
        reading = read(reading.actor, region_scope(reading.actor, year, scope.region_slug))
    found = progress_of(reading, standing, counted_in(reading)) if standing else ()
    caption = f"Targets of the region, {year.label}"
    bare = [row for row in found if not row.target.aim.is_money]
    return {
        "money": table_json(_targets(caption, found)),
        "counts": table_json(_targets(caption, bare)),
    }


def _targets(caption: str, found: tuple[TargetProgress, ...] | list[TargetProgress]) -> Table:
    return Table(
        caption,
        [
            Column("Target"),
            Column("Target amount"),
            Column("Verified"),
            Column("Share (%)", "percent"),
        ],
        [
            (
                row.target.aim.label,
                row.target.aim.shown(row.target.amount),
                row.verified_shown,
                row.verified * 100 / row.target.amount if row.target.amount else None,
            )
            for row in found
        ],
        empty="No target is set for this year.",
    )
