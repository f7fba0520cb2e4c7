"""Rankings: a round each, kept for ever; by frozen values, caps and the published formula."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from procurement.evaluations import queries
from procurement.evaluations.models import EvaluationResult, EvaluationRound
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import rank_bids, recuse, reopen_marking
from procurement.tenders.services import QuestionInput
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of_procurement
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import (
    AFTER,
    Ask,
    bid_of,
    marked,
    marked_by,
    moderated,
    offered,
    opened,
    published,
    ranked,
    reference_data,
    settled,
)
from tests.procurement.awards.test_second_opinion import edition, publish, put
from toms.proxies.models import Proxy

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


def all_marked(bench, *marks):
    for number in range(len(bench.bidders)):
        marked(bench, bid_of(bench, number).id, *marks)


def results(bench):
    """The results that hold, by bidder."""
    rows = {row.bid_id: row for row in queries.ranking(bench.officer, bench.evaluation.pk)}
    return [rows.get(bid_of(bench, number).id) for number in range(len(bench.bidders))]


def test_ranking_by_the_published_formula(bench):
    """£10,000 and £5,000: 50 and 25 points. Marks 3, 3 and 5, 5: 30 and 50. Totals 80 and 75."""
    marked(bench, bid_of(bench, 0).id, 3, 3)
    marked(bench, bid_of(bench, 1).id, 5, 5)
    ranked(bench)
    first, second = results(bench)
    assert (first.total, first.rank, first.award_points) == (80, 1, 16)
    assert (second.total, second.rank, second.award_points) == (75, 2, 15)
    assert (first.social_value_pence, second.social_value_pence) == (1_000_000, 500_000)
    kept = EvaluationResult.objects.get(bid_id=second.bid_id)
    assert (kept.quantitative_score, kept.qualitative_score) == (25, 50)
    assert bench.evaluation.status == "ranked"
    assert "Ranked 2 bids; 2 passed." in [
        line.sentence for line in history_of_procurement(procurement_id=bench.procurement.pk)
    ]


def test_the_moderated_mark_counts_and_no_other(bench):
    """Both evaluators gave 3; the moderator sets 5 and 0: 50 x (60% x 5/5 + 40% x 0) = 30."""
    all_marked(bench, 3, 3)
    first, second = bench.questions
    moderated(bench, bid_of(bench, 0).id, first.id, Verdict(5))
    moderated(bench, bid_of(bench, 0).id, second.id, Verdict(0))
    ranked(bench)
    kept = EvaluationResult.objects.get(bid_id=bid_of(bench, 0).id)
    assert kept.qualitative_score == 30


def test_ranking_waits_for_every_lock_and_every_moderation(bench):
    for number in (0, 1):
        given = {row.id: Verdict(3) for row in bench.questions}
        marked_by(bench, bench.evaluator, bid_of(bench, number).id, given)
        marked_by(bench, bench.evaluator2, bid_of(bench, number).id, given)

    def refused(match):
        with pytest.raises(RuleBroken, match=match), clock.at(AFTER):
            rank_bids(actor=bench.officer, evaluation_id=bench.evaluation.pk)

    refused("4 answers have no moderated mark")
    settled(bench)
    ranked(bench)
    reopen_marking(actor=bench.officer, evaluation_id=bench.evaluation.pk)
    ranked(bench)
    assert EvaluationRound.objects.count() == 2


def test_one_answer_that_waits_is_said_in_words(bench):
    all_marked(bench, 3, 3)
    from procurement.evaluations.models import EvaluationModeration

    EvaluationModeration.objects.filter(bid_id=bid_of(bench, 0).id).first().delete()
    with pytest.raises(RuleBroken, match="1 answer has no moderated mark"), clock.at(AFTER):
        rank_bids(actor=bench.officer, evaluation_id=bench.evaluation.pk)


def test_only_the_officer_ranks_and_reopens(bench):
    all_marked(bench, 3, 3)
    for actor in (bench.evaluator, bench.moderator, bench.approver):
        with pytest.raises(NotAllowed):
            rank_bids(actor=actor, evaluation_id=bench.evaluation.pk)
    ranked(bench)
    for actor in (bench.evaluator, bench.moderator, bench.approver):
        with pytest.raises(NotAllowed):
            reopen_marking(actor=actor, evaluation_id=bench.evaluation.pk)
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for deed in (rank_bids, reopen_marking):
        with pytest.raises(NotVisible):
            deed(actor=stranger, evaluation_id=bench.evaluation.pk)


# --- rounds -----------------------------------------------------------------------------------


def test_reopening_keeps_the_ranking_and_the_next_says_what_changed(bench):
    """First: 50 + 30 = 80 and 25 + 30 = 55. The second's answers go from 3 to 5: 25 + 50 = 75. Then both 5 and 0."""
    all_marked(bench, 3, 3)
    ranked(bench)
    first_round = queries.round_of(bench.tender.pk)
    assert queries.is_ranked(bench.tender.pk)
    reopen_marking(actor=bench.officer, evaluation_id=bench.evaluation.pk)
    assert not queries.is_ranked(bench.tender.pk)
    assert queries.ranking(bench.officer, bench.evaluation.pk) == []
    assert queries.round_of(bench.tender.pk) == first_round
    for number, mark in ((0, 0), (1, 5)):
        for row in bench.questions:
            moderated(bench, bid_of(bench, number).id, row.id, Verdict(mark))
    ranked(bench)
    rounds = queries.rounds_of(bench.tender.pk)
    assert [(row.number, row.cause) for row in rounds] == [
        (1, "The bids were ranked for the first time."),
        (2, "The bids were ranked again after the moderation was reopened."),
    ]
    assert queries.round_of(bench.tender.pk) == rounds[1].id != first_round
    assert [[(r.supplier_name, r.total, r.rank_shown) for r in row.rows] for row in rounds] == [
        [(name(bench, 0), 80, "Rank 1"), (name(bench, 1), 55, "Rank 2")],
        [(name(bench, 1), 75, "Rank 1"), (name(bench, 0), 50, "Rank 2")],
    ]
    assert [r.change for r in rounds[1].rows] == [
        "Was rank 2, had 55.00 points",
        "Was rank 1, had 80.00 points",
    ]
    assert [r.change for r in rounds[0].rows] == ["", ""]
    assert (rounds[0].is_last, rounds[1].is_last) == (False, True)
    assert [row.total for row in results(bench)] == [50, 75]


