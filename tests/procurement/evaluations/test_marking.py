"""An evaluator's own marks: one verdict an answer, with a reason, until they are locked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from procurement.evaluations.models import (
    EvaluationMark,
    EvaluationPanelMember,
)
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import (
    MarkInput,
    mark_bid,
    recuse,
)
from procurement.tenders.services import QuestionInput
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import (
    offered,
    opened,
    published,
    reference_data,
)
from tests.procurement.evaluations.panel_steps import (
    bids_of,
    lock,
    mark,
    sql,
)

pytestmark = pytest.mark.django_db
NOT_APPLICABLE = Verdict(not_applicable=True)


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


def test_each_evaluator_has_a_mark_of_their_own(bench):
    first = mark(bench, 4)
    second = mark(bench, 2, actor=bench.evaluator2)
    assert (first.mark, first.version, second.mark, second.version) == (4, 1, 2, 1)
    again = mark(bench, 3, version=1, rationale=" On reflection. ")
    assert (again.pk, again.mark, again.rationale, again.version) == (
        first.pk, 3, "On reflection.", 2,
    )  # fmt: skip


def test_one_person_on_two_pages_at_once(bench):
    mark(bench, 4)
    with pytest.raises(Conflict) as error:
        mark(bench, 1, rationale="Other page.")
    assert error.value.changed == {
        "Mark": ("4 of 5", "1 of 5"),
        "Reason": ("Because.", "Other page."),
    }
    mark(bench, 3, version=1)
    with pytest.raises(Conflict):
        mark(bench, NOT_APPLICABLE, version=1)
    with pytest.raises(Conflict):
        mark(bench, 3, version=1, question=1)
    assert EvaluationMark.objects.get().mark == 3


@pytest.mark.parametrize("value", [-1, 6])
def test_a_mark_off_the_scale(bench, value):
    with pytest.raises(RuleBroken, match="0 to 5"):
        mark(bench, value)


@pytest.mark.parametrize("value", [0, 5])
def test_the_ends_of_the_scale(bench, value):
    assert mark(bench, value).mark == value


@pytest.mark.parametrize(
    "verdict",
    [Verdict(), Verdict(3, not_applicable=True), Verdict(3, is_met=True), Verdict(is_met=True)],
)
def test_a_marked_question_takes_one_mark(bench, verdict):
    with pytest.raises(RuleBroken):
        mark(bench, verdict)
    assert EvaluationMark.objects.count() == 0


def test_not_applicable_is_null_with_a_reason(bench):
    with pytest.raises(RuleBroken, match="reason"):
        mark(bench, NOT_APPLICABLE, rationale=" ")
    row = mark(bench, NOT_APPLICABLE, rationale="The lot needs no recruiting.")
    assert (row.mark, row.is_met, row.not_applicable) == (None, None, True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark FROM procurement_evaluationmark")
        assert cursor.fetchall() == [(None,)]


def test_the_database_takes_one_verdict_only(bench):
    row = mark(bench, 3)
    for change in (
        "mark = NULL",
        "not_applicable = TRUE",
        "is_met = TRUE",
        "mark = 6",
        "mark = 99",
        "rationale = ''",
    ):
        with pytest.raises(IntegrityError):
            sql(f"UPDATE procurement_evaluationmark SET {change} WHERE id = %s", row.pk)  # noqa: S608


def test_a_pass_or_fail_question_is_met_or_not():
    bench = published(
        questions=(
            QuestionInput("How will you recruit?", "", Decimal(100)),
            QuestionInput("Do you pay the living wage?", "", None, is_pass_fail=True),
        )
    )
    offered(bench, 0, {"PLB1": "10000"})
    opened(bench)
    with pytest.raises(RuleBroken, match="meets"):
        mark(bench, 4, question=1)
    with pytest.raises(RuleBroken, match="meets"):
        mark(bench, Verdict(), question=1)
    row = mark(bench, Verdict(is_met=False), question=1)
    assert (row.mark, row.is_met) == (None, False)
    assert mark(bench, NOT_APPLICABLE, question=1, version=1).not_applicable is True


def test_a_mark_needs_a_reason(bench):
    with pytest.raises(RuleBroken, match="reason") as error:
        mark(bench, 3, rationale="  ")
    assert error.value.errors[0][0] == "rationale"


def test_only_evaluators_of_the_panel_mark(bench):
    unnamed = actor_for_role(Role.EVALUATOR, bench.authority)
    for actor in (bench.officer, bench.moderator, bench.approver, bench.manager, unnamed):
        with pytest.raises(NotAllowed):
            mark(bench, actor=actor)
        with pytest.raises(NotAllowed):
            lock(bench, actor)
    stranger = actor_for_role(Role.EVALUATOR, organisation("coventry"))
    for actor in (stranger, bench.bidders[0]):
        with pytest.raises(NotVisible):
            mark(bench, actor=actor)
        with pytest.raises(NotVisible):
            lock(bench, actor)
    assert EvaluationMark.objects.count() == 0


def test_a_bid_or_question_of_another_tender_is_not_there(bench):
    other = published()
    offered(other, 0, {"PLB1": "1"})
    opened(other)
    where = {"actor": bench.evaluator, "evaluation_id": bench.evaluation.pk}
    for bid_id, question in (
        (bids_of(other)[0], bench.questions[0]),
        (bids_of(bench)[0], other.questions[0]),
    ):
        with pytest.raises(NotVisible):
            mark_bid(**where, bid_id=bid_id, marks=[MarkInput(question.id, 3, "Because.")])


def test_several_marks_are_saved_all_or_none(bench):
    first, second = bench.questions
    with pytest.raises(RuleBroken):
        mark_bid(
            actor=bench.evaluator,
            evaluation_id=bench.evaluation.pk,
            bid_id=bids_of(bench)[0],
            marks=[MarkInput(first.id, 3, "Fine."), MarkInput(second.id, 9, "Off the scale.")],
        )
    assert EvaluationMark.objects.count() == 0


def test_somebody_recused_marks_no_more(bench):
    mark(bench, 3)
    member = EvaluationPanelMember.objects.get(person_id=bench.evaluator.user_id)
    recuse(actor=bench.officer, member_id=member.pk, reason="Works for a bidder.")
    with pytest.raises(NotAllowed, match="recused"):
        mark(bench, 4, version=1)
    with pytest.raises(NotAllowed, match="recused"):
        lock(bench, bench.evaluator)
