"""A tender of an edition with values by sector: place and sector are set together, in words that say what lacks."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from procurement.tenders import services
from procurement.tenders.models import Tender
from procurement.tenders.queries import requirements_of, sector_choices, tender_overview
from procurement.tenders.rules import RequirementInput
from socialvalue.accounts.models import User
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.sectored import lamp, sectored_edition
from tests.factories.tenders import NOW, asked, started

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW):
        yield


def lit(place="coventry"):
    """A draft tender that asks three measures of the invented edition."""
    world = started(authority="warwickshire")
    Tender.objects.filter(pk=world.tender.pk).update(edition=sectored_edition(), place=place)
    services.choose_measures(
        actor=world.officer,
        tender_id=world.tender.pk,
        expected_version=1,
        requirements=[RequirementInput(lamp(code).pk) for code in ("LAN1", "LAN2", "LAN3")],
    )
    world.refresh()
    return world


def waiting(world):
    return [row.awaits for row in requirements_of(world.tender.pk)]


def put(world, **where):
    return services.set_place(
        actor=world.officer,
        tender_id=world.tender.pk,
        expected_version=world.refresh().version,
        **where,
    )


def test_place_and_sector_are_set_in_one_step():
    world = lit(place="")
    assert waiting(world) == ["a sector", "a place", "a sector"]
    put(world, place="coventry", sector="construction")
    assert (world.refresh().place, world.tender.sector) == ("coventry", "construction")
    amounts = [row.unit_value.amount for row in requirements_of(world.tender.pk)]
    assert (amounts, waiting(world)) == ([10, 20, 30], ["", "", ""])


def test_a_sector_without_values_is_refused_and_changes_nothing():
    world = lit()
    with pytest.raises(RuleBroken) as wrong:
        put(world, place="derby", sector="mining")
    assert wrong.value.errors == [("sector", "Select a sector from the list")]
    assert (world.refresh().place, world.tender.sector) == ("coventry", "")


def test_an_edition_without_sectors_takes_none():
    world = started()
    services.choose_measures(
        actor=world.officer, tender_id=world.tender.pk, expected_version=1, requirements=[asked("GSE1")],
    )  # fmt: skip
    assert sector_choices(world.refresh()) == []
    assert not tender_overview(world.officer, world.procurement.pk).has_sectors
    with pytest.raises(RuleBroken):
        put(world, place="birmingham", sector="construction")


def test_somebody_elses_sector_is_a_conflict_that_says_so():
    world = lit()
    old = world.tender.version
    put(world, place="coventry", sector="retail")
    with pytest.raises(Conflict) as second:
        services.set_place(
            actor=world.officer, tender_id=world.tender.pk, expected_version=old,
            place="coventry", sector="construction",
        )  # fmt: skip
    assert second.value.changed == {"Sector": ("Retail", "Construction")}
    assert world.refresh().sector == "retail"


# --- pages ------------------------------------------------------------------------------------------


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def text(client, world, name):
    page = client.get(reverse(f"procurement:tenders:{name}", args=[world.procurement.pk]))
    assert page.status_code == 200
    return page.content.decode()


def test_the_pages_say_what_is_lacking_until_it_is_set():
    world = lit()
    client = client_of(world.officer)
    tasks = text(client, world, "task_list")
    assert "Set the place and the sector" in tasks
    assert "2 measures have no value until a sector is set" in tasks
    assert "LAN1, LAN3: no value until a sector is set." in text(client, world, "details")
    page = text(client, world, "place")
    assert "In which sector is the work done?" in page
    assert "Construction" in page
    done = client.post(
        reverse("procurement:tenders:place", args=[world.procurement.pk]),
        {"version": world.refresh().version, "place": "coventry", "sector": "construction"},
    )
    assert done.status_code == 302
    assert world.refresh().sector == "construction"
    assert "valued at Coventry, Construction" in text(client, world, "task_list")
    assert "no value until" not in text(client, world, "details")


def test_without_values_by_sector_the_page_asks_for_the_place_alone():
    world = started()
    page = text(client_of(world.officer), world, "place")
    assert "Where are localised measures valued?" in page
    assert "sector" not in page.split("<main")[1].split("</main>")[0]
