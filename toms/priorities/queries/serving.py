"""What serves a priority: on the page of a statement, of a measure, and of a contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Q

from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.tables import Column, Table
from toms.frameworks import queries as frameworks
from toms.frameworks.queries import FamilyMeasure
from toms.priorities.models import Priority, PriorityLink
from toms.priorities.queries.statements import (
    PriorityInfo,
    PrioritySetInfo,
    dates_shown,
    of_authority,
    statements,
)
from toms.priorities.rules import Link, Serving, day_within, serving, through
from toms.priorities.vocabulary import LinkKind, PriorityLevel

ORDER = tuple(PriorityLevel.values)


@dataclass(frozen=True, slots=True)
class ServingLine:
    """A measure that serves a priority, and what makes it so."""

    measure: FamilyMeasure
    through: str


@dataclass(frozen=True, slots=True)
class PriorityLine:
    """A priority with the measures in use that serve it."""

    priority: PriorityInfo
    lines: tuple[ServingLine, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes they stand in, each once."""
        return tuple(dict.fromkeys(line.measure.outcome_name for line in self.lines))


@dataclass(frozen=True, slots=True)
class PriorityMap:
    """A statement against the measures of the editions in use on a day."""

    on: date
    editions: tuple[str, ...]
    lines: tuple[PriorityLine, ...]
    serving_none: tuple[FamilyMeasure, ...]

    @property
    def unserved(self) -> tuple[PriorityInfo, ...]:
        return tuple(line.priority for line in self.lines if not line.lines)

    @property
    def serving_none_summary(self) -> str:
        number = len(self.serving_none)
        return f"{number} measure{'' if number == 1 else 's'}"


def map_of(actor: Actor, found: PrioritySetInfo, today: date) -> PriorityMap:
    """Which measures in use serve the statement's priorities, and which serve none.

    In use: by the council whose statement it is, else by whoever reads; today, or on the day of the statement nearest
    to it. Of a licensed edition only what the actor may read.
    """
    on = day_within(found.valid_from, found.valid_to, today)
    editions = editions_for(actor, found, on)
    measures = _allowed(editions)
    links = links_of([priority.id for priority in found.priorities])
    facts = [_serving(row) for row in measures]
    by_id = {row.id: row for row in measures}
    lines = tuple(
        PriorityLine(
            priority,
            tuple(
                ServingLine(by_id[fact.id], why)
                for fact, why in serving(priority.code, links.get(priority.id, frozenset()), facts)
            ),
        )
        for priority in found.priorities
    )
    used = {line.measure.id for row in lines for line in row.lines}
    return PriorityMap(
        on,
        tuple(row.edition.name for row in editions),
        lines,
        tuple(row for row in measures if row.id not in used),
    )


def editions_for(
    actor: Actor, found: PrioritySetInfo, on: date
) -> tuple[frameworks.EditionUsed, ...]:
    """The editions in use on that day that the actor may read; none where nothing is published."""
    whose = found.authority_id or actor.organisation_id or 0
    try:
        used = frameworks.in_use(whose, on).all
    except NotVisible:
        return ()
    may_read = set(frameworks.visible_editions(actor).values_list("pk", flat=True))
    return tuple(row for row in used if row.edition.id in may_read)


def _allowed(editions: Sequence[frameworks.EditionUsed]) -> list[FamilyMeasure]:
    """The measures of these editions that are in the corporate sub-set, in the order of the editions."""
    place = {row.edition.id: number for number, row in enumerate(editions)}
    by_id = {row.edition.id: row for row in editions}
    rows = [
        row
        for row in frameworks.family_measures(edition_ids=place)
        if by_id[row.edition_id].allows(row.id)
    ]
    return sorted(rows, key=lambda row: place[row.edition_id])


def _serving(row: FamilyMeasure) -> Serving:
    return Serving(row.id, row.family, row.code, row.outcome_code, row.outcome_name, row.objectives)


def links_of(priority_ids: Iterable[int]) -> dict[int, frozenset[Link]]:
    """The links of each of these priorities, in one query."""
    found: dict[int, set[Link]] = {}
    rows = PriorityLink.objects.filter(priority_id__in=set(priority_ids)).order_by("pk")
    for pk, *link in rows.values_list("priority_id", "framework__slug", "kind", "code"):
        found.setdefault(pk, set()).add(Link(*link))
    return {pk: frozenset(links) for pk, links in found.items()}


