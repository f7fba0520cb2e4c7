"""The rows under a counted figure, for the page that the figure opens to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from reporting.figures.queries.counting import Counted
from reporting.figures.queries.reading import read
from reporting.figures.queries.scopes import council_scope
from reporting.figures.rules import of_contracts, proofs
from reporting.figures.rules.definitions import FIGURES, Definition, Figure, Opens
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


def proof(actor: Actor, name: str, span: Span) -> Proof:
    """NotVisible when there is no such figure, or when its rows are those of the ledger."""
    definition = FIGURES.get(name)
    if definition is None or definition.opens == Opens.ENTRIES:
        raise NotVisible(f"No list belongs to a figure called {name!r}.")
    reading = read(actor, council_scope(actor, span))
    if reading.counted is None:
        raise NotVisible
    caption = f"{definition.label}, {span.label}"
    table, ids = _rows(definition, reading.counted, caption)
    page = "awards:contract" if proofs.is_of_contracts(definition) else "threads:procurement"
    links = tuple(reverse(f"procurement:{page}", args=[pk]) for pk in ids)
    return Proof(reading.figure(name), span, replace(table, links=links), len(links))


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
