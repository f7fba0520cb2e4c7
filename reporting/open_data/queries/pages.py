"""A public page ready to show. Every caller has shown first that the page may be told: it is public, or a preview of
what its manager would make public."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.ledger.rules import Stretch
from procurement.ledger.vocabulary import Basis
from reporting.figures.queries.positions import measure_facts, theme_facts
from reporting.figures.queries.scopes import Scope, published_scope
from reporting.figures.rules.definitions import FIGURES, Definition, measured
from reporting.figures.rules.positions import (
    MeasureCell,
    MeasureFacts,
    MoneyCell,
    Position,
    ThemeFacts,
)
from reporting.figures.rules.spans import Span, Window
from reporting.open_data.queries.publications import Publisher, addresses_of
from reporting.open_data.rules import tables
from reporting.open_data.rules.tables import Headline
from reporting.open_data.rules.telling import (
    NOT_TOLD,
    Line,
    MeasureName,
    Membership,
    Sum,
    Year,
    hidden_by_basis,
    membership_of,
    year_of,
)
from reporting.rollups import queries as rollups
from reporting.rollups.queries import Freshness
from reporting.showcase.queries.published import (
    PublishedStory,
    StoryCard,
    published_stories,
    published_story,
)
from socialvalue.accounts import queries as accounts
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import FinancialYear, quarter_number, uk_date
from socialvalue.core.tables import Table

HEADLINES = (
    "committed_total",
    "claimed_total",
    "evidenced_total",
    "verified_total",
    "verified_share",
    "fte_years_verified",
    "tco2e_verified",
)
YEARS_BACK = 5
SMALL_NUMBERS = (
    "A number of people below 5 is shown as “Fewer than 5”, and what it is worth is not shown. Some other figures are "
    "not shown either, because somebody could work such a number out from them."
)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of a region on its public page. ``line`` None: it does not publish, so there is no figure of it."""

    name: str
    code: str
    column: int | None
    row: int | None
    href: str
    line: Line | None
    is_withheld: bool = False
    """It withholds its figures from the region, whether or not it publishes a page of its own."""


@dataclass(frozen=True, slots=True)
class PublicPage:
    """What everybody is told of one authority or region in one financial year."""

    publisher: Publisher
    span: Span
    years: tuple[FinancialYear, ...]
    headlines: tuple[Headline, ...]
    year: Year
    members: tuple[MemberView, ...]
    notes: tuple[str, ...]
    """What the totals do not hold, and what is not shown."""
    stories: tuple[StoryCard, ...]
    fresh: Freshness
    tables: dict[str, Table]

    @property
    def is_empty(self) -> bool:
        return not self.year.measures


def years_until(today: date) -> tuple[FinancialYear, ...]:
    """The financial years a public page can show: this one and five before, latest first."""
    this = FinancialYear.of(today)
    return tuple(FinancialYear(this.start_year - n) for n in range(YEARS_BACK + 1))


def page_of(
    publisher: Publisher, year: FinancialYear, years: Sequence[FinancialYear]
) -> PublicPage:
    """The page of one year, in a number of queries that does not grow with the rows or members."""
    span = Span(year)
    fresh = rollups.freshness()
    scope = _scope(publisher, span)
    addresses = addresses_of()
    open_ids = frozenset(addresses) if publisher.is_region else frozenset({publisher.id})
    told_ids = [key for key in _belonging(scope) if key in open_ids]
    stories = tuple(published_stories(told_ids))
    told_elsewhere = {
        (story.authority_id, figure.measure_id) for story in stories for figure in story.figures
    }
    rows = _read(scope)
    facts = measure_facts({row[2] for row in rows}, scope.reader)
    places = {key: place for place, key in enumerate(facts)}
    rows.sort(key=lambda row: places[row[2]])
    themes = theme_facts(scope, {fact.theme_id for fact in facts.values()})
    sums = _sums(rows, facts, themes, told_elsewhere)
    stretch_of = _stretch_of(scope)
    if publisher.is_region:
        membership = membership_of(
            sums, publishing=open_ids, stretch_of=stretch_of, inside=scope.counts
        )
    else:
        membership = Membership(open_ids, hidden=hidden_by_basis(sums, stretch_of))
    counted = [
        one
        for one in sums
        if one.authority_id in membership.counted and scope.counts(one.authority_id, one.month)
    ]
    told = year_of(
        counted,
        membership.hidden,
        themes=[(theme.id, theme.name) for theme in themes],
        quarters=[
            (start, f"Quarter {quarter_number(start)}, from {uk_date(start)}")
            for start in span.quarters
        ],
    )
    position = _position(counted, rows, facts, themes, membership, scope)
    headlines = tuple(_headline(FIGURES[name], position, told) for name in HEADLINES)
    members = _members(scope, counted, membership, addresses) if publisher.is_region else ()
    return PublicPage(
        publisher,
        span,
        tuple(years),
        headlines,
        told,
        members,
        tuple(_notes(scope, told, membership)) if publisher.is_region or told.hides else (),
        stories,
        fresh,
        _tables(publisher, span, headlines, told, members),
    )


