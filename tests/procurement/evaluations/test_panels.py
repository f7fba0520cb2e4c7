"""Who sees whose marks, what a panel lacks, how far marks lie apart. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from procurement.evaluations.rules import Verdict
from procurement.evaluations.rules.panels import (
    Seat,
    Spread,
    agreed,
    all_locked,
    lacking,
    marks_seen_by,
    shown,
    spread_of,
    still_holds,
)

AT = datetime(2026, 5, 2, 10, tzinfo=UTC)


def seat(number: int, role: str = "evaluator", *, recused: bool = False, locked: bool = False):
    """Member 10 + n is person n."""
    return Seat(10 + number, number, role, recused, AT if locked else None)


def test_one_sees_ones_own_marks_and_no_others_before_locking():
    seats = [seat(1), seat(2, locked=True), seat(3, "moderator")]
    assert marks_seen_by(1, seats) == {11}


def test_a_locked_evaluator_sees_those_who_locked_too():
    seats = [seat(1, locked=True), seat(2, locked=True), seat(3)]
    assert marks_seen_by(1, seats) == {11, 12}


@pytest.mark.parametrize("person", [4, 5, 99, None])
def test_everybody_else_sees_nothing_until_all_have_locked(person):
    seats = [seat(1, locked=True), seat(2), seat(4, "moderator"), seat(5, "observer")]
    assert marks_seen_by(person, seats) - {14, 15} == set()
    done = [seat(1, locked=True), seat(2, locked=True), *seats[2:]]
    assert marks_seen_by(person, done) - {14, 15} == {11, 12}


def test_somebody_recused_keeps_nobody_waiting_and_sees_only_their_own():
    seats = [seat(1, locked=True), seat(2, locked=True), seat(3, recused=True)]
    assert all_locked(seats)
    assert marks_seen_by(3, seats) == {13}
    assert marks_seen_by(99, seats) == {11, 12, 13}


def test_recused_after_locking():
    seats = [seat(1), seat(2, locked=True, recused=True)]
    assert marks_seen_by(2, seats) == {12}
    assert marks_seen_by(1, seats) == {11}


def test_one_alone_is_all_locked_only_where_nobody_else_comes_in_blind():
    """Migrated panels of one, and those who saw each other's marks already."""
    assert all_locked([seat(1, locked=True)])
    assert all_locked([seat(1, locked=True), seat(2, locked=True, recused=True)])
    assert not all_locked([seat(1, locked=True), seat(2, recused=True)])
    assert not all_locked([seat(1, locked=True), seat(2, recused=True), seat(3)])
    assert all_locked([seat(1, locked=True), seat(2, recused=True), seat(3, locked=True)])


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([Verdict(1), Verdict(not_applicable=True)], "1 where marked; 1 not applicable"),
        ([Verdict(4), Verdict(4)], "All 4"),
        ([Verdict(4)], "4, one mark only"),
        ([Verdict(2), Verdict(5)], "2 to 5, mean 3.5"),
        (
            [Verdict(is_met=True), Verdict(not_applicable=True)],
            "1 met, 0 not met; 1 not applicable",
        ),
    ],
)
def test_the_spread_in_words(verdicts, words):
    page = render_to_string("procurement/evaluations/_spread.html", {"spread": spread_of(verdicts)})
    assert page.strip() == words


def test_nobody_left_is_not_all_locked():
    assert not all_locked([])
    assert not all_locked([seat(1, recused=True, locked=True), seat(2, "moderator")])


