"""Words, references, numbering and the one content of a report."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from reporting.cabinet.rules import words
from reporting.cabinet.rules.content import canonical, hash_of, table_json, table_of
from reporting.cabinet.vocabulary import SectionKind
from reporting.figures.rules.definitions import FIGURES, measured
from reporting.figures.rules.positions import Position
from socialvalue.core.tables import Column, Table

EMPTY = {name: measured(definition, Position()) for name, definition in FIGURES.items()}


def test_headings_are_those_of_a_report_to_cabinet():
    assert [words.heading_of(kind) for kind in SectionKind.values] == [
        "Recommendation",
        "1. Executive Summary",
        "2. Financial Implications",
        "3. Environmental Implications",
        "4. Supporting Information",
        "5. Timescales associated with the decision and next steps",
        "Appendices",
        "Background Papers",
    ]


def test_paragraphs_are_numbered_and_bullets_kept():
    found = words.paragraphs(
        "First line\nstill first.\n\n\n Second:\r\n- one\n- two\n  more\n\n", 3
    )
    assert [(row.number, row.text, row.bullets) for row in found] == [
        ("3.1", "First line still first.", ()),
        ("3.2", "Second:", ("one", "two more")),
    ]
    assert [row.number for row in words.paragraphs("a\n\nb", None)] == ["", ""]
    assert words.paragraphs("  \n ", 1) == []


def test_references_become_figures():
    text = "We committed { committed_total } and {verified_total}; {committed_total} again."
    assert words.references(text) == ["committed_total", "verified_total"]
    shown = {"committed_total": "£12", "verified_total": "£7"}
    assert words.resolve(text, shown) == "We committed £12 and £7; £12 again."
    with pytest.raises(KeyError, match="verified_total"):
        words.resolve(text, {"committed_total": "£12"})


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("{committed_total}", []),
        ("{comitted_total}", ["comitted_total"]),
        ("{}", [""]),
        ("{committed_total", ["{"]),
        ("committed_total}", ["}"]),
        ("no braces", []),
    ],
)
def test_a_name_that_is_no_figure_is_found(text: str, unknown: list[str]):
    assert words.unknown_references(text) == unknown


def test_the_sentence_names_what_to_mend():
    assert words.unknown_sentence([]) == ""
    sentence = words.unknown_sentence(["comitted_total"])
    assert sentence.startswith("{comitted_total} is not the name of a figure.")
    assert "{committed_total}" in sentence


@pytest.mark.parametrize("kind", SectionKind.values)
@pytest.mark.parametrize("has_figures", [True, False])
def test_every_suggestion_holds_with_and_without_figures(kind: str, has_figures: bool):
    figures = EMPTY
    if has_figures:
        figures = {name: replace(row, value=Decimal(1)) for name, row in EMPTY.items()}
    text = words.suggested(
        kind, organisation="Shire", year="2025 to 2026", next_year="2026 to 2027", figures=figures
    )
    assert text
    assert words.unknown_references(text) == []
    if not has_figures:
        assert "tco2e" not in text
        assert "average_weighting" not in text


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
