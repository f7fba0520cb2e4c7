from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from cryptography.fernet import InvalidToken

from procurement.tenders.rules import (
    QuestionInput,
    RequirementInput,
    TenderFacts,
    WeightingRange,
    check_deadline,
    check_questions,
    check_requirements,
    check_scoring,
    few_of,
    missing_from,
    new_key,
    scoring_in_words,
    unwrap_key,
    weights_sentence,
    wrap_key,
)
from socialvalue.core.errors import RuleBroken

RANGE = WeightingRange(Decimal(5), Decimal(30), True)


@pytest.mark.parametrize("percent", ["5", "5.01", "12.5", "30"])
def test_a_weighting_in_the_range_is_taken(percent):
    check_scoring(
        allowed=RANGE, kind="weighted", percent=Decimal(percent), quantitative_percent=Decimal(50)
    )


@pytest.mark.parametrize("percent", ["4.99", "30.01", "0", "-5", "100"])
def test_a_weighting_outside_the_range_is_refused_with_the_range(percent):
    with pytest.raises(RuleBroken) as caught:
        check_scoring(
            allowed=RANGE,
            kind="weighted",
            percent=Decimal(percent),
            quantitative_percent=Decimal(50),
        )
    assert caught.value.errors == [
        (
            "weighting_percent",
            "The weighting must be between 5% and 30%, the range of the policy",
        )
    ]


@pytest.mark.parametrize("split", ["-0.01", "100.01"])
def test_a_split_outside_0_to_100_is_refused(split):
    with pytest.raises(RuleBroken):
        check_scoring(
            allowed=RANGE, kind="weighted", percent=Decimal(10), quantitative_percent=Decimal(split)
        )


def test_pass_or_fail_only_where_the_policy_allows_it():
    check_scoring(allowed=RANGE, kind="pass_fail", percent=None, quantitative_percent=Decimal(0))
    strict = WeightingRange(Decimal(5), Decimal(30), False)
    with pytest.raises(RuleBroken, match="does not allow pass or fail"):
        check_scoring(
            allowed=strict, kind="pass_fail", percent=None, quantitative_percent=Decimal(0)
        )


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ([], ""),
        (["100"], ""),
        (["60", "40"], ""),
        (["33.33", "33.33", "33.34"], ""),
        (["60", "39.99"], "The weights add to 99.99. They must add to 100. Add 0.01 more."),
        (["60", "40.5"], "The weights add to 100.5. They must add to 100. Take 0.5 away."),
    ],
)
def test_weights_must_add_to_100_exactly(weights, sentence):
    assert weights_sentence([Decimal(w) for w in weights]) == sentence


def test_questions_need_text_and_a_weight():
    check_questions([QuestionInput("Why?", "", Decimal(100))])
    for broken in (QuestionInput("  ", "", Decimal(100)), QuestionInput("Why?", "", Decimal(0))):
        with pytest.raises(RuleBroken):
            check_questions([broken])


def test_a_measure_is_asked_once_and_minimums_are_above_zero():
    check_requirements(
        [RequirementInput(1), RequirementInput(2, minimum_quantity=Decimal("0.001"))]
    )
    with pytest.raises(RuleBroken):
        check_requirements([RequirementInput(1), RequirementInput(1)])
    with pytest.raises(RuleBroken):
        check_requirements([RequirementInput(1, minimum_quantity=Decimal(0))])


def test_the_deadline_is_after_now_not_at_it():
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    check_deadline(now + timedelta(seconds=1), now, now_shown="now")
    for past in (now, now - timedelta(seconds=1)):
        with pytest.raises(RuleBroken) as caught:
            check_deadline(past, now, now_shown="09:00 on 2 March 2026, UK time")
        assert caught.value.errors == [
            (
                "deadline_on",
                "The deadline must be in the future. It is 09:00 on 2 March 2026, UK time now.",
            )
        ]


def facts(**more):
    return TenderFacts(
        **{
            "route": "toms_mandatory",
            "measure_count": 3,
            "weighting_kind": "weighted",
            "weighting_percent": Decimal(10),
            "quantitative_percent": Decimal(50),
            "allowed": RANGE,
            "question_weights": (Decimal(100),),
            "invited_count": 1,
            **more,
        }
    )