def _scope(publisher: Publisher, span: Span) -> Scope:
    if publisher.is_region:
        return published_scope(span, region_slug=publisher.own_slug)
    return published_scope(span, authority_id=publisher.id)


def _belonging(scope: Scope) -> list[int]:
    """The authorities that are in the scope on at least one month of the period."""
    months = scope.span.months
    return [key for key in scope.authority_ids if any(scope.counts(key, day) for day in months)]


Row = tuple[str, int, int, date, Decimal, Decimal, int]


def _read(scope: Scope) -> list[Row]:
    """Every month of every authority of the scope, months outside a membership included."""
    stretch = Stretch(scope.authority_ids, scope.span.first, scope.span.last)
    found = rollups.measure_sums([stretch], ("basis", "authority_id", "measure_id", "period"))
    return [(*row.key, row.quantity, row.denominator, row.value_pence) for row in found]


def _sums(
    rows: Iterable[Row],
    facts: dict[int, MeasureFacts],
    themes: Sequence[ThemeFacts],
    told_elsewhere: set[tuple[int, int]],
) -> list[Sum]:
    stands_for = {key: theme for theme in themes for key in theme.ids}
    names = {
        key: MeasureName(
            stands_for[fact.theme_id].id,
            stands_for[fact.theme_id].name,
            fact.label,
            fact.unit,
            fact.aggregation,
        )
        for key, fact in facts.items()
    }
    return [
        Sum(
            basis,
            authority_id,
            names[measure_id],
            month,
            quantity,
            denominator,
            pence,
            (authority_id, measure_id) not in told_elsewhere,
        )
        for basis, authority_id, measure_id, month, quantity, denominator, pence in rows
    ]


def _stretch_of(scope: Scope) -> Callable[[int, date], Hashable]:
    """Months in which an authority belonged to the same regions are told together, wherever they are told."""
    windows: dict[int, list[tuple[int, Window]]] = {}
    for row in accounts.belongings_of(scope.authority_ids, scope.span.first, scope.span.last):
        windows.setdefault(row.authority_id, []).append(
            (row.region_id, Window(row.from_on, row.to_on))
        )

    def stretch(authority_id: int, month: date) -> Hashable:
        return frozenset(
            region_id for region_id, window in windows.get(authority_id, ()) if window.covers(month)
        )

    return stretch


def _position(
    counted: Sequence[Sum],
    rows: Sequence[Row],
    facts: dict[int, MeasureFacts],
    themes: Sequence[ThemeFacts],
    membership: Membership,
    scope: Scope,
) -> Position:
    """What the named figures are computed from: the same sums, by measure and by theme."""
    inside = [row for row in rows if row[1] in membership.counted and scope.counts(row[1], row[3])]
    by_measure: dict[tuple[str, int], list[Row]] = {}
    for row in inside:
        by_measure.setdefault((row[0], row[2]), []).append(row)
    return Position(
        money=[
            MoneyCell(one.basis, one.measure.theme_id, one.month, one.pence, 1) for one in counted
        ],
        cells=[
            MeasureCell(
                basis,
                measure_id,
                sum((row[4] for row in found), Decimal(0)),
                sum((row[5] for row in found), Decimal(0)),
                sum(row[6] for row in found),
                len(found),
            )
            for (basis, measure_id), found in by_measure.items()
        ],
        measures=facts,
        themes=themes,
    )


_BASES = {
    "committed_total": (Basis.COMMITTED,),
    "claimed_total": (Basis.CLAIMED,),
    "evidenced_total": (Basis.EVIDENCED,),
    "verified_total": (Basis.VERIFIED,),
    "verified_share": (Basis.COMMITTED, Basis.VERIFIED),
}


