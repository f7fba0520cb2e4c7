"""One measure of a crosswalk: how it counts, what was decided, by whom, and what it may be decided to count as."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from socialvalue.accounts import queries as accounts
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks import queries as frameworks
from toms.frameworks.queries import MeasureInfo
from toms.priorities.models import MeasureMapping
from toms.priorities.queries.crosswalk import (
    CrosswalkRow,
    RegionSeen,
    Users,
    region_read,
    rows_of,
)
from toms.priorities.queries.resolving import ground
from toms.priorities.vocabulary import Counted


@dataclass(frozen=True, slots=True)
class MappingSeen:
    """What was decided for this very measure."""

    target_id: int | None
    factor: Decimal
    reason: str
    decided_at: datetime
    decided_by: str
    version: int


@dataclass(frozen=True, slots=True)
class CrosswalkMeasure:
    """The page of one measure in a region's crosswalk. ``mapping`` is None when nothing was decided for it itself."""

    region: RegionSeen
    row: CrosswalkRow
    mapping: MappingSeen | None
    history: tuple[HistoryLine, ...]
    regional: tuple[MeasureInfo, ...]

    @property
    def is_own(self) -> bool:
        return self.row.standing == Counted.ITSELF


def crosswalk_measure(actor: Actor, region_id: int, source_id: int, on: date) -> CrosswalkMeasure:
    """A measure and how it counts in this region.

    NotVisible unless the actor reads the region's crosswalk, and the edition is one that the actor may read or that an
    authority of the region holds: a contract may still rest on an edition that nobody uses for new tenders.
    """
    region = region_read(actor, region_id, on)
    base = ground(region_id, on)
    info = measure_in_region(actor, region, source_id, on)
    editions = frameworks.edition_infos_by_id([info.edition_id])
    (row,) = rows_of(actor, region, base, [info], editions, Users.of(region_id, on))
    found = (
        MeasureMapping.objects.filter(region_id=region_id, source_id=source_id)
        .select_related("decided_by")
        .first()
    )
    return CrosswalkMeasure(
        region,
        row,
        None if found is None else _seen(found),
        tuple(
            # What was recorded while the title could be told.
            replace(line, sentence=line.sentence.replace(info.title, row.measure.title))
            for line in history_of(
                target_type="measure", target_id=source_id, organisation_ids=[region.lead_id]
            )
        ),
        tuple(base.measures.values()),
    )


def measure_in_region(actor: Actor, region: RegionSeen, source_id: int, on: date) -> MeasureInfo:
    """A measure of a published edition the actor may read, or that an authority of the region holds."""
    info = frameworks.measure_infos([source_id]).get(source_id)
    if info is None:
        raise NotVisible
    if not frameworks.visible_editions(actor).filter(pk=info.edition_id).exists():
        members = {row.organisation_id for row in accounts.members_of(region.id, on, on)}
        published = frameworks.published_editions().filter(withdrawn_at__isnull=True)
        if not published.filter(pk=info.edition_id, holder_id__in=members).exists():
            raise NotVisible
    return info


def _seen(row: MeasureMapping) -> MappingSeen:
    by = str(row.decided_by) if row.decided_by else "Social value system"
    return MappingSeen(row.target_id, row.factor, row.reason, row.decided_at, by, row.version)
