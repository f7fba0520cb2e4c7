"""What a bidder is told: drafted from the differences, with passages withheld, kept as it was."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from procurement.awards.rules import (
    WITHHELD,
    Compared,
    ComparedAnswer,
    QuantityLine,
    ReasonLine,
    ScoreLine,
    Summary,
    advantages_in_words,
    as_content,
    content_hash,
    from_content,
    passages_of,
    redacted,
    unknown_passages,
    with_redactions,
)

SUMMARY = Summary(
    authority="A council",
    title="Grounds",
    reference="SV-1",
    bidder="Bidder B",
    winner="Bidder A",
    is_winner=False,
    awarded_on="1 May 2026",
    result="Ranked 2 on social value",
    reason="Best value, with the Acme method.",
    scores=(ScoreLine("Quantities", "50 points", "5.00", "50.00"),),
    answers=(ReasonLine("How?", "3 of 5", "Satisfactory", "Unlike the Acme\nmethod, it is slow."),),
    quantities=(QuantityLine("M1", "10 hours", "£10", "Not like ACME METHOD", (("a", "£10"),)),),
    social_value="£10",
    advantages="More of: M1.\n\nThe Acme method is known.",
)


@pytest.mark.parametrize(
    ("text", "passages", "left"),
    [
        ("Uses the Acme method.", ["Acme method"], "Uses the [withheld]."),
        ("uses ACME  \n method twice: acme method", ["Acme method"], "uses [withheld] twice: [withheld]"),
        # The longer passage goes first, so that nothing of it is left over.
        ("the Acme method of 2020", ["Acme", "Acme method of 2020"], "the [withheld]"),
        ("costs £5 (net)", ["£5 (net)"], "costs [withheld]"),
        ("nothing here", ["Acme"], "nothing here"),
        ("as it is", [], "as it is"),
    ],
)  # fmt: skip
def test_passages_are_replaced_whatever_their_case_and_line_breaks(text, passages, left):
    assert redacted(text, passages) == left


def test_a_passage_goes_from_every_text_that_somebody_wrote():
    whole = json.dumps(as_content(with_redactions(SUMMARY, ["Acme method"])))
    assert "acme" not in whole.lower()
    assert whole.count(WITHHELD) == 4


def test_without_passages_nothing_changes():
    assert with_redactions(SUMMARY, []) == SUMMARY


def test_passages_one_a_line():
    assert passages_of(" one \n\n two  words\none\n") == ("one", "two words")


def test_a_passage_that_stands_nowhere_is_named():
    assert unknown_passages(["The Acme\nmethod"], ["acme method", "Acme methods"]) == [
        "Acme methods"
    ]


def test_what_is_kept_reads_back_the_same_and_its_hash_tells_a_change():
    content = json.loads(json.dumps(as_content(SUMMARY)))
    assert from_content(content) == SUMMARY
    assert content_hash(content) == content_hash(as_content(SUMMARY))
    other = as_content(replace(SUMMARY, result="Ranked 3 on social value"))
    assert content_hash(other) != content_hash(content)
    assert len(content_hash(content)) == 64


def answer(own, winner, *, own_rank, winner_rank):
    return ComparedAnswer("How?", own, winner, own_rank, winner_rank, "Because.")


def test_a_draft_names_each_place_where_the_winner_is_ahead():
    told = advantages_in_words(
        Compared(
            winner_name="Bidder A",
            own_failed="",
            own_quantities="5.00",
            winner_quantities="50.00",
            is_winner_ahead_on_quantities=True,
            more_of=["M1", "M2"],
            answers=[
                answer("3 of 5", "4 of 5", own_rank=3, winner_rank=4),
                answer("4 of 5", "4 of 5", own_rank=4, winner_rank=4),
                answer("5 of 5", "4 of 5", own_rank=5, winner_rank=4),
                answer("Not applicable", "4 of 5", own_rank=None, winner_rank=4),
            ],
        )
    )
    assert told.split("\n\n") == [
        "Quantities: the winner earned 50.00 points, this bid 5.00. The winner offered more of: M1; M2.",
        "“How?”: the winner was given 4 of 5, this bid 3 of 5. "
        "The panel on the winner's answer: Because.",
    ]


def test_a_draft_for_a_bid_that_failed_says_why():
    told = advantages_in_words(Compared("Bidder A", "M1 is mandatory and was not offered."))
    assert told == (
        "The bid of Bidder A passed. This bid did not: M1 is mandatory and was not offered."
    )


def test_a_draft_where_the_winner_is_not_ahead_points_to_the_reason():
    told = advantages_in_words(Compared("Bidder A", ""))
    assert told.startswith("On social value the winner was not ahead of this bid.")
