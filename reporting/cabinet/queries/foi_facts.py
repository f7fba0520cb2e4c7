"""The facts for the ten usual questions of a Freedom of Information request, frozen with the report."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from procurement.awards import queries as awards
from procurement.awards.vocabulary import ContractStatus
from procurement.ledger.rules import size_of
from procurement.ledger.vocabulary import Basis, SupplierSize
from procurement.policies import queries as policies
from procurement.policies.rules.estimates import Estimate
from reporting.cabinet.rules.content import Json
from reporting.figures.queries.reading import Reading
from reporting.figures.rules.overseeing import Cost
from reporting.figures.rules.positions import entries_under
from reporting.figures.rules.spans import Span
from reporting.rollups import queries as rollups
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible, RuleBroken
from socialvalue.core.money import from_pence
from toms.frameworks import queries as frameworks


def facts_json(reading: Reading) -> Json | None:
    """None where the report is not of a whole authority: what is asked is what the authority holds.

    Facts that are no figure of the report; the answers take the figures from the report itself.
    """
    counted = reading.counted
    if counted is None or reading.actor is None or reading.scope.directorate:
        return None
    running = _contracts_in(reading.actor, reading.scope.span)
    weightings = sorted(one for row in counted.begun for one in row.weightings)
    return {
        "weightings": {
            "count": len(weightings),
            "lowest": f"{weightings[0]:f}" if weightings else None,
            "highest": f"{weightings[-1]:f}" if weightings else None,
        },
        "frameworks": _frameworks(reading),
        "policy": _policy(reading),
        "spend": _spend(running),
        "sizes": _sizes(running),
        "winners": _winners(reading, running),
        "costs": [_cost(row) for row in counted.costs],
        "entries": {basis: entries_under(reading.now, basis) for basis in Basis.values},
    }


def _frameworks(reading: Reading) -> list[Json]:
    """What new tenders of the last day of the period are valued with."""
    scope = reading.scope
    try:
        found = frameworks.in_use(scope.authority_ids[0], scope.span.last).all
    except NotVisible:
        return []
    return [
        {
            "name": used.edition.name,
            "framework": used.edition.framework_name,
            "owner": used.edition.framework_owner,
            "licence": used.edition.framework_licence,
            "valid_from": used.edition.valid_from.isoformat(),
            "measures": frameworks.measure_count(used.edition.id)
            if used.measure_ids is None
            else len(used.measure_ids),
        }
        for used in found
    ]


def _policy(reading: Reading) -> Json | None:
    scope = reading.scope
    try:
        found = policies.policy_in_force(scope.authority_ids[0], scope.span.last)
    except RuleBroken:
        return None
    return {
        "label": found.label,
        "organisation": found.organisation_name,
        "valid_from": found.valid_from.isoformat(),
        "lowest": f"{found.weighting_min_percent:f}",
        "highest": f"{found.weighting_max_percent:f}",
    }


def _net(row: Any) -> Decimal:
    """Pounds of a contract without VAT."""
    return Estimate(row.value, row.value_basis).net


def _contracts_in(actor: Actor, span: Span) -> list[Any]:
    """The authority's signed contracts that run in the period, the first begun first."""
    rows = awards.contracts_for(actor)
    rows = rows.filter(starts_on__lte=span.last, ran_until__gte=span.first)
    return list(rows.exclude(status=ContractStatus.AWARDED).order_by("starts_on", "pk"))


def _spend(running: Iterable[Any]) -> Json:
    """The value of the contracts of the period, and of those that have commitments."""
    rows = list(running)
    asked = [row for row in rows if row.commitment_count]
    return {
        "contracts": len(rows),
        "with_commitments": len(asked),
        "value": f"{sum((_net(row) for row in rows), Decimal(0)):f}",
        "value_with_commitments": f"{sum((_net(row) for row in asked), Decimal(0)):f}",
    }


def _size(row: Any) -> SupplierSize:
    return size_of(row.supplier.is_sme, row.supplier.is_vcse)


def _sizes(running: Iterable[Any]) -> list[Json]:
    """Suppliers, contracts and their value, by what suppliers say of themselves."""
    grouped: dict[SupplierSize, list[Any]] = {size: [] for size in SupplierSize}
    for row in running:
        grouped[_size(row)].append(row)
    return [
        {
            "size": size.label,
            "suppliers": len({row.supplier.merged_into_id or row.supplier_id for row in rows}),
            "contracts": len(rows),
            "value": f"{sum((_net(row) for row in rows), Decimal(0)):f}",
        }
        for size, rows in grouped.items()
        if rows
    ]


def _winners(reading: Reading, running: Iterable[Any]) -> list[Json]:
    """The contracts that began in the period, with what was promised and verified in it."""
    span = reading.scope.span
    rows = [row for row in running if span.first <= row.starts_on <= span.last]
    verified = rollups.contract_totals(
        [row.pk for row in rows], Basis.VERIFIED, span.first, span.last
    )
    return [
        {
            "supplier": row.supplier.name,
            "contract": row.title,
            "reference": row.reference,
            "size": _size(row).label,
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on.isoformat(),
            "commitments": row.commitment_count,
            "value": f"{_net(row):f}",
            "committed": f"{from_pence(row.committed_pence):f}",
            "verified": f"{from_pence(verified[row.pk].value_pence if row.pk in verified else 0):f}",
        }
        for row in rows
    ]


def _cost(row: Cost) -> Json:
    return {
        "month": row.month.isoformat(),
        "what": row.what,
        "hours": None if row.hours is None else f"{row.hours:f}",
        "cost": f"{from_pence(row.pence):f}",
    }
