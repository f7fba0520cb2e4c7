"""What was planned as it stood at the end of a past day: from the versions of a plan that were kept by then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from procurement.action_plans.models import Milestone, PlanRevision
from procurement.action_plans.queries.milestones import Due, planned_within
from procurement.action_plans.rules import BEFORE_VERSIONS, due_on
from procurement.awards import queries as awards
from procurement.ledger.rules import Stretch
from socialvalue.core import clock


class Planned(NamedTuple):
    """A commitment of which something was planned in a quarter."""

    authority_id: int
    contract_id: int
    quarter: date
    commitment_id: int


def planned_over_as_at(stretches: Sequence[Stretch], day: date) -> list[Planned]:
    """What ``milestones_over`` gave on that day, of the contracts that were live at its end. Three queries.

    A plan that has not changed since is read as it is; one that has, from its last version of then. No actor: the
    caller has shown that the reader may know totals of these authorities.
    """
    authority_ids = {key for stretch in stretches for key in stretch.authority_ids}
    live = awards.contracts_as_at(authority_ids, day).filter(ended_then__isnull=True)
    ids, until = live.order_by().values("pk"), clock.end_of(day)
    unchanged = _unchanged_since(ids, until).filter(
        planned_within(stretches), due_on__lt=day, quantity__gt=0
    )
    found = [
        Planned(*row)
        for row in unchanged.values_list(
            "plan__contract__authority_id", "plan__contract_id", "quarter", "commitment_id"
        )
    ]
    ends = dict(live.values_list("pk", "ends_then"))
    for version in _versions_of_then(ids, until):
        of = version.plan.contract
        for commitment_id, quarter, quantity in _shares(version):
            row = Planned(of.authority_id, of.pk, quarter, int(commitment_id))
            if quantity > 0 and due_on(quarter, ends[of.pk]) < day and _lies_within(row, stretches):
                found.append(row)
    return sorted(found)


def due_of_as_at(contracts: Mapping[int, awards.RunningContract], day: date) -> list[Due]:
    """What ``due_of`` gave at the end of that day, of contracts as they stood then, by number; the same order. Two
    queries. The caller has shown that the actor may see the contracts."""
    until = clock.end_of(day)
    unchanged = _unchanged_since(contracts, until).values_list(
        "plan__contract_id", "commitment_id", "quarter", "due_on", "quantity"
    )
    found = [
        (contracts[key], Due(of, quarter, due, much)) for key, of, quarter, due, much in unchanged
    ]
    for version in _versions_of_then(contracts, until):
        contract = contracts[version.plan.contract_id]
        found += [
            (
                contract,
                Due(int(commitment_id), quarter, due_on(quarter, contract.ends_on), quantity),
            )
            for commitment_id, quarter, quantity in _shares(version)
        ]
    return sorted(
        row._replace(due_on=min(row.due_on, contract.last_day))
        for contract, row in found
        if contract.ended_on is None or row.quarter <= contract.ended_on
    )


def _shares(version: PlanRevision) -> Iterator[tuple[str, date, Decimal]]:
    """Commitment, quarter and what was planned in it."""
    for commitment_id, quarters in version.quarters.items():
        for text, quantity in quarters.items():
            yield commitment_id, date.fromisoformat(text), Decimal(quantity)


Contracts = QuerySet[Any, Any] | Iterable[int]
"""Numbers of contracts, or the query that gives them."""


def _unchanged_since(contracts: Contracts, until: datetime) -> QuerySet[Milestone]:
    """Milestones of plans that have not changed since: as they are, they were then."""
    changed_since = PlanRevision.objects.filter(plan_id=OuterRef("plan_id"), made_at__gte=until)
    rows = Milestone.objects.filter(plan__contract_id__in=contracts)
    return rows.exclude(Exists(changed_since)).order_by()


def _versions_of_then(live: Contracts, until: datetime) -> Iterable[PlanRevision]:
    """Of plans that changed since: the last version of then, or of a plan older than its versions the first one."""
    same = PlanRevision.objects.filter(plan_id=OuterRef("plan_id"))
    by_then = same.filter(made_at__lt=until)
    return (
        PlanRevision.objects.filter(plan__contract_id__in=live)
        .filter(Exists(same.filter(made_at__gte=until)))
        .filter(
            Q(pk=Subquery(by_then.order_by("-version").values("pk")[:1]))
            | Q(reason=BEFORE_VERSIONS) & ~Exists(by_then)
        )
        .select_related("plan__contract")
        .order_by("pk")
    )


def _lies_within(row: Planned, stretches: Iterable[Stretch]) -> bool:
    return any(
        row.authority_id in stretch.authority_ids and stretch.first <= row.quarter <= stretch.last
        for stretch in stretches
    )