def name(bench, number):
    return bid_of(bench, number).supplier_name


def test_a_ranking_that_changes_nothing_says_so(bench):
    all_marked(bench, 3, 3)
    ranked(bench)
    reopen_marking(actor=bench.officer, evaluation_id=bench.evaluation.pk)
    ranked(bench)
    first, second = queries.rounds_of(bench.tender.pk)
    assert not second.is_changed
    assert [row.change for row in second.rows] == ["", ""]
    assert [row.moved.now for row in first.rows] == [row.moved.now for row in second.rows]


def test_a_ranking_never_changes(bench):
    all_marked(bench, 3, 3)
    ranked(bench)
    for table, change in ((EvaluationResult, {"rank": 7}), (EvaluationRound, {"cause": "Other"})):
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.all().delete()


def test_before_the_first_ranking(bench):
    with pytest.raises(NotVisible, match="not ranked"):
        queries.round_of(bench.tender.pk)
    assert queries.rounds_of(bench.tender.pk) == []
    assert queries.ranking_of_tender(bench.tender) == []


def test_ranked_twice_and_reopened_twice(bench):
    all_marked(bench, 3, 3)
    with pytest.raises(Conflict):
        reopen_marking(actor=bench.officer, evaluation_id=bench.evaluation.pk)
    ranked(bench)
    with pytest.raises(Conflict):
        ranked(bench)
    assert EvaluationRound.objects.count() == 1


# --- what a ranking rests on ------------------------------------------------------------------


