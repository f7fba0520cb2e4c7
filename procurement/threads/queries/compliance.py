"""The compliance register: every procurement of an authority with its route, whether it was followed, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from procurement.policies.vocabulary import Route
from procurement.procurements import queries as procurements
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders import queries as tenders
from procurement.threads import rules
from procurement.threads.vocabulary import Followed
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.periods import FinancialYear, month_of
from socialvalue.core.tables import Column, Table

NO_DIRECTORATE = "No directorate recorded"
SORTS = ("title", "commenced", "directorate", "route", "followed")


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What the register is narrowed to; empty means everything. Years and months are those of commencement."""

    year: FinancialYear | None = None
    month: date | None = None
    q: str = ""
    directorate: str = ""
    """``-`` stands for those without one."""
    route: str = ""
    followed: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class RegisterLine:
    id: int
    reference: str
    title: str
    directorate: str
    commenced_on: date
    status: str
    status_label: str
    route: str
    award_route: str
    verdict: rules.Verdict

    @property
    def route_label(self) -> str:
        return Route(self.route).label if self.route else "No route"

    @property
    def crossed(self) -> bool:
        return bool(self.award_route) and self.award_route != self.route


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A directorate or a month. ``key`` narrows the register to it, within ``year`` where that is given."""

    label: str
    key: str
    share: rules.Share
    year: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """``lines`` are narrowed by the outcome too; the shares are of everything else that was asked for."""

    lines: list[RegisterLine]
    share: rules.Share
    by_directorate: list[GroupLine]
    by_month: list[GroupLine]


def compliance_register(actor: Actor, wanted: RegisterFilter) -> Register:
    """The authority's procurements, withdrawn ones left out. Eight queries at most, whatever their number."""
    lines = _lines(actor, wanted)
    pairs = [(line, line.verdict.followed) for line in lines]
    everything = rules.shares(("all", followed) for _, followed in pairs)
    directorates = rules.shares((line.directorate, followed) for line, followed in pairs)
    months = rules.shares((month_of(line.commenced_on), followed) for line, followed in pairs)
    return Register(
        lines=_sorted([line for line in lines if _is_wanted(line, wanted)], wanted.sort),
        share=everything.get("all", rules.Share({})),
        by_directorate=[
            GroupLine(name or NO_DIRECTORATE, name or "-", share)
            for name, share in sorted(directorates.items(), key=lambda pair: (not pair[0], pair[0]))
        ],
        by_month=[
            GroupLine(f"{month:%B %Y}", f"{month:%Y-%m}", share, FinancialYear.of(month).slug)
            for month, share in sorted(months.items())
        ],
    )


def _lines(actor: Actor, wanted: RegisterFilter) -> list[RegisterLine]:
    rows = procurements.procurement_list(
        actor,
        procurements.ProcurementFilter(
            q=wanted.q,
            route=wanted.route,
            directorate="" if wanted.directorate == "-" else wanted.directorate,
        ),
    ).exclude(
        status__in=[ProcurementStatus.WITHDRAWN, ProcurementStatus.DRAFT, ProcurementStatus.DIVIDED]
    )
    if wanted.directorate == "-":
        rows = rows.filter(directorate="")
    if wanted.year is not None:
        rows = rows.filter(commenced_on__range=(wanted.year.first_day, wanted.year.last_day))
    if wanted.month is not None:
        rows = rows.filter(
            commenced_on__year=wanted.month.year, commenced_on__month=wanted.month.month
        )
    found = list(rows)
    if not found:
        return []
    ids = [row.pk for row in found]
    kept, asked, today = procurements.kept_facts(ids), tenders.tender_facts(ids), clock.today()
    return [
        RegisterLine(
            row.pk, row.reference, row.title, row.directorate, row.commenced_on, row.status,
            row.get_status_display(), row.first_route or "", row.award_route or "",
            rules.verdict_of(_facts(row, kept[row.pk], asked.get(row.pk)), today),
        )
        for row in found
    ]  # fmt: skip


def _facts(
    row: Any, kept: procurements.KeptFacts, asked: tenders.TenderFacts | None
) -> rules.ComplianceFacts:
    return rules.ComplianceFacts(
        status=row.status,
        source=row.source,
        route=row.first_route or "",
        award_route=row.award_route or "",
        overridden_from=kept.overridden_from,
        override_reason=kept.override_reason,
        starts_on=row.starts_on,
        has_note=kept.has_note,
        tender_status=asked.status if asked else "",
        measures=asked.measures if asked else 0,
        has_weighting=asked.has_weighting if asked else False,
        no_measures_reason=asked.no_measures_reason if asked else "",
        needs_consideration=kept.needs_consideration,
        has_consideration=kept.has_consideration,
        told=kept.told,
    )


def _is_wanted(line: RegisterLine, wanted: RegisterFilter) -> bool:
    return not wanted.followed or line.verdict.followed == wanted.followed


def _sorted(lines: list[RegisterLine], sort: str) -> list[RegisterLine]:
    """Newest first, unless asked otherwise; ``-`` before the name turns it round."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        return lines
    order = list(Followed)
    keys: dict[str, Any] = {
        "title": lambda line: line.title.casefold(),
        "commenced": lambda line: line.commenced_on,
        "directorate": lambda line: line.directorate.casefold(),
        "route": lambda line: line.route,
        "followed": lambda line: order.index(line.verdict.followed),
    }
    return sorted(lines, key=keys[name], reverse=sort.startswith("-"))


def verdict_on(row: Any, kept: procurements.KeptFacts) -> rules.Verdict:
    """Whether the route of one procurement (``with_route``) was followed, by what is kept about it."""
    asked = tenders.tender_facts([row.pk]).get(row.pk)
    return rules.verdict_of(_facts(row, kept, asked), clock.today())


def register_table(lines: Sequence[RegisterLine]) -> Table:
    """The lines that were asked for, for CSV and XLSX."""
    columns = [
        Column("Reference"), Column("Title", width=50), Column("Directorate", width=24), Column("Commenced", "date"),
        Column("Status"), Column("Route", width=20), Column("Route at award", width=20),
        Column("Route followed", width=24), Column("What was not done", width=60), Column("Reasons", width=60),
    ]  # fmt: skip
    rows = [
        (
            line.reference, line.title, line.directorate, line.commenced_on, line.status_label, line.route_label,
            Route(line.award_route).label if line.award_route else "", line.verdict.followed.label,
            " ".join(line.verdict.sentences), " ".join(line.verdict.reasons),
        )
        for line in lines
    ]  # fmt: skip
    return Table("Compliance register", columns, rows)
