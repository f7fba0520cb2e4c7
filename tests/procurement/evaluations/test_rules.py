"""The published formula, by hand-worked numbers and for any numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.evaluations import rules
from socialvalue.core.errors import RuleBroken

D = Decimal
QUESTIONS = {1: D(60), 2: D(40)}


def scoring(**more) -> rules.Scoring:
    facts = {
        "is_pass_fail": False,
        "weighting_percent": D(20),
        "quantitative_percent": D(50),
        "requirements": (),
        "questions": QUESTIONS,
    }
    return rules.Scoring(**{**facts, **more})


def bid(number: int, pence: int, marks=None, quantities=None) -> rules.ScoredBid:
    return rules.ScoredBid(number, pence, quantities or {}, marks or {})


def by_bid(scores):
    return {score.bid_id: score for score in scores}


# --- the formula by hand ----------------------------------------------------------------------


def test_two_bids_by_hand():
    """£200,000 and £150,000 of social value; marks 5 and 3, 4 and 4; half the points each.

    First: 50 + 50 x (60% x 5/5 + 40% x 3/5) = 50 + 42 = 92.
    Second: 50 x 150/200 = 37.5, and 50 x 4/5 = 40: 77.5.
    """
    scores = by_bid(
        rules.rank(scoring(), [bid(1, 20_000_000, {1: 5, 2: 3}), bid(2, 15_000_000, {1: 4, 2: 4})])
    )
    assert (scores[1].quantitative, scores[1].qualitative, scores[1].total) == (D(50), D(42), D(92))
    assert (scores[2].quantitative, scores[2].qualitative) == (D("37.5"), D(40))
    assert scores[2].total == D("77.5")
    assert (scores[1].rank, scores[2].rank) == (1, 2)


def test_points_of_the_whole_award():
    assert rules.award_points(D("77.5"), D(20)) == D("15.5")
    assert rules.award_points(D("77.5"), D("12.5")) == D("9.6875")
    assert rules.award_points(D(100), D(30)) == D(30)
    assert rules.award_points(D(100), None) is None


def test_a_third_is_rounded_once_half_up():
    scores = by_bid(
        rules.rank(
            scoring(questions={}, quantitative_percent=D(100)),
            [bid(1, 300), bid(2, 100), bid(3, 200)],
        )
    )
    assert [scores[n].total for n in (1, 2, 3)] == [D(100), D("33.333333"), D("66.666667")]


def test_nobody_offers_anything():
    scores = rules.rank(scoring(), [bid(1, 0, {1: 5, 2: 5}), bid(2, 0, {1: 0, 2: 0})])
    assert [(s.quantitative, s.total, s.rank) for s in scores] == [
        (D(0), D(50), 1),
        (D(0), D(0), 2),
    ]


def test_one_bid_with_nothing_gets_nought_beside_one_with_something():
    scores = by_bid(rules.rank(scoring(questions={}), [bid(1, 1), bid(2, 0)]))
    assert (scores[1].total, scores[2].total) == (D(100), D(0))


def test_equal_totals_share_a_rank_and_the_next_is_skipped():
    marks = {1: 5, 2: 5}
    scores = rules.rank(scoring(), [bid(1, 50, marks), bid(2, 100, marks), bid(3, 100, marks)])
    assert [(s.bid_id, s.rank) for s in scores] == [(2, 1), (3, 1), (1, 3)]


def test_different_parts_may_make_an_equal_total():
    """All of one part and none of the other: 50 + 0 and 0 + 50."""
    scores = rules.rank(scoring(), [bid(1, 100, {1: 0, 2: 0}), bid(2, 0, {1: 5, 2: 5})])
    assert [(s.total, s.rank) for s in scores] == [(D(50), 1), (D(50), 1)]


def test_a_single_bid_gets_all_the_points_for_quantities():
    assert rules.rank(scoring(), [bid(1, 1, {1: 0, 2: 0})])[0].total == D(50)


def test_no_bids_at_all():
    assert rules.rank(scoring(), []) == []


# --- what carries the points ------------------------------------------------------------------


def test_without_questions_quantities_carry_everything():
    plan = scoring(questions={}, quantitative_percent=D(50))
    assert (plan.quantitative_share, plan.qualitative_share, plan.needs_marks) == (
        D(100),
        D(0),
        False,
    )
    assert rules.rank(plan, [bid(1, 10)])[0].total == D(100)


def test_all_quantitative_needs_no_marks_although_questions_are_asked():
    plan = scoring(quantitative_percent=D(100))
    assert not plan.needs_marks
    assert [s.total for s in rules.rank(plan, [bid(1, 10), bid(2, 5)])] == [D(100), D(50)]


def test_all_qualitative():
    plan = scoring(quantitative_percent=D(0))
    scores = by_bid(rules.rank(plan, [bid(1, 10, {1: 1, 2: 0}), bid(2, 999, {1: 0, 2: 5})]))
    assert (scores[1].total, scores[2].total) == (D(12), D(40))


def test_a_mark_is_missing():
    bids = [bid(1, 10, {1: 5}), bid(2, 10, {1: 5, 2: 5}), bid(3, 10)]
    assert rules.unmarked(scoring(), bids) == {1: 1, 3: 2}
    with pytest.raises(RuleBroken, match="Mark every answer"):
        rules.rank(scoring(), bids)


@pytest.mark.parametrize("mark", [-1, 6])
def test_a_mark_outside_the_scale(mark):
    with pytest.raises(RuleBroken, match="0 to 5"):
        rules.qualitative_score({1: mark, 2: 0}, QUESTIONS, D(50))


@pytest.mark.parametrize(("mark", "points"), [(0, "0"), (1, "10"), (3, "30"), (5, "50")])
def test_each_mark_is_a_fifth(mark, points):
    assert rules.qualitative_score({1: mark}, {1: D(100)}, D(50)) == D(points)


# --- passing ----------------------------------------------------------------------------------

MANDATORY = rules.Asked(7, "HSC1 Staff volunteering", "hours", True, D(10))
OPTIONAL = rules.Asked(8, "PLB1 Local spend", "£", False, D(1000))


@pytest.mark.parametrize(
    ("offered", "passes"),
    [("9.999", False), ("10", True), ("10.001", True), ("0", False)],
)
def test_the_minimum_of_a_mandatory_measure(offered, passes):
    reason = rules.unmet((MANDATORY,), {7: D(offered)})
    assert (reason == "") is passes


def test_a_missing_quantity_is_nought():
    assert (
        rules.unmet((MANDATORY,), {}) == "HSC1 Staff volunteering is mandatory and was not offered."
    )


def test_too_little_says_how_much_is_needed():
    assert rules.unmet((MANDATORY,), {7: D("9.5")}) == (
        "HSC1 Staff volunteering needs at least 10 hours; 9.5 was offered."
    )


def test_mandatory_without_a_minimum_needs_more_than_nought():
    asked = rules.Asked(7, "HSC1", "hours", True, None)
    assert rules.unmet((asked,), {7: D("0.001")}) == ""
    assert rules.unmet((asked,), {7: D(0)}) != ""


def test_a_minimum_on_an_optional_measure_fails_nobody():
    assert rules.unmet((OPTIONAL,), {8: D(1)}) == ""
    assert rules.unmet((OPTIONAL,), {}) == ""


def test_every_fault_is_named():
    other = rules.Asked(9, "ENV1 Carbon", "tCO2e", True, None)
    assert rules.unmet((MANDATORY, other), {7: D(1)}).count(".") == 2


def test_a_negative_quantity_is_a_defect():
    with pytest.raises(ValueError, match="negative"):
        rules.unmet((MANDATORY,), {7: D(-1)})
    with pytest.raises(ValueError, match="negative"):
        rules.rank(scoring(questions={}), [rules.ScoredBid(1, -1)])


def test_a_bid_that_fails_neither_ranks_nor_sets_the_highest():
    """Without the failing £1,000 the highest is £500, so £250 gets half of the points."""
    plan = scoring(questions={}, requirements=(MANDATORY,))
    enough = {7: D(10)}
    scores = by_bid(
        rules.rank(
            plan, [bid(1, 100_000), bid(2, 50_000, None, enough), bid(3, 25_000, None, enough)]
        )
    )
    assert (scores[1].is_passed, scores[1].rank, scores[1].total) == (False, None, D(0))
    assert scores[1].reason == "HSC1 Staff volunteering is mandatory and was not offered."
    assert (scores[2].total, scores[2].rank) == (D(100), 1)
    assert (scores[3].total, scores[3].rank) == (D(50), 2)


def test_a_bid_that_fails_needs_no_marks():
    plan = scoring(requirements=(MANDATORY,))
    bids = [bid(1, 10), bid(2, 10, {1: 5, 2: 5}, {7: D(10)})]
    assert rules.unmarked(plan, bids) == {}
    assert [s.rank for s in rules.rank(plan, bids)] == [1, None]


def test_nobody_passes():
    scores = rules.rank(scoring(requirements=(MANDATORY,)), [bid(1, 10), bid(2, 20)])
    assert [(s.bid_id, s.rank, s.total) for s in scores] == [(1, None, D(0)), (2, None, D(0))]


def test_pass_or_fail_gives_no_points_and_one_rank():
    plan = scoring(is_pass_fail=True, weighting_percent=None, requirements=(MANDATORY,))
    scores = by_bid(
        rules.rank(
            plan,
            [
                bid(1, 10, None, {7: D(10)}),
                bid(2, 99, None, {7: D(50)}),
                bid(3, 500, None, {7: D("9.9")}),
            ],
        )
    )
    assert not plan.needs_marks
    assert [(scores[n].rank, scores[n].total) for n in (1, 2, 3)] == [
        (1, D(0)),
        (1, D(0)),
        (None, D(0)),
    ]


# --- for any numbers --------------------------------------------------------------------------

bids = st.lists(
    st.builds(
        lambda pence, first, second: (pence, {1: first, 2: second}),
        st.integers(0, 10**13),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=8,
).map(lambda rows: [bid(number, pence, marks) for number, (pence, marks) in enumerate(rows, 1)])
shares = st.decimals(0, 100, places=2)


# A busy machine draws slowly; that says nothing about the rule.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(bids, shares)
def test_scores_stay_in_their_bounds(rows, share):
    plan = scoring(quantitative_percent=share)
    for score in rules.rank(plan, rows):
        assert 0 <= score.quantitative <= share
        assert 0 <= score.qualitative <= 100 - share
        assert score.total == score.quantitative + score.qualitative <= 100


@unhurried
@given(bids, shares)
def test_the_best_offer_gets_all_the_points_for_quantities(rows, share):
    highest = max(row.social_value_pence for row in rows)
    for score in rules.rank(scoring(quantitative_percent=share), rows):
        if highest and score.social_value_pence == highest:
            assert score.quantitative == share


@unhurried
@given(bids, shares, st.randoms(use_true_random=False))
def test_the_order_of_the_bids_makes_no_difference(rows, share, random):
    plan = scoring(quantitative_percent=share)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert rules.rank(plan, rows) == rules.rank(plan, shuffled)


@unhurried
@given(bids)
def test_more_social_value_never_ranks_lower(rows):
    scores = by_bid(rules.rank(scoring(questions={}), rows))
    for one in rows:
        for other in rows:
            if one.social_value_pence > other.social_value_pence:
                assert scores[one.bid_id].rank <= scores[other.bid_id].rank
