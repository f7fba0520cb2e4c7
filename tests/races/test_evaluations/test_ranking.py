"""Marks are agreed while somebody locks or the bids are ranked: what is ranked is what is agreed."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction

from procurement.evaluations.models import EvaluationModeration, EvaluationResult, EvaluationRound
from procurement.evaluations.queries import is_ranked
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import moderate, rank_bids
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.evaluations import Bench
from tests.procurement.evaluations.panel_steps import bids_of, set_verdict
from tests.races.test_evaluations.steps import ROUNDS, barriers, deeds_of, locking, now, open_bench

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


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
