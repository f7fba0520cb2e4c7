"""The first half of a postcode, and never the whole of one."""

from __future__ import annotations

import pytest

from procurement.deliveries.rules.places import (
    check_district,
    check_no_full_postcode,
    full_postcodes_in,
)
from socialvalue.core.errors import RuleBroken


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), ("  ", ""), ("cv6", "CV6"), ("B1", "B1"), (" ec1a ", "EC1A"), ("M60", "M60"), ("w1a", "W1A")],
)  # fmt: skip
def test_the_first_half_is_kept(typed, kept):
    assert check_district(typed) == kept


@pytest.mark.parametrize("typed", ["CV6 1AB", "cv61ab", "EC1A-1BB", "B1  1AA", "M1\u00a01AE"])
def test_a_whole_one_is_asked_to_be_halved(typed):
    with pytest.raises(RuleBroken, match="Enter the first half of the postcode only: "):
        check_district(typed)


@pytest.mark.parametrize("typed", ["Coventry", "ZZ1", "1", "CV", "CV6 1", "CV66A", "<b>"])
def test_anything_else_is_shown_an_example(typed):
    with pytest.raises(RuleBroken, match="like CV6 or B1"):
        check_district(typed)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("At CV6 1AB.", ["CV6 1AB"]),
        ("at cv61ab, then EC1A 1BB", ["cv61ab", "EC1A 1BB"]),
        ("(M1 1AE)", ["M1 1AE"]),
        ("W1A\u00a00AX", ["W1A\u00a00AX"]),
        ("In CV6 and B1", []),
        ("Room A1 2BB", []),
        ("QX1 2BB is no area", []),
        ("M5 10 KM of path", []),
        ("order XCV6 1ABC", []),
        ("CV6 1CV", []),
        ("", []),
    ],
)
def test_whole_ones_are_found_in_words(words, found):
    assert full_postcodes_in(words) == found


def test_the_words_of_a_claim_say_what_to_write():
    with pytest.raises(RuleBroken, match="postcode CV6 1AB: write CV6 only") as error:
        check_no_full_postcode("Ten hours at CV6 1AB.")
    assert error.value.errors[0][0] == "narrative"
    check_no_full_postcode("Ten hours in CV6.")
