"""Dated statements of priorities. Public knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from toms.priorities.models import Priority, PrioritySet


@dataclass(frozen=True, slots=True)
class PriorityInfo:
    code: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class PrioritySetInfo:
    slug: str
    name: str
    level: str
    source: str
    valid_from: date
    valid_to: date | None
    priorities: tuple[PriorityInfo, ...]


def _sets(rows: QuerySet[PrioritySet]) -> list[PrioritySetInfo]:
    return [
        PrioritySetInfo(
            row.slug, row.name, row.level, row.source, row.valid_from, row.valid_to,
            tuple(PriorityInfo(p.code, p.name, p.about) for p in row.priorities.all()),
        )
        for row in rows.prefetch_related("priorities")
    ]  # fmt: skip


def sets_in_force(on: date) -> list[PrioritySetInfo]:
    """Every statement in force on that day."""
    rows = PrioritySet.objects.filter(valid_from__lte=on)
    return _sets(rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)))


def regional_objectives(on: date) -> list[PriorityInfo]:
    """The objectives of the regional policy in force, for choosing from."""
    return [p for found in sets_in_force(on) if found.level == "regional" for p in found.priorities]


def names() -> dict[str, str]:
    """Name of every priority by code, for showing what a measure serves."""
    return dict(Priority.objects.values_list("code", "name"))
