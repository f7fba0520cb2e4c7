"""Priorities in, from a data file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed
from toms.priorities.models import Priority, PrioritySet


@transaction.atomic
def put_priorities(*, actor: Actor, sets: Sequence[Mapping[str, Any]]) -> int:
    """Add or update statements of priorities. Running it twice changes nothing. Returns how many statements."""
    if not actor.is_system:
        raise NotAllowed("Priorities are loaded by the platform.")
    for row in sets:
        found, _ = PrioritySet.objects.update_or_create(
            slug=row["slug"],
            defaults={
                "name": row["name"],
                "level": row["level"],
                "source": row["source"],
                "valid_from": date.fromisoformat(row["valid_from"]),
                "valid_to": date.fromisoformat(row["valid_to"]) if row.get("valid_to") else None,
            },
        )
        for position, priority in enumerate(row["priorities"], start=1):
            Priority.objects.update_or_create(
                priority_set=found,
                code=priority["code"],
                defaults={
                    "name": priority["name"],
                    "about": priority.get("about", ""),
                    "position": position,
                },
            )
    return len(sets)
