"""The table of duties: every line says where it comes from, and no two bind one procurement."""

from __future__ import annotations

import pytest

from procurement.duties.rules import read_rules
from tests.procurement.duties.test_rules.steps import LAW, RULES


def test_two_lines_that_bind_one_procurement_are_refused():
    row = {
        "slug": "a", "title": "A", "what": "A.", "law": "L", "regimes": ["PA2023"],
        "in_force_from": "2025-02-24", "when": "W", "opens": "signed", "clock": "signed",
        "role": "procurement_officer", "source": "S", "certainty": "M",
    }  # fmt: skip
    with pytest.raises(ValueError, match="Two lines of a"):
        read_rules([row, row])
    assert len(read_rules([{**row, "only": ["works"]}, {**row, "except": {"works": "No."}}])) == 2


def test_an_unknown_part_or_category_is_refused():
    row = {"slug": "a", "periode": 3}
    with pytest.raises(ValueError, match="unknown parts: periode"):
        read_rules([row])


def test_every_line_says_where_it_comes_from_and_how_sure_it_is():
    for rule in RULES:
        assert rule.source.startswith("https://www.legislation.gov.uk/"), rule.slug
        said = (
            "several sources agree",
            "a secondary source",
            "not checked against the text of the law",
        )
        assert rule.certainty.startswith(said), rule.slug
        assert all((rule.law, rule.what, rule.when)), rule.slug


def test_every_line_of_money_is_a_row_of_the_table_of_thresholds():
    known = {row.category for row in LAW}
    assert {rule.line for rule in RULES if rule.line} <= known
