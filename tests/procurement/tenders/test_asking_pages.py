"""The pages that say more of a tender: maximum, weight and place of a measure, kinds of questions, ties and marks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from procurement.tenders.models import TenderQuestion
from procurement.tenders.queries import questions_of, requirements_of
from procurement.tenders.rules import STANDARD_MARKS, QuestionInput
from procurement.tenders.services import set_questions
from socialvalue.accounts.models import User
from socialvalue.core import clock
from tests.factories.tenders import NOW, measure_id, prepared, published

pytestmark = pytest.mark.django_db
D = Decimal
WEIGHTED = (("GSE1", {"weight_percent": D(60)}), ("PLB1", {"weight_percent": D(40)}))
NO_MARK = "Choose a mark from 1 to 5, or any"
NO_TEXT = "Enter the question, or remove this row"
NO_WEIGHT = "Enter the weight of the question, for example 50"
MARKS = tuple(f"Words for {mark}" for mark in range(6))


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW):
        yield


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def text(page):
    return page.content.decode()


class Pages:
    """The pages of one tender, as its officer."""

    def __init__(self, world):
        self.world = world
        self.client = client_of(world.officer)

    def url(self, name):
        return reverse(f"procurement:tenders:{name}", args=[self.world.procurement.pk])

    def get(self, name, data=None):
        return self.client.get(self.url(name), data)

    def post(self, name, data):
        return self.client.post(self.url(name), {"version": self.world.refresh().version, **data})


def two_measures(**more):
    return Pages(prepared(codes=["GSE1", "PLB1"], **more))


# --- measures -----------------------------------------------------------------------------------


def test_the_usual_case_stays_short():
    """What few tenders need is closed, and not filled in."""
    page = text(two_measures().get("details"))
    assert page.count("Maximum, weight and place of GSE1") == 1
    # A measure that is worth the same everywhere has no place of its own.
    assert page.count("Maximum and weight of PLB1") == 1
    assert 'class="govuk-details" open' not in page
    assert "As the tender: Birmingham" in page


def test_maximum_weight_and_place_are_saved_from_the_page():
    pages = two_measures()
    gse1, plb1 = measure_id("GSE1"), measure_id("PLB1")
    saved = pages.post("details", {
        f"minimum_{gse1}": "2", f"maximum_{gse1}": "10.5", f"weight_{gse1}": "62.5%",
        f"place_{gse1}": "coventry", f"weight_{plb1}": "37.5", f"maximum_{plb1}": "£500,000",
    })  # fmt: skip
    assert saved.headers["Location"] == pages.url("task_list")
    first, second = requirements_of(pages.world.tender.pk)
    assert (first.maximum_quantity, first.weight_percent, first.place) == (
        D("10.5"),
        D("62.5"),
        "coventry",
    )
    assert (second.maximum_quantity, second.weight_percent, second.place) == (D(500_000), D("37.5"), "")  # fmt: skip
    again = text(pages.get("details"))
    assert again.count('class="govuk-details" open') == 2
    task_list = text(pages.get("task_list"))
    assert "GSE1 62.5%, PLB1 37.5%" in task_list
    publish = text(pages.get("publish"))
    assert "At most 10.5 scored. Weight 62.5%. Valued at Coventry." in publish
    assert "More than 10.5 FTE-years of GSE1" in publish


def test_what_is_wrong_is_said_beside_its_box_and_nothing_typed_is_lost():
    pages = two_measures()
    gse1, plb1 = measure_id("GSE1"), measure_id("PLB1")
    wrong = pages.post(
        "details",
        {f"minimum_{gse1}": "12", f"maximum_{gse1}": "11.999", f"weight_{gse1}": "60"},
    )
    assert wrong.status_code == 422
    errors = wrong.context["form"].errors
    assert dict(errors) == {
        f"maximum_{gse1}": ["The most of GSE1 that is scored must be 12 or more, its minimum"],
        f"weight_{plb1}": [
            "PLB1 has no weight. Give every measure one, 40 are left, or take all weights away."
        ],
    }
    page = text(wrong)
    assert 'value="11.999"' in page
    assert page.count('class="govuk-details" open') == 2
    assert f'href="#id_weight_{plb1}"' in page
    assert requirements_of(pages.world.tender.pk)[0].maximum_quantity is None


def test_weights_that_do_not_add_up_and_a_place_from_elsewhere():
    pages = two_measures()
    gse1, plb1 = measure_id("GSE1"), measure_id("PLB1")
    over = pages.post("details", {f"weight_{gse1}": "60", f"weight_{plb1}": "40.01"})
    assert dict(over.context["form"].errors) == {
        f"weight_{gse1}": ["The weights add to 100.01. They must add to 100. Take 0.01 away."]
    }
    far = pages.post("details", {f"place_{gse1}": "atlantis"})
    assert dict(far.context["form"].errors) == {f"place_{gse1}": ["Select a place from the list"]}
    assert [row.weight_percent for row in requirements_of(pages.world.tender.pk)] == [None, None]


def test_weights_on_a_tender_with_a_target_are_refused_on_either_page():
    pages = two_measures(scoring={"formula": "target", "target_value": D(100_000)})
    gse1, plb1 = measure_id("GSE1"), measure_id("PLB1")
    weights = {f"weight_{gse1}": "60", f"weight_{plb1}": "40"}
    refused = pages.post("details", weights)
    assert "Take the weights off the measures: with a target" in text(refused)
    usual = {"weighting_kind": "weighted", "weighting_percent": "10", "quantitative_percent": "50"}
    assert pages.post("scoring", usual).status_code == 302
    assert pages.post("details", weights).status_code == 302
    target = pages.post("scoring", usual | {"formula": "target", "target_value": "100,000"})
    assert target.status_code == 422
    assert list(target.context["form"].errors) == ["formula"]


def test_a_gap_in_the_weights_leads_to_its_page():
    pages = Pages(prepared(codes=WEIGHTED))  # fmt: skip
    pages.post("measures", {"measures": [measure_id("GSE1"), measure_id("HSC1")]})
    page = pages.get("task_list")
    gap = "Measures: HSC1 has no weight. Give every measure one, 40 are left, or take all weights away."
    assert f'<a class="govuk-link" href="{pages.url("details")}">{gap}</a>' in text(page)
    assert page.context["next_task"] == {
        "label": "Mend the weights of measures",
        "href": pages.url("details"),
    }
    assert page.context["tasks"][0]["status"] == "in_progress"


# --- questions ----------------------------------------------------------------------------------


def rows(*typed):
    found = {"questions-TOTAL_FORMS": str(len(typed)), "questions-INITIAL_FORMS": "0"}
    for n, row in enumerate(typed):
        found |= {f"questions-{n}-{name}": value for name, value in row.items()}
    return found


def test_kinds_of_questions_are_saved_and_shown():
    pages = two_measures()
    saved = pages.post("questions", rows(
        # A weight left behind in a closed part of the page counts for nothing.
        {"text": "Living wage?", "kind": "judged", "weight_percent": "70", "minimum_mark": "4"},
        {"text": "How?", "kind": "marked", "weight_percent": "100", "minimum_mark": "3"},
        # A row left empty has its kind all the same.
        {"text": "", "guidance": "", "kind": "marked", "weight_percent": "", "minimum_mark": ""},
    ))  # fmt: skip
    assert saved.status_code == 302
    found = [
        (q.text, q.is_pass_fail, q.weight_percent, q.minimum_mark)
        for q in questions_of(pages.world.tender.pk)
    ]
    assert found == [("Living wage?", True, None, None), ("How?", False, D(100), 3)]
    initial = pages.get("questions").context["form"].initial
    assert [(row["kind"], row["minimum_mark"]) for row in initial] == [
        ("judged", ""),
        ("marked", 3),
    ]
    assert "2 questions, 1 of them pass or fail" in text(pages.get("task_list"))
    publish = text(pages.get("publish"))
    assert "Marked 0 to 5; below 3 fails" in publish
    assert "Question 2 marked below 3" in publish
    assert all(mark in publish for mark in STANDARD_MARKS)


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        ({"text": "How?", "kind": "marked"}, {"weight_percent": [NO_WEIGHT]}),
        ({"text": "How?"}, {"weight_percent": [NO_WEIGHT]}),
        ({"text": "How?", "weight_percent": "100", "minimum_mark": "6"}, {"minimum_mark": [NO_MARK]}),
        ({"text": "How?", "weight_percent": "100", "minimum_mark": "0"}, {"minimum_mark": [NO_MARK]}),
        ({"text": "How?", "weight_percent": "100", "kind": "dice"}, {"kind": ["Select how the answer is judged"]}),
        ({"text": "", "kind": "judged", "guidance": "Yes or no."}, {"text": [NO_TEXT]}),
    ],
)  # fmt: skip
def test_a_question_that_lacks_something(row, errors):
    pages = two_measures()
    before = list(TenderQuestion.objects.values())
    wrong = pages.post("questions", rows(row))
    assert wrong.status_code == 422
    assert [dict(found) for found in wrong.context["form"].errors] == [errors]
    assert list(TenderQuestion.objects.values()) == before


def test_the_weights_of_marked_questions_say_what_is_missing():
    pages = two_measures()
    short = pages.post("questions", rows(
        {"text": "Living wage?", "kind": "judged", "weight_percent": "40"},
        {"text": "How?", "kind": "marked", "weight_percent": "60"},
    ))  # fmt: skip
    assert short.status_code == 422
    assert "The weights add to 60. They must add to 100. Add 40 more." in text(short)


# --- scoring ------------------------------------------------------------------------------------

USUAL = {"weighting_kind": "weighted", "weighting_percent": "10", "quantitative_percent": "50"}


def boxes(texts):
    return {f"mark_{mark}": words for mark, words in enumerate(texts)}


def test_ties_and_marks_are_saved_from_the_page():
    pages = two_measures()
    first = pages.get("scoring")
    assert [box.value() for box in first.context["form"].marks()] == list(STANDARD_MARKS)
    assert 'class="govuk-details" open' not in text(first)
    saved = pages.post("scoring", USUAL | {"tie_rule": "lower_price"} | boxes(MARKS))
    assert saved.status_code == 302
    tender = pages.world.refresh()
    assert (tender.tie_rule, tender.mark_scale) == ("lower_price", list(MARKS))
    again = pages.get("scoring").context["form"]
    assert again["tie_rule"].value() == "lower_price"
    assert [box.value() for box in again.marks()] == list(MARKS)
    # The usual words typed back are the usual scale again.
    assert pages.post("scoring", USUAL | boxes(STANDARD_MARKS)).status_code == 302
    assert pages.world.refresh().mark_scale == []


def test_a_mark_without_words_is_said_beside_its_box():
    pages = two_measures()
    wrong = pages.post("scoring", USUAL | boxes((*MARKS[:4], " ", MARKS[5])))
    assert wrong.status_code == 422
    assert dict(wrong.context["form"].errors) == {"mark_4": ["Say what the mark 4 means"]}
    page = text(wrong)
    assert 'class="govuk-details" open' in page
    assert "Words for 5</textarea>" in page
    assert 'href="#id_mark_4"' in page


def test_answers_that_earn_nothing_cannot_decide():
    pages = two_measures()
    typed = USUAL | {"quantitative_percent": "100", "tie_rule": "answers"}
    wrong = pages.post("scoring", typed | boxes(("", *MARKS[1:])))
    assert wrong.status_code == 422
    # All that is wrong is said at once.
    assert dict(wrong.context["form"].errors) == {
        "mark_0": ["Say what the mark 0 means"],
        "tie_rule": [
            "Answers earn no points in this tender. Choose something else to decide between equal bids."
        ],
    }
    assert pages.post("scoring", USUAL | {"tie_rule": "answers"}).status_code == 302


def test_the_advice_follows_what_is_chosen_and_what_is_asked():
    pages = Pages(
        prepared(
            codes=[
                ("GSE1", {"weight_percent": D(60), "maximum_quantity": D(10)}),
                ("PLB1", {"weight_percent": D(40)}),
            ]
        )
    )
    told = pages.get("scoring_advice", USUAL | {"tie_rule": "social_value"})
    assert "The weights of the measures: GSE1 60%, PLB1 40%." in text(told)
    assert "The bid with more social value in £, as it is scored, comes first." in text(told)
    assert "More than 10 FTE-years of GSE1" in text(told)
    bare = pages.get("scoring_advice", USUAL)
    assert "The bids share the place" in text(bare)


# --- once published -----------------------------------------------------------------------------


def test_the_published_view_and_the_bidder_read_all_of_it():
    pages = Pages(
        published(
            codes=[
                ("GSE1", {"weight_percent": D(60), "maximum_quantity": D(10), "place": "coventry"}),
                ("PLB1", {"weight_percent": D(40)}),
            ],
            questions=[
                QuestionInput("Living wage?", "", None, is_pass_fail=True),
                QuestionInput("How?", "", D(100), minimum_mark=3),
            ],
            scoring={"tie_rule": "lower_price", "mark_scale": MARKS},
        )
    )
    page = text(pages.get("task_list"))
    for words in (
        "At most 10 scored. Weight 60%. Valued at Coventry.", "Pass or fail", "below 3 fails", *MARKS,
        "The weights of the measures: GSE1 60%, PLB1 40%.", "Question 2 marked below 3",
        "The bid with the lower price comes first",
    ):  # fmt: skip
        assert words in page, words


def test_a_point_costs_the_same_where_all_measures_are_offered_in_proportion():
    """Weights by measure change nothing in the examples, and the page says why."""
    plain = two_measures()
    weighted = Pages(prepared(codes=WEIGHTED))  # fmt: skip
    one, other = plain.get("point_cost"), weighted.get("point_cost")
    assert one.context["found"] == other.context["found"]
    note = "The examples offer all measures in the same proportion"
    assert (note in text(one), note in text(other)) == (False, True)


def test_somebody_who_saves_second_keeps_what_was_typed():
    pages = two_measures()
    old = pages.world.tender.version
    set_questions(
        actor=pages.world.officer, tender_id=pages.world.tender.pk, expected_version=old,
        questions=[QuestionInput("Why?")],
    )  # fmt: skip
    gse1, plb1 = measure_id("GSE1"), measure_id("PLB1")
    second = pages.client.post(
        pages.url("details"), {"version": old, f"weight_{gse1}": "55", f"weight_{plb1}": "45"}
    )
    assert second.status_code == 409
    assert 'value="55"' in text(second)
    assert requirements_of(pages.world.tender.pk)[0].weight_percent is None
