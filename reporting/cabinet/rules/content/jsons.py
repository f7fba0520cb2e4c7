"""Tables, charts and figures as plain JSON and back: numbers as text with all their places."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from reporting.figures.rules.definitions import Figure
from socialvalue.core.tables import Column, Table, Value

Json = dict[str, Any]
FORMAT = 2


def canonical(content: Mapping[str, Any]) -> str:
    """The one text of a content: the same values give the same letters."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return sha256_of(canonical(content))


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def figure_json(figure: Figure) -> Json:
    """``ref``, ``query`` and ``rows`` are added when the report is built."""
    return {
        "name": figure.name,
        "label": figure.label,
        "meaning": figure.meaning,
        "kind": figure.kind,
        "unit": figure.unit,
        "computation": figure.computation,
        "source": figure.source,
        "value": None if figure.value is None else f"{figure.value:f}",
        "shown": figure.shown,
        "beside": figure.beside,
        "opens_url": figure.opens_url,
        "is_money": figure.is_money,
    }


def table_json(
    table: Table, *, row_figures: Sequence[str] = (), total_figures: Sequence[str] = ()
) -> Json:
    """A table with None for "not reported".

    ``row_figures`` names the figure each row tells, ``total_figures`` the one each cell of the total is; empty texts
    where there is none.
    """
    return {
        "caption": table.caption,
        "empty": table.empty,
        "columns": [
            {
                "heading": column.heading,
                "kind": column.kind,
                "width": column.width,
                "is_social_value": column.is_social_value,
            }
            for column in table.columns
        ],
        "rows": [[as_text(value) for value in row] for row in table.rows],
        "total": [as_text(value) for value in table.total] if table.total else None,
        "row_figures": list(row_figures),
        "total_figures": list(total_figures),
    }


def as_text(value: Value) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return f"{Decimal(value):f}"


def table_of(found: Json) -> Table:
    """The table again, with its numbers and dates."""
    columns = [
        Column(c["heading"], c["kind"], c["width"], c.get("is_social_value", False))
        for c in found["columns"]
    ]

    def row(values: Sequence[str | None], *, is_total: bool = False) -> list[Value]:
        return [
            # Dates do not add up: the total row has words in their column.
            value if is_total and column.kind == "date" else _typed(column, value)
            for column, value in zip(columns, values, strict=True)
        ]

    return Table(
        found["caption"],
        columns,
        [row(values) for values in found["rows"]],
        row(found["total"], is_total=True) if found["total"] else None,
        found.get("empty") or "Nothing to show yet.",
    )


def _typed(column: Column, value: str | None) -> Value:
    if value is None or not value:
        return value
    if column.kind == "date":
        return date.fromisoformat(value)
    # A total row has words in its first cell and empty texts where nothing adds up.
    return Decimal(value) if column.is_numeric else value


def chart_json(
    title: str,
    heading: str,
    unit: str,
    categories: Sequence[str],
    series: Mapping[str, Sequence[Decimal]],
) -> Json:
    return {
        "title": title,
        "heading": heading,
        "unit": unit,
        "categories": list(categories),
        "series": [
            {"name": name, "values": [f"{value:f}" for value in values]}
            for name, values in series.items()
        ],
    }
