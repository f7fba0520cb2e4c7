"""The offer page: partners and reasons, row by row."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from procurement.bids.queries import my_offer
from procurement.bids.rules import PartInput
from procurement.tenders.queries import requirements_of
from tests.factories.tenders import published
from tests.procurement.bids.test_offer_page.steps import words
from tests.procurement.bids.test_views import client_of, held, name_of, text, typed, url

pytestmark = pytest.mark.django_db


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


def line(world, of=0):
    offer = my_offer(world.bidder, world.tender.pk).offer
    return offer.line(requirements_of(world.tender.pk)[of].id)


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
