"""Pages of measures, priorities and the crosswalk."""

from __future__ import annotations

from toms.priorities.views.crosswalk import (
    Aliases,
    AliasExport,
    CrosswalkExport,
    CrosswalkList,
    CrosswalkMeasurePage,
    MapMeasure,
    Suggestions,
    UnmapMeasure,
)
from toms.priorities.views.measure import MeasurePage
from toms.priorities.views.statements import (
    CorrectStatement,
    DropStatement,
    LastDay,
    Links,
    Shelf,
    StartStatement,
    StatementExport,
    StatementPage,
)

__all__ = [
    "AliasExport",
    "Aliases",
    "CorrectStatement",
    "CrosswalkExport",
    "CrosswalkList",
    "CrosswalkMeasurePage",
    "DropStatement",
    "LastDay",
    "Links",
    "MapMeasure",
    "MeasurePage",
    "Shelf",
    "StartStatement",
    "StatementExport",
    "StatementPage",
    "Suggestions",
    "UnmapMeasure",
]
