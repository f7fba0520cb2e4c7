"""The pages of adoption: who reads them, who changes what, and that nothing typed is lost."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import actor_for_role
from tests.factories.adoption import adopted, ids, own_set, policy_owner, wmca_region
from tests.factories.policies import load_law_and_policies
from toms.frameworks.models import Adoption
from toms.imports.services import load_measure_set, load_priorities

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 6, 1), date(2026, 6, 2)
OPEN = "open-2026"
HOME, REGION = "/measures/adoption/", "/measures/adoption/regions/west-midlands/"


@pytest.fixture(autouse=True)
def world():
    load_law_and_policies()
    with clock.at(NOW):
        load_measure_set(actor=SYSTEM)
        load_priorities(actor=SYSTEM)
        yield


@pytest.fixture
def owner():
    return policy_owner()


def as_(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def text(response):
    return response.content.decode()


def answers(**more):
    first = more.pop("first", TOMORROW)
    return {
        "from_on-day": first.day,
        "from_on-month": first.month,
        "from_on-year": first.year,
        "is_main": "main",
        "max_measures": "",
        "reference": "Cabinet, item 7",
        "scope": "whole",
    } | more


def test_everybody_on_the_buying_side_reads_what_is_used_and_nobody_else(owner):
    row = adopted(owner, OPEN, TODAY, max_measures=9)
    page = f"{HOME}{row.pk}/"
    for role in (Role.PROCUREMENT_OFFICER, Role.AUDITOR, Role.REPORT_AUTHOR):
        reader = as_(actor_for_role(role, organisation("warwickshire")))
        shown = text(reader.get(HOME))
        assert "Adopted by Warwickshire County Council." in shown
        assert "Adopt an edition" not in shown
        assert reader.get(page).status_code == reader.get(REGION).status_code == 200
        assert ">Change<" not in text(reader.get(page))
        assert reader.get(f"{HOME}new/").status_code == 403
        assert reader.get(f"{page}change/").status_code == 403
    supplier = as_(actor_for_role(Role.SUPPLIER_ADMIN))
    for address in (HOME, REGION, page, f"{page}measures.csv", f"{HOME}new/", f"{page}change/"):
        assert supplier.get(address).status_code == 403, address


def test_another_authority_finds_nothing(owner):
    row = adopted(owner, OPEN, TOMORROW)
    other = as_(policy_owner("birmingham"))
    assert "No decision" not in text(other.get(HOME))
    assert "Cabinet, item 7" not in text(other.get(HOME))
    for tail in (
        "",
        "change/",
        "end/",
        "remove/",
        "packs/new/",
        "measures.csv",
        "packs/any-contract/remove/",
    ):
        assert other.get(f"{HOME}{row.pk}/{tail}").status_code == 404, tail
    for tail in ("removed/", "packs/copy/", "packs/any-contract/removed/"):
        assert other.post(f"{HOME}{row.pk}/{tail}", {"version": 1}).status_code == 404, tail
    outsider = as_(actor_for_role(Role.POLICY_OWNER))
    assert outsider.get(REGION).status_code == 404
    assert outsider.get(HOME).status_code == 200


def test_the_region_is_its_leads_to_change(owner):
    lead, member = as_(policy_owner("wmca")), as_(owner)
    assert "Adopt an edition" in text(lead.get(REGION))
    assert "Adopt an edition" not in text(member.get(REGION))
    assert member.get(f"{REGION}new/").status_code == 403
    assert member.get(f"{REGION}new/{OPEN}/").status_code == 403
    assert member.post(f"{REGION}new/{OPEN}/", answers()).status_code == 403
    sent = lead.post(f"{REGION}new/{OPEN}/", answers(first=TODAY))
    row = Adoption.objects.get()
    assert sent.headers["Location"] == f"{HOME}{row.pk}/"
    assert row.region_id == wmca_region().region_id
    assert "yours is inherited from it" in text(member.get(HOME))
    assert member.get(f"{HOME}{row.pk}/").status_code == 200
    assert member.get(f"{HOME}{row.pk}/change/").status_code == 403
    assert member.get(f"{HOME}{row.pk}/remove/").status_code == 403


def test_adopting_a_choice_of_measures(owner):
    client = as_(owner)
    chosen = client.post(f"{HOME}new/", {"edition": OPEN})
    assert chosen.headers["Location"] == f"{HOME}new/{OPEN}/"
    form = client.get(f"{HOME}new/{OPEN}/").context["form"]
    names = list(form.themes)
    assert form.fields[names[0]].label == "Growth, skills and employment"
    local = names[1]
    gse1 = ids(OPEN, "GSE1")[0]
    empty = client.post(f"{HOME}new/{OPEN}/", answers(scope="subset"))
    assert empty.status_code == 422
    assert "Tick at least one measure, or use the whole edition" in text(empty)
    # A whole theme by one tick, and one measure of another.
    sent = client.post(
        f"{HOME}new/{OPEN}/",
        answers(scope="subset", max_measures="5", **{names[0]: [gse1], local: ["all"]}),
    )
    row = Adoption.objects.get()
    assert sent.headers["Location"] == f"{HOME}{row.pk}/"
    codes = {measure.code for measure in row.measures.all()}
    assert codes == {"GSE1", *(f"PLB{n}" for n in range(1, 8))}
    page = text(client.get(f"{HOME}{row.pk}/"))
    assert "A choice of 8 out of 52" in page
    assert "Coming" in page
    assert "is used from 2 June 2026" in page


def test_what_is_wrong_is_said_beside_its_box_and_what_was_typed_stays(owner):
    client = as_(owner)
    sent = client.post(
        f"{HOME}new/{OPEN}/", answers(first=date(2026, 5, 31), reference="", max_measures="7")
    )
    assert sent.status_code == 422
    assert "Name the decision that adopted it" in text(sent)
    assert sent.context["form"].errors.keys() == {"reference"}
    assert 'value="7"' in text(sent)
    for typed in ("0", "501", "six"):
        assert client.post(f"{HOME}new/{OPEN}/", answers(max_measures=typed)).status_code == 422
    assert client.get(f"{HOME}new/nothing/").status_code == 404
    secret = own_set(organisation("birmingham"))
    assert client.get(f"{HOME}new/{secret.slug}/").status_code == 404
    assert "County set" not in text(client.get(f"{HOME}new/"))


def test_changing_and_being_second(owner):
    row = adopted(owner, OPEN, TODAY)
    client = as_(owner)
    address = f"{HOME}{row.pk}/change/"
    form = client.get(address).context["form"]
    assert "from_on" not in form.fields
    assert "is_main" not in form.fields
    sent = {"version": 1, "max_measures": "4", "reference": "Cabinet, item 9", "scope": "whole"}
    assert client.post(address, sent).headers["Location"] == f"{HOME}{row.pk}/"
    second = client.post(address, sent | {"max_measures": "8"})
    assert second.status_code == 409
    assert "Somebody else changed this adoption" in text(second)
    assert second.context["form"].data["version"] == "2"
    assert 'value="8"' in text(second)
    assert client.post(address, sent | {"version": 2, "max_measures": "8"}).status_code == 302
    row.refresh_from_db()
    assert (row.max_measures, row.reference, row.version) == (8, "Cabinet, item 9", 3)


def test_ending_and_taking_back(owner):
    begun, coming = adopted(owner, OPEN, TODAY), adopted(owner, OPEN, TOMORROW)
    client = as_(owner)
    sent = {"version": 1, "to_on-day": 1, "to_on-month": 5, "to_on-year": 2026}
    wrong = client.post(f"{HOME}{begun.pk}/end/", sent)
    assert wrong.status_code == 422
    assert "that day or a later one" in text(wrong)
    empty = client.post(f"{HOME}{begun.pk}/end/", sent | dict.fromkeys(sent, "") | {"version": 1})
    assert "Enter the last day it is used" in text(empty)
    assert client.post(f"{HOME}{begun.pk}/end/", sent | {"to_on-month": 7}).status_code == 302
    page = text(client.get(f"{HOME}{begun.pk}/"))
    assert "The last day is saved." in page
    assert "Open measures 2026 is used until 1 July 2026." in page
    form = client.get(f"{HOME}{begun.pk}/end/").context["form"]
    assert "Leave empty" in form.fields["to_on"].help_text
    cleared = {"version": 2} | dict.fromkeys(("to_on-day", "to_on-month", "to_on-year"), "")
    assert client.post(f"{HOME}{begun.pk}/end/", cleared).status_code == 302
    assert "it is used until another follows" in text(client.get(f"{HOME}{begun.pk}/"))
    assert (
        client.post(f"{HOME}{begun.pk}/end/", sent | {"version": 3, "to_on-month": 7}).status_code
        == 302
    )
    assert "so it stays on record" in text(client.get(f"{HOME}{begun.pk}/remove/"))
    page = text(client.get(f"{HOME}{coming.pk}/remove/"))
    assert "Take this adoption back?" in page
    assert client.post(f"{HOME}{coming.pk}/removed/", {"version": 1}).headers["Location"] == HOME
    assert [row.pk for row in Adoption.objects.all()] == [begun.pk]
    with clock.at(datetime(2026, 7, 2, 9, tzinfo=UTC)):
        assert client.get(f"{HOME}{begun.pk}/change/").status_code == 302
        assert "Ended" in text(client.get(HOME))


def test_packs_are_copied_added_changed_and_removed(owner):
    row = adopted(owner, OPEN, TODAY, measure_ids=ids(OPEN, "GSE1", "PLB1", "HSC1"))
    client = as_(owner)
    page = f"{HOME}{row.pk}/"
    assert client.post(f"{page}packs/copy/", {"version": 1}).headers["Location"] == page
    copied = row.packs.count()
    assert copied >= 2
    form = client.get(f"{page}packs/new/").context["form"]
    theme = next(iter(form.themes))
    sent = {"version": 2, "name": "Home care", "cpv_prefixes": "8531", theme: ids(OPEN, "GSE1")}
    for wrong, words in (
        ({"name": ""}, "Enter a name for the pack"),
        ({"cpv_prefixes": "8"}, "2 to 8 digits"),
        ({theme: []}, "Tick at least one measure"),
        ({"cpv_prefixes": "45"}, "Write another beginning"),
        ({theme: ids(OPEN, "GSE2")}, "Choose measures from the list"),
    ):
        bad = client.post(f"{page}packs/new/", sent | wrong)
        assert (bad.status_code, words in text(bad)) == (422, True), words
    assert client.post(f"{page}packs/new/", sent).headers["Location"] == page
    assert "The pack is saved." in text(client.get(page))
    assert client.post(f"{page}packs/new/", sent | {"name": "Other"}).status_code == 409
    changed = sent | {"version": 3, "name": "Care at home", "cpv_prefixes": "8531, 8532"}
    assert client.post(f"{page}packs/home-care/change/", changed).status_code == 302
    assert row.packs.get(slug="care-at-home").cpv_prefixes == ["8531", "8532"]
    assert row.packs.count() == copied + 1
    assert client.get(f"{page}packs/home-care/change/").status_code == 404
    asked = text(client.get(f"{page}packs/care-at-home/remove/"))
    assert "Remove this pack?" in asked
    assert "8531, 8532" in asked
    assert client.get(f"{page}packs/nowhere/remove/").status_code == 404
    assert row.packs.count() == copied + 1
    gone = client.post(f"{page}packs/care-at-home/removed/", {"version": 4})
    assert gone.headers["Location"] == page
    assert row.packs.count() == copied
    assert client.post(f"{page}packs/any-contract/removed/", {"version": 4}).status_code == 409
    assert client.post(f"{page}packs/any-contract/removed/", {}).status_code == 302
    assert client.post(f"{page}packs/nowhere/removed/", {"version": 5}).status_code == 404
    assert row.packs.count() == copied


def test_the_table_to_keep_holds_the_subset(owner):
    row = adopted(owner, OPEN, TODAY, measure_ids=ids(OPEN, "GSE1", "PLB1"))
    client = as_(owner)
    csv = client.get(f"{HOME}{row.pk}/measures.csv").content.decode("utf-8-sig")
    lines = csv.strip().split("\r\n")
    assert [line.split(",")[0] for line in lines] == ["Code", "GSE1", "PLB1"]
    book = client.get(f"{HOME}{row.pk}/measures.xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[-1][0] == "2 rows"


def test_the_list_of_measures_opens_with_what_is_used(owner):
    own = own_set(organisation("warwickshire"))
    adopted(owner, own.slug, TODAY)
    assert as_(owner).get("/measures/").context["edition"].slug == own.slug
    assert as_(policy_owner("birmingham")).get("/measures/").context["edition"].slug == OPEN
    supplier = as_(actor_for_role(Role.SUPPLIER_ADMIN))
    assert supplier.get("/measures/").context["edition"].slug == OPEN


def test_until_somebody_adopts_the_page_says_what_is_used(owner):
    page = text(as_(owner).get(HOME))
    assert "Nobody has adopted an edition" in page
    assert "Your organisation has adopted no edition of its own" in page
    assert "The region has adopted no edition" in text(as_(owner).get(REGION))
