"""Authorities that agree to be compared, beside each other for the region, and a council beside all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reporting.dashboards import rules
from reporting.figures.queries.benchmark import values_per_pound
from reporting.figures.queries.scopes import region_scope
from reporting.figures.rules.benchmark import PerPound, Spread, spread
from reporting.figures.rules.spans import Span
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.rules import FEWEST_COMPARED
from socialvalue.core.actor import Actor
from socialvalue.core.database import wide
from socialvalue.core.money import count_text, from_pence, pounds
from socialvalue.core.tables import Column, Table


@dataclass(frozen=True, slots=True)
class ComparedAuthority:
    """One authority's value for each pound; None where no contract of it runs in the period."""

    name: str
    of: PerPound

    def working_of(self, label: str, pence: int) -> list[tuple[str, str]]:
        return [
            (label, pounds(from_pence(pence))),
            (
                f"Value of {count_text(self.of.contracts, 'running contract')} without VAT",
                pounds(self.of.cost),
            ),
        ]

    @property
    def committed_lines(self) -> list[tuple[str, str]]:
        return self.working_of("Committed in these contracts", self.of.committed_pence)

    @property
    def verified_lines(self) -> list[tuple[str, str]]:
        return self.working_of("Verified of these contracts", self.of.verified_pence)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """``rows`` in alphabetical order; none, and no spread, while too few agree or have a value."""

    region_name: str
    region_slug: str
    regions: tuple[tuple[str, str], ...]
    agreeing: int
    rows: tuple[ComparedAuthority, ...]
    committed: Spread | None
    verified: Spread | None
    table: Table
    fewest: int = FEWEST_COMPARED
    at: date | None = None
    """The past day at whose end it is read; None for now."""
    left: int = 0
    """How many that agreed then agree no longer: they are shown for no day."""

    @property
    def left_sentence(self) -> str:
        return rules.left_comparison(self.left)


@dataclass(frozen=True, slots=True)
class OwnBenchmark:
    """A council's own value beside median and range of a region in which it agrees to be compared."""

    region_name: str
    own: ComparedAuthority
    committed: Spread | None
    verified: Spread | None
    fewest: int = FEWEST_COMPARED


def benchmark(actor: Actor, span: Span, region_slug: str = "", at: date | None = None) -> Benchmark:
    """The comparison of a region the actor analyses, now or as it stood at the end of ``at``. NotVisible for any other
    region."""
    scope = region_scope(actor, span, region_slug, at)
    names, left = _agreeing(scope.region_id or 0, span, at)
    rows, committed, verified = _compared(names, span, at)
    return Benchmark(
        scope.name,
        scope.region_slug,
        tuple((row.slug, row.name) for row in accounts.regions(actor.region_ids)),
        len(names),
        rows if verified else (),
        committed,
        verified,
        _table(span, rows if verified else (), committed, verified),
        at=at,
        left=left,
    )


def own_benchmarks(actor: Actor, span: Span, at: date | None = None) -> list[OwnBenchmark]:
    """The acting council in each region it agrees in and belongs to in the period; none where it agrees in none, or
    did not agree yet at the end of ``at``."""
    found = []
    for choice in accounts.regions_comparing(actor.organisation_id or 0):
        names, _left = _agreeing(choice.region_id, span, at)
        if actor.organisation_id not in names:
            continue
        rows, committed, verified = _compared(names, span, at)
        own = next((row for row in rows if row.of.authority_id == actor.organisation_id), None)
        if own is not None:
            found.append(OwnBenchmark(choice.name, own, committed, verified))
    return found


def own_table(span: Span, found: Sequence[OwnBenchmark]) -> Table:
    """What the page shows of each comparison; no line of one that is not shown yet."""
    lines = [
        (row.region_name, label, own, there.middle, there.lowest, there.highest, there.how_many)
        for row in found
        for label, own, there in (
            ("Committed", row.own.of.committed, row.committed),
            ("Verified", row.own.of.verified, row.verified),
        )
        if there is not None
    ]
    return Table(
        f"Yours beside others for each pound of contract value, {span.label}",
        (
            Column("Region", width=32),
            Column("Social value for each pound"),
            Column("Yours (£)", "money", is_social_value=True),
            Column("Median (£)", "money", is_social_value=True),
            Column("Lowest (£)", "money", is_social_value=True),
            Column("Highest (£)", "money", is_social_value=True),
            Column("Authorities compared", "number"),
        ),
        lines,
        empty=f"Fewer than {FEWEST_COMPARED} authorities agree to be compared and have contracts in this period.",
    )


def _agreeing(region_id: int, span: Span, at: date | None) -> tuple[dict[int, str], int]:
    """Who is compared, by name, and how many more were on that day: of a past date those that agreed then and still
    do, because who leaves is shown for no day."""
    names = accounts.compared_in(region_id, span.first, span.last)
    if at is None:
        return names, 0
    then = accounts.agreed_as_at(region_id, span.first, span.last, at)
    return {key: name for key, name in names.items() if key in then}, len(then - names.keys())


def _compared(
    names: dict[int, str], span: Span, at: date | None
) -> tuple[tuple[ComparedAuthority, ...], Spread | None, Spread | None]:
    with wide("These authorities agreed to be compared."):
        values = list(values_per_pound(list(names), span, at))
    rows = tuple(ComparedAuthority(names[value.authority_id], value) for value in values)
    return (
        rows,
        spread([row.of.committed for row in rows]),
        spread([row.of.verified for row in rows]),
    )


def _table(
    span: Span,
    rows: tuple[ComparedAuthority, ...],
    committed: Spread | None,
    verified: Spread | None,
) -> Table:
    lines: list[tuple[str | int | Decimal | None, ...]] = [
        (row.name, row.of.contracts, row.of.cost, row.of.committed, row.of.verified) for row in rows
    ]
    if committed and verified:
        lines += [
            ("Median", None, None, committed.middle, verified.middle),
            ("Lowest", None, None, committed.lowest, verified.lowest),
            ("Highest", None, None, committed.highest, verified.highest),
        ]
    return Table(
        f"Social value for each pound of contract value, {span.label}",
        (
            Column("Authority", width=40),
            Column("Contracts", "number"),
            Column("Contract value without VAT (£)", "money"),
            Column("Committed for each pound (£)", "money", is_social_value=True),
            Column("Verified for each pound (£)", "money", is_social_value=True),
        ),
        lines,
        empty=f"Fewer than {FEWEST_COMPARED} authorities agree to be compared and have contracts in this period.",
    )
