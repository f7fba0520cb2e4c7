"""What a breakdown is made of: sums by contract, measure or district, and which line each of them stands on.

Sums come from the cells where a cell has the cut, and else from the ledger, added up by the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models.functions import Coalesce

from procurement.awards import queries as awards
from procurement.ledger import queries as ledger
from procurement.ledger.rules import size_of
from procurement.ledger.vocabulary import WITHOUT, Basis, SupplierSize
from procurement.policies.vocabulary import Route
from procurement.procurements import queries as procurements
from reporting.figures.queries.positions import measure_facts, positions
from reporting.figures.queries.scopes import Scope
from reporting.figures.rules.breakdown import NO_MEASURE, By, Counting, LineKey, Part
from reporting.figures.rules.positions import MeasureCell, MeasureFacts, Position
from reporting.rollups import queries as rollups
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from toms.frameworks import queries as frameworks
from toms.frameworks.vocabulary import Aggregation
from toms.priorities import queries as priorities

LAST_PLACE = (1, 0)
OF_MEASURES = (By.THEME, By.OUTCOME, By.MEASURE, By.OBJECTIVE)
OF_CONTRACTS = (By.DIRECTORATE, By.SUPPLIER, By.SIZE, By.ROUTE)


@dataclass(frozen=True, slots=True)
class Ground:
    """The parts, the line or lines of each, and the measures whose quantities add up."""

    parts: list[Part]
    lines_of: Callable[[Any], Sequence[LineKey]]
    measures: Mapping[int, Counting]
    always: tuple[LineKey, ...] = ()


def ground_of(actor: Actor, scope: Scope, by: By, measure_id: int | None) -> Ground:
    """Everything of the scope, or of one measure. As many queries for one line as for a thousand."""
    if by in OF_MEASURES:
        return _by_measures(scope, by, measure_id)
    if by == By.PLACE:
        return _by_place(scope, measure_id)
    facts = _contract_facts(actor)
    if by == By.PRIORITY:
        return _by_priority(scope, facts, measure_id)
    keys = {key: (_CONTRACT_LINES[by](row),) for key, row in facts.items()}
    return Ground(_contract_parts(scope, facts, measure_id), keys.__getitem__, _one(measure_id))


# --- measures ---------------------------------------------------------------------------------


def _by_measures(scope: Scope, by: By, measure_id: int | None) -> Ground:
    found = positions(scope).now
    cells = [cell for cell in found.cells if measure_id in (None, cell.measure_id)]
    known = {key: found.measures[key] for key in {cell.measure_id for cell in cells}}
    lines = _MEASURE_LINES[by](scope, found, known)
    always: tuple[LineKey, ...] = ()
    if by == By.THEME and measure_id is None:
        always = tuple(_theme_keys(found).values())
    return Ground(
        [Part(cell.measure_id, cell) for cell in cells],
        lines.__getitem__,
        {key: Counting(row.unit, row.aggregation) for key, row in known.items()},
        tuple(dict.fromkeys(always)),
    )


Known = Mapping[int, MeasureFacts]
Lines = dict[int, tuple[LineKey, ...]]


def _theme_keys(found: Position) -> dict[int, LineKey]:
    """By the id of a theme in any edition."""
    return {
        key: LineKey(theme.name, tuple(("theme", str(pk)) for pk in theme.ids), (0, place))
        for place, theme in enumerate(found.themes)
        for key in theme.ids
    }


def _theme_lines(_: Scope, found: Position, known: Known) -> Lines:
    keys = _theme_keys(found)
    return {key: (keys[row.theme_id],) for key, row in known.items()}


def _measure_lines(_: Scope, found: Position, known: Known) -> Lines:
    order = {key: place for place, theme in enumerate(found.themes) for key in theme.ids}
    reading = {key: place for place, key in enumerate(found.measures)}
    return {
        key: (
            LineKey(
                row.label,
                (("measure", str(key)),),
                (order.get(row.theme_id, len(order)), reading[key]),
                row.theme_name,
            ),
        )
        for key, row in known.items()
    }


def _outcome_lines(_: Scope, found: Position, known: Known) -> Lines:
    """An outcome is the same in every edition of its family: its theme and its code say which."""
    order = {key: place for place, theme in enumerate(found.themes) for key in theme.ids}
    slugs = {key: row.theme_slug for key, row in frameworks.measure_infos(known).items()}
    keys: dict[str, LineKey] = {}
    tokens: dict[int, str] = {}
    for place, row in enumerate(frameworks.family_measures(ids=known)):
        token = tokens[row.id] = f"{row.family}/{slugs[row.id]}/{row.outcome_code}"
        # The latest edition comes last and gives the name.
        keys[token] = LineKey(
            row.outcome_name,
            (("outcome", token),),
            (order.get(known[row.id].theme_id, len(order)), place),
            known[row.id].theme_name,
        )
    return {key: (keys[token],) for key, token in tokens.items()}


def _objective_lines(scope: Scope, _: Position, known: Known) -> Lines:
    names = priorities.names(scope.authority_ids[0])
    none = LineKey("No objective named", (("objective", WITHOUT),), LAST_PLACE)
    return {
        key: tuple(LineKey(names.get(code, code), (("objective", code),)) for code in codes)
        or (none,)
        for key, codes in priorities.own_objectives(known).items()
    }


_MEASURE_LINES: dict[By, Callable[[Scope, Position, Known], Lines]] = {
    By.THEME: _theme_lines,
    By.OUTCOME: _outcome_lines,
    By.MEASURE: _measure_lines,
    By.OBJECTIVE: _objective_lines,
}


# --- contracts --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """What is known of a contract today."""

    supplier_id: int
    supplier_name: str
    size: SupplierSize
    directorate: str
    route: str
    commenced_on: date


def _contract_facts(actor: Actor) -> dict[int, ContractFacts]:
    """Every contract of the acting authority. Two queries."""
    routes = dict(procurements.procurement_list(actor).order_by().values_list("pk", "route"))
    rows = awards.contracts_for(actor).order_by()
    return {
        pk: ContractFacts(
            supplier_id, name, size_of(is_sme, is_vcse), directorate, routes.get(bought) or "", on
        )
        for pk, bought, supplier_id, name, is_sme, is_vcse, directorate, on in rows.values_list(
            "pk",
            "procurement_id",
            # A supplier that was merged into another is counted there.
            Coalesce("supplier__merged_into_id", "supplier_id"),
            Coalesce("supplier__merged_into__name", "supplier__name"),
            "supplier__is_sme",
            "supplier__is_vcse",
            "procurement__directorate",
            "procurement__commenced_on",
        )
    }


def _directorate_line(row: ContractFacts) -> LineKey:
    if not row.directorate:
        return LineKey("No directorate recorded", (("directorate", WITHOUT),), LAST_PLACE)
    return LineKey(row.directorate, (("directorate", row.directorate),))


def _supplier_line(row: ContractFacts) -> LineKey:
    return LineKey(row.supplier_name, (("supplier", str(row.supplier_id)),))


def _size_line(row: ContractFacts) -> LineKey:
    return LineKey(
        row.size.label, (("size", row.size.value),), (0, list(SupplierSize).index(row.size))
    )


def _route_line(row: ContractFacts) -> LineKey:
    if not row.route:
        return LineKey("No route decided", (("route", WITHOUT),), LAST_PLACE)
    route = Route(row.route)
    return LineKey(route.label, (("route", route.value),), (0, list(Route).index(route)))


_CONTRACT_LINES: dict[By, Callable[[ContractFacts], LineKey]] = {
    By.DIRECTORATE: _directorate_line,
    By.SUPPLIER: _supplier_line,
    By.SIZE: _size_line,
    By.ROUTE: _route_line,
}


def _contract_parts(
    scope: Scope, contract_ids: Iterable[int], measure_id: int | None
) -> list[Part]:
    """From the cells of the contracts; of one measure or a past date, from the ledger."""
    if measure_id is not None or scope.at is not None:
        return _from_ledger(scope, ("contract_id",), measure_id)
    ids, span = set(contract_ids), scope.span
    return [
        Part(key, _cell(basis, row.value_pence, row.entries))
        for basis in Basis.values
        for key, row in rollups.contract_totals(ids, basis, span.first, span.last).items()
    ]


def _cell(basis: str, pence: int, entries: int) -> MeasureCell:
    return MeasureCell(basis, NO_MEASURE, Decimal(0), Decimal(0), pence, entries)


# --- from the ledger --------------------------------------------------------------------------


def _from_ledger(scope: Scope, by: tuple[str, ...], measure_id: int | None) -> list[Part]:
    """Sums of the entries posted by now, or by the end of the past date."""
    rows = ledger.sums_as_at(
        stretches=scope.inside(),
        by=("basis", *by),
        until=clock.end_of(scope.at or clock.today()),
        measure_ids=None if measure_id is None else [measure_id],
    )
    return [
        Part(
            row.key[1] if len(by) == 1 else row.key[1:],
            MeasureCell(
                row.key[0],
                NO_MEASURE if measure_id is None else measure_id,
                row.quantity,
                row.denominator,
                row.value_pence,
                row.entries,
            ),
        )
        for row in rows
    ]


def _by_place(scope: Scope, measure_id: int | None) -> Ground:
    none = LineKey("No district given", (("place", WITHOUT),), LAST_PLACE)

    def lines_of(district: str | None) -> tuple[LineKey]:
        if not district:
            return (none,)
        return (LineKey(district, (("place", district),)),)

    parts = _from_ledger(scope, ("claim__postcode_district",), measure_id)
    return Ground(parts, lines_of, _one(measure_id))


def _by_priority(
    scope: Scope, facts: Mapping[int, ContractFacts], measure_id: int | None
) -> Ground:
    parts = _from_ledger(scope, ("contract_id", "measure_id"), measure_id)
    national = priorities.national_serving({part.key[1] for part in parts})
    none = LineKey("None of these priorities", (("priority", WITHOUT),), LAST_PLACE)
    lines = [
        (row, LineKey(row.name, (("priority", str(row.id)),), (0, place), row.statement))
        for place, row in enumerate(national)
    ]

    def lines_of(key: tuple[int, int]) -> tuple[LineKey, ...]:
        contract_id, measure = key
        on = facts[contract_id].commenced_on
        found = (line for row, line in lines if row.holds(on) and measure in row.measure_ids)
        return tuple(found) or (none,)

    return Ground(parts, lines_of, _one(measure_id))


def _one(measure_id: int | None) -> dict[int, Counting]:
    """The chosen measure. Months are mixed in these sums, so a latest figure has none."""
    return {
        key: Counting(
            row.unit,
            Aggregation.NONE if row.aggregation == Aggregation.LAST else row.aggregation,
        )
        for key, row in measure_facts(set() if measure_id is None else {measure_id}, None).items()
    }
