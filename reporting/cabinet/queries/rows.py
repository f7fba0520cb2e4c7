"""The rows behind each figure, read with the report: ledger entries by the figure's filters, and counted records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from reporting.cabinet.rules.behind import ENTRY, Entries, Rule, under_entries, under_sheet
from reporting.cabinet.rules.content import Json, table_json
from reporting.figures.queries.counting import Counted
from reporting.figures.queries.reading import Reading
from reporting.figures.rules import of_contracts, overseeing, proofs
from reporting.figures.rules.definitions import FIGURES, Definition, Opens
from reporting.figures.rules.shapes import Kind
from socialvalue.accounts import queries as accounts
from socialvalue.core import clock
from socialvalue.core.tables import Column, Table
from toms.frameworks import queries as frameworks

AT_ONCE = 2000
READ_FROM = {
    "id": "pk",
    "posted_on": "posted_at",
    "month": "period",
    "is_valued": "commitment__unit_value",
}
"""Where an entry holds what a row names otherwise."""
VALUES = tuple(READ_FROM.get(name, name) for name in ENTRY)
OF_CONTRACT = slice(5, 9)
"""Supplier, contract, commitment and claim: a region's report tells none of them."""


def entries_json(reading: Reading, position: int) -> Json:
    """Every ledger entry of the period up to the entry ``position``, each once, with the names it needs.

    Of a region nothing but authority, measure and month is told of an entry: who may read the report may be more than
    those who may read its members' ledgers. Five queries, however many entries.
    """
    scope = reading.scope
    rows = ledger.entries_within(
        scope.inside(),
        until=position,
        contract_ids=scope.contract_ids,
        cells_only=not scope.directorate,
    )
    is_region = scope.region_id is not None
    kept = [
        _row(values, is_region=is_region) for values in rows.values_list(*VALUES).iterator(AT_ONCE)
    ]
    measures = frameworks.measure_infos({row[9] for row in kept}, scope.reader)
    editions = frameworks.editions_named({row[10] for row in kept})
    people = {key for row in kept for key in (row[4], row[5]) if key is not None}
    names = accounts.organisation_names(sorted(people))
    return {
        "rows": kept,
        "measures": {
            str(key): {
                "code": info.code,
                "title": info.title,
                "unit": info.unit,
                "theme": info.theme_name,
                "aggregation": info.aggregation,
            }
            for key, info in sorted(measures.items())
        },
        "contracts": {
            str(key): {"reference": reference, "title": title, "directorate": directorate}
            for key, reference, title, directorate in ledger.contract_names(
                {row[6] for row in kept if row[6] is not None}
            )
        },
        "authorities": {str(row[4]): names[row[4]] for row in kept},
        "suppliers": {str(row[5]): names[row[5]] for row in kept if row[5] is not None},
        "editions": {str(key): name for key, name in sorted(editions.items())},
    }


def _row(values: tuple[Any, ...], *, is_region: bool) -> list[Any]:
    row = list(values)
    row[2] = clock.day_of(row[2]).isoformat()
    row[3] = row[3].isoformat()
    row[11] = f"{row[11]:f}"
    row[12] = None if row[12] is None else f"{row[12]:f}"
    row[16] = row[16] is not None
    if is_region:
        row[OF_CONTRACT] = [None] * 4
        row[15] = ""
    return row


def query_json(reading: Reading, definition: Definition, position: int) -> Json:
    """What a figure asks of the ledger or of the records: enough to ask it again."""
    scope = reading.scope
    wanted = definition.measures
    bases = [definition.basis] if definition.basis else []
    if definition.opens == Opens.ENTRIES and definition.kind == Kind.PERCENT:
        bases = [Basis.VERIFIED.value, Basis.COMMITTED.value]
    ids = sorted(m.id for m in reading.now.measures.values() if wanted(m)) if wanted else None
    return {
        "opens": definition.opens.value,
        "bases": [str(basis) for basis in bases],
        "measure_ids": ids,
        "authority_ids": list(scope.authority_ids),
        "region": scope.region_slug,
        "directorate": scope.directorate,
        "first": scope.span.first.isoformat(),
        "last": scope.span.last.isoformat(),
        "ledger_position": position,
        "in_pounds": definition.opens == Opens.ENTRIES or definition.name in IN_POUNDS,
    }


IN_POUNDS = ("delivery_share", *of_contracts.SHARES)
"""Shares whose parts are pounds."""


# --- counted records --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of records. ``figures`` are those that it makes: rule, column of the part, column of the whole."""

    name: str
    kind: str
    figures: dict[str, tuple[Rule, int | None, int | None]]
    rows: Callable[[Counted, str], tuple[Table, list[int]]]


def _contracts(counted: Counted, caption: str) -> tuple[Table, list[int]]:
    rows = counted.contracts
    return proofs.counted_contracts(caption, rows), [row.contract_id for row in rows]


def _planned(counted: Counted, caption: str) -> tuple[Table, list[int]]:
    rows = counted.contracts
    return of_contracts.planned_contracts(caption, rows), [row.contract_id for row in rows]


def _forecast(counted: Counted, caption: str) -> tuple[Table, list[int]]:
    rows = counted.outlook
    return of_contracts.forecast_contracts(caption, rows), [row.id for row in rows]


def _valued(name: str) -> Callable[[Counted, str], tuple[Table, list[int]]]:
    def rows(counted: Counted, caption: str) -> tuple[Table, list[int]]:
        found = counted.valued
        return of_contracts.valued_contracts(caption, found, name), [row.id for row in found]

    return rows


