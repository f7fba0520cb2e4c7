"""Two rulings at once, and an approval while the ranking changes."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction

from procurement.awards.services import approve_award
from procurement.evaluations.models import EvaluationRound, EvaluationRuling
from procurement.evaluations.queries import round_of
from procurement.evaluations.services import rule_out
from procurement.tenders.services import mark_tender_awarded
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.awards import evaluated, proposed
from tests.factories.evaluations import AFTER, Bench, bid_of
from tests.procurement.evaluations.panel_steps import bids_of
from tests.races.test_evaluations.steps import ROUNDS, barriers, now

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
REASON = "The price pays for it already."


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