def test_later_values_do_not_move_a_score():
    """The values are those of the published edition: it takes no other, and a later edition's stay there."""
    bench = published(asks=[Ask("HSC1"), Ask("GSE1")], questions=())
    offered(bench, 0, {"HSC1": "100", "GSE1": "2"})
    offered(bench, 1, {"HSC1": "30", "GSE1": "3"})
    opened(bench)
    ranked(bench)
    before = results(bench)
    assert before[0].social_value_pence != before[1].social_value_pence > 0
    reopen_marking(actor=bench.officer, evaluation_id=bench.evaluation.pk)
    value = Proxy.objects.get(measure_id=bench.requirements["HSC1"].measure.id, place="")
    for change in ({"amount": value.amount * 2}, {"valid_to": date(2026, 4, 1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Proxy.objects.filter(pk=value.pk).update(**change)
    value.pk, value.amount, value.valid_from = None, value.amount * 2, date(2026, 4, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        value.save()
    later = edition(framework=bench.tender.edition.framework.slug)
    put(later, "HSC1", everywhere="9999")
    put(later, "GSE1", unit="FTE-years", everywhere="1")
    publish(later)
    ranked(bench)
    assert results(bench) == before


def test_what_lies_above_the_cap_earns_nothing_and_is_promised_all_the_same():
    """£10,000 offered with £6,000 scored at most; the other offers £6,000, and a third £3,000: 100, 100, 50."""
    bench = published(asks=[Ask("PLB1", maximum=D(6000))], questions=(), bidders=3)
    for number, pounds in enumerate(("10000", "6000", "3000")):
        offered(bench, number, {"PLB1": pounds})
    opened(bench)
    ranked(bench)
    assert [row.total for row in results(bench)] == [100, 100, 50]
    assert [row.social_value_pence for row in results(bench)] == [600_000, 600_000, 300_000]
    assert bid_of(bench, 0).social_value_pence == 1_000_000
    lines = queries.bid_lines(bench.officer, bench.procurement.pk, bid_of(bench, 0).id)
    (line,) = lines.lines
    assert (line.value, line.scored_value, line.is_capped) == (10_000, 6_000, True)
    assert (lines.offered_pence, lines.scored_pence) == (1_000_000, 600_000)


def test_a_cap_never_fails_a_minimum():
    """10 asked, 10 scored at most, 25 offered: passes."""
    bench = published(
        asks=[Ask("HSC1", is_mandatory=True, minimum=D(10), maximum=D(10))], questions=()
    )
    offered(bench, 0, {"HSC1": "25"})
    offered(bench, 1, {"HSC1": "10"})
    opened(bench)
    ranked(bench)
    assert [(row.is_passed, row.total) for row in results(bench)] == [(True, 100), (True, 100)]


def test_each_measure_by_its_own_weight():
    """PLB1 60%, HSC1 40%. £10,000 and £4,000 of 10,000; 20 and 40 hours of 40 (valued alike an hour).

    First: 60 + 40 x 20/40 = 80. Second: 60 x 4/10 + 40 = 64.
    """
    bench = published(asks=[Ask("PLB1", weight=D(60)), Ask("HSC1", weight=D(40))], questions=())
    offered(bench, 0, {"PLB1": "10000", "HSC1": "20"})
    offered(bench, 1, {"PLB1": "4000", "HSC1": "40"})
    opened(bench)
    ranked(bench)
    assert [row.total for row in results(bench)] == [80, 64]


def test_the_tie_rule_that_was_published():
    """Equal points; the second asks less."""
    bench = published(questions=(), scoring={"tie_rule": "lower_price"})
    offered(bench, 0, {"PLB1": "1000"}, price="200000")
    offered(bench, 1, {"PLB1": "1000"}, price="190000")
    opened(bench)
    ranked(bench)
    assert [(row.total, row.rank) for row in results(bench)] == [(100, 2), (100, 1)]


QUESTIONS = (
    QuestionInput("How will you recruit?", "", D(100), minimum_mark=3),
    QuestionInput("Do you pay the living wage?", "", None, is_pass_fail=True),
)


@pytest.mark.parametrize(
    ("verdicts", "reason"),
    [
        ((Verdict(3), Verdict(is_met=True)), ""),
        ((Verdict(2), Verdict(is_met=True)), "Question 1 needs a mark of 3 or more; it has 2."),
        ((Verdict(5), Verdict(is_met=False)), "Question 2 is pass or fail and was not met."),
        ((Verdict(not_applicable=True), Verdict(not_applicable=True)), ""),
    ],
)
def test_the_gate_of_answers(verdicts, reason):
    """The first bid, which offers most, passes or not; where it does not, the second has the highest."""
    bench = published(questions=QUESTIONS)
    offered(bench, 0, {"PLB1": "10000"})
    offered(bench, 1, {"PLB1": "5000"})
    opened(bench)
    marked(bench, bid_of(bench, 0).id, *verdicts)
    marked(bench, bid_of(bench, 1).id, Verdict(5), Verdict(is_met=True))
    ranked(bench)
    first, second = results(bench)
    assert (first.is_passed, first.reason) == (reason == "", reason)
    assert second.total == (75 if reason == "" else 100)


def test_pass_or_fail_with_a_minimum():
    """30 hours where 50 are asked fail; 50 and 60 pass. Nobody is marked and nobody gets points."""
    bench = published(
        asks=[Ask("HSC1", is_mandatory=True, minimum=D(50)), Ask("PLB1")],
        weighting=None,
        questions=(),
        bidders=2,
    )
    offered(bench, 0, {"HSC1": "50"})
    offered(bench, 1, {"HSC1": "60", "PLB1": "999"})
    opened(bench)
    ranked(bench)
    assert [(r.is_passed, r.rank, r.total, r.award_points) for r in results(bench)] == [
        (True, 1, 0, None),
        (True, 1, 0, None),
    ]


def test_somebody_recused_drops_out_and_the_ranking_waits(bench):
    """What was moderated with the marks of somebody who is recused after is to be set again, by two others."""
    all_marked(bench, 3, 3)
    member = next(
        row for row in queries.panel_of(bench.tender.pk) if row.person_id == bench.evaluator.user_id
    )
    with clock.at(AFTER.replace(hour=AFTER.hour + 1)):
        recuse(actor=bench.officer, member_id=member.id, reason="A new job at a bidder.")
    with pytest.raises(RuleBroken, match="4 answers have no moderated mark"), clock.at(AFTER):
        rank_bids(actor=bench.officer, evaluation_id=bench.evaluation.pk)
