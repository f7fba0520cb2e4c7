"""Editions: written as a draft, published once, never changed after; and their adoption."""

from __future__ import annotations

from toms.frameworks.services.adoption import (
    adopt_edition,
    change_adoption,
    end_adoption,
    remove_adoption,
    set_packs,
)
from toms.frameworks.services.drafts import (
    discard_draft,
    drop_measure,
    hold_draft,
    set_start,
    write_measure,
)
from toms.frameworks.services.editions import (
    EditionInput,
    draft_edition,
    publish_edition,
    remove_withdrawn,
    withdraw_edition,
)

__all__ = [
    "EditionInput",
    "adopt_edition",
    "change_adoption",
    "discard_draft",
    "draft_edition",
    "drop_measure",
    "end_adoption",
    "hold_draft",
    "publish_edition",
    "remove_adoption",
    "remove_withdrawn",
    "set_packs",
    "set_start",
    "withdraw_edition",
    "write_measure",
]
