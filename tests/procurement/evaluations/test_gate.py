"""What fails a bid, on both sides of every edge, and the words for it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.evaluations import rules
from tests.factories.scorings import ONE, OTHER, QUESTIONS, bid, line, marks, scoring

D = Decimal
MANDATORY = rules.Asked(ONE, "HSC1 Staff volunteering", "hours", True, D(10))
OPTIONAL = rules.Asked(OTHER, "PLB1 Local spend", "£", False, D(1000))


def unmet(*lines, asked=(MANDATORY,)):
    return rules.unmet(scoring(requirements=asked), rules.ScoredBid(1, lines))


@pytest.mark.parametrize(
    ("offered", "passes"),
    [("9.999", False), ("10", True), ("10.001", True), ("0", False)],
)
def test_the_minimum_of_a_mandatory_measure(offered, passes):
    assert (unmet(line(ONE, offered)) == "") is passes


def test_a_missing_quantity_is_nought():
    missing = "HSC1 Staff volunteering is mandatory and was not offered."
    assert unmet() == unmet(line(ONE, "0")) == missing


def test_too_little_says_how_much_is_needed():
    assert unmet(line(ONE, "9.5")) == (
        "HSC1 Staff volunteering needs at least 10 hours; 9.5 was offered."
    )


def test_mandatory_without_a_minimum_needs_more_than_nought():
    asked = (rules.Asked(ONE, "HSC1", "hours", True, None),)
    assert unmet(line(ONE, "0.001"), asked=asked) == ""
    assert unmet(line(ONE, "0"), asked=asked) != ""


def test_a_minimum_on_an_optional_measure_fails_nobody():
    assert unmet(line(OTHER, "1"), asked=(OPTIONAL,)) == ""
    assert unmet(asked=(OPTIONAL,)) == ""


def test_every_fault_is_named():
    other = rules.Asked(73, "ENV1 Carbon", "tCO2e", True, None)
    assert unmet(line(ONE, "1"), asked=(MANDATORY, other)) == (
        "HSC1 Staff volunteering needs at least 10 hours; 1 was offered. "
        "ENV1 Carbon is mandatory and was not offered."
    )


def test_a_mandatory_measure_that_was_ruled_out_fails_the_bid():
    assert unmet(line(ONE, "10", is_ruled_out=True)) == (
        "HSC1 Staff volunteering is mandatory and what was offered was ruled out."
    )
    assert unmet(line(OTHER, "10", is_ruled_out=True), asked=(OPTIONAL,)) == ""


def test_as_it_was_offered_a_ruling_fails_nobody():
    plan = scoring(requirements=(MANDATORY,))
    ruled = rules.ScoredBid(1, (line(ONE, "10", is_ruled_out=True),))
    assert rules.unmet_measures(plan, ruled, as_offered=True) == ""
    short = rules.ScoredBid(1, (line(ONE, "9", is_ruled_out=True),))
    assert rules.unmet_measures(plan, short, as_offered=True) != ""


def test_a_cap_fails_nobody():
    """All that is offered is held against the minimum, what is scored of it is less."""
    assert unmet(line(ONE, "10", 0, amount=D(2))) == ""


def test_a_negative_quantity_is_a_defect():
    with pytest.raises(ValueError, match="negative"):
        unmet(line(ONE, "-1"))
    with pytest.raises(ValueError, match="negative"):
        rules.rank(scoring(questions=()), [bid(1, 0, None, line(ONE, "-1"))])


@pytest.mark.parametrize(
    ("mark", "reason"),
    [
        (2, "Question 1 needs a mark of 3 or more; it has 2."),
        (3, ""),
        (4, ""),
        (None, ""),
    ],
)
def test_a_minimum_mark(mark, reason):
    asked = (rules.AskedQuestion(1, "Question 1", D(60), minimum_mark=3), QUESTIONS[1])
    assert rules.unmet(scoring(questions=asked), bid(1, 10, marks(q1=mark, q2=0))) == reason


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (rules.Verdict(is_met=False), "Question 3 is pass or fail and was not met."),
        (rules.Verdict(is_met=True), ""),
        (rules.Verdict(not_applicable=True), ""),
    ],
)
def test_a_pass_or_fail_question(verdict, reason):
    asked = (*QUESTIONS, rules.AskedQuestion(3, "Question 3", is_pass_fail=True))
    row = bid(1, 10, marks(q1=5, q2=5) | {3: verdict})
    assert rules.unmet(scoring(questions=asked), row) == reason
    assert rules.rank(scoring(questions=asked), [row])[0].is_passed is (reason == "")


def test_measures_and_answers_that_fail_are_told_together():
    plan = scoring(
        requirements=(MANDATORY,),
        questions=(rules.AskedQuestion(1, "Question 1", D(100), minimum_mark=1),),
    )
    assert rules.unmet(plan, bid(1, 10, marks(q1=0), line(ONE, "1"))) == (
        "HSC1 Staff volunteering needs at least 10 hours; 1 was offered. "
        "Question 1 needs a mark of 1 or more; it has 0."
    )


def test_a_bid_that_fails_as_offered_needs_no_marks():
    plan = scoring(requirements=(MANDATORY,))
    rows = [bid(1, 10), bid(2, 10, marks(q1=5, q2=5), line(ONE, "10"))]
    assert rules.unmarked(plan, rows) == {}
    assert [s.rank for s in rules.rank(plan, rows)] == [1, None]


def test_a_bid_that_fails_by_a_ruling_needs_its_marks_for_it_may_be_lifted():
    plan = scoring(requirements=(MANDATORY,))
    assert rules.unmarked(plan, [bid(1, 0, None, line(ONE, "10", is_ruled_out=True))]) == {1: 2}


def test_which_questions_need_a_verdict():
    gate = rules.AskedQuestion(3, "Question 3", is_pass_fail=True)
    least = rules.AskedQuestion(4, "Question 4", D(10), minimum_mark=2)
    asked = (*QUESTIONS, gate, least)

    def wanted(**more):
        return [row.question_id for row in scoring(questions=asked, **more).to_mark]

    assert wanted() == [1, 2, 3, 4]
    # Nothing is scored by answers: only those that can fail a bid.
    assert wanted(quantitative_percent=D(100)) == [3, 4]
    assert wanted(is_pass_fail=True, weighting_percent=None) == [3, 4]
