"""What holds for any bids: bounds, order, more is never worse, a ruling hits nobody else, places in one order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from procurement.evaluations import rules
from procurement.tenders.vocabulary import Formula, TieRule
from tests.factories.scorings import ONE, OTHER, bid, by_bid, line, scoring

D = Decimal

# A busy machine draws slowly; that says nothing about the rule.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

marks_or_none = st.one_of(
    st.integers(0, 5).map(rules.Verdict), st.just(rules.Verdict(not_applicable=True))
)


@st.composite
def a_bid(draw, number: int) -> rules.ScoredBid:
    lines = []
    for requirement in (ONE, OTHER):
        quantity = draw(st.integers(0, 40))
        worth = draw(st.integers(0, 500))
        lines.append(
            line(
                requirement,
                D(quantity),
                quantity * worth,
                amount=D(quantity * worth) / 100,
                is_ruled_out=draw(st.integers(0, 4)) == 0,
            )
        )
    verdicts = {1: draw(marks_or_none), 2: draw(marks_or_none)}
    price = draw(st.one_of(st.none(), st.integers(0, 10**6)))
    return bid(number, 0, verdicts, *lines, price=price)


@st.composite
def some_bids(draw) -> list[rules.ScoredBid]:
    return [draw(a_bid(number)) for number in range(1, draw(st.integers(1, 6)) + 1)]


@st.composite
def some_scoring(draw) -> rules.Scoring:
    formula = draw(st.sampled_from(Formula.values))
    weight = draw(st.integers(1, 99)) if formula != Formula.TARGET and draw(st.booleans()) else None
    weights = (None, None) if weight is None else (D(weight), D(100 - weight))
    return scoring(
        quantitative_percent=draw(st.decimals(0, 100, places=2)),
        formula=formula,
        target_pence=draw(st.integers(1, 20_000)) if formula == Formula.TARGET else None,
        tie_rule=draw(st.sampled_from(TieRule.values)),
        requirements=(
            rules.Asked(
                ONE, "ONE", is_mandatory=draw(st.booleans()), minimum_quantity=D(5),
                weight_percent=weights[0],
            ),
            rules.Asked(OTHER, "OTHER", weight_percent=weights[1]),
        ),
        questions=(
            rules.AskedQuestion(
                1, "Question 1", D(60), minimum_mark=draw(st.sampled_from([None, 1, 3]))
            ),
            rules.AskedQuestion(2, "Question 2", D(40)),
        ),
    )  # fmt: skip


def with_line(row: rules.ScoredBid, at: int, **change) -> rules.ScoredBid:
    lines = list(row.lines)
    lines[at] = replace(lines[at], **change)
    return replace(row, lines=tuple(lines))


def put(rows, row):
    return [row if other.bid_id == row.bid_id else other for other in rows]


@unhurried
@given(some_scoring(), some_bids())
def test_scores_stay_in_their_bounds(plan, rows):
    share = plan.quantitative_percent
    for score in rules.rank(plan, rows):
        assert 0 <= score.quantitative <= share
        assert 0 <= score.qualitative <= 100 - share
        assert score.total == score.quantitative + score.qualitative <= 100
        assert score.is_passed == (score.rank is not None) == (score.reason == "")
        assert score.is_passed or score.total == 0


@unhurried
@given(some_bids(), st.decimals(0, 100, places=2))
def test_the_best_offer_gets_all_the_points_for_quantities(rows, share):
    scores = rules.rank(scoring(quantitative_percent=share), rows)
    highest = max(score.social_value_pence for score in scores)
    for score in scores:
        if highest and score.social_value_pence == highest:
            assert score.quantitative == share


@unhurried
@given(some_scoring(), some_bids(), st.randoms(use_true_random=False))
def test_the_order_of_the_bids_makes_no_difference(plan, rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert rules.rank(plan, rows) == rules.rank(plan, shuffled)


@unhurried
@given(some_scoring(), some_bids(), st.integers(0, 1), st.integers(1, 1000))
def test_more_of_a_measure_never_lowers_ones_own_score(plan, rows, at, more):
    own = rows[0]
    had = own.lines[at]
    grown = with_line(
        own,
        at,
        quantity=had.quantity + more,
        value_pence=had.value_pence + more * 3,
        amount=had.amount + more,
    )
    before = by_bid(rules.rank(plan, rows))[own.bid_id]
    after = by_bid(rules.rank(plan, put(rows, grown)))[own.bid_id]
    assert after.total >= before.total
    assert after.is_passed >= before.is_passed
    assert after.qualitative == before.qualitative or not before.is_passed


@unhurried
@given(some_scoring(), some_bids(), st.sampled_from([1, 2]))
def test_a_higher_mark_never_lowers_ones_own_score_nor_moves_anothers_mark(plan, rows, question):
    own = rows[0]
    mark = own.verdicts[question].mark
    assume(mark is not None and mark < 5)
    better = replace(own, verdicts=dict(own.verdicts) | {question: rules.Verdict(mark + 1)})
    before = by_bid(rules.rank(plan, rows))
    after = by_bid(rules.rank(plan, put(rows, better)))
    assert after[own.bid_id].total >= before[own.bid_id].total
    assert after[own.bid_id].is_passed >= before[own.bid_id].is_passed
    for other in rows[1:]:
        assert after[other.bid_id].qualitative == before[other.bid_id].qualitative


@unhurried
@given(some_scoring(), some_bids(), st.integers(0, 1))
def test_ruling_a_claim_out_never_helps_its_bid_and_never_harms_another(plan, rows, at):
    own = with_line(rows[0], at, is_ruled_out=False)
    rows = put(rows, own)
    ruled = with_line(own, at, is_ruled_out=True)
    before = by_bid(rules.rank(plan, rows))
    after = by_bid(rules.rank(plan, put(rows, ruled)))
    assert after[own.bid_id].total <= before[own.bid_id].total
    assert after[own.bid_id].is_passed <= before[own.bid_id].is_passed
    assert after[own.bid_id].social_value_pence <= before[own.bid_id].social_value_pence
    for other in rows[1:]:
        assert after[other.bid_id].total >= before[other.bid_id].total
        assert after[other.bid_id].is_passed == before[other.bid_id].is_passed
        assert after[other.bid_id].social_value_pence == before[other.bid_id].social_value_pence
    assert by_bid(rules.rank(plan, put(rows, own))) == before


@unhurried
@given(some_scoring(), some_bids())
def test_a_bid_that_does_not_pass_changes_nothing_for_the_others(plan, rows):
    scores = rules.rank(plan, rows)
    passing = {score.bid_id for score in scores if score.is_passed}
    alone = rules.rank(plan, [row for row in rows if row.bid_id in passing])
    assert alone == [score for score in scores if score.is_passed]


def second(rule: str, row: rules.ScoredBid, score: rules.Score) -> Decimal:
    """What the tie rule looks at, worked out once more: the greater, the better."""
    if rule == TieRule.ANSWERS:
        return score.qualitative
    if rule == TieRule.SOCIAL_VALUE:
        return D(sum(one.value_pence for one in row.lines if not one.is_ruled_out))
    if rule == TieRule.LOWER_PRICE:
        return D(-row.price_pence) if row.price_pence else D("-Infinity")
    return D(0)


@unhurried
@given(some_scoring(), some_bids())
def test_places_are_one_order_with_shared_places_only_where_nothing_tells_apart(plan, rows):
    by_id = {row.bid_id: row for row in rows}
    scores = [score for score in rules.rank(plan, rows) if score.is_passed]
    keys = {s.bid_id: (s.total, second(plan.tie_rule, by_id[s.bid_id], s)) for s in scores}
    for one in scores:
        for other in scores:
            mine, theirs = keys[one.bid_id], keys[other.bid_id]
            assert (one.rank < other.rank) == (mine > theirs)
            assert (one.rank == other.rank) == (mine == theirs)
    # Places are 1, 2, 3 … with as many left out as share the one before.
    assert [s.rank for s in scores] == [1 + sum(o.rank < s.rank for o in scores) for s in scores]


@unhurried
@given(some_bids(), st.sampled_from(TieRule.values))
def test_the_tie_rule_never_changes_points(rows, rule):
    shared = by_bid(rules.rank(scoring(), rows))
    ruled = by_bid(rules.rank(scoring(tie_rule=rule), rows))
    for number, score in ruled.items():
        assert score.total == shared[number].total
        assert score.rank >= shared[number].rank
