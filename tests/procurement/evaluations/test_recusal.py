"""Recusal: who recuses whom, what becomes of the marks, and of the arithmetic."""

from __future__ import annotations

from datetime import timedelta

import pytest

from procurement.bids.queries import opened_bids
from procurement.evaluations.models import (
    EvaluationMark,
    EvaluationModeration,
    EvaluationPanelMember,
    EvaluationResult,
)
from procurement.evaluations.queries import (
    locked_marks_of,
    marking_progress,
    moderated_of,
)
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import (
    Declaration,
    MarkInput,
    add_panel_member,
    declare_interests,
    lock_marks,
    mark_bid,
    moderate,
    recuse,
)
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import (
    AFTER,
    WRITTEN,
    marked,
    moderated,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)
from tests.procurement.evaluations.panel_steps import (
    bids_of,
    declare,
    lock,
    mark_all,
    member_of,
    name,
    sentences,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


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


def test_who_recuses_whom(bench):
    member = member_of(bench, bench.evaluator)
    for actor in (bench.evaluator2, bench.approver, bench.manager):
        with pytest.raises(NotAllowed):
            recuse(actor=actor, member_id=member.pk, reason="Why not.")
    with pytest.raises(NotVisible):
        recuse(
            actor=actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")),
            member_id=member.pk,
            reason="Why not.",
        )
    with pytest.raises(RuleBroken, match="why"):
        recuse(actor=bench.officer, member_id=member.pk, reason="  ")
    assert member_of(bench, bench.evaluator).recused_at is None
    recuse(actor=bench.evaluator, member_id=member.pk, reason="I took a job there.")
    assert "Stepped down from the panel." in sentences(bench)
    with pytest.raises(Conflict):
        recuse(actor=bench.officer, member_id=member.pk, reason="Again.")


def test_after_a_recusal_the_gap_is_filled_and_no_more(bench):
    with clock.at(AFTER):
        recuse(
            actor=bench.officer,
            member_id=member_of(bench, bench.evaluator).pk,
            reason="Works for a bidder.",
        )
    for role in ("moderator", "observer"):
        with pytest.raises(RuleBroken, match="the panel stays"):
            name(bench, bench.approver, role)
    name(bench, bench.approver)
    third = actor_for_role(Role.EVALUATOR, bench.authority)
    with pytest.raises(RuleBroken, match="the panel stays"):
        name(bench, third)


def test_nobody_is_recused_once_the_bids_are_ranked(bench):
    ids = sorted(set(bench_bids(bench)))
    for bid_id in ids:
        marked(bench, bid_id, 3, 4)
    ranked(bench)
    with pytest.raises(RuleBroken, match="Reopen"):
        recuse(actor=bench.officer, member_id=member_of(bench, bench.evaluator).pk, reason="Late.")


def test_marks_of_somebody_recused_are_kept(bench):
    for bid_id in bench_bids(bench):
        marked(bench, bid_id, 3, 4)
    before = EvaluationMark.objects.count()
    with clock.at(AFTER + timedelta(hours=1)):
        recuse(actor=bench.officer, member_id=member_of(bench, bench.evaluator).pk, reason="Late.")
    assert EvaluationMark.objects.count() == before == 8


def bench_bids(bench):
    return [bid.id for bid in opened_bids(bench.tender.pk)]


def test_verdicts_that_rested_on_a_recused_mark_are_set_again(bench):
    bids = bench_bids(bench)
    for bid_id in bids:
        marked(bench, bid_id, 3, 4)
    assert marking_progress(bench.tender).moderations_missing == 0
    later = AFTER + timedelta(hours=1)
    with clock.at(later):
        recuse(actor=bench.officer, member_id=member_of(bench, bench.evaluator).pk, reason="Late.")
    assert moderated_of(bench.evaluation.pk) == {}
    progress = marking_progress(bench.tender)
    assert (progress.evaluators, progress.locked) == (1, 1)
    assert progress.moderations_missing == 4
    with pytest.raises(RuleBroken):
        ranked(bench)


def test_moderated_again_after_a_recusal(bench):
    """The gap is filled, the new evaluator marks, and what was moderated is moderated again."""
    bids = bench_bids(bench)
    for bid_id in bids:
        marked(bench, bid_id, 3, 4)
    with clock.at(AFTER + timedelta(hours=1)):
        recuse(actor=bench.officer, member_id=member_of(bench, bench.evaluator).pk, reason="Late.")
        add_panel_member(
            actor=bench.officer,
            tender_id=bench.tender.pk,
            person_id=bench.approver.person_id,
            role="evaluator",
        )
    mark = [MarkInput(question.id, 5, "Strong.") for question in bench.questions]
    where = {"evaluation_id": bench.evaluation.pk}
    with pytest.raises(RuleBroken, match="Declare"):
        mark_bid(actor=bench.approver, **where, bid_id=bids[0], marks=mark)
    declare(bench, bench.approver)
    with clock.at(AFTER + timedelta(minutes=90)):
        for bid_id in bids:
            mark_bid(actor=bench.approver, **where, bid_id=bid_id, marks=mark)
    with pytest.raises(RuleBroken, match="every evaluator"):
        moderated(bench, bids[0], bench.questions[0].id, Verdict(4))
    lock_marks(actor=bench.approver, **where)
    later = AFTER + timedelta(hours=2)
    for row in EvaluationModeration.objects.all():
        with clock.at(later):
            moderate(
                actor=bench.moderator,
                **where,
                bid_id=row.bid_id,
                question_id=row.question_id,
                verdict=Verdict(4),
                reason="Set again.",
                expected_version=row.version,
            )
    progress = marking_progress(bench.tender)
    assert (progress.evaluators, progress.locked) == (2, 2)
    assert (progress.marks_missing, progress.moderations_missing) == (0, 0)