def _headline(definition: Definition, position: Position, told: Year) -> Headline:
    """A figure by name, or the words for one that is not told."""
    figure = measured(definition, position)
    bases = _BASES.get(definition.name)
    if bases is not None:
        is_hidden = any(isinstance(told.total.figures[basis], str) for basis in bases)
        measures = len(
            {line.name for line in told.measures if line.quantities[bases[-1]] is not None}
        )
        note = f"{measures} measure{'' if measures == 1 else 's'}"
        if definition.name == "verified_share":
            note = figure.beside
    else:
        is_hidden = not told.tells_unit(definition.basis, definition.unit)
        note = figure.unit
    if is_hidden:
        note = "So that no number of people below 5 can be worked out"
    elif figure.value is None:
        note = "Nothing reported in this year"
    elif figure.kind == "money" and figure.short != figure.shown:
        note = f"{figure.shown} exactly, {note}"
    return Headline(
        figure.name,
        figure.label,
        figure.meaning,
        figure.unit,
        NOT_TOLD if is_hidden else figure.value,
        NOT_TOLD if is_hidden else figure.short,
        note,
        figure.is_money,
    )


def _members(
    scope: Scope, counted: Sequence[Sum], membership: Membership, addresses: dict[int, str]
) -> tuple[MemberView, ...]:
    """Every member in the period, and the figures of those that publish."""
    by_authority: dict[int, list[Sum]] = {}
    for one in counted:
        by_authority.setdefault(one.authority_id, []).append(one)
    found = []
    for member in scope.members:
        if not any(member.belongs(month) for month in scope.span.months):
            continue
        line: Line | None = None
        if member.id in addresses and not member.is_withheld:
            line = Line(member.name, dict.fromkeys(Basis.values, NOT_TOLD))
        if member.id in membership.publishing and not member.is_withheld:
            line = Line(
                member.name,
                {basis: _pounds(by_authority.get(member.id, ()), basis) for basis in Basis.values},
            )
        found.append(
            MemberView(
                member.name,
                member.tile_code or member.name[:3].upper(),
                member.tile_column,
                member.tile_row,
                addresses.get(member.id, ""),
                line,
                member.is_withheld,
            )
        )
    return tuple(found)


def _pounds(sums: Iterable[Sum], basis: str) -> Decimal:
    pence = sum(one.pence for one in sums if one.basis == basis)
    return (Decimal(pence) / 100).quantize(Decimal("0.01"))


def _notes(scope: Scope, told: Year, membership: Membership) -> Iterable[str]:
    names = {member.id: member.name for member in scope.members}
    for member in scope.withheld:
        yield f"{member.name} is not in these totals: it withholds its figures from the region."
    if membership.rest:
        yield (
            "Members that do not publish a page of their own are in the regional totals, "
            "and no figure of theirs is shown."
        )
    if membership.left_out:
        yield (
            "Members that do not publish a page of their own are not in these totals: there are too few of them, or "
            "one of them is nearly all of it, so that their figures could be worked out."
        )
    for key in sorted(membership.too_small, key=lambda key: names[key]):
        yield (
            f"{names[key]} is not in these totals: its own total is not shown, because it would tell a number of "
            "people below 5."
        )
    if told.hides:
        yield SMALL_NUMBERS


def _tables(
    publisher: Publisher,
    span: Span,
    headlines: Sequence[Headline],
    told: Year,
    members: Sequence[MemberView],
) -> dict[str, Table]:
    found = {
        "figures": tables.figures(f"Headline figures, {span.label}", headlines),
        "themes": tables.amounts(f"By theme, {span.label}", "Theme", told.themes, told.total),
        "quarters": tables.amounts(
            f"By quarter, {span.label}", "Quarter", told.quarters, told.total
        ),
        "measures": tables.measures(f"By measure, {span.label}", told.measures),
    }
    if publisher.is_region:
        found["members"] = tables.amounts(
            f"Members that publish, {span.label}",
            "Authority",
            [member.line for member in members if member.line is not None],
            None,
        )
    return found


def story_of(publisher: Publisher, slug: str, year: FinancialYear) -> PublishedStory:
    """One story of the authority, or of a member that publishes. NotVisible for any other."""
    found = published_story(slug)
    addresses = addresses_of()
    scope = _scope(publisher, Span(year))
    may_tell = found.card.authority_id in _belonging(scope) and (
        not publisher.is_region or found.card.authority_id in addresses
    )
    if not may_tell:
        raise NotVisible
    return found
