"""What a tender says beyond the usual: maximums, weights and places of measures, ties, marks; and that it is frozen."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from procurement.tenders import services
from procurement.tenders.models import Tender, TenderQuestion, TenderRequirement
from procurement.tenders.queries import (
    mark_scale_of,
    missing_for_publication,
    questions_of,
    requirements_of,
    scoring_of,
    tender_for_bidder,
    tender_overview,
)
from procurement.tenders.rules import STANDARD_MARKS, QuestionInput
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.tenders import NOW, asked, measure_id, prepared, published, started

pytestmark = pytest.mark.django_db
D = Decimal
MARKS = tuple(f"Words for {mark}" for mark in range(6))
JUDGED = QuestionInput("Do you pay the Real Living Wage?", "", None, is_pass_fail=True)
MARKED = QuestionInput("How will you do it?", "", D(100), minimum_mark=3)


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW):
        yield


def act(world, **more):
    return {"actor": world.officer, "tender_id": world.tender.pk, **more}


def choose(world, *rows):
    return services.choose_measures(
        **act(world), expected_version=world.refresh().version, requirements=rows
    )


def score(world, **more):
    usual = {
        "weighting_kind": "weighted", "weighting_percent": D(10), "quantitative_percent": D(60)
    }  # fmt: skip
    return services.set_scoring(
        **act(world), expected_version=world.refresh().version, **{**usual, **more}
    )


def last():
    return AuditRecord.objects.order_by("id").last()


# --- measures -----------------------------------------------------------------------------------


def test_maximum_weight_and_place_are_kept_read_and_recorded():
    world = started()
    choose(
        world,
        asked("GSE1", maximum_quantity=D("10.5"), weight_percent=D("62.5"), place="coventry"),
        asked("PLB1", weight_percent=D("37.5")),
    )
    first, second = requirements_of(world.tender.pk)
    assert (first.maximum_quantity, first.weight_percent) == (D("10.5"), D("62.5"))
    assert first.place == "coventry"
    assert (second.maximum_quantity, second.weight_percent, second.place) == (None, D("37.5"), "")
    assert (first.has_more, second.has_more, first.place_name) == (True, True, "Coventry")
    assert last().deed == "measures_chosen"
    assert last().after["measures"][0] == {
        "code": "GSE1", "mandatory": False, "minimum": None, "guidance": "", "maximum": "10.5",
        "weight": "62.5", "place": "coventry",
    }  # fmt: skip


def test_a_measure_is_valued_at_its_own_place():
    world = started(authority="warwickshire")
    choose(world, asked("GSE1", place="coventry"), asked("HSC1"))
    own = requirements_of(world.tender.pk)[0]
    assert (own.unit_value.place, own.awaits_place) == ("coventry", False)
    services.set_place(
        **act(world), expected_version=world.refresh().version, place="stratford-on-avon"
    )
    assert requirements_of(world.tender.pk)[0].unit_value == own.unit_value
    choose(world, asked("GSE1"))
    here = requirements_of(world.tender.pk)[0].unit_value
    assert here.place == "stratford-on-avon"
    assert here.amount != own.unit_value.amount


def test_own_places_cost_no_further_query():
    world = started(authority="warwickshire")

    def queries_with(*rows):
        choose(world, *rows)
        with CaptureQueriesContext(connection) as seen:
            requirements_of(world.tender.pk)
        return len(seen)

    few = queries_with(asked("GSE1", place="coventry"))
    assert queries_with(
        asked("GSE1", place="coventry"), asked("GSE2", place="rugby"), asked("HSC1")
    ) == few  # fmt: skip


def test_a_place_that_has_no_value_is_refused_and_one_that_was_there_may_stay():
    world = started()
    with pytest.raises(RuleBroken, match="Select the place of a measure from the list"):
        choose(world, asked("GSE1", place="atlantis"))
    assert requirements_of(world.tender.pk) == []
    choose(world, asked("GSE1"))
    TenderRequirement.objects.update(place="atlantis")
    choose(world, asked("GSE1", place="atlantis", guidance="As it was."))
    assert requirements_of(world.tender.pk)[0].place == "atlantis"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("GSE1", {"weight_percent": D(60)}), ("PLB1", {})], "PLB1 has no weight. Give every measure one"),
        ([("GSE1", {"weight_percent": D(60)}), ("PLB1", {"weight_percent": D(39)})], "Add 1 more"),
        ([("GSE1", {"minimum_quantity": D(2), "maximum_quantity": D("1.9")})], "the minimum is 2"),
    ],
)  # fmt: skip
def test_what_does_not_fit_changes_nothing(rows, message):
    world = started()
    choose(world, asked("HSC1"))
    with pytest.raises(RuleBroken, match=message):
        choose(world, *(asked(code, **more) for code, more in rows))
    assert [row.code for row in requirements_of(world.tender.pk)] == ["HSC1"]


def test_ticking_another_measure_keeps_what_was_said_and_says_which_weight_is_missing():
    world = prepared(
        codes=[("GSE1", {"weight_percent": D(60), "maximum_quantity": D(9), "place": "coventry"}),
               ("PLB1", {"weight_percent": D(40)})]
    )  # fmt: skip
    assert missing_for_publication(world.tender) == []
    pick = [measure_id("GSE1"), measure_id("HSC1")]
    services.pick_measures(**act(world), expected_version=world.tender.version, measure_ids=pick)
    first, second = requirements_of(world.tender.pk)
    assert (first.weight_percent, first.maximum_quantity, first.place) == (D(60), D(9), "coventry")
    assert second.weight_percent is None
    assert [row.label for row in missing_for_publication(world.refresh())] == [
        "Measures: HSC1 has no weight. Give every measure one, 40 are left, or take all weights away."
    ]
    with pytest.raises(RuleBroken, match="HSC1 has no weight"):
        services.publish_tender(**act(world), deadline_at=NOW.replace(month=6))
    assert world.refresh().status == "draft"


def test_who_gives_another_weight_second_sees_both():
    world = started()
    old = world.tender.version
    choose(world, asked("GSE1", weight_percent=D(100), maximum_quantity=D(10), place="coventry"))
    with pytest.raises(Conflict) as second:
        services.choose_measures(
            **act(world), expected_version=old, requirements=[asked("GSE1", maximum_quantity=D(12))]
        )
    assert list(second.value.changed.values()) == [
        (
            "Asked for, at most 10 scored, weight 100%, valued at Coventry",
            "Asked for, at most 12 scored",
        )
    ]


# --- scoring ------------------------------------------------------------------------------------


def test_tie_rule_and_scale_of_marks_are_kept_and_recorded():
    world = started()
    assert mark_scale_of(world.tender) == STANDARD_MARKS
    tender = score(world, tie_rule="lower_price", mark_scale=MARKS)
    assert (tender.tie_rule, mark_scale_of(tender)) == ("lower_price", MARKS)
    assert last().deed == "scoring_set"
    assert (last().before["tie_rule"], last().after["tie_rule"]) == ("shared", "lower_price")
    assert (last().before["mark_scale"], last().after["mark_scale"]) == ([], list(MARKS))
    # The usual words are not kept as a scale of its own.
    assert score(world, mark_scale=STANDARD_MARKS).mark_scale == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"tie_rule": "answers", "quantitative_percent": D(100)}, "tie_rule"),
        ({"tie_rule": "dice"}, "tie_rule"),
        ({"mark_scale": (*MARKS[:5], "")}, "mark_5"),
    ],
)
def test_a_scoring_that_cannot_be_changes_nothing(more, field):
    world = started()
    score(world, tie_rule="social_value")
    with pytest.raises(RuleBroken) as wrong:
        score(world, **more)
    assert wrong.value.errors[0][0] == field
    assert world.refresh().tie_rule == "social_value"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"formula": "target", "target_value": D(100_000)}, "formula"),
        ({"weighting_kind": "pass_fail", "weighting_percent": None}, "weighting_kind"),
    ],
)
def test_weights_of_measures_and_a_scoring_without_them(more, field):
    """Either way round one is refused; without weights both go."""
    world = started()
    choose(world, asked("GSE1", weight_percent=D(100)))
    with pytest.raises(RuleBroken) as wrong:
        score(world, **more)
    assert wrong.value.errors[0][0] == field
    choose(world, asked("GSE1"))
    score(world, **more)
    with pytest.raises(RuleBroken, match="Take the weights off the measures"):
        choose(world, asked("GSE1", weight_percent=D(100)))


def test_who_changes_ties_and_marks_second_sees_both():
    world = started()
    old = world.tender.version
    score(world, tie_rule="answers", mark_scale=MARKS)
    with pytest.raises(Conflict) as second:
        services.set_scoring(
            **act(world), expected_version=old, weighting_kind="weighted", weighting_percent=D(10),
            quantitative_percent=D(60),
        )  # fmt: skip
    assert second.value.changed == {
        "Between equal bids": (
            "The bid with more points for its answers comes first",
            "They share the place, and the award decides with a reason",
        ),
        "What the marks mean": (
            "0: Words for 0; 1: Words for 1; 2: Words for 2; 3: Words for 3; 4: Words for 4; 5: Words for 5",
            "The usual",
        ),
    }


# --- questions ----------------------------------------------------------------------------------


def ask(world, *rows):
    return services.set_questions(
        **act(world), expected_version=world.refresh().version, questions=rows
    )


def test_questions_are_marked_with_a_minimum_or_judged_without_a_weight():
    world = started()
    ask(world, JUDGED, MARKED)
    judged, marked = questions_of(world.tender.pk)
    assert (judged.is_pass_fail, judged.weight_percent, judged.minimum_mark) == (True, None, None)
    assert (marked.is_pass_fail, marked.weight_percent, marked.minimum_mark) == (False, D(100), 3)
    assert last().after["questions"] == [
        {"text": JUDGED.text, "weight": None, "is_pass_fail": True, "minimum_mark": None},
        {"text": MARKED.text, "weight": "100", "is_pass_fail": False, "minimum_mark": 3},
    ]


def test_only_judged_questions_are_not_enough_where_answers_earn_points():
    world = prepared(questions=[JUDGED])
    assert [row.label for row in missing_for_publication(world.tender)] == [
        "Write at least one question with a weight: 50% of the social value score is for answers in words"
    ]
    score(world, quantitative_percent=D(100))
    assert missing_for_publication(world.refresh()) == []


def test_who_asks_otherwise_second_sees_both():
    world = started()
    old = world.tender.version
    ask(world, JUDGED, MARKED)
    with pytest.raises(Conflict) as second:
        services.set_questions(**act(world), expected_version=old, questions=[MARKED])
    assert second.value.changed == {
        "Question 1": (f"{JUDGED.text} (pass or fail)", f"{MARKED.text} (100%, at least 3)"),
        "Question 2": (f"{MARKED.text} (100%, at least 3)", "Nothing"),
    }


# --- read by everybody --------------------------------------------------------------------------


def whole():
    return published(
        codes=[("GSE1", {"is_mandatory": True, "minimum_quantity": D(2), "maximum_quantity": D(10),
                          "weight_percent": D(60)}),
               ("PLB1", {"weight_percent": D(40), "place": "coventry"})],
        questions=[JUDGED, MARKED],
        scoring={"tie_rule": "lower_price", "mark_scale": MARKS},
    )  # fmt: skip


def test_buyer_and_bidder_read_the_same_words():
    world = whole()
    seen = tender_for_bidder(world.bidder, world.tender.pk)
    overview = tender_overview(world.officer, world.procurement.pk)
    assert seen.scoring == overview.scoring == scoring_of(world.tender.pk)
    assert seen.mark_scale == overview.mark_scale == MARKS
    assert seen.requirements == overview.requirements
    assert seen.questions == overview.questions
    told = dict(seen.scoring.cases)
    assert told["Question 2 marked below 3"] == "The bid does not pass."
    assert told["Equal points"].startswith("The bid with the lower price comes first")
    assert "The weights of the measures: GSE1 60%, PLB1 40%." in seen.scoring.formula
    assert any(case.startswith("More than 10 ") for case in told)


# --- frozen -------------------------------------------------------------------------------------

FROZEN = [
    "UPDATE procurement_tenderrequirement SET weight_percent = 50",
    "UPDATE procurement_tenderrequirement SET weight_percent = NULL",
    "UPDATE procurement_tenderrequirement SET maximum_quantity = 99",
    "UPDATE procurement_tenderrequirement SET maximum_quantity = NULL",
    "UPDATE procurement_tenderrequirement SET place = 'birmingham'",
    "UPDATE procurement_tenderrequirement SET minimum_quantity = NULL",
    "UPDATE procurement_tenderrequirement SET is_mandatory = (1 = 0)",
    "UPDATE procurement_tenderrequirement SET guidance = 'Other words'",
    "UPDATE procurement_tenderquestion SET weight_percent = 99 WHERE weight_percent IS NOT NULL",
    "UPDATE procurement_tenderquestion SET minimum_mark = NULL",
    "UPDATE procurement_tenderquestion SET minimum_mark = 1 WHERE minimum_mark IS NOT NULL",
    "UPDATE procurement_tenderquestion SET is_pass_fail = (1 = 1), weight_percent = NULL, minimum_mark = NULL",
    "UPDATE procurement_tenderquestion SET text = 'Another question'",
    "UPDATE procurement_tender SET tie_rule = 'shared'",
    "UPDATE procurement_tender SET formula = 'share_of_price'",
    "UPDATE procurement_tender SET target_value = 5, formula = 'target'",
    "UPDATE procurement_tender SET quantitative_percent = 49",
    "UPDATE procurement_tender SET clarify_until = deadline_at",
    "UPDATE procurement_tender SET mark_scale = '[]'",
    'UPDATE procurement_tender SET mark_scale = \'["a", "b", "c", "d", "e", "f"]\'',
    "DELETE FROM procurement_tenderrequirement",
    "DELETE FROM procurement_tenderquestion",
]


def test_plain_sql_changes_nothing_that_was_published():
    whole()
    for statement in FROZEN:
        with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(statement)


def test_the_same_statements_go_through_on_a_draft():
    """So the refusal is of the publication, not of the words of a statement."""
    prepared(
        codes=[
            (
                "GSE1",
                {"minimum_quantity": D(2), "maximum_quantity": D(10), "weight_percent": D(60)},
            ),
            ("PLB1", {"weight_percent": D(40)}),
        ],
        questions=[JUDGED, MARKED],
        scoring={"tie_rule": "lower_price", "mark_scale": MARKS},
    )
    for statement in FROZEN:
        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute(statement)
            assert cursor.rowcount > 0, statement
            transaction.set_rollback(True)


def test_saving_a_published_tender_as_it_is_is_no_change():
    """The database compares the scale of marks by what it says."""
    world = whole()
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark_scale FROM procurement_tender WHERE id = %s", [world.tender.pk])
        raw = cursor.fetchone()[0]
    assert (json.loads(raw) if isinstance(raw, str) else raw) == list(MARKS)
    assert Tender.objects.update(mark_scale=list(MARKS)) == 1
    assert TenderQuestion.objects.count() == 2
