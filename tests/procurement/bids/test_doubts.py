"""The Real Living Wage by day, and where what is hard to believe is shown."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from procurement.bids.queries import my_offer, opened_bids
from procurement.bids.queries.doubts import LIVING_WAGE, living_wage
from procurement.bids.vocabulary import OverclaimKind as Kind
from procurement.evaluations import queries as evaluations
from socialvalue.accounts.models import User
from socialvalue.core import clock
from tests.factories import bids
from tests.factories.evaluations import (
    AFTER,
    WRITTEN,
    Ask,
    marked,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)

REFERENCE = Path(__file__).parents[4] / "shared/reference/real-living-wage.csv"


@pytest.mark.parametrize(
    ("day", "wage"),
    [
        (date(2010, 1, 1), "8.25"),
        (date(2015, 10, 31), "8.25"),
        (date(2024, 9, 30), "12.0"),
        (date(2024, 10, 1), "12.6"),
        (date(2025, 9, 30), "12.6"),
        (date(2025, 10, 1), "13.45"),
        (date(2040, 1, 1), "13.45"),
    ],
)
def test_the_wage_announced_last(day, wage):
    assert living_wage(day) == Decimal(wage)


@pytest.mark.skipif(
    not REFERENCE.exists(), reason="the reference tables are not part of the repository"
)
def test_the_file_equals_the_reference():
    with REFERENCE.open() as theirs, LIVING_WAGE.open() as ours:
        expected = [(row["announced"], row["uk_hourly"]) for row in csv.DictReader(theirs)]
        assert [(row["announced"], row["uk_hourly"]) for row in csv.DictReader(ours)] == expected


@pytest.mark.django_db
def test_an_absurd_bid_is_asked_about_and_scored_like_any_other():
    """£170,000 offered for £5,000,000 of local spending: said to the bidder and, after opening, to the evaluator."""
    reference_data()
    bench = published(asks=(Ask("PLB1"), Ask("HSC1")))
    offered(bench, 0, {"PLB1": "5000000", "HSC1": "20"})
    offered(bench, 1, {"PLB1": "20000", "HSC1": "20"})
    with clock.at(WRITTEN + timedelta(days=2)):
        mine = my_offer(bench.bidders[0], bench.tender.pk)
        assert {row.kind for row in mine.doubts} == {"value_over_price", "spend_over_price"}
        assert my_offer(bench.bidders[1], bench.tender.pk).doubts == []
    opened(bench)
    absurd, sane = opened_bids(bench.tender.pk)
    assert {row.kind for row in absurd.doubts} == {"value_over_price", "spend_over_price"}
    assert (sane.doubts, sane.same_text_as) == ((), ())
    for bid in (absurd, sane):
        marked(bench, bid.id, 3, 3)
    ranked(bench)
    assert evaluations.ranking(bench.officer, bench.evaluation.pk)[0].bid_id == absurd.id


@pytest.mark.django_db
def test_the_pages_say_it_to_both_sides(client):
    reference_data()
    bench = published(asks=(Ask("PLB1"), Ask("HSC1")))
    offered(bench, 0, {"PLB1": "5000000", "HSC1": "20"})
    bidder = User.objects.get(pk=bench.bidders[0].user_id)
    evaluator = User.objects.get(pk=bench.evaluator.user_id)
    with clock.at(WRITTEN + timedelta(days=2)):
        client.force_login(bidder)
        page = client.get(
            reverse("procurement:bids:check", args=[bench.tender.pk])
        ).content.decode()
        assert "is promised out of a price of £170,000" in page
        assert "You can still submit" in page
    opened(bench)
    with clock.at(AFTER):
        client.force_login(evaluator)
        board = client.get(reverse("procurement:evaluations:board", args=[bench.procurement.pk]))
        assert "Worth a second look" in board.content.decode()
        bid = client.get(
            reverse(
                "procurement:evaluations:bid",
                args=[bench.procurement.pk, opened_bids(bench.tender.pk)[0].id],
            )
        )
        assert "They change no score and exclude nobody" in bid.content.decode()


@pytest.mark.django_db
def test_measures_that_may_count_the_same_are_said_to_the_evaluator_of_that_bid_only():
    world = bids.published(codes=["GSE1", "GSE2"])
    both = [bids.line_of(world, code, "1") for code in ("GSE1", "GSE2")]
    bids.submitted(world, lines=tuple(both))
    bids.submitted(world, world.bidders[1], lines=(both[0],))
    bids.opened(world)
    kinds = {
        bid.supplier_id: [row.kind for row in bid.doubts if row.kind == Kind.DOUBLE_COUNTING]
        for bid in opened_bids(world.tender.pk)
    }
    first, second = (supplier.pk for supplier in world.suppliers)
    assert kinds == {first: [Kind.DOUBLE_COUNTING], second: []}
