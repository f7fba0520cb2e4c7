"""Opening, marking, ranking: what is allowed, what is refused, who was first."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from procurement.bids.queries import opened_bids
from procurement.evaluations.models import EvaluationMark, EvaluationResult
from procurement.evaluations.services import (
    MarkInput,
    mark_answer,
    mark_bid,
    open_evaluation,
    rank_bids,
    reopen_marking,
)
from procurement.procurements.queries import procurement_brief
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of, history_of_procurement
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.awards import awarded
from tests.factories.evaluations import (
    AFTER,
    DEADLINE,
    Ask,
    marked,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


@pytest.fixture
def bench():
    """Two bids: £10,000 and £5,000 of local spend."""
    found = published()
    offered(found, 0, {"PLB1": "10000"})
    offered(found, 1, {"PLB1": "5000"})
    return found


def bid_ids(bench):
    return [bid.id for bid in opened_bids(bench.tender.pk)]


def mark(bench, bid_id, value=3, *, actor=None, version=0, rationale="Because.", question=0):
    return mark_answer(
        actor=actor or bench.evaluator,
        evaluation_id=bench.evaluation.pk,
        bid_id=bid_id,
        question_id=bench.questions[question].id,
        mark=value,
        rationale=rationale,
        expected_version=version,
    )


# --- opening ----------------------------------------------------------------------------------


def test_opening_starts_the_evaluation(bench):
    evaluation = opened(bench)
    assert evaluation.status == "open"
    assert evaluation.opened_at == AFTER
    assert bench.tender.status == "opened"
    assert procurement_brief(bench.procurement.pk).status == "evaluating"
    assert len(bid_ids(bench)) == 2
    lines = history_of(target_type="evaluation", target_id=evaluation.pk)
    assert [line.sentence for line in lines] == ["Started the evaluation of 2 bids."]


@pytest.mark.parametrize(
    ("early", "is_open"), [(timedelta(seconds=1), False), (timedelta(0), True)]
)
def test_bids_stay_sealed_until_the_deadline(bench, early, is_open):
    with clock.at(DEADLINE - early):
        if is_open:
            assert open_evaluation(actor=bench.officer, tender_id=bench.tender.pk).status == "open"
            return
        with pytest.raises(RuleBroken, match="1 May 2026 at 12:00"):
            open_evaluation(actor=bench.officer, tender_id=bench.tender.pk)
    assert bid_ids(bench) == []


def test_opening_twice(bench):
    opened(bench)
    with pytest.raises(Conflict), clock.at(AFTER):
        open_evaluation(actor=bench.officer, tender_id=bench.tender.pk)


def test_only_an_officer_of_the_authority_opens(bench):
    for role in (Role.EVALUATOR, Role.CONTRACT_MANAGER, Role.REPORT_AUTHOR):
        actor = actor_for_role(role, bench.authority)
        with pytest.raises(NotAllowed), clock.at(AFTER):
            open_evaluation(actor=actor, tender_id=bench.tender.pk)
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (stranger, bench.bidders[0]):
        with pytest.raises(NotVisible), clock.at(AFTER):
            open_evaluation(actor=actor, tender_id=bench.tender.pk)
    assert bid_ids(bench) == []


def test_no_bids_open_but_cannot_be_ranked():
    bench = published()
    evaluation = opened(bench)
    with pytest.raises(RuleBroken, match="No bids"), clock.at(AFTER):
        rank_bids(actor=bench.officer, evaluation_id=evaluation.pk)


# --- marking ----------------------------------------------------------------------------------


def test_a_mark_is_kept_with_its_reason_and_version(bench):
    opened(bench)
    row = mark(bench, bid_ids(bench)[0], 4)
    assert (row.mark, row.rationale, row.version) == (4, "Because.", 1)
    again = mark(bench, bid_ids(bench)[0], 2, version=1, rationale="On reflection.")
    assert (again.pk, again.mark, again.version) == (row.pk, 2, 2)
    assert len(history_of(target_type="evaluationmark", target_id=row.pk)) == 2


def test_two_people_mark_at_once(bench):
    opened(bench)
    mark(bench, bid_ids(bench)[0], 4)
    with pytest.raises(Conflict) as error:
        mark(bench, bid_ids(bench)[0], 1)
    assert error.value.changed["Mark"] == ("4", "1")
    mark(bench, bid_ids(bench)[0], 3, version=1)
    with pytest.raises(Conflict):
        mark(bench, bid_ids(bench)[0], 5, version=1)
    assert EvaluationMark.objects.get().mark == 3


@pytest.mark.parametrize("value", [-1, 6])
def test_a_mark_off_the_scale(bench, value):
    opened(bench)
    with pytest.raises(RuleBroken, match="0 to 5"):
        mark(bench, bid_ids(bench)[0], value)


def test_a_mark_needs_a_reason(bench):
    opened(bench)
    with pytest.raises(RuleBroken, match="reason"):
        mark(bench, bid_ids(bench)[0], 3, rationale="  ")


def test_who_marks(bench):
    opened(bench)
    with pytest.raises(NotAllowed):
        mark(bench, bid_ids(bench)[0], actor=bench.officer)
    stranger = actor_for_role(Role.EVALUATOR, organisation("coventry"))
    for actor in (stranger, bench.bidders[0]):
        with pytest.raises(NotVisible):
            mark(bench, bid_ids(bench)[0], actor=actor)
    assert EvaluationMark.objects.count() == 0


def test_a_bid_or_question_of_another_tender_is_not_there(bench):
    opened(bench)
    other = published()
    offered(other, 0, {"PLB1": "1"})
    opened(other)
    with pytest.raises(NotVisible):
        mark(bench, bid_ids(other)[0])
    foreign = MarkInput(other.questions[0].id, 3, "Because.")
    with pytest.raises(NotVisible):
        mark_bid(
            actor=bench.evaluator,
            evaluation_id=bench.evaluation.pk,
            bid_id=bid_ids(bench)[0],
            marks=[foreign],
        )


def test_several_marks_are_saved_all_or_none(bench):
    opened(bench)
    first, second = bench.questions
    with pytest.raises(RuleBroken):
        mark_bid(
            actor=bench.evaluator,
            evaluation_id=bench.evaluation.pk,
            bid_id=bid_ids(bench)[0],
            marks=[MarkInput(first.id, 3, "Fine."), MarkInput(second.id, 9, "Off the scale.")],
        )
    assert EvaluationMark.objects.count() == 0


# --- ranking ----------------------------------------------------------------------------------


def test_ranking_by_the_published_formula(bench):
    """£10,000 and £5,000: 50 and 25 points. Marks 3, 3 and 5, 5: 30 and 50. Totals 80 and 75."""
    opened(bench)
    first, second = bid_ids(bench)
    marked(bench, first, 3, 3)
    marked(bench, second, 5, 5)
    ranked(bench)
    rows = {row.bid_id: row for row in EvaluationResult.objects.all()}
    assert (rows[first].quantitative_score, rows[first].qualitative_score) == (50, 30)
    assert (rows[first].total_score, rows[first].rank) == (80, 1)
    assert (rows[second].total_score, rows[second].rank) == (75, 2)
    assert rows[first].social_value_pence == 1_000_000
    assert bench.evaluation.status == "ranked"
    assert "Ranked 2 bids; 2 passed." in [
        line.sentence for line in history_of_procurement(procurement_id=bench.procurement.pk)
    ]


def test_ranking_waits_for_every_mark(bench):
    opened(bench)
    marked(bench, bid_ids(bench)[0], 3, 3)
    with pytest.raises(RuleBroken, match="2 marks are missing"), clock.at(AFTER):
        rank_bids(actor=bench.officer, evaluation_id=bench.evaluation.pk)


def test_only_the_officer_ranks_and_reopens(bench):
    opened(bench)
    for bid_id in bid_ids(bench):
        marked(bench, bid_id, 3, 3)
    with pytest.raises(NotAllowed):
        rank_bids(actor=bench.evaluator, evaluation_id=bench.evaluation.pk)
    ranked(bench)
    with pytest.raises(NotAllowed):
        reopen_marking(actor=bench.evaluator, evaluation_id=bench.evaluation.pk)
    with pytest.raises(NotVisible):
        reopen_marking(
            actor=actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")),
            evaluation_id=bench.evaluation.pk,
        )


def test_ranked_marks_stand_until_the_marking_is_reopened(bench):
    opened(bench)
    for bid_id in bid_ids(bench):
        marked(bench, bid_id, 3, 3)
    ranked(bench)
    with pytest.raises(Conflict):
        ranked(bench)
    with pytest.raises(RuleBroken, match="Reopen"):
        mark(bench, bid_ids(bench)[0], 5, version=1)
    reopen_marking(actor=bench.officer, evaluation_id=bench.evaluation.pk)
    assert EvaluationResult.objects.count() == 0
    mark(bench, bid_ids(bench)[1], 5, version=1)
    ranked(bench)
    assert EvaluationResult.objects.count() == 2


def test_marking_is_not_reopened_twice_or_after_the_award(bench):
    opened(bench)
    for bid_id in bid_ids(bench):
        marked(bench, bid_id, 3, 3)
    with pytest.raises(Conflict):
        reopen_marking(actor=bench.officer, evaluation_id=bench.evaluation.pk)
    ranked(bench)
    awarded(bench)
    with pytest.raises(RuleBroken, match="awarded"):
        reopen_marking(actor=bench.officer, evaluation_id=bench.evaluation.pk)


def test_pass_or_fail_with_a_minimum():
    """30 hours where 50 are asked fails; 50 passes. Nobody is marked and nobody gets points."""
    bench = published(
        asks=[Ask("HSC1", is_mandatory=True, minimum=Decimal(50)), Ask("PLB1")],
        weighting=None,
        questions=(),
        bidders=3,
    )
    offered(bench, 0, {"HSC1": "50"})
    offered(bench, 1, {"HSC1": "60", "PLB1": "999"})
    opened(bench)
    ranked(bench)
    rows = list(EvaluationResult.objects.order_by("bid_id"))
    assert [(row.is_passed, row.rank, row.total_score) for row in rows] == [
        (True, 1, 0),
        (True, 1, 0),
    ]
