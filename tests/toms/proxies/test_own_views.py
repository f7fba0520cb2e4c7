"""The pages on which an authority writes its own measures."""

from __future__ import annotations

import pytest

from socialvalue.accounts.models import Region
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_of, user_with_role
from toms.frameworks.models import Edition, Measure
from toms.imports.services import load_measure_set
from toms.proxies.queries import own as queries

pytestmark = pytest.mark.django_db
HOME = "/measures/own/"
DRAFT = f"{HOME}own-warwickshire-1/"
THEME = "protecting-our-environment"


@pytest.fixture
def county():
    load_measure_set(actor=SYSTEM)
    return AuthorityFactory(slug="warwickshire", name="Warwickshire County Council")


@pytest.fixture
def owner(county):
    return user_with_role(Role.POLICY_OWNER, county)


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def draft(signed_in):
    assert signed_in.post(f"{HOME}start/").url == DRAFT
    return signed_in


def seen(owner):
    return queries.own_version(actor_of(owner), "own-warwickshire-1").seen


def typed(owner, **more):
    return {
        "version": seen(owner),
        "code": "WCC1",
        "title": "Hours of home-energy advice",
        "description": "Advice at home.\r\nOn request.",
        "outcome": f"{THEME}|",
        "new_outcome": "Warmer homes",
        "unit": "people x hours",
        "kind": "record_only",
        "aggregation": "sum",
        "counting_rule": "Each hour once.",
        "evidence": "A log.",
    } | more


PROXY = {
    "kind": "proxy", "amount": "21.123456789", "price_year": "2025", "source_name": "Our prices",
    "source_url": "https://www.example.org/prices", "licence": "OGL v3.0", "method": "Price of an hour.",
}  # fmt: skip


def published(client, owner):
    client.post(f"{DRAFT}add/", typed(owner))
    today = clock.today()
    sent = {"version": seen(owner), "from_on": today.isoformat()}
    assert client.post(f"{DRAFT}publish/", sent).url == DRAFT


def test_the_list_is_empty_until_somebody_begins(signed_in):
    text = signed_in.get(HOME).content.decode()
    assert "No measure of your own yet" in text
    assert "Start a version" in text


def test_a_reader_sees_what_is_published_and_no_button(signed_in, owner, county, client):
    signed_in.post(f"{HOME}start/")
    officer = user_with_role(Role.PROCUREMENT_OFFICER, county)
    client.force_login(officer)
    text = client.get(HOME).content.decode()
    assert "Start a version" not in text
    assert "ersion 1" not in text
    assert client.get(DRAFT).status_code == 404
    for address in ("add/", "publish/", "discard/", "measures/1/", "measures/1/remove/"):
        assert client.get(f"{DRAFT}{address}").status_code == 403
    client.force_login(owner)
    published(client, owner)
    client.force_login(officer)
    page = client.get(DRAFT)
    assert "WCC1 Hours of home-energy advice" in page.content.decode()
    assert "Change" not in page.content.decode().split("<main")[1].split("History")[0]


def test_suppliers_and_other_authorities_do_not_come_in(draft, client):
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN, SupplierFactory()))
    assert client.get(HOME).status_code == 403
    assert client.get(DRAFT).status_code == 403
    client.force_login(user_with_role(Role.POLICY_OWNER))
    assert client.get(HOME).status_code == 200
    for address in ("", "add/", "publish/", "discard/", "measures/1/", "measures/1/remove/"):
        assert client.get(f"{DRAFT}{address}").status_code == 404
        if address:
            assert client.post(f"{DRAFT}{address}", {"version": "x"}).status_code == 404


def test_starting_twice_says_who_was_first(draft):
    assert draft.post(f"{HOME}start/").status_code == 409


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "Enter the title"),
        ({"unit": ""}, "Enter the unit"),
        ({"title": "x" * 301}, "Title must be 300 characters or fewer"),
        ({"description": "x" * 4001}, "Description must be 4,000 characters or fewer"),
        ({"target_requirements": "x" * 4001}, "What a bidder says must be 4,000 characters"),
    ],
)
def test_what_is_wrong_is_said_by_its_name(draft, owner, wrong, words):
    page = draft.post(f"{DRAFT}add/", typed(owner) | wrong)
    assert (page.status_code, words in page.content.decode()) == (422, True)


