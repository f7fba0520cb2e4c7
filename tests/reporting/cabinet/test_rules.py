"""The one content of a report as JSON."""

from __future__ import annotations

import json
from decimal import Decimal

from reporting.cabinet.rules.content import canonical, hash_of, table_json, table_of
from socialvalue.core.tables import Column, Table


def test_a_table_comes_back_from_json_as_it_was():
    table = Table(
        "T",
        [Column("Name"), Column("£", "money", 9), Column("Share", "percent")],
        [("a", Decimal("1.50"), None), ("b", Decimal("-2.00"), Decimal("33.3333"))],
        ("Total", Decimal("-0.50"), None),
    )
    found = table_of(json.loads(json.dumps(table_json(table))))
    assert [tuple(row) for row in found.rows] == list(table.rows)
    assert tuple(found.total or ()) == table.total
    assert list(found.columns) == list(table.columns)


def test_the_hash_is_of_the_values_not_of_their_order():
    assert canonical({"b": 1, "a": "£"}) == '{"a":"£","b":1}'
    assert hash_of({"b": 1, "a": 2}) == hash_of({"a": 2, "b": 1})
    assert hash_of({"a": 1}) != hash_of({"a": 2})
