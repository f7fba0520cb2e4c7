"""Dated statements of priorities: national and regional for everybody, a council's own for those who may read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from socialvalue.accounts.permissions import is_buyer, is_supplier
from socialvalue.accounts.queries import members_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.periods import uk_date
from toms.priorities.models import Priority, PrioritySet
from toms.priorities.permissions import WHY_NOT_SUPPLIER, reads_members
from toms.priorities.rules import Span, split_source, standing_of
from toms.priorities.vocabulary import PriorityLevel, Standing

LEVELS = tuple(PriorityLevel.values)


@dataclass(frozen=True, slots=True)
class PriorityInfo:
    code: str
    name: str
    about: str
    id: int


@dataclass(frozen=True, slots=True)
class PrioritySetInfo:
    """A statement with its priorities in their order. Both of its days count."""

    slug: str
    name: str
    level: str
    source: str
    valid_from: date
    valid_to: date | None
    priorities: tuple[PriorityInfo, ...]
    id: int
    authority_id: int | None
    authority_name: str
    version: int

    @property
    def level_label(self) -> str:
        return PriorityLevel(self.level).label

    @property
    def document(self) -> str:
        return split_source(self.source)[0]

    @property
    def address(self) -> str:
        return split_source(self.source)[1]

    @property
    def dates(self) -> str:
        return dates_shown(self.valid_from, self.valid_to)

    def standing(self, on: date) -> Standing:
        return standing_of(self.valid_from, self.valid_to, on)


def dates_shown(first: date, last: date | None) -> str:
    """``1 June 2021 to 23 February 2025``; ``from 24 February 2025`` where it has no last day."""
    return f"{uk_date(first)} to {uk_date(last)}" if last else f"from {uk_date(first)}"


def _infos(rows: QuerySet[PrioritySet]) -> list[PrioritySetInfo]:
    return [
        PrioritySetInfo(
            row.slug, row.name, row.level, row.source, row.valid_from, row.valid_to,
            tuple(PriorityInfo(p.code, p.name, p.about, p.pk) for p in row.priorities.all()),
            row.pk, row.authority_id, row.authority.name if row.authority else "", row.version,
        )
        for row in rows.select_related("authority").prefetch_related("priorities")
    ]  # fmt: skip


def holding_on(on: date) -> Q:
    """Statements in force on that day, for a filter."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def of_authority(authority_id: int | None, prefix: str = "") -> Q:
    """The statements that an authority works under: national, regional, and its own."""
    shared = ~Q(**{f"{prefix}level": PriorityLevel.COUNCIL})
    return shared if authority_id is None else shared | Q(**{f"{prefix}authority_id": authority_id})


def sets_in_force(on: date, authority_id: int | None = None) -> list[PrioritySetInfo]:
    """Every national and regional statement in force on that day, and the authority's own."""
    return _infos(PrioritySet.objects.filter(holding_on(on), of_authority(authority_id)))


def regional_objectives(on: date) -> list[PriorityInfo]:
    """The objectives of the regional policy in force, for choosing from."""
    return [p for found in sets_in_force(on) if found.level == "regional" for p in found.priorities]


def objectives_for(on: date, authority_id: int) -> list[tuple[PrioritySetInfo, PriorityInfo]]:
    """What a purchase of this authority may say it serves: the regional objectives, then its own priorities."""
    found = sets_in_force(on, authority_id)
    return [
        (row, priority)
        for level in (PriorityLevel.REGIONAL, PriorityLevel.COUNCIL)
        for row in found
        if row.level == level
        for priority in row.priorities
    ]


def names(authority_id: int | None = None) -> dict[str, str]:
    """Name of every national and regional priority by code, and of the authority's own."""
    rows = Priority.objects.filter(of_authority(authority_id, "priority_set__"))
    return dict(rows.values_list("code", "name"))


def _readable(actor: Actor) -> QuerySet[PrioritySet]:
    """National and regional statements; beside them the actor's own authority's, and its region's members' for its
    analyst."""
    if actor.is_system:
        return PrioritySet.objects.all()
    return PrioritySet.objects.filter(
        ~Q(level=PriorityLevel.COUNCIL) | Q(authority_id__in=_authorities_read(actor))
    )


def _authorities_read(actor: Actor) -> set[int]:
    found: set[int] = set()
    if is_buyer(actor) and actor.organisation_id is not None:
        found.add(actor.organisation_id)
    if reads_members(actor):
        today = clock.today()
        for region_id in actor.region_ids:
            found.update(row.organisation_id for row in members_of(region_id, today, today))
    return found


def statements(actor: Actor) -> list[PrioritySetInfo]:
    """Every statement the actor may read: by level, the newest first, then by whose it is."""
    found = _infos(_readable(actor))
    found.sort(key=lambda row: row.valid_from, reverse=True)
    return sorted(found, key=lambda row: (LEVELS.index(row.level), row.authority_name))


def statement(actor: Actor, slug: str) -> PrioritySetInfo:
    """One of them. NotAllowed for a supplier that asks for a council's own; else NotVisible when there is none."""
    found = _infos(_readable(actor).filter(slug=slug))
    if found:
        return found[0]
    if is_supplier(actor) and PrioritySet.objects.filter(slug=slug).exists():
        raise NotAllowed(WHY_NOT_SUPPLIER)
    raise NotVisible("There is no statement of priorities at this address.")


def _one(pk: int | None) -> list[int]:
    return [] if pk is None else [pk]


def own_spans(authority_id: int, *, but: int | None = None) -> list[Span]:
    """From when to when the authority's own statements apply, one of them left out."""
    rows = PrioritySet.objects.filter(authority_id=authority_id).exclude(pk__in=_one(but))
    return [
        Span(*row)
        for row in rows.order_by("valid_from").values_list("pk", "name", "valid_from", "valid_to")
    ]


def codes_elsewhere(authority_id: int, *, but: int | None = None) -> dict[str, str]:
    """Codes that national, regional and the authority's other statements use, with the statement's name."""
    rows = Priority.objects.filter(of_authority(authority_id, "priority_set__"))
    return dict(
        rows.exclude(priority_set_id__in=_one(but)).values_list("code", "priority_set__name")
    )


@dataclass(frozen=True, slots=True)
class Shelf:
    """The statements as they stand on a day."""

    on: date
    in_force: tuple[tuple[str, tuple[PrioritySetInfo, ...]], ...]
    """By level, every level named."""
    coming: tuple[PrioritySetInfo, ...]
    past: tuple[PrioritySetInfo, ...]


def shelf(actor: Actor, on: date) -> Shelf:
    """Every statement the actor may read, by where it stands on that day."""
    rows = statements(actor)
    by_standing: dict[Standing, list[PrioritySetInfo]] = {standing: [] for standing in Standing}
    for row in rows:
        by_standing[row.standing(on)].append(row)
    return Shelf(
        on,
        tuple(
            (level.label, tuple(_of_level(by_standing[Standing.IN_FORCE], level)))
            for level in PriorityLevel
        ),
        tuple(sorted(by_standing[Standing.COMING], key=lambda row: row.valid_from)),
        tuple(by_standing[Standing.PAST]),
    )


def _of_level(rows: Iterable[PrioritySetInfo], level: str) -> list[PrioritySetInfo]:
    return [row for row in rows if row.level == level]
