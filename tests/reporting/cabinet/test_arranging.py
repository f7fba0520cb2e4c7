"""Headings, keys and order of sections; two texts beside each other."""

from __future__ import annotations

import pytest

from reporting.cabinet.rules import arranging
from reporting.cabinet.rules.differing import Pair, pairs, together
from socialvalue.core.errors import RuleBroken


def test_a_heading_is_kept_on_one_line():
    assert arranging.heading_of("  Next   steps ", []) == "Next steps"
    assert arranging.heading_of("x" * 120, []) == "x" * 120


@pytest.mark.parametrize("text", ["", "  ", "x" * 121, "In {period}", "next STEPS"])
def test_a_heading_that_cannot_be_kept_is_refused(text: str):
    with pytest.raises(RuleBroken) as refused:
        arranging.heading_of(text, ["Next steps"])
    assert refused.value.errors[0][0] == "heading"


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Next steps", "next_steps"),
        ("Équipe & Gwerth cymdeithasol: tŷ", "equipe_gwerth_cymdeithasol_ty"),
        ("日本", "section"),
        ("a" * 80, "a" * 36),
        ("Taken", "taken_3"),
    ],
)
def test_the_key_is_made_of_the_heading(heading: str, key: str):
    assert arranging.key_of(heading, ["taken", "taken_2"]) == key


def test_a_row_moves_one_place_and_stays_at_the_ends():
    assert arranging.moved(["a", "b", "c"], 1, -1) == ["b", "a", "c"]
    assert arranging.moved(["a", "b", "c"], 1, 1) == ["a", "c", "b"]
    assert arranging.moved(["a", "b", "c"], 0, -1) == ["a", "b", "c"]
    assert arranging.moved(["a", "b", "c"], 2, 1) == ["a", "b", "c"]


def test_two_texts_stand_opposite_each_other():
    saved, typed = "Same.\n\nTheirs.\n\nEnd.", "Same.\n\nMine.\n\nAlso mine.\n\nEnd."
    assert pairs(saved, typed) == [
        Pair("Same.", "Same."),
        Pair("Theirs.", "Mine."),
        Pair("", "Also mine."),
        Pair("End.", "End."),
    ]
    assert [row.is_same for row in pairs(saved, typed)] == [True, False, False, True]
    assert together(saved, typed) == "Same.\n\nTheirs.\n\nMine.\n\nAlso mine.\n\nEnd."
    assert together(saved, saved) == saved
    assert pairs("", "") == []
