"""What measures serve, for sums that are cut by it. Asks nobody's permission: the caller may read the sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from toms.frameworks import queries as frameworks
from toms.priorities.models import Priority
from toms.priorities.queries.serving import links_of
from toms.priorities.rules import Serving, serving
from toms.priorities.vocabulary import PriorityLevel


@dataclass(frozen=True, slots=True)
class NationalPriority:
    """A priority of a national statement, and which of the measures asked about serve it. Both days count."""

    id: int
    code: str
    name: str
    statement: str
    valid_from: date
    valid_to: date | None
    measure_ids: frozenset[int]

    @property
    def label(self) -> str:
        return f"{self.name} ({self.statement})"

    def holds(self, on: date) -> bool:
        """Whether its statement is in force on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


def national_serving(measure_ids: Iterable[int]) -> list[NationalPriority]:
    """Every national priority, the oldest statement first, in three queries however many there are."""
    facts = [
        Serving(row.id, row.family, row.code, row.outcome_code, row.outcome_name, row.objectives)
        for row in frameworks.family_measures(ids=measure_ids)
    ]
    rows = list(
        Priority.objects.filter(priority_set__level=PriorityLevel.NATIONAL)
        .select_related("priority_set")
        .order_by("priority_set__valid_from", "priority_set_id", "position", "pk")
    )
    links = links_of(row.pk for row in rows)
    return [
        NationalPriority(
            row.pk,
            row.code,
            row.name,
            row.priority_set.name,
            row.priority_set.valid_from,
            row.priority_set.valid_to,
            frozenset(
                fact.id for fact, _ in serving(row.code, links.get(row.pk, frozenset()), facts)
            ),
        )
        for row in rows
    ]


def own_objectives(measure_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """By measure: the codes its own record names, each once, without those of national priorities."""
    national = set(
        Priority.objects.filter(priority_set__level=PriorityLevel.NATIONAL).values_list(
            "code", flat=True
        )
    )
    return {
        row.id: tuple(dict.fromkeys(code for code in row.objectives if code not in national))
        for row in frameworks.family_measures(ids=measure_ids)
    }
