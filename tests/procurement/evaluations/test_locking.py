"""Locking one's marks: they never change again, and the audit holds them once every evaluator has locked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DatabaseError

from procurement.bids.queries import opened_bids
from procurement.evaluations.models import (
    EvaluationMark,
    EvaluationPanelMember,
)
from procurement.evaluations.queries import (
    MarkingProgress,
    bid_to_moderate,
    locked_marks_of,
    marking_progress,
    scoring_of,
)
from procurement.evaluations.queries.marking import answers_to_mark
from procurement.evaluations.services import (
    recuse,
)
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import (
    AFTER,
    Ask,
    offered,
    opened,
    published,
    reference_data,
)
from tests.procurement.evaluations.panel_steps import (
    audit_text,
    bids_of,
    decide,
    declare,
    interest_of,
    lock,
    mark,
    mark_all,
    member_of,
    name,
    sql,
    suppliers,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


def test_locked_when_every_answer_is_marked(bench):
    for bid, question in ((0, 0), (0, 1), (1, 0)):
        mark(bench, bid=bid, question=question)
    with pytest.raises(RuleBroken, match="1 mark is missing"):
        lock(bench, bench.evaluator)
    mark(bench, bid=1, question=1)
    assert lock(bench, bench.evaluator).locked_at == AFTER
    with pytest.raises(Conflict, match="already"):
        lock(bench, bench.evaluator)
    with pytest.raises(RuleBroken, match="locked"):
        mark(bench, 5, version=1)


def test_bids_that_do_not_pass_need_no_marks():
    bench = published(asks=[Ask("PLB1", is_mandatory=True, minimum=Decimal(1000)), Ask("HSC1")])
    offered(bench, 0, {"PLB1": "1000"})
    offered(bench, 1, {"PLB1": "1000"})
    opened(bench)
    scoring = scoring_of(bench.tender)
    first, second = opened_bids(bench.tender.pk)
    questions = [row.id for row in bench.questions]
    assert list(answers_to_mark(scoring, [first, second])) == [
        (bid.id, question) for bid in (first, second) for question in questions
    ]
    less = replace(second.lines[0], quantity=Decimal("999.99"))
    for failing in (replace(second, lines=[]), replace(second, lines=[less])):
        assert list(answers_to_mark(scoring, [first, failing])) == [
            (first.id, question) for question in questions
        ]


def test_a_locked_mark_never_changes_by_plain_sql(bench):
    mark_all(bench, bench.evaluator)
    row = EvaluationMark.objects.first()
    sql("UPDATE procurement_evaluationmark SET mark = 2 WHERE id = %s", row.pk)
    lock(bench, bench.evaluator)
    member = row.member_id
    for statement in (
        "UPDATE procurement_evaluationmark SET mark = 5 WHERE id = %s",
        "UPDATE procurement_evaluationmark SET rationale = 'No.' WHERE id = %s",
        "DELETE FROM procurement_evaluationmark WHERE id = %s",
        "INSERT INTO procurement_evaluationmark (evaluation_id, member_id, bid_id, question_id, mark, not_applicable,"
        " rationale, marked_at, version) SELECT evaluation_id, member_id, bid_id, question_id + 9999, mark,"
        " not_applicable, rationale, marked_at, 1 FROM procurement_evaluationmark WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match="A locked mark does not change"):
            sql(statement, row.pk)
    assert EvaluationMark.objects.filter(member=member).count() == 4


def test_a_mark_is_not_carried_over_to_somebody_locked(bench):
    mark_all(bench, bench.evaluator)
    lock(bench, bench.evaluator)
    mark(bench, 1, actor=bench.evaluator2)
    locked = EvaluationPanelMember.objects.get(person_id=bench.evaluator.user_id)
    with pytest.raises(DatabaseError, match="A locked mark does not change"):
        sql(
            "UPDATE procurement_evaluationmark SET member_id = %s WHERE mark = 1",
            locked.pk,
        )


def test_progress_counts_marks_of_all_evaluators(bench):
    assert marking_progress(bench.tender) == MarkingProgress(2, 4, 2, 0, 8, 4)
    mark(bench)
    mark(bench, actor=bench.evaluator2)
    assert marking_progress(bench.tender) == MarkingProgress(2, 4, 2, 0, 6, 4)
    member = EvaluationPanelMember.objects.get(person_id=bench.evaluator2.user_id)
    recuse(actor=bench.officer, member_id=member.pk, reason="Late.")
    assert marking_progress(bench.tender) == MarkingProgress(2, 4, 1, 0, 3, 4)
    assert locked_marks_of(bench.evaluation.pk) == {}


def test_progress_before_the_opening():
    assert marking_progress(published().tender) == MarkingProgress(0)


def test_progress_takes_as_many_queries_for_one_bid_as_for_three(
    bench, django_assert_max_num_queries
):
    other = published(bidders=4)
    for number in range(4):
        offered(other, number, {"PLB1": "10", "HSC1": "3"})
    opened(other)
    counts = []
    for world in (bench, other):
        with django_assert_max_num_queries(40) as found:
            marking_progress(world.tender)
        counts.append(len(found.captured_queries))
    assert counts[0] == counts[1]


def test_the_audit_holds_no_mark_until_all_are_locked(bench):
    mark(bench, 4, rationale="Unmistakable words.")
    mark(bench, 5, version=1, rationale="Unmistakable words again.")
    for bid, question in ((0, 1), (1, 0), (1, 1)):
        mark(bench, bid=bid, question=question)
    lock(bench, bench.evaluator)
    assert "Unmistakable" not in audit_text()
    rows = AuditRecord.objects.filter(deed="answer_marked").order_by("pk")
    assert [(row.sentence, row.before, row.after) for row in rows[:2]] == [
        (f"Marked an answer of {bench.bidders[0].organisation_name}.", {}, {"version": 1}),
        (f"Marked an answer of {bench.bidders[0].organisation_name}.", {}, {"version": 2}),
    ]
    mark_all(bench, bench.evaluator2)
    assert "Unmistakable" not in audit_text()
    lock(bench, bench.evaluator2)
    told = AuditRecord.objects.get(deed="marks_disclosed")
    marks = [row["rationale"] for own in told.after["marks_by_member"].values() for row in own]
    assert sorted(marks) == ["Because."] * 7 + ["Unmistakable words again."]


def disclosures():
    return AuditRecord.objects.filter(deed="marks_disclosed").count()


def recuse_from(bench, actor):
    recuse(actor=bench.officer, member_id=member_of(bench, actor).pk, reason="Late.")


def test_a_recusal_that_leaves_only_locked_marks_discloses_them():
    bench = published()
    third = actor_for_role(Role.EVALUATOR, bench.authority)
    name(bench, third)
    declare(bench, third)
    offered(bench, 0, {"PLB1": "10000"})
    opened(bench)
    for actor in (bench.evaluator, bench.evaluator2):
        mark_all(bench, actor)
        lock(bench, actor)
    assert disclosures() == 0
    recuse_from(bench, third)
    assert disclosures() == 1
    recuse_from(bench, bench.evaluator2)
    assert disclosures() == 1


def test_marks_of_one_left_alone_stay_blind_for_whoever_comes_instead(bench):
    mark_all(bench, bench.evaluator)
    lock(bench, bench.evaluator)
    recuse_from(bench, bench.evaluator2)
    assert (disclosures(), locked_marks_of(bench.evaluation.pk)) == (0, {})
    with pytest.raises(NotAllowed):
        moderation_of_first(bench, bench.approver)
    name(bench, bench.approver)
    declare(bench, bench.approver)
    mark_all(bench, bench.approver, 4)
    assert disclosures() == 0
    lock(bench, bench.approver)
    assert disclosures() == 1
    assert locked_marks_of(bench.evaluation.pk)[first_answer(bench)] == (3, 4)
    assert moderation_of_first(bench, bench.approver).answers[0].counted == 2


def first_answer(bench):
    return bids_of(bench)[0], bench.questions[0].id


def moderation_of_first(bench, actor):
    return bid_to_moderate(actor, bench.procurement.pk, bids_of(bench)[0])


def test_a_decision_that_leaves_only_locked_marks_discloses_them_too(bench):
    """Somebody named instead declares an interest, and is recused for it: nobody is left who marks."""
    for actor in (bench.evaluator, bench.evaluator2):
        mark_all(bench, actor)
        lock(bench, actor)
    recuse_from(bench, bench.evaluator2)
    name(bench, bench.approver)
    declare(bench, bench.approver, interest_in=suppliers(bench)[:1])
    assert locked_marks_of(bench.evaluation.pk) == {}
    before = disclosures()
    decide(bench, interest_of(bench, bench.approver), "recused")
    assert disclosures() == before + 1
    assert locked_marks_of(bench.evaluation.pk)[first_answer(bench)] == (3,)
