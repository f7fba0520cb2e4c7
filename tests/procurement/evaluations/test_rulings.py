"""A claim ruled out counts as nought, all are ranked again, and every version is kept."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.bids.models import OfferLine
from procurement.evaluations import queries
from procurement.evaluations.models import EvaluationRound, EvaluationRuling
from procurement.evaluations.services import lift_ruling, rank_bids, rule_out
from procurement.tenders.services import mark_tender_awarded
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import (
    AFTER,
    Ask,
    bid_of,
    marked,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


@pytest.fixture
def bench():
    """Three open bids by quantity alone: £10,000, £5,000 and £2,500. 100, 50 and 25 points."""
    found = published(questions=(), bidders=3)
    for number, pounds in enumerate(("10000", "5000", "2500")):
        offered(found, number, {"PLB1": pounds})
    opened(found)
    return found


def line_of(bench, bidder, code="PLB1"):
    return next(row for row in bid_of(bench, bidder).lines if row.measure.code == code)


def out(bench, bidder, reason="The price pays for it already.", actor=None, code="PLB1"):
    with clock.at(AFTER):
        return rule_out(
            actor=actor or bench.officer,
            offer_line_id=line_of(bench, bidder, code).id,
            reason=reason,
        )


def lift(bench, ruling, reason="It is beyond the price after all.", actor=None):
    with clock.at(AFTER):
        return lift_ruling(actor=actor or bench.officer, ruling_id=ruling.pk, reason=reason)


def totals(bench):
    rows = {row.bid_id: row for row in queries.ranking(bench.officer, bench.evaluation.pk)}
    return [rows[bid_of(bench, number).id].total for number in range(len(bench.bidders))]


def test_ruling_out_the_top_bid_scores_all_again_and_keeps_both(bench):
    """Then £5,000 is the highest: 0, 100, 50."""
    ranked(bench)
    assert totals(bench) == [100, 50, 25]
    ruling = out(bench, 0)
    assert totals(bench) == [0, 100, 50]
    first, second = queries.rounds_of(bench.tender.pk)
    label = line_of(bench, 0).measure.label
    names = [bid_of(bench, number).supplier_name for number in range(3)]
    assert second.cause == f"{label} of {names[0]} was ruled out: The price pays for it already."
    assert [(row.supplier_name, row.total) for row in first.rows] == [
        (names[0], 100),
        (names[1], 50),
        (names[2], 25),
    ]
    assert [(row.supplier_name, row.total, row.change) for row in second.rows] == [
        (names[1], 100, "Was rank 2, had 50.00 points"),
        (names[2], 50, "Was rank 3, had 25.00 points"),
        (names[0], 0, "Was rank 1, had 100.00 points"),
    ]
    assert line_of(bench, 0).quantity == 10_000, "the offer stays as it was"
    assert (ruling.reason, ruling.ruled_by_id) == (
        "The price pays for it already.",
        bench.officer.user_id,
    )
    said = history_of(target_type="evaluationruling", target_id=ruling.pk)
    assert [row.sentence for row in said] == [f"Ruled out {label} of {names[0]}."]


def test_lifting_brings_the_first_ranking_back_as_a_third(bench):
    ranked(bench)
    ruling = out(bench, 0)
    lift(bench, ruling)
    assert totals(bench) == [100, 50, 25]
    rounds = queries.rounds_of(bench.tender.pk)
    assert [row.number for row in rounds] == [1, 2, 3]
    assert "was lifted: It is beyond the price after all." in rounds[2].cause
    assert [row.moved.now for row in rounds[2].rows] == [row.moved.now for row in rounds[0].rows]
    (told,) = queries.rulings_made(bench.tender.pk)
    assert (told.reason, told.lifted_reason, told.holds) == (
        "The price pays for it already.",
        "It is beyond the price after all.",
        False,
    )


def test_a_ruling_before_the_ranking_counts_in_the_first(bench):
    out(bench, 0)
    assert EvaluationRound.objects.count() == 0
    ranked(bench)
    assert totals(bench) == [0, 100, 50]
    assert EvaluationRound.objects.count() == 1


def test_all_bids_ruled_out(bench):
    ranked(bench)
    for number in range(3):
        out(bench, number)
    assert totals(bench) == [0, 0, 0]
    assert [row.rank for row in queries.ranking(bench.officer, bench.evaluation.pk)] == [1, 1, 1]
    assert EvaluationRound.objects.count() == 4


def test_a_mandatory_measure_ruled_out_fails_the_bid_and_lifting_lets_it_pass():
    """Marked all the same: a ruling may be lifted. 50 and 25 by quantity, 30 by answers."""
    bench = published(asks=[Ask("PLB1", is_mandatory=True), Ask("HSC1")])
    offered(bench, 0, {"PLB1": "10000"})
    offered(bench, 1, {"PLB1": "5000"})
    opened(bench)
    ruling = out(bench, 0)
    for number in (0, 1):
        marked(bench, bid_of(bench, number).id, 3, 3)
    ranked(bench)
    failed = next(
        row
        for row in queries.ranking(bench.officer, bench.evaluation.pk)
        if row.bid_id == bid_of(bench, 0).id
    )
    label = line_of(bench, 0).measure.label
    assert (failed.is_passed, failed.rank, failed.total) == (False, None, 0)
    assert failed.reason == f"{label} is mandatory and what was offered was ruled out."
    assert totals(bench) == [0, 80]
    lift(bench, ruling)
    assert totals(bench) == [80, 55]


def test_one_line_of_several_is_ruled_out():
    bench = published(questions=())
    offered(bench, 0, {"PLB1": "8000", "HSC1": "100"})
    offered(bench, 1, {"PLB1": "8000"})
    opened(bench)
    ranked(bench)
    out(bench, 0, code="HSC1")
    rows = queries.ranking(bench.officer, bench.evaluation.pk)
    assert [(row.social_value_pence, row.total, row.rank) for row in rows] == [
        (800_000, 100, 1),
        (800_000, 100, 1),
    ]


def test_a_reason_is_needed(bench):
    for words in ("", "  \n"):
        with pytest.raises(RuleBroken) as caught:
            out(bench, 0, words)
        assert caught.value.errors[0][0] == "reason"
    ruling = out(bench, 0)
    with pytest.raises(RuleBroken) as caught:
        lift(bench, ruling, " ")
    assert caught.value.errors[0][0] == "reason"
    assert EvaluationRuling.objects.get().lifted_at is None


def test_twice(bench):
    ruling = out(bench, 0)
    with pytest.raises(Conflict):
        out(bench, 0)
    lift(bench, ruling)
    with pytest.raises(Conflict):
        lift(bench, ruling)
    assert out(bench, 0).pk != ruling.pk
    assert EvaluationRuling.objects.count() == 2


def test_the_moderator_of_the_panel_rules_and_nobody_else():
    bench = published()
    offered(bench, 0, {"PLB1": "10000"})
    opened(bench)
    other = actor_for_role(Role.EVALUATOR, bench.authority)
    for actor in (bench.evaluator, bench.approver, other, bench.manager):
        with pytest.raises(NotAllowed):
            out(bench, 0, actor=actor)
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (stranger, *bench.bidders):
        with pytest.raises(NotVisible):
            out(bench, 0, actor=actor)
    ruling = out(bench, 0, actor=bench.moderator)
    for actor in (bench.evaluator, bench.approver):
        with pytest.raises(NotAllowed):
            lift(bench, ruling, actor=actor)
    for actor in (stranger, *bench.bidders):
        with pytest.raises(NotVisible):
            lift(bench, ruling, actor=actor)
    lift(bench, ruling, actor=bench.moderator)


def test_a_line_or_ruling_that_is_not_there(bench):
    last = OfferLine.objects.order_by("-pk").first()
    with pytest.raises(NotVisible):
        rule_out(actor=bench.officer, offer_line_id=last.pk + 1, reason="None.")
    with pytest.raises(NotVisible):
        lift_ruling(actor=bench.officer, ruling_id=10**6, reason="None.")


def test_not_after_the_award(bench):
    ruling = out(bench, 1)
    with clock.at(AFTER):
        rank_bids(actor=bench.officer, evaluation_id=bench.evaluation.pk)
        mark_tender_awarded(actor=bench.officer, tender_id=bench.tender.pk)
    with pytest.raises(RuleBroken, match="awarded"):
        out(bench, 0)
    with pytest.raises(RuleBroken, match="awarded"):
        lift(bench, ruling)
    assert EvaluationRound.objects.count() == 1


def test_a_long_reason_does_not_break_the_cause(bench):
    ranked(bench)
    out(bench, 0, "Because. " * 200)
    cause = queries.rounds_of(bench.tender.pk)[1].cause
    assert len(cause) == 500
    assert cause.endswith("…")
