"""Locking at once, moderating while the bids are ranked, recusal while marking, two rulings, an approval meanwhile."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction

from procurement.awards.services import approve_award
from procurement.evaluations.models import (
    EvaluationMark,
    EvaluationModeration,
    EvaluationPanelMember,
    EvaluationResult,
    EvaluationRound,
    EvaluationRuling,
)
from procurement.evaluations.queries import is_ranked, round_of
from procurement.evaluations.queries.panel import seats_of
from procurement.evaluations.rules import Verdict
from procurement.evaluations.rules.panels import all_locked
from procurement.evaluations.services import (
    MarkInput,
    lock_marks,
    mark_bid,
    moderate,
    rank_bids,
    recuse,
    rule_out,
)
from procurement.tenders.services import mark_tender_awarded
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.awards import evaluated, proposed
from tests.factories.evaluations import (
    AFTER,
    Bench,
    bid_of,
    offered,
    opened,
    published,
    reference_data,
)
from tests.procurement.evaluations.panel_steps import (
    bids_of,
    declare,
    mark_all,
    member_of,
    name,
    set_verdict,
)

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 2
REASON = "The price pays for it already."


@pytest.fixture(autouse=True)
def _reference(transactional_db):
    reference_data()


def now(deed, **given):
    """A deed of after the opening: what another thread runs has a clock of its own."""

    def run():
        with clock.at(AFTER):
            return deed(**given)

    return run


def barriers(number: int = 2) -> list[threading.Barrier]:
    return [threading.Barrier(2, timeout=10) for _ in range(number)]


def open_bench(*, third: bool = False) -> Bench:
    """Two open bids and two evaluators, or three, who have marked everything. ``evaluator`` gave 3, others 4."""
    bench = published()
    people = [bench.evaluator, bench.evaluator2]
    if third:
        bench.third = actor_for_role(Role.EVALUATOR, bench.authority)
        name(bench, bench.third)
        declare(bench, bench.third)
        people.append(bench.third)
    offered(bench, 0, {"PLB1": "10000"})
    offered(bench, 1, {"PLB1": "5000"})
    opened(bench)
    for number, actor in enumerate(people):
        mark_all(bench, actor, 3 if number == 0 else 4)
    return bench


def locking(bench: Bench, actor):
    return now(lock_marks, actor=actor, evaluation_id=bench.evaluation.pk)


def recusing(bench: Bench, actor):
    member = member_of(bench, actor)
    return now(recuse, actor=bench.officer, member_id=member.pk, reason="Works for a bidder.")


def deeds_of(bench: Bench, *kinds: str) -> list[str]:
    """In the order they took effect."""
    rows = AuditRecord.objects.filter(procurement_id=bench.procurement.pk, deed__in=kinds)
    return list(rows.order_by("pk").values_list("deed", flat=True))


# --- two evaluators lock at once ----------------------------------------------------------------


def test_control_without_the_evaluation_held_neither_sees_that_all_have_locked(together) -> None:
    bench = open_bench()
    (both_have_locked,) = barriers(1)

    def lock_unheld(actor) -> bool:
        with transaction.atomic():
            EvaluationPanelMember.objects.filter(pk=member_of(bench, actor).pk).update(
                locked_at=AFTER
            )
            both_have_locked.wait()
            seen = all_locked(seats_of(bench.tender.pk))
            both_have_locked.wait()
        return seen

    deeds = [partial(lock_unheld, actor) for actor in (bench.evaluator, bench.evaluator2)]
    assert together(*deeds) == [False, False]
    assert all_locked(seats_of(bench.tender.pk))


def test_two_lock_at_once_and_the_marks_are_disclosed_once(together) -> None:
    for _ in range(ROUNDS):
        bench = open_bench()
        together(*(locking(bench, actor) for actor in (bench.evaluator, bench.evaluator2)))
        assert deeds_of(bench, "marks_locked", "marks_disclosed") == [
            "marks_locked",
            "marks_locked",
            "marks_disclosed",
        ]


def test_one_evaluator_locks_once_from_two_pages(together) -> None:
    bench = open_bench()
    answers = together(*[locking(bench, bench.evaluator)] * 2)
    assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
    assert deeds_of(bench, "marks_locked") == ["marks_locked"]


def test_the_last_to_lock_and_a_recusal_at_once_disclose_once(together) -> None:
    for _ in range(ROUNDS):
        bench = open_bench(third=True)
        locking(bench, bench.evaluator)()
        together(locking(bench, bench.evaluator2), recusing(bench, bench.third))
        assert all_locked(seats_of(bench.tender.pk))
        assert deeds_of(bench, "marks_disclosed") == ["marks_disclosed"]


# --- locking and moderating; moderating and ranking ---------------------------------------------


def test_moderated_after_the_last_lock_or_not_at_all(together) -> None:
    for _ in range(ROUNDS):
        bench = open_bench()
        locking(bench, bench.evaluator)()
        _, verdict = together(locking(bench, bench.evaluator2), partial(set_verdict, bench))
        kept = EvaluationModeration.objects.filter(evaluation=bench.evaluation).count()
        assert kept == (0 if isinstance(verdict, RuleBroken) else 1)
        assert deeds_of(bench, "marks_disclosed", "answer_moderated") == [
            "marks_disclosed",
            *["answer_moderated"] * kept,
        ]


def moderated_bench() -> Bench:
    """Everything locked and moderated at 4; the bids can be ranked."""
    bench = open_bench()
    for actor in (bench.evaluator, bench.evaluator2):
        locking(bench, actor)()
    for bid in range(2):
        for question in range(2):
            set_verdict(bench, bid=bid, question=question)
    return bench


def changing(bench: Bench, mark: int):
    return now(
        moderate,
        actor=bench.moderator,
        evaluation_id=bench.evaluation.pk,
        bid_id=bids_of(bench)[0],
        question_id=bench.questions[0].id,
        verdict=Verdict(mark),
        reason="On second thought.",
        expected_version=1,
    )


def ranking(bench: Bench):
    return now(rank_bids, actor=bench.officer, evaluation_id=bench.evaluation.pk)


def answers_score(bench: Bench) -> Decimal:
    return EvaluationResult.objects.get(
        evaluation=bench.evaluation, bid_id=bids_of(bench)[0]
    ).qualitative_score


def verdict_now(bench: Bench) -> int | None:
    rows = EvaluationModeration.objects.filter(
        bid_id=bids_of(bench)[0], question_id=bench.questions[0].id
    )
    return rows.get().mark


WORTH = {4: Decimal(40), 0: Decimal(16)}
"""Half of the points: 60% of them for the first question, 40% for the second, which stays at 4 of 5."""


def test_control_a_verdict_written_without_the_evaluation_held_is_not_the_one_that_was_ranked(
    together,
) -> None:
    bench = moderated_bench()
    has_read, has_ranked = barriers()

    def moderate_unheld() -> bool:
        with transaction.atomic():
            may = not is_ranked(bench.tender.pk)
            has_read.wait()
            has_ranked.wait()
            EvaluationModeration.objects.filter(
                bid_id=bids_of(bench)[0], question_id=bench.questions[0].id
            ).update(mark=0)
        return may

    def rank() -> None:
        has_read.wait()
        ranking(bench)()
        has_ranked.wait()

    assert together(moderate_unheld, rank)[0] is True
    assert (verdict_now(bench), answers_score(bench)) == (0, WORTH[4])


def test_what_is_ranked_is_what_is_moderated(together) -> None:
    for _ in range(ROUNDS):
        bench = moderated_bench()
        changed, made = together(changing(bench, 0), ranking(bench))
        assert isinstance(made, EvaluationRound)
        assert verdict_now(bench) == (4 if isinstance(changed, RuleBroken) else 0)
        assert answers_score(bench) == WORTH[verdict_now(bench)]


def test_ranked_twice_at_once_is_one_round(together) -> None:
    bench = moderated_bench()
    answers = together(*[ranking(bench)] * 2)
    assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
    assert EvaluationRound.objects.filter(evaluation=bench.evaluation).count() == 1


# --- recusal while marking ----------------------------------------------------------------------


def marking(bench: Bench):
    return now(
        mark_bid,
        actor=bench.evaluator,
        evaluation_id=bench.evaluation.pk,
        bid_id=bids_of(bench)[0],
        marks=[MarkInput(bench.questions[0].id, 5, "Better than I thought.", 1)],
    )


def test_control_without_the_member_held_a_recused_person_marks(together) -> None:
    bench = open_bench()
    member = member_of(bench, bench.evaluator)
    has_read, is_recused = barriers()

    def mark_unheld() -> bool:
        with transaction.atomic():
            may = EvaluationPanelMember.objects.get(pk=member.pk).recused_at is None
            has_read.wait()
            is_recused.wait()
            EvaluationMark.objects.filter(
                member=member, bid_id=bids_of(bench)[0], question_id=bench.questions[0].id
            ).update(mark=5, marked_at=AFTER + timedelta(hours=1))
        return may

    def take_out() -> None:
        has_read.wait()
        recusing(bench, bench.evaluator)()
        is_recused.wait()

    assert together(mark_unheld, take_out)[0] is True
    member.refresh_from_db()
    assert member.marks.filter(marked_at__gt=member.recused_at, mark=5).count() == 1


def test_marked_before_the_recusal_or_refused(together) -> None:
    for _ in range(ROUNDS):
        bench = open_bench()
        before = len(deeds_of(bench, "answer_marked"))
        saved, _ = together(marking(bench), recusing(bench, bench.evaluator))
        member = member_of(bench, bench.evaluator)
        assert member.recused_at == AFTER
        deeds = deeds_of(bench, "answer_marked", "evaluator_recused")[before:]
        if isinstance(saved, NotAllowed):
            assert deeds == ["evaluator_recused"]
            assert not member.marks.filter(mark=5).exists()
        else:
            assert deeds == ["answer_marked", "evaluator_recused"]
            assert member.marks.get(mark=5).version == 2


# --- two rulings at once ------------------------------------------------------------------------


def ruled(bench: Bench, line_id: int):
    return now(rule_out, actor=bench.officer, offer_line_id=line_id, reason=REASON)


def lines_of(bench: Bench) -> list[int]:
    """The offer lines of the first bidder, who offers two measures."""
    return [line.id for line in bid_of(bench, 0).lines]


def test_control_without_the_evaluation_held_two_rulings_make_one_ranking_twice(together) -> None:
    """Each counts only its own claim out, and both would be ranking 2."""
    bench = evaluated(questions=())
    (both_have_ruled,) = barriers(1)

    def rule_unheld(line_id: int) -> tuple[int, int]:
        with transaction.atomic():
            EvaluationRuling.objects.create(
                evaluation=bench.evaluation,
                offer_line_id=line_id,
                reason=REASON,
                ruled_by_id=bench.officer.person_id,
                ruled_at=AFTER,
            )
            both_have_ruled.wait()
            rounds = EvaluationRound.objects.filter(evaluation=bench.evaluation).count()
            held = EvaluationRuling.objects.filter(evaluation=bench.evaluation).count()
            both_have_ruled.wait()
        return rounds + 1, held

    assert together(*(partial(rule_unheld, pk) for pk in lines_of(bench))) == [(2, 1), (2, 1)]


def test_two_rulings_on_two_claims_are_two_rankings_and_the_last_counts_both_out(together) -> None:
    for _ in range(ROUNDS):
        bench = evaluated(questions=())
        together(*(ruled(bench, pk) for pk in lines_of(bench)))
        rounds = EvaluationRound.objects.filter(evaluation=bench.evaluation).order_by("number")
        assert [row.number for row in rounds] == [1, 2, 3]
        last = rounds.last().results.get(bid_id=bids_of(bench)[0])
        assert last.social_value_pence == 0


def test_two_rulings_on_one_claim_are_one(together) -> None:
    for _ in range(ROUNDS):
        bench = evaluated(questions=())
        answers = together(*[ruled(bench, lines_of(bench)[0])] * 2)
        assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
        assert EvaluationRuling.objects.filter(evaluation=bench.evaluation).count() == 1
        assert EvaluationRound.objects.filter(evaluation=bench.evaluation).count() == 2


# --- an approval while the ranking changes ------------------------------------------------------


def rests_on_the_last(bench: Bench, proposal) -> bool:
    return round_of(bench.tender.pk) == proposal.round_id


def test_control_looking_before_the_tender_is_held_awards_on_a_ranking_that_holds_no_more(
    together,
) -> None:
    bench = evaluated(questions=())
    proposal = proposed(bench)
    has_looked, is_ranked_again = barriers()

    def approve_unheld() -> bool:
        with transaction.atomic(), clock.at(AFTER):
            found = rests_on_the_last(bench, proposal)
            has_looked.wait()
            is_ranked_again.wait()
            mark_tender_awarded(actor=bench.approver, tender_id=bench.tender.pk)
        return found

    def rank_again() -> None:
        has_looked.wait()
        ruled(bench, lines_of(bench)[0])()
        is_ranked_again.wait()

    assert together(approve_unheld, rank_again)[0] is True
    bench.tender.refresh_from_db()
    assert bench.tender.status == TenderStatus.AWARDED
    assert not rests_on_the_last(bench, proposal)


def test_awarded_on_the_ranking_that_holds_or_not_at_all(together) -> None:
    for _ in range(ROUNDS):
        bench = evaluated(questions=())
        proposal = proposed(bench)
        contract, ruling = together(
            now(approve_award, actor=bench.approver, proposal_id=proposal.pk),
            ruled(bench, lines_of(bench)[0]),
        )
        bench.tender.refresh_from_db()
        is_awarded = bench.tender.status == TenderStatus.AWARDED
        assert sorted(isinstance(row, RuleBroken) for row in (contract, ruling)) == [False, True]
        assert isinstance(ruling, RuleBroken) == is_awarded
        assert rests_on_the_last(bench, proposal) == is_awarded
