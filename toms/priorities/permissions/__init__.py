"""Who may do what with priorities and the crosswalk."""

from __future__ import annotations

from toms.priorities.permissions.crosswalk import (
    MAPPER,
    WHY_NOT_MAP,
    can_map,
    can_read_crosswalk,
)
from toms.priorities.permissions.statements import (
    READER,
    WHY_NOT_SUPPLIER,
    WRITER,
    may_link,
    may_start,
    may_write,
    reads_members,
    who_reads,
    why_not_link,
    why_not_write,
)

__all__ = [
    "MAPPER",
    "READER",
    "WHY_NOT_MAP",
    "WHY_NOT_SUPPLIER",
    "WRITER",
    "can_map",
    "can_read_crosswalk",
    "may_link",
    "may_start",
    "may_write",
    "reads_members",
    "who_reads",
    "why_not_link",
    "why_not_write",
]
