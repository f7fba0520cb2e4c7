"""Weights of measures, maximums, questions that are judged, minimum marks, ties and the scale of marks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.tenders.rules import (
    MOST_IN_A_MARK,
    STANDARD_MARKS,
    QuestionInput,
    RequirementInput,
    check_questions,
    check_requirements,
    check_scoring,
    marks_meaning,
    measure_weights_sentence,
    missing_from,
    own_marks,
)
from socialvalue.core.errors import RuleBroken
from tests.procurement.tenders.test_rules import RANGE, facts

D = Decimal
LEFT = "Give every measure one, 40 are left, or take all weights away."
NONE_LEFT = "Give every measure one, 100 in all, or take all weights away."


# --- measures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("most", ["2", "2.001", None])
def test_a_maximum_from_its_minimum_up(most):
    check_requirements(
        [RequirementInput(1, minimum_quantity=D(2), maximum_quantity=most and D(most))]
    )


@pytest.mark.parametrize(
    ("least", "most", "message"),
    [
        ("2", "1.999", "The most that is scored is 1.999, and the minimum is 2. Raise the one or lower the other."),
        (None, "0", "A maximum quantity must be more than 0. Leave it empty for none."),
    ],
)  # fmt: skip
def test_a_maximum_below_its_minimum_is_refused(least, most, message):
    with pytest.raises(RuleBroken) as wrong:
        check_requirements(
            [RequirementInput(1, minimum_quantity=least and D(least), maximum_quantity=D(most))]
        )
    assert wrong.value.message == message


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ([], ""),
        ([None, None], ""),
        (["100"], ""),
        (["60", "40"], ""),
        (["33.33", "33.33", "33.34"], ""),
        (["60", "39.99"], "The weights add to 99.99. They must add to 100. Add 0.01 more."),
        (["60", "40.01"], "The weights add to 100.01. They must add to 100. Take 0.01 away."),
        (["60", None], f"M2 has no weight. {LEFT}"),
        (["60", None, None], f"M2 and M3 have no weight. {LEFT}"),
        (["60", None, None, None], f"M2, M3 and M4 have no weight. {LEFT}"),
        (["100", None], f"M2 has no weight. {NONE_LEFT}"),
        (["0", "100"], "The weight of a measure must be more than 0 and at most 100."),
        (["101", None], "The weight of a measure must be more than 0 and at most 100."),
    ],
)  # fmt: skip
def test_measures_have_all_weights_or_none_and_they_add_to_100(weights, sentence):
    named = [(f"M{n}", weight and D(weight)) for n, weight in enumerate(weights, start=1)]
    assert measure_weights_sentence(named) == sentence


@pytest.mark.parametrize(
    ("how", "starts"),
    [({"kind": "pass_fail"}, "Take the weights off"), ({"formula": "target"}, "Take the weights off")],
)  # fmt: skip
def test_weights_need_points_and_no_target(how, starts):
    assert measure_weights_sentence([("M1", D(100))], **how).startswith(starts)
    assert measure_weights_sentence([("M1", None)], **how) == ""


# --- questions ----------------------------------------------------------------------------------


def test_questions_that_are_judged_stand_outside_the_weights():
    judged = QuestionInput("Do you pay the Real Living Wage?", "", None, is_pass_fail=True)
    check_questions([judged])
    check_questions([judged, QuestionInput("How?", "", D(60)), QuestionInput("Who?", "", D(40))])
    with pytest.raises(RuleBroken, match=r"The weights add to 60\. .* Add 40 more\."):
        check_questions([judged, QuestionInput("How?", "", D(60))])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (QuestionInput("Q", "", D(100), is_pass_fail=True), "Question 1 is pass or fail: it has no weight"),
        (QuestionInput("Q", "", None, is_pass_fail=True, minimum_mark=3), "Question 1 is pass or fail"),
        (QuestionInput("Q", "", None), "The weight of question 1 must be more than 0 and at most 100."),
        (QuestionInput("Q", "", D("100.01")), "The weight of question 1 must be more than 0 and at most 100."),
        (QuestionInput("Q", "", D(100), minimum_mark=0), "must be a whole number from 1 to 5"),
        (QuestionInput("Q", "", D(100), minimum_mark=6), "must be a whole number from 1 to 5"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be(row, message):
    with pytest.raises(RuleBroken, match=message):
        check_questions([row])


@pytest.mark.parametrize("mark", [None, 1, 5])
def test_minimum_marks_from_1_to_5(mark):
    check_questions([QuestionInput("Q", "", D(100), minimum_mark=mark)])


# --- ties and marks -----------------------------------------------------------------------------


def scored(**more):
    usual = {"kind": "weighted", "percent": D(10), "quantitative_percent": D("99.99")}
    check_scoring(allowed=RANGE, **{**usual, **more})


@pytest.mark.parametrize("rule", ["shared", "social_value", "lower_price"])
@pytest.mark.parametrize("how", [{}, {"quantitative_percent": D(100)}, {"kind": "pass_fail"}])
def test_ties_that_can_always_be_decided(rule, how):
    scored(tie_rule=rule, **how)


def test_answers_decide_only_where_they_earn_points():
    scored(tie_rule="answers")
    for how in ({"quantitative_percent": D(100)}, {"kind": "pass_fail", "percent": None}):
        with pytest.raises(RuleBroken) as wrong:
            scored(tie_rule="answers", **how)
        assert wrong.value.errors[0][0] == "tie_rule"
    with pytest.raises(RuleBroken):
        scored(tie_rule="dice")


OWN = tuple(f"Words for {mark}" for mark in range(6))


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        ((), ()),
        (("",) * 6, ()),
        ((" ",) * 6, ()),
        (STANDARD_MARKS, ()),
        (OWN, OWN),
        (tuple(f"  Words   for {mark} " for mark in range(6)), OWN),
    ],
)
def test_a_scale_of_its_own_or_the_usual(texts, kept):
    assert own_marks(texts) == kept
    assert marks_meaning(kept) == (kept or STANDARD_MARKS)


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ((*OWN[:5], ""), "mark_5"),
        (("", *OWN[1:]), "mark_0"),
        ((*OWN[:3], "x" * (MOST_IN_A_MARK + 1), *OWN[4:]), "mark_3"),
        (OWN[:5], None),
        ((*OWN, "seven"), None),
    ],
)
def test_a_scale_with_a_gap_is_refused(texts, field):
    with pytest.raises(RuleBroken) as wrong:
        own_marks(texts)
    assert wrong.value.errors[0][0] == field
    assert own_marks((*OWN[:5], "x" * MOST_IN_A_MARK))[5] == "x" * MOST_IN_A_MARK


# --- before publication -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "page", "label"),
    [
        ({"measure_weights": (("GSE1", D(60)), ("PLB1", None))}, "details",
         f"Measures: PLB1 has no weight. {LEFT}"),
        ({"measure_weights": (("GSE1", D(60)), ("PLB1", D(30)))}, "details",
         "Measures: The weights add to 90. They must add to 100. Add 10 more."),
        ({"measure_weights": (("GSE1", D(100)),), "formula": "target", "target_value": D(1)}, "details",
         "Measures: Take the weights off the measures: with a target the points go by the social value "
         "of all measures together."),
        ({"tie_rule": "answers", "quantitative_percent": D(100)}, "scoring",
         "Answers earn no points in this tender. Choose something else to decide between equal bids."),
        ({"formula": "target"}, "scoring",
         "Enter the social value in £ that earns every point, for example 150,000"),
        ({"question_weights": ()}, "questions",
         "Write at least one question with a weight: 50% of the social value score is for answers in words"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_before_publication(change, page, label):
    assert [(row.url_name, row.label) for row in missing_from(facts(**change))] == [
        (f"procurement:tenders:{page}", label)
    ]


def test_weights_that_add_up_are_no_gap():
    assert missing_from(facts(measure_weights=(("GSE1", D(60)), ("PLB1", D(40))))) == []
