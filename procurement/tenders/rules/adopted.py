"""What a tender may ask for of the editions its authority uses, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure that is asked for, of which edition, and whether it is still in use."""

    label: str
    edition_id: int
    is_in_use: bool


@dataclass(frozen=True, slots=True)
class Most:
    """How many measures an adoption lets one tender ask for. ``edition_id`` is None for the tender as a whole."""

    number: int
    edition_id: int | None = None
    edition_name: str = ""


def not_in_use(asked: Sequence[Asked]) -> list[str]:
    """A sentence for each measure that is no longer in use."""
    return [
        f"{row.label} is not among the measures your organisation uses now. Untick it."
        for row in asked
        if not row.is_in_use
    ]


def too_many(asked: Sequence[Asked], limits: Sequence[Most]) -> list[str]:
    """A sentence for each limit that is broken: how many to untick."""
    found = []
    for limit in limits:
        many = sum(1 for row in asked if limit.edition_id in (None, row.edition_id))
        if many > limit.number:
            of = f" of {limit.edition_name}" if limit.edition_id is not None else ""
            noun = "measure" if limit.number == 1 else "measures"
            found.append(
                f"Untick {many - limit.number}{of}: {many} are chosen, and your organisation lets a "
                f"tender ask for at most {limit.number} {noun}{of}."
            )
    return found