def test_a_measure_is_added_and_changed(draft, owner):
    page = draft.get(f"{DRAFT}add/")
    assert page.context["form"]["code"].value() == "WCC1"
    assert draft.post(f"{DRAFT}add/", typed(owner, **PROXY)).url == DRAFT
    row = Measure.objects.get(edition__slug="own-warwickshire-1")
    assert row.description == "Advice at home.\nOn request."
    shown = draft.get(DRAFT).content.decode()
    assert "£21.123456789" in shown
    assert "Warmer homes" in shown
    page = draft.get(f"{DRAFT}measures/{row.pk}/")
    form = page.context["form"]
    for name, value in typed(owner, **PROXY).items():
        if name not in ("version", "description", "outcome", "new_outcome", "amount"):
            assert form[name].value() == value, name
    assert form["outcome"].value() == f"{THEME}|Warmer homes"
    assert 'value="21.123456789"' in page.content.decode()
    sent = typed(owner, **PROXY, title="Advice", outcome=f"{THEME}|Warmer homes", new_outcome="",
                 takes_off="on", deadweight="27")  # fmt: skip
    assert draft.post(f"{DRAFT}measures/{row.pk}/", sent).url == DRAFT
    row.refresh_from_db()
    assert (row.title, row.additionality) == ("Advice", {"deadweight": "0.27"})
    form = draft.get(f"{DRAFT}measures/{row.pk}/").context["form"]
    assert form["takes_off"].value() is True
    assert form["deadweight"].value() == "27"


def test_nothing_typed_is_lost(draft, owner):
    sent = typed(owner, **PROXY | {"amount": "about twenty", "licence": ""}, code="9")
    page = draft.post(f"{DRAFT}add/", sent)
    assert page.status_code == 422
    text = page.content.decode()
    assert {*page.context["form"].errors} == {"amount", "licence"}
    for value in ("about twenty", "Our prices", "Price of an hour.", 'value="9"', "On request."):
        assert value in text
    sent = typed(owner, code="9", aggregation="ratio")
    page = draft.post(f"{DRAFT}add/", sent)
    assert page.status_code == 422
    assert {*page.context["form"].errors} == {"code", "numerator_label", "denominator_label"}
    assert "people x hours" in page.content.decode()


def test_what_is_hidden_is_neither_asked_for_nor_wrong(draft, owner):
    sent = typed(owner, source_url="not a link", amount="x", deadweight="400")
    assert draft.post(f"{DRAFT}add/", sent).url == DRAFT
    line = queries.own_version(actor_of(owner), "own-warwickshire-1").lines[0]
    assert line.value is None
    assert line.measure.additionality == {}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"new_outcome": " "}, "new_outcome"),
        ({"outcome": "nowhere|x"}, "outcome"),
        ({"outcome": ""}, "outcome"),
        ({"unit": ""}, "unit"),
        ({"kind": "localised"}, "kind"),
        ({"takes_off": "on", **PROXY}, "deadweight"),
        ({"takes_off": "on", "leakage": "101", **PROXY}, "leakage"),
        ({"takes_off": "on", "leakage": "10"}, "takes_off"),
        (PROXY | {"source_url": "javascript:alert(1)"}, "source_url"),
        (PROXY | {"price_year": "soon"}, "price_year"),
        (PROXY | {"amount": "0"}, "amount"),
        (PROXY | {"amount": "1.0123456789"}, "amount"),
    ],
)
def test_each_mistake_is_told_beside_its_box(draft, owner, more, field):
    page = draft.post(f"{DRAFT}add/", typed(owner, **more))
    assert page.status_code == 422
    assert {*page.context["form"].errors} == {field}


def test_who_saves_second_is_shown_both(draft, owner):
    draft.post(f"{DRAFT}add/", typed(owner))
    pk = Measure.objects.get(edition__slug="own-warwickshire-1").pk
    old = typed(owner, title="Advice, in hours", outcome=f"{THEME}|Warmer homes")
    first = old | {"title": "Hours of advice"}
    assert draft.post(f"{DRAFT}measures/{pk}/", first).url == DRAFT
    page = draft.post(f"{DRAFT}measures/{pk}/", old)
    assert page.status_code == 409
    text = page.content.decode()
    assert "Hours of advice" in text
    assert 'value="Advice, in hours"' in text
    again = old | {"version": page.context["form"]["version"].value()}
    assert draft.post(f"{DRAFT}measures/{pk}/", again).url == DRAFT


