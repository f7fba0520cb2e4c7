"""Writes of priorities and of the crosswalk."""

from __future__ import annotations

from toms.priorities.services.crosswalk import (
    accept_suggestions,
    map_measure,
    put_aliases,
    unmap_measure,
)
from toms.priorities.services.links import set_links
from toms.priorities.services.loading import put_priorities
from toms.priorities.services.statements import (
    correct_statement,
    drop_statement,
    set_last_day,
    start_statement,
)

__all__ = [
    "accept_suggestions",
    "correct_statement",
    "drop_statement",
    "map_measure",
    "put_aliases",
    "put_priorities",
    "set_last_day",
    "set_links",
    "start_statement",
    "unmap_measure",
]
