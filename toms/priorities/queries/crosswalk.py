"""A region's crosswalk: every measure its authorities use beside the region's own, and how it counts there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from socialvalue.accounts import queries as accounts
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks import queries as frameworks
from toms.frameworks.queries import EditionInfo, MeasureInfo
from toms.priorities.permissions import can_map, can_read_crosswalk
from toms.priorities.queries.aliases import all_aliases
from toms.priorities.queries.resolving import Ground, ground, refs
from toms.priorities.rules import MeasureRef, Resolved, Suggester, converted
from toms.priorities.vocabulary import Counted

ORDER = (Counted.NOT_MAPPED, Counted.MAPPED, Counted.CARRIED, Counted.EXCLUDED)


@dataclass(frozen=True, slots=True)
class RegionSeen:
    """A region whose crosswalk the actor reads."""

    id: int
    slug: str
    name: str
    lead_id: int
    lead_name: str
    can_map: bool


@dataclass(frozen=True, slots=True)
class Suggested:
    """A regional measure that may be the same, and why. Never applied by itself."""

    target: MeasureInfo
    why: str
    needs_factor: bool


@dataclass(frozen=True, slots=True)
class CrosswalkRow:
    """A measure that authorities of the region use and that is not one of the region's own."""

    measure: MeasureInfo
    edition: EditionInfo
    authorities: tuple[str, ...]
    resolved: Resolved
    target: MeasureInfo | None
    suggested: Suggested | None
    may_read: bool
    """False: the edition is held under a licence that is not the actor's, so only its code and unit are shown."""

    @property
    def standing(self) -> Counted:
        return self.resolved.standing

    @property
    def conversion(self) -> str:
        """``hours × 0.133333333 = days``; empty where nothing is converted."""
        if self.target is None or self.resolved.factor == 1:
            return ""
        return converted(self.measure.unit, self.resolved.factor, self.target.unit)


@dataclass(frozen=True, slots=True)
class Crosswalk:
    region: RegionSeen
    regional: tuple[EditionInfo, ...]
    rows: tuple[CrosswalkRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many measures stand where, of all of them."""
        found = dict.fromkeys((standing.value for standing in ORDER), 0)
        for row in self.rows:
            found[row.standing] += 1
        return found

    @property
    def editions(self) -> list[EditionInfo]:
        return list({row.edition.id: row.edition for row in self.rows}.values())

    @property
    def suggestions(self) -> list[CrosswalkRow]:
        """What may be accepted together: not mapped, and a suggestion that needs no conversion."""
        return [
            row
            for row in self.rows
            if row.standing == Counted.NOT_MAPPED
            and row.suggested
            and not row.suggested.needs_factor
        ]


def regions_read(actor: Actor, on: date) -> list[RegionSeen]:
    """The regions whose crosswalk the actor reads: those its organisation leads, else the one it belongs to."""
    found = list(accounts.regions(actor.region_ids))
    own = accounts.region_of(actor.organisation_id, on) if actor.organisation_id else None
    if own is not None and own.pk not in {row.pk for row in found}:
        found += list(accounts.regions([own.pk]))
    own_id = own.pk if own else None
    return [
        RegionSeen(
            row.pk, row.slug, row.name, row.lead_id, row.lead.name, can_map(actor, row.pk)
        )
        for row in found
        if can_read_crosswalk(actor, row.pk, own_id)
    ]  # fmt: skip


def region_read(actor: Actor, region_id: int, on: date) -> RegionSeen:
    """One of them. NotVisible for any other region."""
    found = next((row for row in regions_read(actor, on) if row.id == region_id), None)
    if found is None:
        raise NotVisible
    return found


def crosswalk(actor: Actor, region_id: int, on: date) -> Crosswalk:
    """Every measure of every edition that a member uses on that day and that is not the region's own, each once; what
    is not mapped first. NotVisible for a region that is not the actor's."""
    region = region_read(actor, region_id, on)
    base = ground(region_id, on)
    users = Users.of(region_id, on)
    own = {row.id for row in base.editions}
    editions = {key: row for key, row in users.editions.items() if key not in own}
    infos = [
        info for key in editions for info in frameworks.measures_of(key) if users.names_for(info)
    ]
    rows = rows_of(actor, region, base, infos, editions, users)
    rows.sort(key=lambda row: (ORDER.index(row.standing), row.edition.name, row.measure.code_sort))
    return Crosswalk(region, base.editions, tuple(rows))


@dataclass(frozen=True, slots=True)
class Users:
    """The members of a region on a day, its lead among them, and what each uses."""

    members: tuple[tuple[str, frameworks.InUse], ...]

    @staticmethod
    def of(region_id: int, on: date) -> Users:
        names = {row.organisation_id: row.name for row in accounts.members_of(region_id, on, on)}
        try:
            uses = frameworks.in_use_of_members(region_id, names, on)
        except NotVisible:
            return Users(())
        return Users(tuple((names[key], used) for key, used in uses.items()))

    @property
    def editions(self) -> dict[int, EditionInfo]:
        return {used.edition.id: used.edition for _, uses in self.members for used in uses.all}

    def names_for(self, info: MeasureInfo) -> tuple[str, ...]:
        """The authorities that may ask for this measure."""
        return tuple(
            name
            for name, uses in self.members
            if any(u.edition.id == info.edition_id and u.allows(info.id) for u in uses.all)
        )


def rows_of(
    actor: Actor,
    region: RegionSeen,
    base: Ground,
    infos: Sequence[MeasureInfo],
    editions: Mapping[int, EditionInfo],
    users: Users,
) -> list[CrosswalkRow]:
    """How each of these measures counts, with a suggestion where nobody has said so and the actor may."""
    readable = set(frameworks.visible_editions(actor).values_list("pk", flat=True))
    instead = frameworks.readership(actor).instead
    sources = refs(infos)
    suggester = _suggester(base) if region.can_map else None
    found = []
    for info in infos:
        resolved = base.resolve(sources[info.id])
        edition = editions[info.edition_id]
        is_open = resolved.standing == Counted.NOT_MAPPED
        may_read = info.edition_id in readable
        found.append(
            CrosswalkRow(
                info if may_read or region.can_map else replace(info, title=instead),
                edition,
                users.names_for(info),
                resolved,
                base.measures.get(resolved.target_id or 0),
                _suggested(suggester, base, sources[info.id], edition) if is_open else None,
                may_read,
            )
        )
    return found


def _suggester(base: Ground) -> Suggester:
    names = {row.id: row.framework_name for row in base.editions}
    pairs = [
        (base.regional.by_id[key], names[info.edition_id]) for key, info in base.measures.items()
    ]
    return Suggester.of(pairs, all_aliases())


def _suggested(
    suggester: Suggester | None, base: Ground, source: MeasureRef, edition: EditionInfo
) -> Suggested | None:
    found = suggester.suggest(source, edition.framework_name) if suggester else None
    if found is None:
        return None
    return Suggested(base.measures[found.target_id], found.why, found.needs_factor)