def test_nothing_is_missing_from_a_whole_tender():
    assert missing_from(facts()) == []


@pytest.mark.parametrize(
    ("change", "page"),
    [
        ({"measure_count": 0}, "measures"),
        ({"weighting_kind": "", "weighting_percent": None}, "scoring"),
        ({"weighting_percent": Decimal(31)}, "scoring"),
        ({"question_weights": ()}, "questions"),
        ({"question_weights": (Decimal(99),)}, "questions"),
        ({"invited_count": 0}, "suppliers"),
    ],
)
def test_each_gap_is_named_with_its_page(change, page):
    assert [row.url_name for row in missing_from(facts(**change))] == [
        f"procurement:tenders:{page}"
    ]


def test_no_question_is_needed_when_words_are_not_scored():
    assert missing_from(facts(question_weights=(), quantitative_percent=Decimal(100))) == []
    assert (
        missing_from(facts(question_weights=(), weighting_kind="pass_fail", weighting_percent=None))
        == []
    )


def test_an_empty_tender_lists_everything_in_the_order_of_the_pages():
    empty = facts(
        measure_count=0,
        weighting_kind="",
        weighting_percent=None,
        question_weights=(),
        invited_count=0,
    )
    assert [row.url_name.rsplit(":")[-1] for row in missing_from(empty)] == [
        "measures",
        "scoring",
        "suppliers",
    ]


def test_the_worked_example_adds_up():
    words = scoring_in_words(kind="weighted", percent=Decimal(10), quantitative_percent=Decimal(60))
    assert words.sentences[0] == "Social value decides 10% of the award."
    assert words.example == (
        (
            "This bid offers £150,000; the highest offers £200,000",
            "£150,000 ÷ £200,000 × 60 = 45 points",
        ),
        ("Every answer is marked 4 of 5", "4 ÷ 5 × 40 = 32 points"),
        ("Social value points of 100", "77"),
    )
    assert words.example_result == "77 × 10% = 7.7 of 100 points of the award"
    # £200,000 earns 60 points of social value, which are 6 points of the award.
    assert words.point.endswith(
        "one point of the award costs another bidder £33,333 of social value."
    )


def test_scoring_that_is_not_set_has_no_words():
    assert scoring_in_words(kind="", percent=None, quantitative_percent=Decimal(50)) is None
    assert scoring_in_words(kind="weighted", percent=None, quantitative_percent=Decimal(50)) is None


def test_a_key_opens_for_its_tender_and_site_only():
    key = new_key()
    wrapped = wrap_key(key, sealing_key="s" * 40, tender_id=7)
    assert unwrap_key(wrapped, sealing_key="s" * 40, tender_id=7) == key
    assert key.decode() not in wrapped
    with pytest.raises(InvalidToken):
        unwrap_key(wrapped, sealing_key="s" * 40, tender_id=8)
    with pytest.raises(InvalidToken):
        unwrap_key(wrapped, sealing_key="t" * 40, tender_id=7)


# Measures 1 to 8 in three themes.
PACK = [(1, 10), (2, 10), (3, 10), (4, 10), (5, 20), (6, 20), (7, 20), (8, 30)]


@pytest.mark.parametrize(
    ("apart", "most", "chosen"),
    [
        ((), 6, [1, 2, 3, 5, 6, 8]),
        ((), 3, [1, 5, 8]),
        ((), 8, [1, 2, 3, 4, 5, 6, 7, 8]),
        ((), 50, [1, 2, 3, 4, 5, 6, 7, 8]),
        ({frozenset((1, 2))}, 6, [1, 3, 4, 5, 6, 8]),
        ({frozenset((1, 5)), frozenset((1, 8))}, 6, [1, 2, 3, 4, 6, 7]),
        ({frozenset((n, m)) for n in range(1, 9) for m in range(1, 9) if n != m}, 6, [1]),
    ],
)
def test_a_few_of_a_pack_take_one_theme_after_the_other(apart, most, chosen):
    assert few_of(PACK, apart, most) == chosen


def test_a_few_of_nothing_is_nothing():
    assert few_of([]) == []
