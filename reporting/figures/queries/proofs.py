"""The rows under a counted figure, for the page that the figure opens to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from reporting.figures.queries.reading import read
from reporting.figures.queries.scopes import council_scope
from reporting.figures.rules import proofs
from reporting.figures.rules.definitions import FIGURES, Figure, Opens
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
    caption = f"{definition.label}, {span.label}"
    if proofs.is_of_contracts(definition):
        table = proofs.counted_contracts(caption, reading.contracts)
        ids = [row.contract_id for row in reading.contracts]
        links = tuple(reverse("procurement:awards:contract", args=[pk]) for pk in ids)
    else:
        rows = proofs.rows_under(definition, reading.begun)
        table = proofs.counted_procurements(caption, rows)
        links = tuple(reverse("procurement:threads:procurement", args=[row.id]) for row in rows)
    return Proof(reading.figure(name), span, replace(table, links=links), len(links))
