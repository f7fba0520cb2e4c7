"""The contracts that run in a period and what belongs to them, read once for every figure counted from them."""

from __future__ import annotations

from functools import cached_property

from procurement.action_plans import queries as action_plans
from procurement.awards import queries as awards
from reporting.figures.rules.spans import Span
from socialvalue.core.actor import Actor
from toms.frameworks import queries as frameworks


class Running:
    """The actor's signed contracts of a period, of one directorate or of all: a query for each part that is asked for,
    however many contracts."""

    def __init__(self, actor: Actor, span: Span, directorate: str = "") -> None:
        self.actor, self.span, self.directorate = actor, span, directorate

    @cached_property
    def contracts(self) -> dict[int, awards.RunningContract]:
        """By number, the latest begun first."""
        rows = awards.contracts_in(self.actor, self.span.first, self.span.last, self.directorate)
        return {row.id: row for row in rows}

    @cached_property
    def promises(self) -> dict[int, list[awards.Promise]]:
        """Their commitments, by contract, in reading order."""
        found: dict[int, list[awards.Promise]] = {}
        for row in self._promises:
            found.setdefault(row.contract_id, []).append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (self.measures[row.measure_id].code_sort, row.id))
        return found

    @cached_property
    def _promises(self) -> list[awards.Promise]:
        return awards.promises_of_contracts(self.contracts)

    @cached_property
    def measures(self) -> dict[int, frameworks.MeasureBrief]:
        """The measures promised, by number."""
        return frameworks.measure_briefs({row.measure_id for row in self._promises})

    @cached_property
    def due(self) -> dict[int, list[action_plans.Due]]:
        """What falls due, by commitment, oldest first."""
        found: dict[int, list[action_plans.Due]] = {}
        for row in action_plans.due_of(self.contracts):
            found.setdefault(row.commitment_id, []).append(row)
        return found
