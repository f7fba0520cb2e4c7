"""Moderation: one verdict on each answer with a reason, from the marks of two evaluators or more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from procurement.evaluations.models import (
    EvaluationInterest,
    EvaluationMark,
    EvaluationModeration,
    EvaluationPanelMember,
)
from procurement.evaluations.queries import (
    MarkingProgress,
    locked_marks_of,
    marking_progress,
    moderated_of,
)
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import (
    MarkInput,
    ModerationInput,
    mark_bid,
    moderate,
    moderate_bid,
    recuse,
    reopen_marking,
)
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import (
    AFTER,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)
from tests.procurement.evaluations.panel_steps import (
    bids_of,
    lock,
    mark_all,
    set_verdict,
)

pytestmark = pytest.mark.django_db
NOT_APPLICABLE = Verdict(not_applicable=True)


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


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
