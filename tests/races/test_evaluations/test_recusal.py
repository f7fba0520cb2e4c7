"""An evaluator marks while being recused: marked before, or refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from procurement.evaluations.models import EvaluationMark, EvaluationPanelMember
from procurement.evaluations.services import MarkInput, mark_bid
from socialvalue.core.errors import NotAllowed
from tests.factories.evaluations import AFTER, Bench
from tests.procurement.evaluations.panel_steps import bids_of, member_of
from tests.races.test_evaluations.steps import ROUNDS, barriers, deeds_of, now, open_bench, recusing

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


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
