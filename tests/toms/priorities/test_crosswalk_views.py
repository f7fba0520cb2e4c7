"""The pages of the crosswalk: who opens them, what they show, what is typed into them."""

from __future__ import annotations

import re

import pytest

from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.factories.crosswalk import NOW, world
from tests.factories.reporting import browser, rows_of
from toms.imports.services import load_aliases, load_measure_set
from toms.priorities.models import MeasureMapping
from toms.priorities.services import map_measure

pytestmark = pytest.mark.django_db
LIST = "/measures/crosswalk/"


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def put(found, code, target, **more):
    map_measure(
        actor=found.owner, region_id=found.region.pk, source_id=found.id(code),
        target_id=found.id(target) if target else None, **more,
    )  # fmt: skip


def codes(page):
    return [row.measure.code for row in page.context["page"].object_list]


def test_the_list_is_filtered_and_its_files_hold_exactly_that():
    found = world()
    put(found, "C1", "R1")
    client = browser(found.owner)
    assert codes(client.get(LIST)) == ["C2", "C3", "C4", "C5", "C1"]
    for query, expected in [
        ("?standing=mapped", ["C1"]),
        ("?standing=excluded", []),
        ("?q=volunteering", ["C2"]),
        ("?q=member+council+murals", ["C5"]),
        ("?edition=council-1&standing=not_mapped", ["C2", "C3", "C4", "C5"]),
        ("?standing=nonsense", ["C2", "C3", "C4", "C5", "C1"]),
    ]:
        assert codes(client.get(LIST + query)) == expected, query
        file = rows_of(client.get(f"{LIST}export.csv{query}").content)
        assert [row["Code"] for row in file] == expected
        assert client.get(f"{LIST}export.xlsx{query}").status_code == 200
    assert [row[2] for row in client.get(LIST).context["tiles"]] == [4, 1, 0, 0]


def test_who_opens_what():
    found = world()
    page = f"{LIST}{found.id('C1')}/"
    reader, stranger = browser(found.reader), browser(found.stranger)
    supplier = browser(actor_for_role(Role.SUPPLIER_ADMIN, SupplierFactory()))
    assert reader.get(LIST).status_code == reader.get(page).status_code == 200
    assert b"Decide how it counts" not in reader.get(page).content
    assert b"Decide how it counts" in browser(found.owner).get(page).content
    for path in (f"{page}map/", f"{page}unmap/", f"{LIST}suggestions/"):
        assert reader.get(path).status_code == 403
        assert supplier.get(path).status_code == 403
    assert supplier.get(LIST).status_code == supplier.get(page).status_code == 403
    assert supplier.get(f"{LIST}export.csv").status_code == 403
    assert b"No region" in stranger.get(LIST).content
    assert stranger.get(page).status_code == 404
    assert stranger.get(f"{LIST}export.csv").status_code == 404
    assert stranger.get(f"{LIST}?region=region").status_code == 200
    assert browser(found.owner).get(f"{LIST}?region=elsewhere").status_code == 404


def test_a_measure_is_mapped_in_the_browser():
    found = world()
    client, page = browser(found.owner), f"{LIST}{found.id('C2')}/"
    sent = {"target": str(found.id("R2")), "factor": "", "reason": "", "version": ""}
    answer = client.post(f"{page}map/", sent)
    assert answer.status_code == 422
    assert b"turns hours into days" in answer.content
    answer = client.post(f"{page}map/", sent | {"factor": "a lot", "reason": "Kept words"})
    assert answer.status_code == 422
    assert b"Kept words" in answer.content
    answer = client.post(
        f"{page}map/", sent | {"factor": "0.133333333", "reason": "A day is 7.5 hours."}
    )
    assert answer.status_code == 302
    shown = client.get(page).content.decode()
    assert "hours × 0.133333333 = days" in shown
    assert "A day is 7.5 hours." in shown
    assert client.get(f"{page}map/").context["form"].initial["version"] == 1


def test_leaving_out_asks_for_the_reason_and_a_stale_page_is_a_conflict():
    found = world()
    client, page = browser(found.owner), f"{LIST}{found.id('C5')}/"
    sent = {"target": "none", "factor": "", "reason": "", "version": ""}
    assert b"Say why" in client.post(f"{page}map/", sent).content
    assert client.post(f"{page}map/", sent | {"reason": "Too few."}).status_code == 302
    stale = client.post(f"{page}map/", sent | {"reason": "Another."})
    assert stale.status_code == 409
    assert b"Another." in stale.content
    assert MeasureMapping.objects.get().reason == "Too few."
    now = re.search(r'name="version" value="(\d+)"', stale.content.decode()).group(1)
    again = client.post(f"{page}map/", sent | {"reason": "Another.", "version": now})
    assert again.status_code == 302
    assert client.post(f"{page}unmap/", {"version": "1"}).status_code == 409
    assert client.post(f"{page}unmap/", {"version": "2"}).status_code == 302
    assert not MeasureMapping.objects.exists()
    assert client.get(f"{page}unmap/").status_code == 404


def test_the_list_of_regional_measures_is_narrowed_and_a_choice_outside_it_still_counts():
    found = world()
    client, page = browser(found.owner), f"{LIST}{found.id('C1')}/map/"
    groups = dict(client.get(f"{page}?q=trees").context["form"].fields["target"].choices)
    assert [label for _, label in groups["Jobs"]] == ["R4 Trees planted (trees)"]
    sent = {"target": str(found.id("R1")), "factor": "", "reason": "", "version": ""}
    assert client.post(f"{page}?q=trees", sent).status_code == 302
    wrong = {"target": str(found.id("C4")), "factor": "", "reason": "", "version": ""}
    assert client.post(page, wrong).status_code == 422


def test_suggestions_are_looked_through_and_accepted():
    found = world()
    client = browser(found.owner)
    page = client.get(f"{LIST}suggestions/")
    assert "C4 Trees planted" in page.content.decode()
    assert client.post(f"{LIST}suggestions/", {}).status_code == 422
    pair = f"{found.id('C4')}:{found.id('R4')}"
    assert client.post(f"{LIST}suggestions/", {"accept": [pair]}).status_code == 302
    assert MeasureMapping.objects.get().target_id == found.id("R4")
    assert b"Nothing to suggest" in client.get(f"{LIST}suggestions/").content


def test_codes_of_other_families_are_found_and_stand_on_the_measure():
    load_measure_set(actor=SYSTEM)
    load_aliases(actor=SYSTEM)
    client = browser(actor_for_role(Role.PROCUREMENT_OFFICER))
    page = client.get("/measures/aliases/?q=nt1")
    assert page.context["page"].object_list[0].measure.code == "GSE1"
    assert "not checked against the licensed text" in page.content.decode()
    file = rows_of(client.get("/measures/aliases/export.csv?q=NT41").content)
    assert [(row["Code there"], row["Our code"]) for row in file] == [("NT41", "GSE11")]
    assert "NT1 in National TOMs" in client.get("/measures/open-2026/GSE1/").content.decode()
    nothing = client.get("/measures/?q=NT1").content.decode()
    assert "/measures/aliases/?q=NT1" in nothing