def _procurements(counted: Counted, caption: str) -> tuple[Table, list[int]]:
    rows = counted.begun
    columns = (
        Column("Procurement", width=40),
        Column("Reference"),
        Column("Commenced", "date"),
        Column("Route", width=24),
        Column("Asks for social value", "number"),
    )
    table = Table(
        caption,
        columns,
        [(row.title, row.reference, row.commenced_on, row.route, int(row.asks)) for row in rows],
        (f"Total, {len(rows)}", "", "", "", sum(row.asks for row in rows)),
    )
    return table, [row.id for row in rows]


def _weightings(counted: Counted, caption: str) -> tuple[Table, list[int]]:
    """One row a published tender that has a weighting."""
    rows = [(row, one) for row in counted.begun for one in row.weightings]
    table = Table(
        caption,
        (Column("Procurement", width=40), Column("Reference"), Column("Weighting (%)", "percent")),
        [(row.title, row.reference, one) for row, one in rows],
        (
            f"Mean of {len(rows)}",
            "",
            proofs.average([one for _, one in rows]),
        ),
    )
    return table, [row.id for row, _ in rows]


def _judged(counted: Counted, caption: str) -> tuple[Table, list[int]]:
    return proofs.judged_procurements(caption, counted.judged), [row.id for row in counted.judged]


def _costs(counted: Counted, caption: str) -> tuple[Table, list[int]]:
    return overseeing.cost_rows(caption, counted.costs), [row.id for row in counted.costs]


def _shortfalls(counted: Counted, caption: str) -> tuple[Table, list[int]]:
    rows = counted.shortfalls
    return overseeing.shortfall_facts(caption, rows), [row.id for row in rows]


def _remedies(counted: Counted, caption: str) -> tuple[Table, list[int]]:
    rows = counted.remedies
    return overseeing.remedy_rows(caption, rows), [row.id for row in rows]


SUM, SHARE, MEAN = Rule.SUM, Rule.SHARE, Rule.MEAN
SHEETS = (
    Sheet(
        "Contracts counted",
        "contracts",
        {
            "contracts_live": (SUM, None, None),
            "commitments_count": (SUM, 3, None),
            "commitments_on_track": (SUM, 5, None),
        },
        _contracts,
    ),
    Sheet("Delivery against plan", "contracts", {"delivery_share": (SHARE, 4, 3)}, _planned),
    Sheet("Forecast", "contracts", {"forecast_total": (SUM, 6, None)}, _forecast),
    Sheet(
        "Contract value, local",
        "contracts",
        {"local_value_share": (SHARE, 6, 5)},
        _valued("local_value_share"),
    ),
    Sheet(
        "Contract value, SMEs",
        "contracts",
        {"sme_value_share": (SHARE, 6, 5)},
        _valued("sme_value_share"),
    ),
    Sheet(
        "Contract value, VCSEs",
        "contracts",
        {"vcse_value_share": (SHARE, 6, 5)},
        _valued("vcse_value_share"),
    ),
    Sheet(
        "Procurements begun",
        "procurements",
        {
            "procurements_count": (SUM, None, None),
            "procurements_with_social_value": (SUM, 4, None),
            "social_value_asked_share": (SHARE, 4, None),
        },
        _procurements,
    ),
    Sheet("Weightings", "procurements", {"average_weighting": (MEAN, 2, None)}, _weightings),
    Sheet("Routes followed", "procurements", {"routes_followed_share": (SHARE, 7, 6)}, _judged),
    Sheet("Cost of overseeing", "costs", {"oversight_cost": (SUM, 5, None)}, _costs),
    Sheet(
        "Shortfalls",
        "shortfalls",
        {"shortfalls_count": (SUM, None, None), "shortfalls_unfinished": (SUM, 12, None)},
        _shortfalls,
    ),
    Sheet(
        "Remedies",
        "remedies",
        {"remedies_count": (SUM, None, None), "remedies_due": (SUM, 6, None)},
        _remedies,
    ),
)


def counted_json(reading: Reading) -> list[Json]:
    """The sheets of what is counted, with the records they are; none for a region."""
    if reading.counted is None:
        return []
    return [
        {
            "sheet": sheet.name,
            "kind": sheet.kind,
            "ids": ids,
            "figures": list(sheet.figures),
            "table": table_json(table),
        }
        for sheet in SHEETS
        for table, ids in (sheet.rows(reading.counted, sheet.name),)
    ]


def rows_of(figure: Json, entries: Entries, counted: list[Json]) -> Json | None:
    """How many rows stand under a figure, what they add up to, and their hash."""
    if FIGURES[figure["name"]].opens == Opens.ENTRIES:
        return under_entries(figure, entries.under(figure))
    for sheet, kept in _named(counted):
        if figure["name"] in sheet.figures:
            rule, part, of = sheet.figures[figure["name"]]
            return under_sheet(figure, sheet.kind, kept, rule, part, of)
    return None


def _named(counted: list[Json]) -> Iterator[tuple[Sheet, Json]]:
    kept = {row["sheet"]: row for row in counted}
    yield from ((sheet, kept[sheet.name]) for sheet in SHEETS if sheet.name in kept)


def part_of(name: str) -> int | None:
    """Which column of its sheet a counted figure adds up; None where each row counts as one."""
    return next((sheet.figures[name][1] for sheet in SHEETS if name in sheet.figures), None)
