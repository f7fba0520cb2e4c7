"""Gathers the rooms' tables, because Django looks here."""

from toms.frameworks.models import (
    DoubleCountingPair,
    Edition,
    Framework,
    Measure,
    MeasurePack,
    Outcome,
    Theme,
)
from toms.imports.models import FrameworkImport, SavedColumns
from toms.priorities.models import Priority, PrioritySet
from toms.proxies.models import Proxy

__all__ = [
    "DoubleCountingPair",
    "Edition",
    "Framework",
    "FrameworkImport",
    "Measure",
    "MeasurePack",
    "Outcome",
    "Priority",
    "PrioritySet",
    "Proxy",
    "SavedColumns",
    "Theme",
]
