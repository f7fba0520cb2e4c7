"""How measures count in a region's own: what the crosswalk rests on, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from socialvalue.core.errors import NotVisible
from toms.frameworks import queries as frameworks
from toms.frameworks.queries import EditionInfo, MeasureInfo
from toms.priorities.models import MeasureMapping
from toms.priorities.rules import Decision, MeasureRef, RegionalMeasures, Resolved, resolve


@dataclass(frozen=True, slots=True)
class Ground:
    """A region's measures on a day, and what was decided about others' so far."""

    regional: RegionalMeasures
    editions: tuple[EditionInfo, ...]
    measures: Mapping[int, MeasureInfo]
    """The regional measures by id, edition by edition in reading order."""
    decisions: tuple[Decision, ...]

    def resolve(self, source: MeasureRef) -> Resolved:
        return resolve(source, self.regional, self.decisions)


def ground(region_id: int, on: date) -> Ground:
    """What holds in a region on that day. Without any published edition it has no measures of its own."""
    try:
        editions = tuple(row.edition for row in frameworks.used_by_region(region_id, on).all)
    except NotVisible:
        editions = ()
    measures = {info.id: info for row in editions for info in frameworks.measures_of(row.id)}
    families = {row.id: row.framework_slug for row in editions}
    regional = RegionalMeasures.of(_ref(info, families) for info in measures.values())
    return Ground(regional, editions, measures, tuple(_decisions(region_id)))


def refs(infos: Iterable[MeasureInfo]) -> dict[int, MeasureRef]:
    """What the rules need of these measures, by id."""
    rows = list(infos)
    editions = frameworks.editions_by_id(info.edition_id for info in rows)
    families = {key: row.framework.slug for key, row in editions.items()}
    return {info.id: _ref(info, families) for info in rows}


def _ref(info: MeasureInfo, families: Mapping[int, str]) -> MeasureRef:
    return MeasureRef(
        info.id, families[info.edition_id], info.code, info.title, info.unit, info.aggregation
    )


def _decisions(region_id: int) -> Iterable[Decision]:
    rows = list(
        MeasureMapping.objects.filter(region_id=region_id).values_list(
            "source_id", "target_id", "factor", "reason", "decided_at"
        )
    )
    named = {key for source, target, *_ in rows for key in (source, target) if key is not None}
    known = refs(frameworks.measure_infos(named).values())
    for source, target, factor, reason, at in rows:
        yield Decision(known[source], known[target] if target else None, factor, reason, at)


def targets(region_id: int, on: date, measure_ids: Iterable[int]) -> dict[int, Resolved]:
    """How each of these measures counts in the region's own on that day, as its crosswalk stands now.

    For totals of a region: asks nobody's permission, so the caller shows that it may read the totals. Each measure is
    in the answer once; what is not a measure is not in it.
    """
    found = ground(region_id, on)
    sources = refs(frameworks.measure_infos(measure_ids).values())
    return {key: found.resolve(source) for key, source in sources.items()}
