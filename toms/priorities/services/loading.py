"""Priorities in, from a data file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed
from toms.frameworks import queries as frameworks
from toms.priorities.models import Priority, PriorityLink, PrioritySet
from toms.priorities.rules import join_source


@transaction.atomic
def put_priorities(*, actor: Actor, sets: Sequence[Mapping[str, Any]]) -> int:
    """Add or update statements of priorities. Running it twice changes nothing. Returns how many statements.

    Links to a family that is not loaded yet are left for the next run; links that people made stay.
    """
    if not actor.is_system:
        raise NotAllowed("Priorities are loaded by the platform.")
    families = frameworks.family_ids(
        link["framework"] for row in sets for p in row["priorities"] for link in p.get("links", ())
    )
    for row in sets:
        found, _ = PrioritySet.objects.update_or_create(
            slug=row["slug"],
            defaults={
                "name": row["name"],
                "level": row["level"],
                "source": join_source(row["source"], row.get("source_url", "")),
                "valid_from": date.fromisoformat(row["valid_from"]),
                "valid_to": date.fromisoformat(row["valid_to"]) if row.get("valid_to") else None,
            },
        )
        for position, priority in enumerate(row["priorities"], start=1):
            kept, _ = Priority.objects.update_or_create(
                priority_set=found,
                code=priority["code"],
                defaults={
                    "name": priority["name"],
                    "about": priority.get("about", ""),
                    "position": position,
                },
            )
            _put_links(kept, priority.get("links", ()), families)
    return len(sets)


def _put_links(
    priority: Priority, links: Sequence[Mapping[str, Any]], families: Mapping[str, int]
) -> None:
    rows = [
        PriorityLink(
            priority=priority,
            framework_id=families[link["framework"]],
            kind=link["kind"],
            code=code,
        )
        for link in links
        if link["framework"] in families
        for code in link["codes"]
    ]
    PriorityLink.objects.bulk_create(rows, ignore_conflicts=True)