def map_table(found: PrioritySetInfo, mapped: PriorityMap) -> Table:
    """The map for CSV and XLSX: a row for each priority and measure; those without the other are in it too."""
    rows: list[tuple[str, ...]] = []
    for line in mapped.lines:
        start = (line.priority.code, line.priority.name)
        rows += [
            (*start, row.measure.code, row.measure.title, row.measure.unit,
             row.measure.outcome_name, row.measure.edition_slug, row.through)
            for row in line.lines
        ] or [(*start, "", "", "", "", "", "Nothing in use serves it")]  # fmt: skip
    rows += [
        ("", "", row.code, row.title, row.unit, row.outcome_name, row.edition_slug,
         "Serves none of these priorities")
        for row in mapped.serving_none
    ]  # fmt: skip
    return Table(
        caption=f"{found.name}: priorities and measures",
        columns=(
            Column("Priority code"), Column("Priority", width=40), Column("Measure code"),
            Column("Measure", width=50), Column("Unit"), Column("Outcome", width=40),
            Column("Edition"), Column("Served through", width=50),
        ),
        rows=rows,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Served:
    """A statement in force, with the priorities that some measures serve."""

    slug: str
    name: str
    level: str
    valid_from: date
    valid_to: date | None
    how_many: int
    """Priorities of the statement."""
    priorities: tuple[tuple[PriorityInfo, tuple[str, ...]], ...]
    """Those served, each with the codes of the measures that serve it."""

    @property
    def key_shown(self) -> str:
        """``National priorities``; ``Council plan``."""
        label = PriorityLevel(self.level).label
        return label if self.level == PriorityLevel.COUNCIL else f"{label} priorities"

    @property
    def dates(self) -> str:
        return dates_shown(self.valid_from, self.valid_to)


def served(measure_ids: Iterable[int], on: date, authority_id: int | None) -> list[Served]:
    """The statements in force on that day, each with its priorities that these measures serve: by level.

    National and regional ones, and the authority's own where one is named. Two queries, however many measures. Takes no
    actor: the caller has shown that what the measures belong to may be seen.
    """
    measures = frameworks.family_measures(ids=measure_ids)
    facts = [_serving(row) for row in measures]
    found = []
    for head, rows in _in_force(on, authority_id):
        lines = [(info, serving(info.code, links, facts)) for info, links in rows]
        found.append(
            Served(
                *head,
                how_many=len(rows),
                priorities=tuple(
                    (info, tuple(dict.fromkeys(row.code for row, _ in these)))
                    for info, these in lines
                    if these
                ),
            )
        )
    return sorted(found, key=lambda row: (ORDER.index(row.level), row.valid_from))


Head = tuple[str, str, str, date, date | None]


def _in_force(
    on: date, authority_id: int | None
) -> list[tuple[Head, list[tuple[PriorityInfo, set[Link]]]]]:
    """Slug, name, level and dates of every statement in force; its priorities with their links. One query."""
    holds = Q(priority_set__valid_from__lte=on) & (
        Q(priority_set__valid_to__isnull=True) | Q(priority_set__valid_to__gte=on)
    )
    rows = Priority.objects.filter(holds, of_authority(authority_id, "priority_set__"))
    sets: dict[Head, dict[int, tuple[PriorityInfo, set[Link]]]] = {}
    for *head, pk, code, name, about, family, kind, linked in rows.order_by(
        "priority_set__valid_from", "priority_set_id", "position", "pk"
    ).values_list(
        "priority_set__slug", "priority_set__name", "priority_set__level", "priority_set__valid_from",
        "priority_set__valid_to", "pk", "code", "name", "about", "links__framework__slug",
        "links__kind", "links__code",
    ):  # fmt: skip
        known = sets.setdefault(cast("Head", tuple(head)), {})
        line = known.setdefault(pk, (PriorityInfo(code, name, about, pk), set()))
        if family is not None:
            line[1].add(Link(family, kind, linked))
    return [(head, list(lines.values())) for head, lines in sets.items()]


@dataclass(frozen=True, slots=True)
class MeasureServes:
    """A statement and those of its priorities that one measure serves."""

    statement: PrioritySetInfo
    priorities: tuple[tuple[PriorityInfo, str], ...]


def served_by(actor: Actor, measure_id: int) -> tuple[list[MeasureServes], list[str]]:
    """Every statement the actor may read of which the measure serves a priority, and codes that are in none of them."""
    (row,) = frameworks.family_measures(ids=[measure_id])
    fact = _serving(row)
    found, known = [], set()
    rows = statements(actor)
    links = links_of(p.id for each in rows for p in each.priorities)
    for each in rows:
        known |= {p.code for p in each.priorities}
        lines = [(p, through(p.code, links.get(p.id, frozenset()), fact)) for p in each.priorities]
        if these := tuple((p, why) for p, why in lines if why):
            found.append(MeasureServes(each, these))
    return found, [code for code in row.objectives if code not in known]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a priority can be linked to: an outcome, or a measure standing in it."""

    link: Link
    label: str
    group: str
    hint: str
    is_linked: bool


def link_choices(
    actor: Actor, found: PrioritySetInfo, priority: PriorityInfo, today: date
) -> list[Choice]:
    """The outcomes and measures of the editions in use, by theme, each outcome before its measures."""
    editions = editions_for(actor, found, day_within(found.valid_from, found.valid_to, today))
    linked = links_of([priority.id]).get(priority.id, frozenset())
    names = {row.edition.id: row.edition.name for row in editions}
    choices: dict[str, Choice] = {}
    for row in _allowed(editions):
        group = (
            row.theme_name if len(editions) == 1 else f"{names[row.edition_id]}: {row.theme_name}"
        )
        outcome = Link(row.family, LinkKind.OUTCOME, row.outcome_code)
        choices.setdefault(
            outcome.key,
            Choice(outcome, f"Every measure of: {row.outcome_name}", group, "", outcome in linked),
        )
        link = Link(row.family, LinkKind.MEASURE, row.code)
        hint = (
            "Serves it already: its own record says so" if priority.code in row.objectives else ""
        )
        choices.setdefault(link.key, Choice(link, row.label, group, hint, link in linked))
    return list(choices.values())
