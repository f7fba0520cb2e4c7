"""The offer page: what counts how, what it is worth, what may count twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.tenders.queries import requirements_of
from procurement.tenders.rules import QuestionInput
from tests.factories.tenders import asked, load_everything, published
from tests.procurement.bids.test_offer_page.steps import words
from tests.procurement.bids.test_views import client_of, text, url

pytestmark = pytest.mark.django_db


def test_cap_place_and_kinds_of_questions_are_said():
    load_everything()
    world = published(
        codes=[asked("GSE1", maximum_quantity=Decimal(50), place="coventry"), asked("PLB1")],
        questions=[
            QuestionInput("How?", "", Decimal(100), minimum_mark=3),
            QuestionInput("Do you pay the Real Living Wage?", "", None, is_pass_fail=True),
        ],
    )
    page = words(client_of(world.bidder).get(url(world, "offer")))
    assert "Scored up to 50 FTE-years: more earns no points." in page
    assert "Valued in Coventry." in page
    assert "100% of the marks for answers. A mark below 3 fails the bid." in page
    assert "Pass or fail: an answer that does not meet this fails the bid." in page
    assert "What the marks 0 to 5 mean" in page
    assert "Excellent: addresses the whole question" in page


def test_quantities_of_money_and_shares_of_a_hundred_are_written_as_people_write_them():
    world = published(codes=[("PLB1", {"minimum_quantity": Decimal(60000)}), "ENV5"])
    client = client_of(world.bidder)
    assert "At least 60,000 pounds." in text(client.get(url(world, "offer")))
    money, percent = (row.id for row in requirements_of(world.tender.pk))
    boxes = {"version": "0", f"quantity_{money}": "50000", f"quantity_{percent}": "90"}
    client.post(url(world, "offer"), boxes | {"draft": "1"})
    page = words(client.get(url(world, "offer")))
    assert ("90%" in page, "90 %" in page, "Worth 90%" in page) == (True, False, False)
    assert "Worth £50,000" in page
    check = words(client.get(url(world, "check")))
    assert "£50,000 is below the minimum of £60,000" in check


def test_weights_are_said():
    load_everything()
    world = published(
        codes=[
            asked("GSE1", weight_percent=Decimal("62.5")),
            asked("PLB1", weight_percent=Decimal("37.5")),
        ]
    )
    page = words(client_of(world.bidder).get(url(world, "offer")))
    assert "Counts 62.5% of the points for quantities." in page
    assert "Counts 37.5% of the points for quantities." in page


def test_two_measures_that_may_count_the_same_are_said_when_both_are_offered():
    world = published(codes=["GSE1", "GSE2"])
    client = client_of(world.bidder)
    one, other = (row.id for row in requirements_of(world.tender.pk))
    data = {"version": "0", "page_key": "p", f"quantity_{one}": "1"}
    first = text(client.post(url(world, "autosave"), data))
    assert "may count the same thing" not in first
    both = client.post(url(world, "autosave"), data | {f"quantity_{other}": "1"})
    assert "may count the same thing. Count each person, hour or pound under one" in text(both)
    assert "You can still submit." in text(both)
