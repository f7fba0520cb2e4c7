"""Editions: written as a draft, published once, never changed after."""

from __future__ import annotations

from toms.frameworks.services.editions import (
    EditionInput,
    draft_edition,
    publish_edition,
    remove_withdrawn,
    withdraw_edition,
)

__all__ = [
    "EditionInput",
    "draft_edition",
    "publish_edition",
    "remove_withdrawn",
    "withdraw_edition",
]
