"""Forms of priorities and of the crosswalk."""

from __future__ import annotations

from toms.priorities.forms.crosswalk import (
    LEAVE_OUT,
    AliasFilter,
    CrosswalkFilter,
    MappingForm,
    SuggestionsForm,
    TargetFilter,
    UnmapForm,
)
from toms.priorities.forms.statements import (
    DayFilter,
    DropForm,
    LastDayForm,
    LinksForm,
    StatementForm,
)

__all__ = [
    "LEAVE_OUT",
    "AliasFilter",
    "CrosswalkFilter",
    "DayFilter",
    "DropForm",
    "LastDayForm",
    "LinksForm",
    "MappingForm",
    "StatementForm",
    "SuggestionsForm",
    "TargetFilter",
    "UnmapForm",
]
