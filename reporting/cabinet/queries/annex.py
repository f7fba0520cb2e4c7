"""The tables of the annex that are sums: by theme, by quarter, by measure, by authority, the contracts."""

from __future__ import annotations

from reporting.cabinet.queries.exhibits import built
from reporting.cabinet.queries.exhibits.parts import both
from reporting.cabinet.rules.content import Json
from reporting.figures.queries.reading import Reading
from reporting.figures.rules import tables
from reporting.figures.rules.positions import by_measure


def annex_json(reading: Reading) -> list[Json]:
    """Each with the name of its sheet. Nothing of a region but its sums."""
    found = [_named("By theme", built(reading, "table", "themes"))]
    found.append(_named("By quarter", built(reading, "table", "quarters")))
    if reading.scope.region_id is not None:
        found.append(_named("By authority", built(reading, "table", "members")))
    measures = by_measure(reading.now)
    found.append(
        _named(
            "By measure",
            both(
                tables.measure_table("", measures, money=True),
                tables.measure_table("", measures, money=False),
            ),
        )
    )
    if reading.counted is not None:
        contracts = reading.contracts
        found.append(
            _named(
                "Contracts",
                both(
                    tables.contract_table("", contracts, money=True),
                    tables.contract_table("", contracts, money=False),
                ),
            )
        )
    return found


def _named(sheet: str, table: Json | None) -> Json:
    return {"sheet": sheet, **(table or {})}
