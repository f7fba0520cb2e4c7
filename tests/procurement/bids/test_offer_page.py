"""The offer page: reasons, partners, what counts how, what was said since; with and without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.bids.queries import my_bids, my_bids_table, my_offer
from procurement.bids.rules import PartInput
from procurement.bids.services import submit_bid
from procurement.procurements.models import ProcurementLot
from procurement.tenders.queries import requirements_of
from procurement.tenders.rules import QuestionInput
from procurement.tenders.services import amend_tender
from socialvalue.core import clock
from socialvalue.core.periods import uk_moment
from tests.factories.bids import SOON, offer_for, submitted
from tests.factories.procurements import procurement_of
from tests.factories.tenders import NOW, QUESTIONS, asked, load_everything, published
from tests.procurement.bids.test_views import client_of, held, name_of, text, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time():
    with clock.at(SOON):
        yield


def rows(world, *parts, of=0):
    """The boxes of partners of a measure as the page posts them."""
    key = requirements_of(world.tender.pk)[of].id
    boxes = {}
    for number, (kind, name, quantity) in enumerate(parts):
        boxes |= {
            f"part_{key}-{number}-kind": kind,
            f"part_{key}-{number}-name": name,
            f"part_{key}-{number}-quantity": quantity,
        }
    return boxes


def words(response):
    """What the page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", "", text(response)).split())


def line(world, of=0):
    offer = my_offer(world.bidder, world.tender.pk).offer
    return offer.line(requirements_of(world.tender.pk)[of].id)


# --- partners -------------------------------------------------------------------------------------


def test_partners_are_saved_checked_and_shown():
    world = published()
    client = client_of(world.bidder)
    boxes = rows(
        world, ("subcontractor", "Thimble Ltd", "1"), ("partner", " Rookery  Trust ", "1.5")
    )
    saved = client.post(url(world, "offer"), typed(world, **boxes))
    assert saved.headers["Location"] == url(world, "check")
    assert line(world).parts == (
        PartInput("partner", "Rookery Trust", Decimal("1.5")),
        PartInput("subcontractor", "Thimble Ltd", Decimal(1)),
    )
    page = words(client.get(url(world, "check")))
    assert "Rookery Trust (consortium partner): 1.5 FTE-years" in page
    assert "Thimble Ltd (sub-contractor): 1 FTE-year" in page
    assert "You: 1 FTE-year" in page
    assert "The county pays the other half." in page
    client.post(url(world, "submit"), {"version": held(world).version})
    copy = words(client.get(url(world, "copy")))
    assert "Rookery Trust (consortium partner): 1.5 FTE-years" in copy


def test_a_row_is_added_and_taken_away_without_javascript():
    world = published()
    client = client_of(world.bidder)
    key = requirements_of(world.tender.pk)[0].id
    boxes = typed(world, **rows(world, ("partner", "Rookery Trust", "1"), ("partner", "B", "x")))
    added = client.post(url(world, "offer"), boxes | {f"part_{key}-add": "1"})
    assert added.status_code == 422
    page = text(added)
    assert 'value="Rookery Trust"' in page
    assert f'name="part_{key}-2-name"' in page
    [kind] = re.findall(rf'name="part_{key}-2-kind".*?</select>', page, re.DOTALL)
    assert re.findall(r'value="(\w+)" selected', kind) == ["subcontractor"]
    assert "There is a problem" not in page
    assert "With the job centre." in page
    taken = text(client.post(url(world, "offer"), boxes | {f"part_{key}-remove": "0"}))
    assert "Rookery Trust" not in taken
    assert re.search(rf'name="part_{key}-0-name"[^>]*value="B"', taken)
    assert re.search(rf'name="part_{key}-0-quantity"[^>]*value="x"', taken)
    assert f"part_{key}-1-name" not in taken
    assert my_offer(world.bidder, world.tender.pk).version == 0


def test_there_is_room_for_ten():
    world = published()
    client = client_of(world.bidder)
    key = requirements_of(world.tender.pk)[0].id
    nine = rows(world, *(("partner", f"P{n}", "0.1") for n in range(9)))
    page = text(client.post(url(world, "offer"), typed(world, **nine) | {f"part_{key}-add": "1"}))
    assert f"part_{key}-9-name" in page
    assert f'name="part_{key}-add"' not in page
    ten = rows(world, *(("partner", f"P{n}", "0.1") for n in range(10)))
    page = text(client.post(url(world, "offer"), typed(world, **ten) | {f"part_{key}-add": "1"}))
    assert f"part_{key}-10-name" not in page
    eleven = rows(world, *(("partner", f"P{n:02}", "0.1") for n in range(11)))
    refused = client.post(url(world, "offer"), typed(world, **eleven))
    assert refused.status_code == 422
    assert "Name at most 10 partners and sub-contractors of GSE1" in text(refused)
    assert 'value="P10"' in text(refused)


