"""The published formula in words: every case has its line, no line is there for nothing, every example adds up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.tenders.rules import (
    AskedInWords,
    MeasureInWords,
    QuestionInWords,
    scoring_in_words,
)
from procurement.tenders.vocabulary import Formula, TieRule

D = Decimal
BARE = AskedInWords([MeasureInWords("GSE1", "people")], [QuestionInWords(D(100))])
WHOLE = AskedInWords(
    [
        MeasureInWords("GSE1", "people", True, True, D(2), D(10), D(40)),
        MeasureInWords("HSC9", "hours", False, weight_percent=D(60)),
    ],
    [QuestionInWords(D(100), 3), QuestionInWords()],
    is_lot=True,
)


def words(asked=BARE, kind="weighted", **more):
    usual = {"percent": D(10), "quantitative_percent": D(60), "target": D(160_000)}
    return scoring_in_words(kind=kind, asked=asked, **{**usual, **more})


def cases(*args, **more):
    return [case for case, _ in words(*args, **more).cases]


def test_a_plain_tender_has_only_the_lines_that_apply():
    assert cases() == [
        "Nobody offers any social value",
        "A bid without a price",
        "A measure left out",
        "A claim that is ruled out",
        "A question that does not apply to a bid",
        "Equal points",
        "Rounding",
    ]


def test_a_tender_with_everything_has_every_line():
    assert cases(WHOLE) == [
        "Nobody offers a measure",
        "A bid without a price",
        "More than 10 people of GSE1",
        "A measure left out",
        "A claim that is ruled out",
        "A bid that does not pass",
        "Question 1 marked below 3",
        "A question that does not apply to a bid",
        "Equal points",
        "Other lots",
        "Rounding",
    ]


def test_quantities_that_carry_no_points_have_no_lines_on_points():
    assert cases(quantitative_percent=D(0)) == [
        "A measure left out",
        "A claim that is ruled out",
        "A question that does not apply to a bid",
        "Equal points",
        "Rounding",
    ]


def test_answers_that_carry_no_points_have_none_either():
    only = AskedInWords([MeasureInWords("GSE1", "people")])
    assert "A question that does not apply to a bid" not in cases(only, quantitative_percent=D(100))
    judged = AskedInWords(only.measures, [QuestionInWords()])
    found = dict(words(judged, quantitative_percent=D(100)).cases)
    assert found["A question that does not apply to a bid"] == "It fails no bid."


@pytest.mark.parametrize(
    ("formula", "case", "then"),
    [
        (Formula.SHARE_OF_HIGHEST, "A bid without a price", "It is scored like any other."),
        (Formula.TARGET, "A bid without a price", "It is scored like any other."),
        (
            Formula.SHARE_OF_PRICE,
            "A bid without a price above nought",
            "It earns no points for quantity and sets no highest.",
        ),
    ],
)
def test_a_bid_without_a_price(formula, case, then):
    assert dict(words(formula=formula).cases)[case] == then


@pytest.mark.parametrize("rule", list(TieRule))
def test_every_tie_rule_is_said_to_its_end(rule):
    told = dict(words(tie_rule=rule).cases)["Equal points"]
    assert "share the place" in told
    others = {dict(words(tie_rule=other).cases)["Equal points"] for other in TieRule}
    assert len(others) == 4


def test_what_passes_is_said_where_something_must_be_met():
    assert [row for row in words().formula if row.startswith("A bid passes")] == []
    assert words(WHOLE).formula[-1] == (
        "A bid passes when it offers every mandatory measure, at its minimum or more where one is set, "
        "meets every question that is pass or fail and gets every minimum mark."
    )


def test_a_tender_that_is_pass_or_fail():
    told = words(WHOLE, kind="pass_fail", percent=None)
    assert told.formula[0] == "Social value is pass or fail and adds no points to the award."
    assert told.formula[1].startswith("A bid passes when it offers every mandatory measure")
    assert [case for case, _ in told.cases] == [
        "A measure left out",
        "A claim that is ruled out",
        "A bid that does not pass",
        "Question 1 marked below 3",
        "A question that does not apply to a bid",
        "Several bids pass",
        "Other lots",
    ]
    nothing = words(AskedInWords(), kind="pass_fail", percent=None)
    assert nothing.formula[1] == "A bid passes as it is: nothing is mandatory."


def test_sentences_hold_all_of_it_a_line_each():
    told = words(WHOLE)
    assert len(told.sentences) == len(told.formula) + len(told.cases)
    assert "Rounding: Points for quantity" in told.sentences[-1]


def test_the_example_by_measure_adds_up():
    told = words(WHOLE)
    # 60 points: 40% x 3/4 are 18, 60% x 1/2 are 18; 40 points for answers marked 4 of 5 are 32.
    assert told.example == (
        ("Of GSE1 this bid offers £150,000; the highest offers £200,000", "150,000 ÷ 200,000 × 40% × 60 = 18 points"),
        ("Of HSC9 this bid offers 10 hours; the highest offers 20 hours", "10 ÷ 20 × 60% × 60 = 18 points"),
        ("Every answer is marked 4 of 5", "4 ÷ 5 × 40 = 32 points"),
        ("Social value points of 100", "68"),
    )  # fmt: skip
    assert told.example_result == "68 × 10% = 6.8 of 100 points of the award"
    # 20 hours earn 60% of 60 points, which are 3.6 points of the award: 5.6 hours a point.
    assert told.point == (
        "If the highest offer of HSC9 is 20 hours, one point of the award costs another bidder 5.6 hours by it."
    )
    assert told.formula[2] == "The weights of the measures: GSE1 40%, HSC9 60%."


def test_a_measure_without_a_value_is_scored_by_its_quantity_and_the_words_say_so():
    by_quantity = "(its quantity, as attributed, where it has no £ value)"
    assert by_quantity in words(WHOLE).formula[1]
    all_valued = AskedInWords([MeasureInWords("A", weight_percent=D(100))])
    assert by_quantity not in words(all_valued).formula[1]


def test_the_example_by_measure_for_the_price():
    told = words(WHOLE, formula=Formula.SHARE_OF_PRICE)
    assert told.example[0][0].endswith("both at a price of £1,000,000")
    assert "for each pound of its price" in told.formula[1]
    assert told.example_result == words(WHOLE).example_result


def test_a_point_by_the_heaviest_measure_in_pounds():
    heavy = AskedInWords(
        [MeasureInWords("A", weight_percent=D(75)), MeasureInWords("B", weight_percent=D(25))]
    )
    # £200,000 earn 75 of 100 points, which are 7.5 points of the award.
    assert words(heavy, quantitative_percent=D(100)).point == (
        "If the highest offer of A is £200,000 of social value, one point of the award costs another bidder "
        "£26,667 of social value by it."
    )


def test_a_target_is_never_told_by_measure():
    assert words(WHOLE, formula=Formula.TARGET).example[0] == (
        "This bid offers £120,000; the target is £160,000",
        "£120,000 ÷ £160,000 × 60 = 45 points",
    )
