"""The contracts that run in a period and what belongs to them, read once for every figure counted from them: as they
stand, or as they stood at the end of a past day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property

from procurement.action_plans import queries as action_plans
from procurement.awards import queries as awards
from procurement.ledger import queries as ledger
from procurement.ledger.queries import LedgerSum
from procurement.ledger.vocabulary import Basis
from reporting.figures.rules.spans import Span
from reporting.rollups import queries as rollups
from reporting.rollups.queries import TotalSum
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from toms.frameworks import queries as frameworks


class Running:
    """The actor's signed contracts of a period, of one directorate or of all: a query for each part that is asked for,
    however many contracts."""

    def __init__(
        self, actor: Actor, span: Span, directorate: str = "", at: date | None = None
    ) -> None:
        self.actor, self.span, self.directorate, self.at = actor, span, directorate, at
        self.day = at or clock.today()
        """What is late, is late on this day."""
        self.until = None if at is None else clock.end_of(at)
        """What was posted, agreed and planned from then on is left out; None leaves nothing out."""

    @cached_property
    def contracts(self) -> dict[int, awards.RunningContract]:
        """By number, the latest begun first."""
        first, last = self.span.first, self.span.last
        rows = (
            awards.contracts_in(self.actor, first, last, self.directorate)
            if self.at is None
            else awards.contracts_in_as_at(self.actor, first, last, self.at, self.directorate)
        )
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
        return awards.promises_of_contracts(self.contracts, self.until)

    @cached_property
    def measures(self) -> dict[int, frameworks.MeasureBrief]:
        """The measures promised, by number."""
        return frameworks.measure_briefs({row.measure_id for row in self._promises})

    @cached_property
    def due(self) -> dict[int, list[action_plans.Due]]:
        """What falls due, by commitment, oldest first."""
        found: dict[int, list[action_plans.Due]] = {}
        rows = (
            action_plans.due_of(self.contracts)
            if self.at is None
            else action_plans.due_of_as_at(self.contracts, self.at)
        )
        for row in rows:
            found.setdefault(row.commitment_id, []).append(row)
        return found

    @cached_property
    def verified(self) -> Mapping[int, TotalSum | LedgerSum]:
        """What is verified of each commitment that has anything."""
        if self.until is None:
            ids = [row.id for row in self._promises]
            return rollups.commitment_totals(ids, Basis.VERIFIED)
        return _posted("commitment_id", self.contracts, self.until)

    @cached_property
    def verified_pence(self) -> Mapping[int, int]:
        """What is verified of each contract that has anything."""
        return verified_of_contracts(self.contracts, self.until)


def verified_of_contracts(contract_ids: Iterable[int], until: datetime | None) -> dict[int, int]:
    """Pence verified by contract: the totals, or the entries posted before ``until``. One query."""
    rows = (
        rollups.contract_totals(contract_ids, Basis.VERIFIED)
        if until is None
        else _posted("contract_id", contract_ids, until)
    )
    return {key: row.value_pence for key, row in rows.items()}


def _posted(by: str, contract_ids: Iterable[int], until: datetime) -> dict[int, LedgerSum]:
    rows = ledger.sums(basis=Basis.VERIFIED, by=(by,), contract_ids=contract_ids, until=until)
    return {row.key[0]: row for row in rows}