def test_an_error_of_a_rule_stands_beside_the_row_it_is_about():
    """Rules count parts by kind and name, the page in the order of typing."""
    world = published()
    key = requirements_of(world.tender.pk)[0].id
    boxes = rows(world, ("subcontractor", "Zebra", "1"), ("partner", "Ant", "x" * 3))
    page = text(client_of(world.bidder).post(url(world, "offer"), typed(world, **boxes)))
    assert f'id="id_part_{key}-1-quantity-error"' in page
    many = rows(
        world,
        ("subcontractor", "Zebra", "99999999999"),
        ("partner", "Ant", "1"),
    )
    form = client_of(world.bidder).post(
        url(world, "offer"), typed(world, **many) | {name_of(world, "quantity", 0): "-1"}
    )
    assert form.status_code == 422


def test_what_cannot_be_read_in_a_row_is_kept_in_the_draft_and_said():
    world = published()
    client = client_of(world.bidder)
    key = requirements_of(world.tender.pk)[0].id
    boxes = rows(world, ("subcontractor", "Zebra", "about two"), ("partner", "Ant", "1"))
    kept = client.post(url(world, "autosave"), typed(world, **boxes))
    assert kept.status_code == 200
    page = text(client.get(url(world, "offer")))
    assert re.search(rf'name="part_{key}-0-name"[^>]*value="Ant"', page)
    assert re.search(rf'name="part_{key}-1-name"[^>]*value="Zebra"', page)
    assert re.search(rf'name="part_{key}-1-quantity"[^>]*value="about two"', page)
    check = text(client.get(url(world, "check")))
    assert "Change “about two”: it could not be read" in check
    assert f"#id_part_{key}-1-quantity" in check


def test_rows_with_gaps_in_their_numbers_are_read():
    world = published()
    key = requirements_of(world.tender.pk)[0].id
    boxes = {
        f"part_{key}-3-kind": "partner",
        f"part_{key}-3-name": "Ant",
        f"part_{key}-3-quantity": "1",
        f"part_{key}-7-kind": "subcontractor",
        f"part_{key}-7-name": "Bee",
        f"part_{key}-7-quantity": "2",
        f"part_{key}-8-kind": "subcontractor",
        f"part_{key}-8-name": " ",
        f"part_{key}-8-quantity": "",
    }
    client_of(world.bidder).post(url(world, "offer"), typed(world, **boxes))
    assert [part.name for part in line(world).parts] == ["Ant", "Bee"]


def test_a_measure_of_a_yes_or_a_percentage_has_no_partners():
    world = published(codes=["GSE1", "GSE11", "ENV5"])
    client = client_of(world.bidder)
    page = text(client.get(url(world, "offer")))
    assert page.count("data-formset=") == 1
    data = {"version": "0", "page_key": "p"} | rows(world, ("partner", "Ant", "1"), of=1)
    client.post(url(world, "autosave"), data | rows(world, ("partner", "Ant", "1"), of=2))
    assert line(world, 1).parts == line(world, 2).parts == ()


# --- what counts how ------------------------------------------------------------------------------


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


# --- what was said since --------------------------------------------------------------------------


def test_an_amendment_is_told_and_whether_it_came_after_the_submission():
    world = published()
    client = client_of(world.bidder)
    submitted(world)
    assert "amended this tender after you submitted" not in text(client.get(url(world, "offer")))
    with clock.at(SOON + timedelta(hours=1)):
        amend_tender(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.refresh().version,
            reason="More time for everybody.",
            deadline_at=world.tender.deadline_at + timedelta(days=7),
        )
        page = text(client.get(url(world, "offer")))
        assert "amended this tender after you submitted" in page
        assert "More time for everybody." in page
        other = text(client_of(world.bidders[1]).get(url(world, "offer")))
        assert "More time for everybody." in other
        assert "amended this tender after you submitted" not in other
        assert reverse("procurement:tenders:ask", args=[world.tender.pk]) in page


def test_after_a_conflict_nothing_is_saved_by_itself():
    """Whose words stand is a choice: a page that saves by itself would take the first ones away."""
    world = published()
    client = client_of(world.bidder)
    assert "data-autosave-url" in text(client.get(url(world, "offer")))
    client.post(url(world, "offer"), typed(world))
    wrong = client.post(url(world, "offer"), typed(world, price="£12,5"))
    assert wrong.status_code == 422
    assert "data-autosave-url" in text(wrong)
    late = client.post(url(world, "offer"), typed(world, page_key="other", price="1"))
    assert late.status_code == 409
    assert "data-autosave-url" not in text(late)
    assert "Nothing is saved by itself until you save with a button." in text(late)


