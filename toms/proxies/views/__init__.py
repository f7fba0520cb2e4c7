"""Pages that show or write values."""

from __future__ import annotations

from toms.proxies.views.differences import Differences, DifferencesExport
from toms.proxies.views.own import (
    OwnAdd,
    OwnChange,
    OwnDiscard,
    OwnMeasures,
    OwnPublish,
    OwnRemove,
    OwnStart,
    OwnVersionPage,
)

__all__ = [
    "Differences",
    "DifferencesExport",
    "OwnAdd",
    "OwnChange",
    "OwnDiscard",
    "OwnMeasures",
    "OwnPublish",
    "OwnRemove",
    "OwnStart",
    "OwnVersionPage",
]
