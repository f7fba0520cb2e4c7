"""Blocks of a text: paragraphs and bullets with their numbers, and what stands between them."""

from __future__ import annotations

import pytest

from reporting.cabinet.rules import words
from reporting.cabinet.rules.words import Exhibit, Paragraph


def test_numbers_are_given_to_the_numbered_sections_in_their_order():
    assert words.numbers([False, True, True, False, True]) == [None, 1, 2, None, 3]
    assert words.numbers([]) == []
    assert words.heading_of("Next steps", 5) == "5. Next steps"
    assert words.heading_of("Recommendation", None) == "Recommendation"


def test_paragraphs_are_numbered_and_bullets_kept():
    found = words.paragraphs(
        "First line\nstill first.\n\n\n Second:\r\n- one\n- two\n  more\n\n", 3
    )
    assert found == [
        Paragraph("3.1", "First line still first."),
        Paragraph("3.2", "Second:", ("one", "two more")),
    ]
    assert [row.number for row in words.paragraphs("a\n\nb", None)] == ["", ""]
    assert words.blocks("  \n ", 1) == []


def test_bullets_may_stand_without_a_text_before_them():
    assert words.blocks("- one\n• two\n* three", 1) == [
        Paragraph("1.1", "", ("one", "two", "three"))
    ]


def test_charts_tables_and_stories_stand_between_the_numbered_paragraphs():
    found = words.blocks(
        "Before.\n\n{chart:themes}\n{table: themes | What was delivered, by theme }\n\nAfter.\n\n{story:a-warm-home}",
        2,
    )
    assert found == [
        Paragraph("2.1", "Before."),
        Exhibit("chart", "themes"),
        Exhibit("table", "themes", "What was delivered, by theme"),
        Paragraph("2.2", "After."),
        Exhibit("story", "a-warm-home"),
    ]
    assert [row.typed for row in found if isinstance(row, Exhibit)] == [
        "{chart:themes}",
        "{table:themes | What was delivered, by theme}",
        "{story:a-warm-home}",
    ]


def test_a_line_that_is_only_an_exhibit_ends_the_paragraph_before_it():
    assert words.blocks("Before.\n{chart:themes}\nAfter.", 1) == [
        Paragraph("1.1", "Before."),
        Exhibit("chart", "themes"),
        Paragraph("1.2", "After."),
    ]


@pytest.mark.parametrize(
    "line", ["See {chart:themes}", "{graph:themes}", "{chart:}", "{chart:a b}", "{chart:a|b|c}"]
)
def test_anything_else_with_braces_is_text(line: str):
    assert words.blocks(line, None) == [Paragraph("", line)]


def test_references_become_figures():
    text = "We committed { committed_total } and {verified_total};\n- {committed_total} again.\n\n{chart:themes}"
    assert words.references(text) == ["committed_total", "verified_total"]
    shown = {"committed_total": "£12", "verified_total": "£7"}
    assert words.resolve("{committed_total} of {verified_total}", shown) == "£12 of £7"
    with pytest.raises(KeyError, match="verified_total"):
        words.resolve("{verified_total}", {"committed_total": "£12"})
