"""The route of a sign-off: in order, and for the words as they stand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reporting.cabinet.rules.signing import Signature, Words, missing, missing_sentence, route

NOW = datetime(2026, 6, 1, tzinfo=UTC)
STEPS = ["finance", "legal", "director"]
WORDS = Words("Title", "2025-26", (("Recommendation", "That Cabinet notes."),))


def said(step: str, answer: str = "agreed", words: Words = WORDS) -> Signature:
    return Signature(
        step, answer, "A note" if answer == "returned" else "", words.hash, "The approver", NOW
    )


@pytest.mark.parametrize(
    "other",
    [
        Words("Another title", WORDS.period, WORDS.sections),
        Words(WORDS.title, "2024-25", WORDS.sections),
        Words(WORDS.title, WORDS.period, (("Recommendation", "That Cabinet notes"),)),
        Words(WORDS.title, WORDS.period, (("Recommendations", "That Cabinet notes."),)),
        Words(WORDS.title, WORDS.period, ()),
        # The same letters, cut otherwise.
        Words(WORDS.title, WORDS.period, (("Recommendation", ""), ("That Cabinet notes.", ""))),
    ],
)
def test_any_change_of_the_words_is_another_hash(other):
    assert other.hash != WORDS.hash
    assert Words(WORDS.title, WORDS.period, WORDS.sections).hash == WORDS.hash


def test_steps_open_in_their_order():
    open_steps = [state.step for state in route(STEPS, [], WORDS.hash) if state.is_open]
    assert open_steps == ["finance"]
    after = route(STEPS, [said("finance")], WORDS.hash)
    assert [state.step for state in after if state.is_open] == ["legal"]
    assert [state.has_agreed for state in after] == [True, False, False]
    done = route(STEPS, [said(step) for step in STEPS], WORDS.hash)
    assert not any(state.is_open for state in done)
    assert missing(done) == []
    assert missing_sentence(done) == ""


def test_changed_words_ask_every_step_again():
    other = Words("Another title", WORDS.period, WORDS.sections)
    states = route(STEPS, [said(step) for step in STEPS], other.hash)
    assert all(state.is_stale for state in states)
    assert [state.step for state in states if state.is_open] == ["finance"]
    assert len(missing(states)) == 3


def test_a_return_keeps_the_step_open_and_those_behind_it_shut():
    states = route(STEPS, [said("finance"), said("legal", "returned")], WORDS.hash)
    assert [state.is_returned for state in states] == [False, True, False]
    assert [state.is_open for state in states] == [False, True, False]
    again = route(STEPS, [said("finance"), said("legal", "returned"), said("legal")], WORDS.hash)
    assert [state.step for state in again if state.is_open] == ["director"]


def test_the_sentence_names_who_is_missing():
    assert missing_sentence(route(["legal"], [], WORDS.hash)).startswith("Legal has not agreed")
    assert missing_sentence(route(STEPS, [], WORDS.hash)).startswith(
        "Finance, Legal and Director have not agreed"
    )


def test_a_step_nobody_knows_is_left_out():
    assert [state.step for state in route(["gossip", "legal"], [], WORDS.hash)] == ["legal"]
