"""Two evaluators lock at once: the marks are disclosed once."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction

from procurement.evaluations.models import EvaluationPanelMember
from procurement.evaluations.queries.panel import seats_of
from procurement.evaluations.rules.panels import all_locked
from socialvalue.core.errors import Conflict
from tests.factories.evaluations import AFTER
from tests.procurement.evaluations.panel_steps import member_of
from tests.races.test_evaluations.steps import (
    ROUNDS,
    barriers,
    deeds_of,
    locking,
    open_bench,
    recusing,
)

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


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
