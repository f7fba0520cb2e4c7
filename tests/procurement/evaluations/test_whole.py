"""Price and quality beside social value: one save, versions, points, the page."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.evaluations import queries
from procurement.evaluations.models import EvaluationOtherScore
from procurement.evaluations.services import OtherScoreInput, set_other_scores
from procurement.tenders.services import mark_tender_awarded
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import (
    AFTER,
    bid_of,
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
    """Social value 100 and 50 of 100, counting 20%; prices £200,000 and £150,000."""
    found = published(questions=())
    offered(found, 0, {"PLB1": "10000"}, price="200000")
    offered(found, 1, {"PLB1": "5000"}, price="150000")
    opened(found)
    ranked(found)
    return found


def saved(bench, *scores, weights=("50", "30"), version=0, actor=None, bids=None):
    given = [
        OtherScoreInput(bid_of(bench, n).id if bids is None else bids[n], D(p), D(q), version)
        for n, (p, q) in enumerate(scores)
    ]
    with clock.at(AFTER):
        return set_other_scores(
            actor=actor or bench.officer,
            evaluation_id=bench.evaluation.pk,
            price_percent=D(weights[0]),
            quality_percent=D(weights[1]),
            scores=given,
        )


def test_the_whole_award_by_hand(bench):
    """First: 20 + 50 x 75% + 30 x 80% = 81.5.  Second: 10 + 50 + 30 x 60% = 78."""
    saved(bench, ("75", "80"), ("100", "60"))
    rows = {row.bid_id: row for row in queries.ranking(bench.officer, bench.evaluation.pk)}
    first, second = (rows[bid_of(bench, n).id] for n in (0, 1))
    assert (first.whole_points, first.whole_rank) == (D("81.5"), 1)
    assert (second.whole_points, second.whole_rank) == (D(78), 2)
    page = queries.whole_award(bench.officer, bench.procurement.pk)
    assert page.leaders == (first.supplier_name,)
    # R = 5/8 x price + 3/8 x quality: 76.875 and 85. Equal where w = 100 x 8.125 / (50 + 8.125) = 13.98.
    assert page.crossings == (D("13.98"),)
    assert page.chart is not None
    said = history_of(target_type="evaluation", target_id=bench.evaluation.pk)
    assert "Entered the scores for price and quality." in [row.sentence for row in said]


def test_before_the_scores_nothing_is_whole(bench):
    assert [row.whole_points for row in queries.ranking(bench.officer, bench.evaluation.pk)] == [
        None,
        None,
    ]
    page = queries.whole_award(bench.officer, bench.procurement.pk)
    assert (page.is_entered, page.has_points, page.winners, page.chart) == (
        False,
        False,
        None,
        None,
    )
    usual = {row.bid_id: row.usual_price_score for row in page.rows}
    assert [usual[bid_of(bench, n).id] for n in (0, 1)] == [75, 100]


@pytest.mark.parametrize("weights", [("50", "29.99"), ("50", "30.01"), ("-10", "90")])
def test_weights_add_to_a_hundred(bench, weights):
    with pytest.raises(RuleBroken):
        saved(bench, ("75", "80"), ("100", "60"), weights=weights)
    assert EvaluationOtherScore.objects.count() == 0


@pytest.mark.parametrize("score", [("-0.01", "50"), ("100.01", "50"), ("50", "-1"), ("50", "101")])
def test_scores_stay_from_nought_to_a_hundred(bench, score):
    with pytest.raises(RuleBroken, match="from 0 to 100"):
        saved(bench, score, ("100", "60"))
    assert EvaluationOtherScore.objects.count() == 0


def test_every_bid_once(bench):
    with pytest.raises(RuleBroken, match="every bid"):
        saved(bench, ("75", "80"))
    own = bid_of(bench, 0).id
    with pytest.raises(RuleBroken, match="every bid"):
        saved(bench, ("75", "80"), ("75", "80"), ("1", "1"), bids=[own, bid_of(bench, 1).id, own])
    other = published(questions=())
    offered(other, 0, {"PLB1": "1"})
    opened(other)
    with pytest.raises(NotVisible):
        saved(bench, ("75", "80"), ("1", "1"), bids=[own, bid_of(other, 0).id])
    assert EvaluationOtherScore.objects.count() == 0


def test_two_people_save_at_once(bench):
    """A change of the weights alone is seen too: every save is a new version of every score."""
    saved(bench, ("75", "80"), ("100", "60"))
    with pytest.raises(Conflict):
        saved(bench, ("1", "1"), ("1", "1"))
    saved(bench, ("75", "80"), ("100", "60"), weights=("40", "40"), version=1)
    with pytest.raises(Conflict):
        saved(bench, ("75", "80"), ("100", "60"), version=1)
    rows = EvaluationOtherScore.objects.order_by("pk")
    assert [(row.price_score, row.quality_score, row.version) for row in rows] == [
        (75, 80, 2),
        (100, 60, 2),
    ]
    assert (bench.evaluation.price_percent, bench.evaluation.quality_percent) == (40, 40)


def test_pass_or_fail_leaves_price_and_quality():
    bench = published(questions=(), weighting=None)
    offered(bench, 0, {"PLB1": "1"})
    offered(bench, 1, {"PLB1": "9"})
    opened(bench)
    ranked(bench)
    with pytest.raises(RuleBroken, match="20% is missing"):
        saved(bench, ("50", "50"), ("60", "50"))
    saved(bench, ("50", "50"), ("60", "50"), weights=("70", "30"))
    page = queries.whole_award(bench.officer, bench.procurement.pk)
    assert [(row.points, row.rank) for row in page.rows] == [(57, 1), (50, 2)]
    assert (page.is_pass_fail, page.winners, page.chart) == (True, None, None)


def test_who_enters_scores(bench):
    for role in (Role.EVALUATOR, Role.APPROVER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            saved(bench, ("1", "1"), ("1", "1"), actor=actor_for_role(role, bench.authority))
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (stranger, bench.bidders[0]):
        with pytest.raises(NotVisible):
            saved(bench, ("1", "1"), ("1", "1"), actor=actor)


def test_not_after_the_award(bench):
    with clock.at(AFTER):
        mark_tender_awarded(actor=bench.officer, tender_id=bench.tender.pk)
    with pytest.raises(RuleBroken, match="awarded"):
        saved(bench, ("75", "80"), ("100", "60"))


# --- the page ---------------------------------------------------------------------------------


def signed_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def address(bench, name="whole", *more):
    return reverse(f"procurement:evaluations:{name}", args=[bench.procurement.pk, *more])


def typed(bench, *scores, price="50", quality="30", version="0"):
    data = {"price_percent": price, "quality_percent": quality}
    for number, (one, other) in enumerate(scores):
        pk = bid_of(bench, number).id
        data |= {f"price_{pk}": one, f"quality_{pk}": other, f"version_{pk}": version}
    return data


def test_the_page_suggests_saves_and_keeps_what_was_typed(client, bench):
    signed_in(client, bench.officer)
    first = client.get(address(bench))
    own = bid_of(bench, 0).id
    assert first.context["form"][f"price_{own}"].value() == "75"
    wrong = client.post(address(bench), typed(bench, ("75", "many"), ("100", "60"), quality="20"))
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "They add to 90%: 10% is missing" in text
    assert "must be a number from 0 to 100, like 72.5" in text
    assert 'value="many"' in text
    right = client.post(address(bench), typed(bench, ("66.666667", "80"), ("100", "60")))
    assert (right.status_code, right["Location"]) == (302, address(bench))
    assert EvaluationOtherScore.objects.get(bid_id=own).price_score == D("66.666667")
    stale = client.post(address(bench), typed(bench, ("1", "2"), ("3", "4")))
    assert stale.status_code == 409
    assert 'value="1"' in stale.content.decode(), "what was typed is still there"
    assert EvaluationOtherScore.objects.get(bid_id=own).price_score == D("66.666667")


def test_who_sees_the_page(client, bench):
    for role, status in ((Role.EVALUATOR, 200), (Role.AUDITOR, 200), (Role.CONTRACT_MANAGER, 403)):
        signed_in(client, actor_for_role(role, bench.authority))
        answer = client.get(address(bench))
        assert answer.status_code == status
        assert b"Save the scores" not in answer.content
    signed_in(client, actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")))
    assert client.get(address(bench)).status_code == 404


def test_errors_say_whose_score_they_are_about(client, bench):
    signed_in(client, bench.officer)
    page = client.post(address(bench), typed(bench, ("1e5", "101"), ("90", "-3"))).content.decode()
    first, second = (row.organisation_name for row in bench.bidders)
    assert f"The price score of {first} must be a number" in page
    assert f"The quality score of {first} must be 100 or less" in page
    assert f"The quality score of {second} must be 0 or more" in page
