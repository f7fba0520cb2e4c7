"""The entries under a figure, under another edition, beside what they were posted at. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries.entries import EntryFilters, entries_for
from procurement.ledger.queries.titles import titles_for
from procurement.ledger.vocabulary import Basis
from socialvalue.core.actor import Actor
from socialvalue.core.money import from_pence
from socialvalue.core.tables import Column, Table
from toms.frameworks.queries import EditionInfo
from toms.priorities.queries.opinions import (
    EditionChoices,
    edition_choices,
    in_words,
    reviewer,
)
from toms.priorities.queries.opinions_by_measure import MeasureOpinion, opinion_by_measure
from toms.priorities.rules.opinions import Terms, ValuedRow, year_of
from toms.valuation.rules import Totals

AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class LedgerOpinion:
    """Entries of one basis, measure by measure; ``totals`` are those of the list of entries."""

    basis: Basis
    edition: EditionInfo
    terms: Terms
    rows: list[MeasureOpinion]
    totals: Totals

    @property
    def switched_on(self) -> list[str]:
        return in_words(self.terms)

    @property
    def without_counterpart(self) -> list[MeasureOpinion]:
        return [row for row in self.rows if row.counterpart is None]


def entry_editions(actor: Actor, filters: EntryFilters) -> EditionChoices:
    """The editions the actor may read; one that none of these entries was awarded in is chosen first."""
    used = entries_for(actor, filters).order_by().values_list("edition_id", flat=True).distinct()
    return edition_choices(actor, awarded_in=set(used))


def ledger_opinion(
    actor: Actor, filters: EntryFilters, edition_slug: str, terms: Terms
) -> LedgerOpinion:
    """Every entry the actor may see under these filters, valued once more, read in one pass.

    As many queries for one entry as for 50,000. NotVisible for an edition the actor may not read.
    """
    entries = entries_for(actor, filters).order_by()
    measure_ids = set(entries.values_list("measure_id", flat=True).distinct())
    looks = reviewer(actor, edition_slug, measure_ids, terms=terms, reader=titles_for(actor))
    rows, totals = opinion_by_measure(looks, _rows(entries, _promises(entries)))
    return LedgerOpinion(Basis(filters.basis), looks.edition, terms, rows, totals)


@dataclass(frozen=True, slots=True)
class _Promise:
    """What the entries of a commitment share: how they were valued, where and when."""

    unit_value: Decimal | None
    attribution_percent: Decimal
    place: str
    sector: str
    source: str
    on: date
    starts_on: date


def _promises(entries: QuerySet[LedgerEntry]) -> dict[int, _Promise]:
    rows = entries.values_list(
        "commitment_id",
        "commitment__unit_value",
        "commitment__attribution_percent",
        # Of the bid that won: a commitment that a change added has no line of its own.
        "contract__award__bid__tender__place",
        "contract__award__bid__tender__sector",
        "commitment__unit_value_source",
        "contract__procurement__commenced_on",
        "contract__starts_on",
    ).distinct()
    return {
        pk: _Promise(amount, share, place, sector, source, on, starts_on)
        for pk, amount, share, place, sector, source, on, starts_on in rows
    }


def _rows(entries: QuerySet[LedgerEntry], promises: Mapping[int, _Promise]) -> Iterator[ValuedRow]:
    columns = ("pk", "commitment_id", "measure_id", "period", "quantity", "value_pence")
    for pk, commitment_id, measure_id, period, quantity, pence in entries.values_list(
        *columns
    ).iterator(chunk_size=AT_ONCE):
        promise = promises[commitment_id]
        begins = promise.starts_on.replace(day=1)
        yield ValuedRow(
            key=pk,
            measure_id=measure_id,
            quantity=quantity,
            on=promise.on,
            unit_value=promise.unit_value,
            value_pence=None if promise.unit_value is None else pence,
            attribution_percent=promise.attribution_percent,
            place=promise.place,
            sector=promise.sector,
            source=promise.source,
            years=((year_of(begins, period), quantity),),
        )


def opinion_table(found: LedgerOpinion) -> Table:
    """What the page shows, for CSV and XLSX."""
    sums = found.totals
    return Table(
        caption=f"Second opinion: {found.edition.name}",
        columns=(
            Column("Measure"),
            Column("Measure title", width=40),
            Column("Entries", "number"),
            Column("Quantity", "number"),
            Column("Unit"),
            Column(f"{found.basis.label} (£)", "money", is_social_value=True),
            Column("Of which comparable (£)", "money", is_social_value=True),
            Column("Other edition", width=28),
            Column("Measure there"),
            Column("Value there (£)", "money", is_social_value=True),
            Column("Difference (£)", "money", is_social_value=True),
            Column("Not compared because", width=40),
        ),
        rows=[
            (
                row.measure.code,
                row.measure.title,
                row.totals.rows,
                row.quantity,
                row.measure.unit,
                row.value,
                from_pence(row.totals.comparable_pence) if row.totals.comparable else None,
                found.edition.name,
                row.counterpart.code if row.counterpart else "",
                row.other,
                row.difference,
                row.why_not,
            )
            for row in found.rows
        ],
        total=(
            "Total", "", sums.rows, None, "", from_pence(sums.value_pence),
            from_pence(sums.comparable_pence) if sums.comparable else None, found.edition.name, "",
            from_pence(sums.there_pence) if sums.is_any_there else None,
            from_pence(sums.difference_pence) if sums.comparable else None, "",
        ),
        empty="No entries match.",
    )  # fmt: skip
