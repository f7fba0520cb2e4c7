"""Points and places by hand-worked numbers: every formula, every edge of the published text."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.evaluations import rules
from procurement.tenders.vocabulary import Formula, TieRule
from socialvalue.core.errors import RuleBroken
from tests.factories.scorings import (
    ONE,
    OTHER,
    QUESTIONS,
    bid,
    by_bid,
    line,
    marks,
    places,
    scoring,
    totals,
)

D = Decimal


def four(**prices: int | None) -> list[rules.ScoredBid]:
    """Four bids: social value £200,000, £150,000, £50,000 and nothing, at four prices, with four pairs of marks.

    Points for answers, of 50: 50 x (60% x first/5 + 40% x second/5):
    1: 50 x (0.48 + 0.24) = 36       2: 50 x (0.6 + 0.4) = 50
    3: 50 x (0.24 + 0.08) = 16       4: 50 x (0.36 + 0) = 18
    """
    price = {"p1": 1_000_000, "p2": 600_000, "p3": 400_000, "p4": 800_000} | prices
    pence = {name: None if found is None else found * 100 for name, found in price.items()}
    return [
        bid(1, 20_000_000, marks(q1=4, q2=3), price=pence["p1"]),
        bid(2, 15_000_000, marks(q1=5, q2=5), price=pence["p2"]),
        bid(3, 5_000_000, marks(q1=2, q2=1), price=pence["p3"]),
        bid(4, 0, marks(q1=3, q2=0), price=pence["p4"]),
    ]


def quantities(scores):
    return {score.bid_id: score.quantitative for score in scores}


# --- the formulas by hand ---------------------------------------------------------------------


def test_share_of_the_highest():
    """Of 50 by quantities: 50 x 200/200 = 50, 50 x 150/200 = 37.5, 50 x 50/200 = 12.5, 0.

    50 + 36 = 86;  37.5 + 50 = 87.5;  12.5 + 16 = 28.5;  0 + 18 = 18.
    """
    scores = rules.rank(scoring(), four())
    assert quantities(scores) == {1: D(50), 2: D("37.5"), 3: D("12.5"), 4: D(0)}
    assert {s.bid_id: s.qualitative for s in scores} == {1: D(36), 2: D(50), 3: D(16), 4: D(18)}
    assert totals(scores) == {1: D(86), 2: D("87.5"), 3: D("28.5"), 4: D(18)}
    assert [s.bid_id for s in scores] == [2, 1, 3, 4]
    assert places(scores) == {2: 1, 1: 2, 3: 3, 4: 4}


def test_share_of_price():
    """£ for the price: 200/1000 = 20%, 150/600 = 25%, 50/400 = 12.5%, 0. The highest is 25%.

    50 x 20/25 = 40, 50, 50 x 12.5/25 = 25, 0.  40 + 36 = 76;  100;  25 + 16 = 41;  18.
    """
    scores = rules.rank(scoring(formula=Formula.SHARE_OF_PRICE), four())
    assert quantities(scores) == {1: D(40), 2: D(50), 3: D(25), 4: D(0)}
    assert totals(scores) == {1: D(76), 2: D(100), 3: D(41), 4: D(18)}
    assert places(scores) == {2: 1, 1: 2, 3: 3, 4: 4}


@pytest.mark.parametrize("price", [None, 0])
def test_share_of_price_without_a_price(price):
    """The second bid has no price to divide by: no points for quantities, and 20% is the highest: 50, 0, 31.25, 0."""
    scores = rules.rank(scoring(formula=Formula.SHARE_OF_PRICE), four(p2=price))
    assert quantities(scores) == {1: D(50), 2: D(0), 3: D("31.25"), 4: D(0)}


def test_a_price_is_no_matter_to_the_other_formulas():
    for more in ({}, {"formula": Formula.TARGET, "target_pence": 16_000_000}):
        with_prices = rules.rank(scoring(**more), four())
        assert rules.rank(scoring(**more), four(p1=None, p2=0, p3=None)) == with_prices


def test_target():
    """Target £160,000: 50 (200 goes beyond), 50 x 150/160 = 46.875, 50 x 50/160 = 15.625, 0."""
    scores = rules.rank(scoring(formula=Formula.TARGET, target_pence=16_000_000), four())
    assert quantities(scores) == {1: D(50), 2: D("46.875"), 3: D("15.625"), 4: D(0)}
    assert totals(scores) == {1: D(86), 2: D("96.875"), 3: D("31.625"), 4: D(18)}


@pytest.mark.parametrize(
    ("pence", "points"), [(999, "99.9"), (1000, "100"), (1001, "100"), (0, "0")]
)
def test_the_edge_of_the_target(pence, points):
    plan = scoring(questions=(), formula=Formula.TARGET, target_pence=1000)
    assert totals(rules.rank(plan, [bid(1, pence)])) == {1: D(points)}


WEIGHED = (
    rules.Asked(ONE, "PLB1", "£", weight_percent=D(70)),
    rules.Asked(OTHER, "HSC1", "hours", weight_percent=D(30)),
)


def weighed() -> list[rules.ScoredBid]:
    """£100, £80, £50 and nothing of one measure; 0, 40, 20 and 10 hours of the other; prices £1,000 to £100."""
    return [
        bid(1, 0, None, line(ONE, "1", 10_000, amount=D(100)), price=100_000),
        bid(
            2, 0, None, line(ONE, "1", 8_000, amount=D(80)), line(OTHER, "40", amount=D(40)),
            price=40_000,
        ),
        bid(
            3, 0, None, line(ONE, "1", 5_000, amount=D(50)), line(OTHER, "20", amount=D(20)),
            price=50_000,
        ),
        bid(4, 0, None, line(OTHER, "10", amount=D(10)), price=10_000),
    ]  # fmt: skip


def test_weights_by_measure():
    """70% for £ of the highest £100, 30% for hours of the highest 40, of 100 points:

    1: 70 x 1 + 0 = 70;  2: 70 x 0.8 + 30 = 86;  3: 70 x 0.5 + 30 x 0.5 = 50;  4: 30 x 0.25 = 7.5.
    """
    scores = rules.rank(scoring(questions=(), requirements=WEIGHED), weighed())
    assert totals(scores) == {1: D(70), 2: D(86), 3: D(50), 4: D("7.5")}
    assert places(scores) == {2: 1, 1: 2, 3: 3, 4: 4}


def test_weights_by_measure_for_the_price():
    """For a pound of price: 0.1, 0.2, 0.1, 0 of £ and 0, 0.1, 0.04, 0.1 of hours.

    1: 70 x 1/2 = 35;  2: 70 + 30 = 100;  3: 70 x 1/2 + 30 x 0.4 = 47;  4: 30.
    """
    plan = scoring(questions=(), requirements=WEIGHED, formula=Formula.SHARE_OF_PRICE)
    assert totals(rules.rank(plan, weighed())) == {1: D(35), 2: D(100), 3: D(47), 4: D(30)}


def test_a_measure_that_nobody_offers_gives_its_points_to_nobody():
    """Without hours: 70, 56, 35, 0."""
    rows = [bid(row.bid_id, 0, None, *row.lines[:1]) for row in weighed()[:3]]
    scores = rules.rank(scoring(questions=(), requirements=WEIGHED), rows)
    assert totals(scores) == {1: D(70), 2: D(56), 3: D(35)}


def test_what_is_ruled_out_earns_nothing_by_weight_either():
    """The 40 hours of the second bid do not count, so 20 hours are the highest:

    1: 70;  2: 56;  3: 35 + 30 = 65;  4: 30 x 10/20 = 15.
    """
    rows = weighed()
    rows[1] = bid(2, 0, None, rows[1].lines[0], line(OTHER, "40", amount=D(40), is_ruled_out=True))
    scores = rules.rank(scoring(questions=(), requirements=WEIGHED), rows)
    assert totals(scores) == {1: D(70), 2: D(56), 3: D(65), 4: D(15)}


def test_points_of_the_whole_award():
    assert rules.award_points(D("77.5"), D(20)) == D("15.5")
    assert rules.award_points(D("77.5"), D("12.5")) == D("9.6875")
    assert rules.award_points(D(100), D(30)) == D(30)
    assert rules.award_points(D(100), None) is None


def test_a_third_is_rounded_once_half_up():
    scores = rules.rank(scoring(questions=()), [bid(1, 300), bid(2, 100), bid(3, 200)])
    assert totals(scores) == {1: D(100), 2: D("33.333333"), 3: D("66.666667")}


def test_a_third_of_the_answers_is_rounded_once():
    """Three equal weights of 33.33, 33.33 and 33.34: 50 x (33.33 x 1/5) / 100 = 3.333."""
    asked = tuple(
        rules.AskedQuestion(n, f"Question {n}", D(weight))
        for n, weight in ((1, "33.33"), (2, "33.33"), (3, "33.34"))
    )
    assert rules.qualitative_score(asked, marks(q1=1, q2=0, q3=0), D(50)) == D("3.333")
    # Two of them apply: 50 x (33.33/5) / 66.66 = 5 exactly; with the third mark 50 x (33.34/5) / 66.67 = 5.00075.
    assert rules.qualitative_score(asked, marks(q1=1, q2=0, q3=None), D(50)) == D(5)
    assert rules.qualitative_score(asked, marks(q1=0, q2=None, q3=1), D(50)) == D("5.000750")


# --- nothing to divide ------------------------------------------------------------------------


@pytest.mark.parametrize("formula", [Formula.SHARE_OF_HIGHEST, Formula.SHARE_OF_PRICE])
def test_nobody_offers_anything(formula):
    rows = [
        bid(1, 0, marks(q1=5, q2=5), price=100),
        bid(2, 0, marks(q1=0, q2=0), price=100),
    ]
    scores = rules.rank(scoring(formula=formula), rows)
    assert [(s.quantitative, s.total, s.rank) for s in scores] == [
        (D(0), D(50), 1),
        (D(0), D(0), 2),
    ]


def test_one_bid_with_nothing_gets_nought_beside_one_with_something():
    assert totals(rules.rank(scoring(questions=()), [bid(1, 1), bid(2, 0)])) == {1: D(100), 2: D(0)}


def test_a_single_bid_gets_all_the_points_for_quantities():
    assert rules.rank(scoring(), [bid(1, 1, marks(q1=0, q2=0))])[0].total == D(50)


def test_no_bids_at_all():
    assert rules.rank(scoring(), []) == []


def test_nobody_passes():
    plan = scoring(requirements=(rules.Asked(ONE, "PLB1", is_mandatory=True),))
    scores = rules.rank(plan, [bid(1, 10), bid(2, 20)])
    assert [(s.bid_id, s.rank, s.total) for s in scores] == [(1, None, D(0)), (2, None, D(0))]


def test_a_bid_that_fails_neither_ranks_nor_sets_the_highest():
    """Without the £1,000 that fails the highest is £500, so £250 gets half of the points."""
    plan = scoring(questions=(), requirements=(rules.Asked(ONE, "PLB1", is_mandatory=True),))
    scores = by_bid(
        rules.rank(
            plan,
            [
                bid(1, 100_000),
                bid(2, 0, None, line(ONE, "5", 50_000)),
                bid(3, 0, None, line(ONE, "2", 25_000)),
            ],
        )
    )
    assert (scores[1].is_passed, scores[1].rank, scores[1].total) == (False, None, D(0))
    assert scores[1].reason == "PLB1 is mandatory and was not offered."
    assert (scores[2].total, scores[2].rank) == (D(100), 1)
    assert (scores[3].total, scores[3].rank) == (D(50), 2)


def test_a_bid_below_a_minimum_mark_does_not_set_the_highest():
    """The first bid's 4 for question 1 is below 5: out, and £150,000 is the highest: 50, 50 x 50/150, 0.

    Question 1 of the others has 5, 2 and 3: only the second passes.
    """
    asked = (rules.AskedQuestion(1, "Question 1", D(60), minimum_mark=5), QUESTIONS[1])
    scores = by_bid(rules.rank(scoring(questions=asked), four()))
    assert [scores[n].is_passed for n in (1, 2, 3, 4)] == [False, True, False, False]
    assert (scores[2].quantitative, scores[2].rank) == (D(50), 1)
    assert scores[1].reason == "Question 1 needs a mark of 5 or more; it has 4."
    assert scores[1].total == D(0)


# --- what was ruled out -----------------------------------------------------------------------


def test_ruling_out_the_top_bid_scores_all_again():
    """£200,000 no longer count: £150,000 is the highest. 0, 50, 50 x 50/150 = 16.666667, 0.

    0 + 36 = 36;  100;  16.666667 + 16 = 32.666667;  18.
    """
    rows = four()
    rows[0] = bid(
        1, 0, rows[0].verdicts, line(99, "1", 20_000_000, is_ruled_out=True), price=100_000_000
    )
    scores = by_bid(rules.rank(scoring(), rows))
    assert scores[1].social_value_pence == 0
    assert totals(scores.values()) == {1: D(36), 2: D(100), 3: D("32.666667"), 4: D(18)}
    assert places(scores.values()) == {2: 1, 1: 2, 3: 3, 4: 4}


def test_all_that_is_offered_is_ruled_out():
    rows = [bid(n, 0, marks(q1=n, q2=n), line(99, "1", 1000, is_ruled_out=True)) for n in (1, 2, 3)]
    assert totals(rules.rank(scoring(), rows)) == {1: D(10), 2: D(20), 3: D(30)}


def test_part_of_a_bid_is_ruled_out():
    rows = [
        bid(1, 0, None, line(ONE, "1", 600, is_ruled_out=True), line(OTHER, "1", 200)),
        bid(2, 0, None, line(ONE, "1", 400)),
    ]
    scores = by_bid(rules.rank(scoring(questions=()), rows))
    assert (scores[1].social_value_pence, scores[1].total) == (200, D(50))
    assert (scores[2].social_value_pence, scores[2].total) == (400, D(100))


# --- answers that do not apply ----------------------------------------------------------------


def test_an_answer_that_is_not_applicable_leaves_the_bids_own_sum():
    """4 of 5 for the 60% that apply: 50 x (60 x 4/5) / 60 = 40. Of the 40% alone: 50 x 3/5 = 30."""
    assert rules.qualitative_score(QUESTIONS, marks(q1=4, q2=None), D(50)) == D(40)
    assert rules.qualitative_score(QUESTIONS, marks(q1=None, q2=3), D(50)) == D(30)


def test_no_answer_applies():
    rows = [bid(1, 10, marks(q1=None, q2=None)), bid(2, 10, marks(q1=1, q2=0))]
    scores = by_bid(rules.rank(scoring(), rows))
    assert (scores[1].qualitative, scores[1].total, scores[1].is_passed) == (D(0), D(50), True)
    # 50 x 60% x 1/5 = 6
    assert (scores[2].qualitative, scores[2].total) == (D(6), D(56))


def test_not_applicable_to_one_bid_changes_nothing_for_another():
    rows = four()
    before = by_bid(rules.rank(scoring(), rows))
    rows[0] = bid(1, 20_000_000, marks(q1=4, q2=None), price=100_000_000)
    after = by_bid(rules.rank(scoring(), rows))
    assert after[1].qualitative == D(40)
    assert [after[n].total for n in (2, 3, 4)] == [before[n].total for n in (2, 3, 4)]


# --- what carries the points ------------------------------------------------------------------


def test_without_questions_quantities_carry_everything():
    plan = scoring(questions=())
    assert (plan.quantitative_share, plan.qualitative_share, plan.needs_marks) == (
        D(100),
        D(0),
        False,
    )
    assert rules.rank(plan, [bid(1, 10)])[0].total == D(100)


def test_with_pass_or_fail_questions_only_quantities_carry_everything():
    plan = scoring(questions=(rules.AskedQuestion(1, "Question 1", is_pass_fail=True),))
    assert (plan.quantitative_share, plan.needs_marks) == (D(100), True)
    met = {1: rules.Verdict(is_met=True)}
    assert totals(rules.rank(plan, [bid(1, 10, met), bid(2, 5, met)])) == {1: D(100), 2: D(50)}


def test_all_quantitative_needs_no_marks_although_questions_are_asked():
    plan = scoring(quantitative_percent=D(100))
    assert not plan.needs_marks
    assert [s.total for s in rules.rank(plan, [bid(1, 10), bid(2, 5)])] == [D(100), D(50)]


def test_all_qualitative():
    plan = scoring(quantitative_percent=D(0))
    rows = [bid(1, 10, marks(q1=1, q2=0)), bid(2, 999, marks(q1=0, q2=5))]
    assert totals(rules.rank(plan, rows)) == {1: D(12), 2: D(40)}


def test_a_mark_is_missing():
    rows = [bid(1, 10, marks(q1=5)), bid(2, 10, marks(q1=5, q2=5)), bid(3, 10)]
    assert rules.unmarked(scoring(), rows) == {1: 1, 3: 2}
    with pytest.raises(RuleBroken, match="Moderate every answer"):
        rules.rank(scoring(), rows)


@pytest.mark.parametrize("mark", [-1, 6])
def test_a_mark_outside_the_scale(mark):
    with pytest.raises(RuleBroken, match="0 to 5"):
        rules.qualitative_score(QUESTIONS, marks(q1=mark, q2=0), D(50))
    with pytest.raises(RuleBroken, match="0 to 5"):
        rules.rank(scoring(), [bid(1, 1, marks(q1=mark, q2=0))])


def test_a_verdict_that_does_not_fit_its_question():
    with pytest.raises(RuleBroken, match="Select a mark"):
        rules.rank(scoring(), [bid(1, 1, marks(q1=1) | {2: rules.Verdict(is_met=True)})])


@pytest.mark.parametrize(("mark", "points"), [(0, "0"), (1, "10"), (3, "30"), (5, "50")])
def test_each_mark_is_a_fifth(mark, points):
    asked = (rules.AskedQuestion(1, "Question 1", D(100)),)
    assert rules.qualitative_score(asked, marks(q1=mark), D(50)) == D(points)


def test_pass_or_fail_gives_no_points_and_one_rank():
    plan = scoring(is_pass_fail=True, weighting_percent=None, tie_rule=TieRule.LOWER_PRICE)
    assert not plan.needs_marks
    scores = rules.rank(plan, [bid(1, 10, price=5), bid(2, 99, price=1)])
    assert [(s.rank, s.total) for s in scores] == [(1, D(0)), (1, D(0))]


def test_a_negative_value_is_a_defect():
    with pytest.raises(ValueError, match="negative"):
        rules.rank(scoring(questions=()), [bid(1, -1)])
