"""Updates that suppliers of a region's members owe and have not sent, now or on a past day: counts only, of nobody by
name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.deliveries.queries import OwedUpdate, owed_updates, owed_updates_as_at
from procurement.ledger.queries import commitment_sums
from procurement.ledger.vocabulary import Basis
from reporting.dashboards import rules
from reporting.figures.queries.scopes import Scope, region_scope
from reporting.figures.rules.spans import Span
from socialvalue.accounts import queries as accounts
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.money import from_pence
from socialvalue.core.tables import Column, Table


@dataclass(frozen=True, slots=True)
class LateLine:
    """What the suppliers of one authority owe. ``planned`` is the £ committed for what they have not reported."""

    name: str
    updates: int
    contracts: int
    planned_pence: int

    @property
    def planned(self) -> Decimal:
        return from_pence(self.planned_pence)

    @property
    def working_lines(self) -> list[tuple[str, str]]:
        return rules.late_working(self.updates, self.contracts, self.planned_pence)


@dataclass(frozen=True, slots=True)
class Late:
    """Every member whose suppliers owe an update, in alphabetical order, and all together."""

    lines: tuple[LateLine, ...]
    total: LateLine
    table: Table

    @property
    def sentence(self) -> str:
        """Beside the total; empty when nothing is late."""
        return rules.late_sentence(self.total.updates, len(self.lines))


@dataclass(frozen=True, slots=True)
class LatePage:
    """The late updates of a region."""

    region_name: str
    region_slug: str
    regions: tuple[tuple[str, str], ...]
    late: Late
    at: date | None = None
    """The past day at whose end they are read; None for now."""


def late_of(scope: Scope, *, money: bool) -> Late:
    """Updates whose quarter lies in the period and is over today, or was on the past day of the scope, as plans,
    claims and contracts stood then. Three queries at most, nine for a past day."""
    found = (
        owed_updates(scope.inside(), clock.today())
        if scope.at is None
        else owed_updates_as_at(scope.inside(), scope.at)
    )
    owed = [row for row in found if scope.counts(row.authority_id, row.quarter)]
    pence = _planned(owed, scope.at)
    by_authority: dict[int, list[OwedUpdate]] = {}
    for row in owed:
        by_authority.setdefault(row.authority_id, []).append(row)
    names = {member.id: member.name for member in scope.members}
    lines = sorted(
        (_line(names[key], rows, pence) for key, rows in by_authority.items()),
        key=lambda line: line.name,
    )
    total = _line("Total", owed, pence)
    return Late(tuple(lines), total, _table(scope.span, lines, total, money=money))


def _line(name: str, rows: list[OwedUpdate], pence: dict[OwedUpdate, int]) -> LateLine:
    return LateLine(
        name,
        len(rows),
        len({row.contract_id for row in rows}),
        sum(pence[row] for row in rows),
    )


def _planned(owed: list[OwedUpdate], at: date | None) -> dict[OwedUpdate, int]:
    """What stands committed for the commitments and quarters of which nothing was said."""
    ids = {key for row in owed for key in row.commitment_ids}
    until = None if at is None else clock.end_of(at)
    committed = commitment_sums(ids, basis=Basis.COMMITTED, until=until) if ids else {}
    return {
        row: sum(
            committed[key, row.quarter].value_pence
            for key in row.commitment_ids
            if (key, row.quarter) in committed
        )
        for row in owed
    }


def _table(span: Span, lines: list[LateLine], total: LateLine, *, money: bool) -> Table:
    columns = [
        Column("Authority", width=40),
        Column("Late updates", "number"),
        Column("Contracts", "number"),
    ]
    if money:
        columns.append(Column("Planned for them (£)", "money", is_social_value=True))

    def row(line: LateLine) -> tuple[str | int | Decimal, ...]:
        found = (line.name, line.updates, line.contracts)
        return (*found, line.planned) if money else found

    return Table(
        f"Late updates, {span.label}",
        columns,
        [row(line) for line in lines],
        row(total) if lines else None,
        "No supplier owes an update for this period.",
    )


def late_page(
    actor: Actor,
    span: Span,
    region_slug: str = "",
    *,
    at: date | None = None,
    money: bool = True,
) -> LatePage:
    """The late updates of a region the actor analyses, now or as they stood at the end of ``at``. NotVisible for any
    other region."""
    scope = region_scope(actor, span, region_slug, at)
    return LatePage(
        scope.name,
        scope.region_slug,
        tuple((row.slug, row.name) for row in accounts.regions(actor.region_ids)),
        late_of(scope, money=money),
        at,
    )
