"""The rows under a counted figure, for the page that the figure opens to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse

from reporting.figures.queries.counting import Counted
from reporting.figures.queries.reading import read
from reporting.figures.queries.scopes import council_scope, directorate_scope
from reporting.figures.rules import of_contracts, overseeing, proofs
from reporting.figures.rules.definitions import FIGURES, Definition, Figure, Opens, measured
from reporting.figures.rules.positions import Position
from reporting.figures.rules.proofs import BegunProcurement
from reporting.figures.rules.spans import Span
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.tables import Table


@dataclass(frozen=True, slots=True)
class Proof:
    """A figure above the rows it counts; the total row says the same number."""

    figure: Figure
    span: Span
    table: Table
    how_many: int
    route: str = ""
    """The one way of procurements whose rows these are; empty for all."""
    at: date | None = None
    """The past day at whose end it stood so; None means now."""


def proof(
    actor: Actor,
    name: str,
    span: Span,
    *,
    route: str = "",
    directorate: str = "",
    at: date | None = None,
) -> Proof:
    """NotVisible when there is no such figure, when its rows are those of the ledger, or when it is not known of a past
    day, ``at``.

    ``route`` leaves only the procurements that went one way, of a figure that the table by route has.
    """
    definition = FIGURES.get(name)
    if definition is None or definition.opens == Opens.ENTRIES:
        raise NotVisible(f"No list belongs to a figure called {name!r}.")
    if at is not None and (directorate or definition.opens != Opens.CONTRACTS):
        raise NotVisible("This is not known of a past date.")
    if route and (route not in proofs.ROUTES or name not in proofs.NARROWED_BY_ROUTE):
        raise NotVisible("There is no such list.")
    scope = (
        directorate_scope(actor, span, directorate)
        if directorate
        else council_scope(actor, span, at)
    )
    reading = read(actor, scope)
    if reading.counted is None:
        raise NotVisible
    if route:
        return _of_route(definition, span, proofs.of_route(reading.begun, route), route)
    caption = f"{definition.label}, {span.label}"
    found = rows_of(definition, reading.counted, caption)
    return Proof(
        reading.figure(name), span, replace(found.table, links=found.links), len(found.ids), at=at
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows under a counted figure. ``ids`` are of the contracts, procurements, costs, shortfalls or remedies they
    are; ``links`` lead to them, empty where a row has no page."""

    table: Table
    ids: tuple[int, ...]
    links: tuple[str, ...]


def rows_of(definition: Definition, counted: Counted, caption: str) -> Rows:
    """The rows under a figure that is counted from records."""
    if definition.opens in (Opens.COSTS, Opens.SHORTFALLS, Opens.REMEDIES):
        return _of_overseeing(definition, counted, caption)
    table, ids = _rows(definition, counted, caption)
    page = "awards:contract" if proofs.is_of_contracts(definition) else "threads:procurement"
    links = tuple(reverse(f"procurement:{page}", args=[pk]) for pk in ids)
    return Rows(table, tuple(ids), links)


def _of_overseeing(definition: Definition, counted: Counted, caption: str) -> Rows:
    if definition.opens == Opens.COSTS:
        costs = counted.costs
        links = [_contract_link(row.contract_id) for row in costs]
        return Rows(
            overseeing.cost_rows(caption, costs), tuple(row.id for row in costs), tuple(links)
        )
    if definition.opens == Opens.REMEDIES:
        remedies = counted.remedies
        return Rows(
            overseeing.remedy_rows(caption, remedies),
            tuple(row.id for row in remedies),
            tuple(_shortfall_link(row.shortfall_id) for row in remedies),
        )
    shortfalls = overseeing.shortfalls_under(definition.name, counted.shortfalls)
    ids = tuple(row.id for row in shortfalls)
    return Rows(
        overseeing.shortfall_facts(caption, shortfalls), ids, tuple(map(_shortfall_link, ids))
    )


def _contract_link(contract_id: int | None) -> str:
    return reverse("procurement:awards:contract", args=[contract_id]) if contract_id else ""


def _shortfall_link(shortfall_id: int) -> str:
    return reverse("procurement:remedies:shortfall", args=[shortfall_id])


def _of_route(
    definition: Definition, span: Span, begun: Sequence[BegunProcurement], route: str
) -> Proof:
    label = f"{definition.label}: {proofs.ROUTES[route]}"
    figure = measured(definition, Position(counts=proofs.begun_counts(begun)))
    rows = proofs.rows_under(definition, begun)
    table = proofs.counted_procurements(f"{label}, {span.label}", rows)
    links = tuple(reverse("procurement:threads:procurement", args=[row.id]) for row in rows)
    return Proof(replace(figure, label=label), span, replace(table, links=links), len(links), route)


def _rows(definition: Definition, counted: Counted, caption: str) -> tuple[Table, list[int]]:
    """The rows under a figure, and the contracts or procurements they are."""
    name = definition.name
    if name in of_contracts.SHARES:
        table = of_contracts.valued_contracts(caption, counted.valued, name)
        return table, [row.id for row in counted.valued]
    if name == "forecast_total":
        table = of_contracts.forecast_contracts(caption, counted.outlook)
        return table, [row.id for row in counted.outlook]
    if name == "delivery_share":
        table = of_contracts.planned_contracts(caption, counted.contracts)
        return table, [row.contract_id for row in counted.contracts]
    if name == "routes_followed_share":
        return proofs.judged_procurements(caption, counted.judged), [
            row.id for row in counted.judged
        ]
    if proofs.is_of_contracts(definition):
        table = proofs.counted_contracts(caption, counted.contracts)
        return table, [row.contract_id for row in counted.contracts]
    begun = proofs.rows_under(definition, counted.begun)
    return proofs.counted_procurements(caption, begun), [row.id for row in begun]
