"""Reading the record. The caller has already shown that the actor may see the thing it is about."""

from __future__ import annotations

from socialvalue.audit.queries.history import (
    DatedDeed,
    HistoryLine,
    NewestDeed,
    dated_deeds,
    history_of,
    history_of_procurement,
    last_person,
    newest_deed,
    people_of,
    recent_deeds,
    targets_of,
    was_done,
    when_done,
)

__all__ = [
    "DatedDeed",
    "HistoryLine",
    "NewestDeed",
    "dated_deeds",
    "history_of",
    "history_of_procurement",
    "last_person",
    "newest_deed",
    "people_of",
    "recent_deeds",
    "targets_of",
    "was_done",
    "when_done",
]