def test_the_enter_key_saves_the_draft_and_stays():
    """The first button of a form is the one that the key presses."""
    world = published()
    client = client_of(world.bidder)
    form = text(client.get(url(world, "offer"))).partition("data-autosave-url")[2]
    first = re.search(r"<button[^>]*>", form)[0]
    assert ('type="submit"' in first, 'name="draft" value="1"' in first) == (True, True)
    saved = client.post(url(world, "offer"), typed(world, draft="1"))
    assert saved.headers["Location"] == url(world, "offer")


# --- the list -------------------------------------------------------------------------------------


def test_the_list_and_its_download_say_that_a_tender_was_amended():
    world = published()
    submitted(world)
    listing = reverse("procurement:bids:list")
    [before] = my_bids(world.bidder)
    assert (before.amended_at, before.is_amended_since) == (None, False)
    assert "Tender amended" not in text(client_of(world.bidder).get(listing))
    later = SOON + timedelta(hours=1)
    with clock.at(later):
        amend_tender(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.refresh().version,
            reason="More time for everybody.",
            deadline_at=world.tender.deadline_at + timedelta(days=7),
        )
        [mine], [other] = my_bids(world.bidder), my_bids(world.bidders[1])
        assert (mine.amended_at, mine.is_amended_since) == (later, True)
        assert (other.amended_at, other.is_amended_since) == (later, False)
        moment = uk_moment(later.astimezone(clock.LONDON))
        page = words(client_of(world.bidder).get(listing))
        assert f"Tender amended {moment}, after you submitted" in page
        theirs = words(client_of(world.bidders[1]).get(listing))
        assert f"Tender amended {moment}" in theirs
        assert "after you submitted" not in theirs
        [row] = my_bids_table([mine]).rows
        assert row[-1] == later.astimezone(clock.LONDON).replace(tzinfo=None)
        [row] = my_bids_table([before]).rows
        assert row[-1] is None
    with clock.at(later + timedelta(seconds=1)):
        assert [row.is_amended_since for row in my_bids(world.bidder)] == [True]
        submit_bid(
            actor=world.bidder,
            tender_id=world.tender.pk,
            offer=offer_for(world, price=Decimal(130000)),
        )
        assert [row.is_amended_since for row in my_bids(world.bidder)] == [False]


def test_after_the_deadline_nobody_is_told_to_submit_again():
    world = published()
    submitted(world)
    with clock.at(SOON + timedelta(hours=1)):
        amend_tender(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.refresh().version,
            reason="More time for everybody.",
            deadline_at=world.tender.deadline_at + timedelta(days=7),
        )
    closes = world.refresh().deadline_at
    for moment, is_told in ((closes - timedelta(seconds=1), True), (closes, False)):
        with clock.at(moment):
            assert [row.is_amended_since for row in my_bids(world.bidder)] == [is_told]


def test_the_list_says_how_far_an_offer_is():
    world = published()
    client = client_of(world.bidder)
    assert [row.progress for row in my_bids(world.bidder)] == ["0 of 3 measures, 0 of 2 answers"]
    client.post(url(world, "offer"), typed(world))
    assert [row.progress for row in my_bids(world.bidder)] == ["2 of 3 measures, 2 of 2 answers"]
    assert "2 of 3 measures, 2 of 2 answers" in text(client.get(reverse("procurement:bids:list")))
    assert [row.progress for row in my_bids(world.bidders[1])] == [
        "0 of 3 measures, 0 of 2 answers"
    ]
    with clock.at(world.tender.deadline_at):
        assert [row.progress for row in my_bids(world.bidder)] == [""]


def test_a_lot_says_of_what_it_is_one():
    world = published()
    with clock.at(NOW):
        whole = procurement_of(world.officer, title="Parks and verges")
    for number, tendered_as in ((1, None), (2, world.procurement)):
        ProcurementLot.objects.create(
            procurement=whole,
            number=number,
            title=f"Part {number}",
            estimate=Decimal(1000),
            tendered_as=tendered_as,
        )
    [row] = my_bids(world.bidder)
    assert (row.lot, row.whole) == ("Lot 2 of 2", "Parks and verges")
    assert [one.tender_id for one in my_bids(world.bidder, search="verges")] == [world.tender.pk]
    client = client_of(world.bidder)
    assert "Lot 2 of 2: Parks and verges." in words(client.get(reverse("procurement:bids:list")))
    assert "Each lot is offered, scored and awarded by itself." in words(
        client.get(url(world, "offer"))
    )


def queries_of(world):
    client = client_of(world.bidder)
    client.get(url(world, "offer"))
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url(world, "offer")).status_code == 200
    return len(seen)


def test_the_page_takes_as_many_queries_for_six_measures_as_for_two():
    few = published(codes=["GSE1", "GSE2"], questions=QUESTIONS)
    many = published(codes=["GSE1", "GSE2", "PLB1", "HSC1", "ENV5", "INN1"], questions=QUESTIONS)
    assert queries_of(few) == queries_of(many)