def test_who_saves_after_publication_keeps_what_was_typed(draft, owner):
    draft.post(f"{DRAFT}add/", typed(owner))
    late = typed(owner, code="WCC2", title="Hedgerow planted")
    sent = {"version": seen(owner), "from_on": clock.today().isoformat()}
    draft.post(f"{DRAFT}publish/", sent)
    page = draft.post(f"{DRAFT}add/", late)
    assert page.status_code == 409
    assert "Hedgerow planted" in page.content.decode()
    assert draft.post(f"{DRAFT}publish/", sent).status_code == 409
    for address in ("add/", "publish/", "discard/"):
        assert draft.get(f"{DRAFT}{address}").url == DRAFT


def test_the_check_lists_what_is_missing_and_has_no_button(draft, owner):
    draft.post(f"{DRAFT}add/", typed(owner, evidence=""))
    text = draft.get(f"{DRAFT}publish/").content.decode()
    assert "WCC1 needs the evidence that proves it." in text
    assert "never changes" not in text
    sent = {"version": seen(owner), "from_on": clock.today().isoformat()}
    assert draft.post(f"{DRAFT}publish/", sent).status_code == 422
    assert Edition.objects.get(slug="own-warwickshire-1").status == "draft"


def test_it_is_published_and_shown_as_it_is(draft, owner):
    published(draft, owner)
    page = draft.get(DRAFT)
    text = page.content.decode()
    assert page.context["edition"].checksum in text
    assert 'href="/measures/own-warwickshire-1/WCC1/"' in text
    assert draft.get("/measures/own-warwickshire-1/WCC1/").status_code == 200
    assert draft.get("/measures/?edition=own-warwickshire-1").status_code == 200
    assert draft.get("/measures/editions/own-warwickshire-1/edition.xlsx").status_code == 200
    assert "In use" in draft.get(HOME).content.decode()


def test_only_a_lead_is_asked_about_its_region(draft, owner, county):
    draft.post(f"{DRAFT}add/", typed(owner))
    assert "region" not in draft.get(f"{DRAFT}publish/").context["form"].fields
    region = Region.objects.create(slug="shire", name="The Shire", lead=county)
    assert "Offer to the authorities of The Shire" in draft.get(f"{DRAFT}publish/").content.decode()
    sent = {"version": seen(owner), "from_on": clock.today().isoformat(), "region": str(region.pk)}
    assert draft.post(f"{DRAFT}publish/", sent | {"region": "0"}).status_code == 422
    assert draft.post(f"{DRAFT}publish/", sent).url == DRAFT
    assert "The Shire" in draft.get(DRAFT).content.decode()


def test_a_measure_is_removed_and_a_draft_discarded_after_a_check(draft, owner):
    draft.post(f"{DRAFT}add/", typed(owner))
    pk = Measure.objects.get(edition__slug="own-warwickshire-1").pk
    assert "Remove this measure?" in draft.get(f"{DRAFT}measures/{pk}/remove/").content.decode()
    assert draft.post(f"{DRAFT}measures/{pk}/remove/", {"version": "old"}).status_code == 409
    assert draft.post(f"{DRAFT}measures/{pk}/remove/", {"version": seen(owner)}).url == DRAFT
    assert draft.get(f"{DRAFT}measures/{pk}/").status_code == 404
    assert "Discard this draft?" in draft.get(f"{DRAFT}discard/").content.decode()
    assert draft.post(f"{DRAFT}discard/", {"version": seen(owner)}).url == HOME
    assert draft.get(DRAFT).status_code == 404


def test_counts_only_shows_no_pounds(draft, owner):
    draft.post(f"{DRAFT}add/", typed(owner, **PROXY))
    draft.post("/counts/", {"counts": "1", "next": DRAFT})
    for address in (DRAFT, f"{DRAFT}publish/"):
        text = draft.get(address).content.decode()
        assert "£21" not in text
        assert "Proxy value" in text
