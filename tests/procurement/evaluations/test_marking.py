"""Marking and moderation: each evaluator's own marks, locked; then one verdict with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from procurement.bids.queries import opened_bids
from procurement.evaluations.models import (
    EvaluationInterest,
    EvaluationMark,
    EvaluationModeration,
    EvaluationPanelMember,
    EvaluationResult,
)
from procurement.evaluations.queries import (
    MarkingProgress,
    locked_marks_of,
    marking_progress,
    moderated_of,
    scoring_of,
)
from procurement.evaluations.queries.marking import answers_to_mark
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import (
    Declaration,
    MarkInput,
    ModerationInput,
    add_panel_member,
    declare_interests,
    lock_marks,
    mark_bid,
    moderate,
    moderate_bid,
    recuse,
    reopen_marking,
)
from procurement.tenders.services import QuestionInput
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import (
    AFTER,
    WRITTEN,
    Ask,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)

pytestmark = pytest.mark.django_db
NOT_APPLICABLE = Verdict(not_applicable=True)


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


@pytest.fixture
def bench():
    """Two open bids, two questions, two evaluators and a moderator."""
    found = published()
    offered(found, 0, {"PLB1": "10000"})
    offered(found, 1, {"PLB1": "5000"})
    opened(found)
    return found


def bids_of(bench):
    """In the order of the bidders, which is not that of the opening."""
    found = {bid.supplier_id: bid.id for bid in opened_bids(bench.tender.pk)}
    return [found[row.organisation_id] for row in bench.bidders if row.organisation_id in found]


def mark(bench, value=3, *, bid=0, actor=None, version=0, rationale="Because.", question=0):
    verdict = value if isinstance(value, Verdict) else Verdict(value)
    with clock.at(AFTER):
        return mark_bid(
            actor=actor or bench.evaluator,
            evaluation_id=bench.evaluation.pk,
            bid_id=bids_of(bench)[bid],
            marks=[
                MarkInput(
                    bench.questions[question].id,
                    verdict.mark,
                    rationale,
                    version,
                    verdict.is_met,
                    verdict.not_applicable,
                )
            ],
        )[0]


def mark_all(bench, actor, value=3, bids=None):
    for bid in range(len(bids_of(bench))) if bids is None else bids:
        for question in range(len(bench.questions)):
            mark(bench, value, bid=bid, actor=actor, question=question)


def lock(bench, actor):
    with clock.at(AFTER):
        return lock_marks(actor=actor, evaluation_id=bench.evaluation.pk)


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- one's own marks --------------------------------------------------------------------------


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


# --- locking ----------------------------------------------------------------------------------


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


# --- what the audit holds ---------------------------------------------------------------------


def audit_text():
    return " ".join(
        f"{row.sentence} {row.before} {row.after}" for row in AuditRecord.objects.order_by("pk")
    )


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


def test_a_recusal_that_leaves_only_locked_marks_discloses_them(bench):
    mark_all(bench, bench.evaluator)
    lock(bench, bench.evaluator)
    member = EvaluationPanelMember.objects.get(person_id=bench.evaluator2.user_id)
    recuse(actor=bench.officer, member_id=member.pk, reason="Late.")
    assert AuditRecord.objects.filter(deed="marks_disclosed").count() == 1
    other = EvaluationPanelMember.objects.get(person_id=bench.evaluator.user_id)
    recuse(actor=bench.officer, member_id=other.pk, reason="Late too.")
    assert AuditRecord.objects.filter(deed="marks_disclosed").count() == 1


# --- moderation -------------------------------------------------------------------------------


@pytest.fixture
def locked(bench):
    """Evaluator 1 gave 3 throughout, evaluator 2 gave 5, and both have locked."""
    mark_all(bench, bench.evaluator, 3)
    mark_all(bench, bench.evaluator2, 5)
    lock(bench, bench.evaluator)
    lock(bench, bench.evaluator2)
    return bench


def set_verdict(bench, value=4, *, actor=None, bid=0, question=0, version=0, reason="Agreed."):
    verdict = value if isinstance(value, Verdict) else Verdict(value)
    with clock.at(AFTER):
        return moderate(
            actor=actor or bench.moderator,
            evaluation_id=bench.evaluation.pk,
            bid_id=bids_of(bench)[bid],
            question_id=bench.questions[question].id,
            verdict=verdict,
            reason=reason,
            expected_version=version,
        )


def test_one_verdict_from_two_marks_and_both_are_kept(locked):
    row = set_verdict(locked)
    assert (row.mark, row.reason, row.version, row.set_by_id) == (
        4, "Agreed.", 1, locked.moderator.user_id,
    )  # fmt: skip
    assert sorted(EvaluationMark.objects.values_list("mark", flat=True)) == [3] * 4 + [5] * 4
    bid, question = bids_of(locked)[0], locked.questions[0].id
    assert moderated_of(locked.evaluation.pk) == {bid: {question: Verdict(4)}}
    assert locked_marks_of(locked.evaluation.pk)[bid, question] == (3, 5)
    assert marking_progress(locked.tender) == MarkingProgress(2, 4, 2, 2, 0, 3)


def test_only_the_moderator_moderates(locked):
    unnamed = actor_for_role(Role.EVALUATOR, locked.authority)
    for actor in (locked.evaluator, locked.officer, locked.approver, locked.manager, unnamed):
        with pytest.raises(NotAllowed):
            set_verdict(locked, actor=actor)
    stranger = actor_for_role(Role.EVALUATOR, organisation("coventry"))
    for actor in (stranger, locked.bidders[0]):
        with pytest.raises(NotVisible):
            set_verdict(locked, actor=actor)


def test_not_before_every_evaluator_has_locked(bench):
    mark_all(bench, bench.evaluator)
    mark_all(bench, bench.evaluator2)
    lock(bench, bench.evaluator)
    with pytest.raises(RuleBroken, match="every evaluator"):
        set_verdict(bench)
    lock(bench, bench.evaluator2)
    assert set_verdict(bench).mark == 4


def test_nobody_moderates_alone(locked):
    """One evaluator left after a recusal: their mark is no mark of a panel."""
    member = EvaluationPanelMember.objects.get(person_id=locked.evaluator2.user_id)
    recuse(actor=locked.officer, member_id=member.pk, reason="Late.")
    with pytest.raises(RuleBroken, match="alone"):
        set_verdict(locked)
    assert EvaluationModeration.objects.count() == 0


def test_a_moderated_verdict_changes_with_a_reason_until_ranked(locked):
    row = set_verdict(locked)
    with pytest.raises(Conflict) as error:
        set_verdict(locked, 2, reason="Not seen.")
    assert error.value.changed == {
        "Mark": ("4 of 5", "2 of 5"),
        "Reason": ("Agreed.", "Not seen."),
    }
    with pytest.raises(RuleBroken, match="reason"):
        set_verdict(locked, 2, version=1, reason=" ")
    assert set_verdict(locked, 2, version=1).pk == row.pk
    for bid, question in ((0, 1), (1, 0), (1, 1)):
        set_verdict(locked, bid=bid, question=question)
    ranked(locked)
    with pytest.raises(RuleBroken, match="Reopen"):
        set_verdict(locked, 3, version=2)
    row.refresh_from_db()
    assert (row.mark, row.version) == (2, 2)
    told = AuditRecord.objects.filter(deed="answer_moderated", target_id=row.pk).order_by("pk")
    assert [(line.before.get("mark"), line.after["mark"]) for line in told] == [(None, 4), (4, 2)]


def test_a_moderated_verdict_fits_its_question(locked):
    for verdict in (Verdict(), Verdict(6), Verdict(is_met=True), Verdict(1, not_applicable=True)):
        with pytest.raises(RuleBroken):
            set_verdict(locked, verdict)
    assert set_verdict(locked, NOT_APPLICABLE).mark is None


def test_verdicts_of_one_bid_are_set_all_or_none(locked):
    first, second = locked.questions
    where = {
        "actor": locked.moderator,
        "evaluation_id": locked.evaluation.pk,
        "bid_id": bids_of(locked)[0],
    }
    with pytest.raises(RuleBroken):
        moderate_bid(
            **where,
            given=[
                ModerationInput(first.id, Verdict(3), "Agreed."),
                ModerationInput(second.id, Verdict(3), ""),
            ],
        )
    assert EvaluationModeration.objects.count() == 0


def test_a_verdict_on_another_tenders_answer_is_not_there(locked):
    other = published()
    offered(other, 0, {"PLB1": "1"})
    opened(other)
    where = {"actor": locked.moderator, "evaluation_id": locked.evaluation.pk}
    for bid_id, question in (
        (bids_of(other)[0], locked.questions[0]),
        (bids_of(locked)[0], other.questions[0]),
    ):
        with pytest.raises(NotVisible):
            moderate(
                **where,
                bid_id=bid_id,
                question_id=question.id,
                verdict=Verdict(3),
                reason="Agreed.",
            )


def test_a_moderator_with_an_open_interest_waits(locked):
    member = EvaluationPanelMember.objects.get(person_id=locked.moderator.user_id)
    row = EvaluationInterest.objects.filter(member=member).first()
    EvaluationInterest.objects.filter(pk=row.pk).update(has_interest=True, text="A cousin.")
    with pytest.raises(RuleBroken, match="interest"):
        set_verdict(locked)


def test_a_recused_moderators_verdicts_are_set_again(locked):
    set_verdict(locked)
    member = EvaluationPanelMember.objects.get(person_id=locked.moderator.user_id)
    with clock.at(AFTER + timedelta(seconds=1)):
        recuse(actor=locked.officer, member_id=member.pk, reason="Late.")
    assert moderated_of(locked.evaluation.pk) == {}
    with pytest.raises(NotAllowed, match="recused"):
        set_verdict(locked, version=1)


def test_reopening_the_moderation_unlocks_nobody(locked):
    """By then everybody has seen everybody's marks: only the moderated verdict changes."""
    for bid in (0, 1):
        for question in (0, 1):
            set_verdict(locked, bid=bid, question=question)
    ranked(locked)
    reopen_marking(actor=locked.officer, evaluation_id=locked.evaluation.pk)
    bid, question = bids_of(locked)[0], locked.questions[0].id
    with clock.at(AFTER + timedelta(seconds=1)), pytest.raises(RuleBroken, match="locked"):
        mark_bid(
            actor=locked.evaluator,
            evaluation_id=locked.evaluation.pk,
            bid_id=bid,
            marks=[MarkInput(question, 5, "On reflection.", 1)],
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        EvaluationPanelMember.objects.filter(person_id=locked.evaluator.user_id).update(
            locked_at=None
        )
    assert sum(map(len, moderated_of(locked.evaluation.pk).values())) == 4
    set_verdict(locked, version=1)


# --- recusal and the arithmetic ---------------------------------------------------------------


def played(third=None, *, recused_before_locking=False):
    """A whole evaluation whose moderator takes the lowest mark that counts. ``third``: what an evaluator gave who is
    recused."""
    bench = published()
    actor = actor_for_role(Role.EVALUATOR, bench.authority)
    if third is not None:
        with clock.at(WRITTEN):
            add_panel_member(
                actor=bench.officer,
                tender_id=bench.tender.pk,
                person_id=actor.person_id,
                role="evaluator",
            )
            declare_interests(
                actor=actor,
                tender_id=bench.tender.pk,
                declarations=[Declaration(row.organisation_id, False) for row in bench.bidders],
            )
    offered(bench, 0, {"PLB1": "10000"})
    offered(bench, 1, {"PLB1": "5000"})
    opened(bench)
    mark_all(bench, bench.evaluator, 3, bids=[0])
    mark_all(bench, bench.evaluator, 5, bids=[1])
    mark_all(bench, bench.evaluator2, 4)
    for one in (bench.evaluator, bench.evaluator2):
        lock(bench, one)
    if third is not None:
        mark_all(bench, actor, third)
        if not recused_before_locking:
            lock(bench, actor)
            settle_lowest(bench, AFTER)
        with clock.at(AFTER + timedelta(hours=1)):
            member = EvaluationPanelMember.objects.get(person_id=actor.user_id)
            recuse(actor=bench.officer, member_id=member.pk, reason="Works for a bidder.")
    settle_lowest(bench, AFTER + timedelta(hours=2))
    ranked(bench)
    rows = {row.bid_id: row for row in EvaluationResult.objects.filter(evaluation=bench.evaluation)}
    return [
        (rows[pk].qualitative_score, rows[pk].total_score, rows[pk].rank) for pk in bids_of(bench)
    ]


def settle_lowest(bench, at):
    for (bid_id, question_id), given in locked_marks_of(bench.evaluation.pk).items():
        before = EvaluationModeration.objects.filter(bid_id=bid_id, question_id=question_id).first()
        with clock.at(at):
            moderate(
                actor=bench.moderator,
                evaluation_id=bench.evaluation.pk,
                bid_id=bid_id,
                question_id=question_id,
                verdict=Verdict(min(given)),
                reason="The lowest.",
                expected_version=before.version if before else 0,
            )


def test_the_result_is_as_if_the_recused_had_never_been_on_the_panel():
    """Marks 3 and 4 of 5 in half of the points: 30 and 40; quantities 50 and 25; 80 before 65."""
    plain = played()
    assert plain == [(30, 80, 1), (40, 65, 2)]
    for mark_given in (0, 5):
        assert played(mark_given) == plain
        assert played(mark_given, recused_before_locking=True) == plain