seats_drawn = st.lists(
    st.builds(
        lambda role, recused, locked: (role, recused, locked),
        st.sampled_from(["evaluator", "moderator", "observer"]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=6,
)


@given(seats_drawn, st.integers(0, 8))
def test_no_panel_shows_anybody_marks_that_could_sway_them(drawn, person):
    seats = [
        seat(number, role, recused=recused, locked=locked and role == "evaluator")
        for number, (role, recused, locked) in enumerate(drawn)
    ]
    own = next((row for row in seats if row.person_id == person), None)
    others = marks_seen_by(person, seats) - ({own.member_id} if own else set())
    if own and (own.is_recused or (own.role == "evaluator" and own.locked_at is None)):
        assert others == set()
    if not all_locked(seats):
        locked = {row.member_id for row in seats if row.is_evaluator and row.locked_at}
        assert others <= locked
        if own is None or not own.is_evaluator:
            assert others == set()


@pytest.mark.parametrize(
    ("seats", "sentences"),
    [
        (
            [],
            [
                "Name two evaluators: nobody is on the panel to mark.",
                "Name a moderator, who sets one mark from the evaluators' own.",
            ],
        ),
        (
            [seat(1), seat(2, "moderator")],
            ["Name 1 more evaluator: two people mark each answer."],
        ),
        (
            [seat(1), seat(2, recused=True), seat(3, "moderator")],
            ["Name 1 more evaluator: two people mark each answer."],
        ),
        (
            [seat(1), seat(2), seat(3, "moderator", recused=True), seat(4, "observer")],
            ["Name a moderator, who sets one mark from the evaluators' own."],
        ),
        ([seat(1), seat(2), seat(3, "moderator")], []),
    ],
)
def test_what_a_panel_lacks(seats, sentences):
    assert lacking(seats) == sentences


@pytest.mark.parametrize(
    ("marks", "mean"), [([3, 4], "3.5"), ([1, 1, 2], "1.3"), ([2, 2, 1], "1.7"), ([0, 5], "2.5")]
)
def test_the_spread_of_marks(marks, mean):
    found = spread_of([Verdict(mark) for mark in marks])
    assert found == Spread(min(marks), max(marks), Decimal(mean))


def test_a_mean_is_rounded_half_up():
    """9 of 20: 0.45 is 0.5, where a half would go to the even 0.4."""
    marks = [Verdict(1)] * 9 + [Verdict(0)] * 11
    assert spread_of(marks).mean == Decimal("0.5")


def test_not_applicable_is_no_number():
    found = spread_of([Verdict(4), Verdict(not_applicable=True), Verdict(2)])
    assert found == Spread(2, 4, Decimal("3.0"), not_applicable=1)
    assert spread_of([Verdict(not_applicable=True)]).mean is None
    assert spread_of([]) == Spread(None, None, None)


def test_met_and_not_met_are_counted():
    found = spread_of([Verdict(is_met=True), Verdict(is_met=False), Verdict(is_met=True)])
    assert found == Spread(None, None, None, met=2, not_met=1)


def test_only_what_more_than_one_gave_alike_is_agreed():
    assert agreed([Verdict(4)]) is None
    assert agreed([Verdict(4), Verdict(3)]) is None
    assert agreed([Verdict(4), Verdict(not_applicable=True)]) is None
    assert agreed([Verdict(4), Verdict(4)]) == (Verdict(4), "All evaluators gave 4.")
    assert agreed([Verdict(is_met=False)] * 2) == (
        Verdict(is_met=False),
        "All evaluators found it not met.",
    )
    assert agreed([Verdict(0)] * 3) == (Verdict(0), "All evaluators gave 0.")


def test_how_a_verdict_is_shown():
    assert shown(Verdict(0)) == "0 of 5"
    assert shown(Verdict(is_met=True)) == "Met"
    assert shown(Verdict(is_met=False)) == "Not met"
    assert shown(Verdict(not_applicable=True)) == "Not applicable"
    assert shown(None) == ""


def test_a_verdict_stands_until_somebody_it_rested_on_is_recused():
    second = timedelta(seconds=1)
    assert still_holds(AT, 7, [], {})
    assert still_holds(AT, 7, [AT - second], {1: AT - second})
    assert not still_holds(AT, 7, [AT + second], {1: AT + second})
    assert still_holds(AT, 7, [], {8: AT + second})
    assert not still_holds(AT, 7, [], {7: AT + second})
