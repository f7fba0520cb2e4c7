"""Bands that tile, rules a choice of measures can meet, two versions side by side."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.policies.rules import (
    ApprovalRule,
    BandInput,
    ChosenMeasure,
    DraftFacts,
    Estimate,
    MeasureRule,
    MeasureRuleInput,
    approvals_needed,
    check_bands,
    check_dates,
    check_weighting,
    compare,
    lacks,
    measure_breaches,
    toolkit_lines,
    whole_percent,
    wrong_bands,
    wrong_measure_rules,
)
from socialvalue.core.errors import RuleBroken
from tests.factories.policies import BANDS, policy_value

T = "threshold"
ROUTES = ["light_touch", "toms_advised", "toms_mandatory"]
THEMES = {"skills": "Skills"}


def band(lower, upper, route):
    return BandInput(
        "A band",
        None if lower == T else Decimal(lower),
        lower == T,
        None if upper in (T, None) else Decimal(upper),
        upper == T,
        route,
        "1",
        "Do.",
    )


def three(first=(0, 50000), second=(50000, T), third=(T, None), routes=ROUTES):
    edges = zip((first, second, third), routes, strict=True)
    return [band(*edge, route) for edge, route in edges]


def test_the_regional_table_tiles():
    assert wrong_bands(three()) == []
    check_bands(three())


@pytest.mark.parametrize(
    ("bands", "row", "field", "said"),
    [
        (three(first=(1, 50000)), 0, "lower", "Band 1 must start at £0"),
        (three(first=(0, "49999.99")), 1, "lower", "No band covers £49,999.99 up to £50,000"),
        (three(first=(0, "50000.01")), 1, "lower", "both cover £50,000 up to £50,000.01"),
        (three(second=(50000, 90000)), 2, "lower", "Band 2 ends at £90,000 but band 3 starts"),
        (three(third=(T, 9000000)), 2, "upper", "Nothing covers £9,000,000 and above"),
        (three(second=(50000, None)), 1, "upper", "so band 3 is never reached"),
        (three(second=(50000, 50000), third=(50000, None)), 1, "upper", "must end above £50,000"),
        (three(third=(T, T)), 2, "upper", "starts and ends at the statutory threshold"),
        (three(routes=["toms_advised", *ROUTES[:1], ROUTES[2]]), 1, "route", "lighter than band 1"),
    ],
)
def test_the_edge_to_mend_is_named(bands, row, field, said):
    found = wrong_bands(bands)
    assert [(r, f) for r, f, message in found if said in message] == [(row, field)]


def test_the_threshold_is_one_edge_only():
    bands = [*three(second=(50000, T), third=(T, 10**6)), band(T, None, "toms_mandatory")]
    assert any("Only one band" in message for _, _, message in wrong_bands(bands))


def test_no_bands_at_all_are_not_a_table():
    with pytest.raises(RuleBroken, match="at least one band"):
        check_bands([])


@given(st.lists(st.integers(1, 10**8), min_size=1, max_size=6, unique=True))
def test_any_rising_edges_tile_and_leaving_one_band_out_does_not(edges):
    starts = [0, *sorted(edges)]
    bands = [
        band(lower, upper, "toms_advised")
        for lower, upper in zip(starts, [*starts[1:], None], strict=True)
    ]
    assert wrong_bands(bands) == []
    for index in range(len(bands)):
        assert wrong_bands(bands[:index] + bands[index + 1 :]) != [] or len(bands) == 1


@pytest.mark.parametrize(("least", "most", "fits"), [(5, 30, True), (10, 10, True), (0, 100, True)])
def test_a_weighting_range_that_is_right(least, most, fits):
    check_weighting(Decimal(least), Decimal(most))
    assert fits


@pytest.mark.parametrize(
    ("least", "most", "field"),
    [(-1, 30, "least"), (30, 5, "most"), (0, 0, "most"), (5, 101, "most")],
)
def test_a_weighting_range_that_is_not(least, most, field):
    with pytest.raises(RuleBroken) as broken:
        check_weighting(Decimal(least), Decimal(most))
    assert broken.value.errors[0][0] == field


def test_a_version_does_not_end_before_it_starts_nor_is_reviewed_then():
    day = date(2026, 4, 1)
    check_dates(day, day, date(2026, 4, 2))
    for valid_to, review_on in ((date(2026, 3, 31), None), (None, day)):
        with pytest.raises(RuleBroken):
            check_dates(day, valid_to, review_on)


def rule(kind="at_least", number=1, **more):
    return MeasureRule(1, kind, number, "7", **more)


def chosen(*pairs):
    return [ChosenMeasure(code, theme) for code, theme in pairs]


NET = Estimate(Decimal(100000), "excl", Decimal(20))
UNDER = Estimate(Decimal("99999.99"), "excl", Decimal(20))


@pytest.mark.parametrize(
    ("measure_rule", "picked", "estimate", "breaks"),
    [
        (rule("at_most", 2), chosen(("A1", "skills"), ("B1", "green")), NET, False),
        (rule("at_most", 1), chosen(("A1", "skills"), ("B1", "green")), NET, True),
        (rule(theme_slug="skills"), chosen(("A1", "skills")), NET, False),
        (rule(theme_slug="skills"), chosen(("B1", "green")), NET, True),
        (rule(theme_slug="skills", from_value=Decimal(100000)), [], NET, True),
        (rule(theme_slug="skills", from_value=Decimal(100000)), [], UNDER, False),
        (rule(codes=("A1", "A2")), chosen(("A2", "skills")), NET, False),
        (rule(codes=("A1", "A2")), chosen(("A3", "skills")), NET, True),
        (rule("at_most", 1, codes=("A1", "A2")), chosen(("A1", "s"), ("A2", "s")), NET, True),
        (rule("at_most", 1, theme_slug="skills"), chosen(("B1", "g"), ("B2", "g")), NET, False),
    ],
)
def test_caps_and_must_haves_on_both_sides_of_their_edges(measure_rule, picked, estimate, breaks):
    policy = policy_value(measure_rules=(measure_rule,))
    assert bool(measure_breaches(policy, picked, estimate, THEMES)) is breaks


def test_a_breach_says_what_is_asked_by_which_paragraph_and_how_to_mend_it():
    policy = policy_value(measure_rules=(rule(theme_slug="skills", from_value=Decimal(100000)),))
    assert measure_breaches(policy, [], NET, THEMES) == [
        "The policy asks for at least 1 measure of the theme Skills, at or above £100,000 "
        "(Regional Social Value Policy, version 1, paragraph 7); none are chosen. Add 1."
    ]


@pytest.mark.parametrize(
    ("approval", "route", "estimate", "needed"),
    [
        (ApprovalRule(1, "approver", "8"), "toms_advised", UNDER, True),
        (ApprovalRule(1, "approver", "8"), "light_touch", UNDER, False),
        (ApprovalRule(1, "approver", "8", route="toms_mandatory"), "toms_advised", NET, False),
        (ApprovalRule(1, "approver", "8", route="toms_mandatory"), "toms_mandatory", NET, True),
        (ApprovalRule(1, "approver", "8", from_value=Decimal(100000)), "toms_advised", NET, True),
        (
            ApprovalRule(1, "approver", "8", from_value=Decimal(100000)),
            "toms_advised",
            UNDER,
            False,
        ),
    ],
)
def test_which_approvals_a_tender_needs(approval, route, estimate, needed):
    policy = policy_value(approvals=(approval,))
    assert bool(approvals_needed(policy, route=route, estimate=estimate)) is needed


def test_must_haves_that_cannot_be_met_are_named():
    rows = [
        MeasureRuleInput("at_most", 2, "1"),
        MeasureRuleInput("at_least", 3, "2", theme_slug="skills"),
        MeasureRuleInput("at_least", 2, "3", codes=("A1",)),
        MeasureRuleInput("at_least", 2, "4"),
    ]
    assert [(row, field) for row, field, _ in wrong_measure_rules(rows)] == [
        (1, "number"),
        (2, "number"),
    ]


def test_a_share_of_quality_is_turned_into_a_share_of_the_whole():
    share = {"is_share_of_quality": True}
    assert whole_percent(Decimal(20), **share, quality_percent=Decimal(60)) == 12
    assert whole_percent(Decimal(20), **share, quality_percent=None) is None
    assert whole_percent(Decimal(20), is_share_of_quality=False, quality_percent=None) == 20
    assert whole_percent(None, **share, quality_percent=Decimal(60)) is None


def test_toolkit_lines_lose_their_bullets_and_empty_lines():
    assert toolkit_lines("• Ask.\n\n - Note. \n") == ["Ask.", "Note."]
    with pytest.raises(RuleBroken, match="20 or fewer"):
        toolkit_lines("\n".join("x" * 21))


def facts(**more):
    return DraftFacts(
        **{
            "valid_from": date(2026, 4, 1),
            "valid_to": None,
            "review_on": date(2027, 4, 1),
            "source": "Cabinet",
            "follows": False,
            "bands": tuple(three()),
            "weighting_paragraph": "6",
            "has_toolkit": True,
            **more,
        }
    )


@pytest.mark.parametrize(
    ("change", "tasks"),
    [
        ({}, []),
        ({"review_on": None}, ["dates"]),
        ({"source": " "}, ["dates"]),
        ({"bands": ()}, ["bands"]),
        ({"bands": (), "follows": True}, []),
        ({"weighting_paragraph": ""}, ["weighting"]),
        ({"has_toolkit": False}, ["toolkit"]),
    ],
)
def test_what_a_draft_lacks(change, tasks):
    assert [lack.task for lack in lacks(facts(**change))] == tasks


def test_two_versions_differ_only_where_they_do_and_it_is_said_in_words():
    left = policy_value(toolkit=("Ask.",))
    right = policy_value(
        number=2, weighting_max_percent=Decimal(20), bands=BANDS[:2],
        measure_rules=(rule("at_most", 6),),
    )  # fmt: skip
    lines = compare(left, right, THEMES)
    assert {(line.what, line.verdict) for line in lines if line.differs} == {
        ("Range", "Different"),
        ("Band 3", "Only on the left"),
        ("Line 1", "Only on the left"),
        ("Rule 1", "Only on the right"),
    }
    assert not any(line.differs for line in compare(left, left, THEMES))
