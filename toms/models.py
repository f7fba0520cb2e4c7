"""Gathers the rooms' tables, because Django looks here."""

from toms.frameworks.models import (
    AdoptedPack,
    Adoption,
    DoubleCountingPair,
    Edition,
    Framework,
    Measure,
    MeasurePack,
    Outcome,
    Theme,
)
from toms.imports.models import FrameworkImport, SavedColumns
from toms.priorities.models import (
    CodeAlias,
    MeasureMapping,
    Priority,
    PriorityLink,
    PrioritySet,
)
from toms.proxies.models import Proxy

__all__ = [
    "AdoptedPack",
    "Adoption",
    "CodeAlias",
    "DoubleCountingPair",
    "Edition",
    "Framework",
    "FrameworkImport",
    "Measure",
    "MeasureMapping",
    "MeasurePack",
    "Outcome",
    "Priority",
    "PriorityLink",
    "PrioritySet",
    "Proxy",
    "SavedColumns",
    "Theme",
]
