"""Priorities, the crosswalk between editions, and what a value is elsewhere."""

from __future__ import annotations

from toms.priorities.queries.aliases import (
    AliasLine,
    alias_lines,
    aliases_of,
)
from toms.priorities.queries.by_measure import (
    NationalPriority,
    national_serving,
    own_objectives,
)
from toms.priorities.queries.crosswalk import (
    Crosswalk,
    CrosswalkRow,
    RegionSeen,
    Suggested,
    crosswalk,
    region_read,
    regions_read,
)
from toms.priorities.queries.crosswalk_files import (
    alias_table,
    crosswalk_table,
)
from toms.priorities.queries.deciding import (
    CrosswalkMeasure,
    MappingSeen,
    crosswalk_measure,
    measure_in_region,
)
from toms.priorities.queries.resolving import (
    Ground,
    ground,
    refs,
    targets,
)
from toms.priorities.queries.serving import (
    Choice,
    MeasureServes,
    PriorityLine,
    PriorityMap,
    Served,
    ServingLine,
    link_choices,
    links_of,
    map_of,
    map_table,
    served,
    served_by,
)
from toms.priorities.queries.statements import (
    PriorityInfo,
    PrioritySetInfo,
    Shelf,
    codes_elsewhere,
    names,
    objectives_for,
    own_spans,
    regional_objectives,
    sets_in_force,
    shelf,
    statement,
    statements,
)

__all__ = [
    "AliasLine",
    "Choice",
    "Crosswalk",
    "CrosswalkMeasure",
    "CrosswalkRow",
    "Ground",
    "MappingSeen",
    "MeasureServes",
    "NationalPriority",
    "PriorityInfo",
    "PriorityLine",
    "PriorityMap",
    "PrioritySetInfo",
    "RegionSeen",
    "Served",
    "ServingLine",
    "Shelf",
    "Suggested",
    "alias_lines",
    "alias_table",
    "aliases_of",
    "codes_elsewhere",
    "crosswalk",
    "crosswalk_measure",
    "crosswalk_table",
    "ground",
    "link_choices",
    "links_of",
    "map_of",
    "map_table",
    "measure_in_region",
    "names",
    "national_serving",
    "objectives_for",
    "own_objectives",
    "own_spans",
    "refs",
    "region_read",
    "regional_objectives",
    "regions_read",
    "served",
    "served_by",
    "sets_in_force",
    "shelf",
    "statement",
    "statements",
    "targets",
]
