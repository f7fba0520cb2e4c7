"""What an organisation says of itself once it is registered, and the way there from the sign-in."""

from __future__ import annotations

import pytest
from django.test import Client

from socialvalue.accounts import services
from socialvalue.accounts.models import Organisation, User
from socialvalue.accounts.queries import actor_for
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import NotAllowed, RuleBroken
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_for_role
from tests.socialvalue.accounts.test_registering.steps import register, text

pytestmark = pytest.mark.django_db


FACTS = {
    "company_number": "",
    "is_sme": None,
    "is_vcse": None,
    "postcode_district": "",
    "place": "",
}


def describe(actor, **more):
    return services.describe_organisation(actor=actor, **(FACTS | more))


def test_the_administrator_says_what_the_organisation_is():
    actor = actor_for(register())
    found = describe(actor, company_number=" 123456 ", is_sme=True, postcode_district="cv34")
    assert (found.company_number, found.is_sme, found.is_vcse, found.postcode_district) == (
        "00123456",
        True,
        None,
        "CV34",
    )
    row = AuditRecord.objects.get(deed="organisation_described")
    assert (row.before["company_number"], row.after["company_number"]) == ("", "00123456")
    describe(actor, company_number="00123456", is_sme=True, is_vcse=None, postcode_district="CV34")
    assert AuditRecord.objects.filter(deed="organisation_described").count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"company_number": "123456789"}, "8 digits"),
        ({"company_number": "ABC12345"}, "8 digits"),
        ({"postcode_district": "CV34 4RL"}, "first half"),
        ({"postcode_district": "34"}, "first half"),
        ({"place": "atlantis"}, "council area from the list"),
    ],
)
def test_facts_have_their_form(typed, said):
    with pytest.raises(RuleBroken, match=said):
        describe(actor_for(register()), **typed)


def test_a_company_number_is_one_organisations():
    SupplierFactory(company_number="SC123456")
    with pytest.raises(RuleBroken, match="Another organisation is registered"):
        describe(actor_for(register()), company_number="sc 123456")


def test_only_a_suppliers_administrator_describes_it():
    supplier = SupplierFactory()
    for actor in (
        actor_for_role(Role.SUPPLIER_CONTRIBUTOR, supplier),
        actor_for_role(Role.ORGANISATION_ADMIN),
        actor_for_role(Role.SUPPLIER_ADMIN, AuthorityFactory()),
    ):
        with pytest.raises(NotAllowed):
            describe(actor, is_sme=True)
    contributor = Client()
    contributor.force_login(
        User.objects.get(pk=actor_for_role(Role.SUPPLIER_CONTRIBUTOR, supplier).user_id)
    )
    assert contributor.get("/organisations/own/").status_code == 403
    assert 'href="/organisations/roles/">Your organisation' in text(
        contributor.get("/accessibility/")
    )
    assert "/organisations/own/" not in text(contributor.get("/organisations/roles/"))


def test_the_page_keeps_what_was_said():
    user = register()
    client = Client()
    client.force_login(user)
    typed = {
        "company_number": "12345678",
        "is_sme": "yes",
        "is_vcse": "no",
        "postcode_district": "B1",
        "place": "hazel",
    }
    AuthorityFactory(slug="hazel", name="Hazel Council")
    assert client.post("/organisations/own/", typed).status_code == 302
    found = Organisation.objects.get(kind="supplier")
    assert (found.company_number, found.is_sme, found.is_vcse, found.postcode_district) == (
        "12345678",
        True,
        False,
        "B1",
    )
    assert found.place == "hazel"
    assert 'value="hazel" selected' in text(client.get("/organisations/own/"))
    wrong = client.post("/organisations/own/", typed | {"company_number": "1x", "is_vcse": ""})
    assert (wrong.status_code, 'value="1x"' in text(wrong)) == (422, True)
    assert client.post("/organisations/own/", typed | {"is_vcse": ""}).status_code == 302
    assert Organisation.objects.get(kind="supplier").is_vcse is None


def test_an_authoritys_administrator_says_where_it_is():
    county = AuthorityFactory(slug="warwickshire", name="Warwickshire County Council", place="")
    admin = actor_for_role(Role.ORGANISATION_ADMIN, county)
    client = Client()
    client.force_login(User.objects.get(pk=admin.user_id))
    assert 'href="/organisations/people/">Your organisation' in text(client.get("/accessibility/"))
    assert 'href="/organisations/place/"' in text(client.get("/organisations/people/"))
    page = text(client.get("/organisations/place/"))
    assert "Warwick District Council" in page  # no organisation here, and suppliers are in it
    typed = {"place": "warwickshire", "postcode_district": "cv34"}
    assert client.post("/organisations/place/", typed).status_code == 302
    county.refresh_from_db()
    assert (county.place, county.postcode_district) == ("warwickshire", "CV34")
    assert AuditRecord.objects.get(deed="organisation_described").before["place"] == ""
    wrong = client.post("/organisations/place/", typed | {"place": "atlantis"})
    assert (wrong.status_code, "Select a council area from the list" in text(wrong)) == (422, True)


def test_nobody_else_says_where_an_authority_is():
    for actor in (
        actor_for_role(Role.DIRECTORATE_MANAGER),
        actor_for_role(Role.SUPPLIER_ADMIN, SupplierFactory()),
        actor_for_role(Role.ORGANISATION_ADMIN, SupplierFactory()),
    ):
        with pytest.raises(NotAllowed):
            services.describe_place(actor=actor, place="", postcode_district="CV34")
    manager = Client()
    user = User.objects.get(pk=actor_for_role(Role.DIRECTORATE_MANAGER).user_id)
    manager.force_login(user)
    assert manager.get("/organisations/place/").status_code == 403


def test_the_sign_in_page_leads_to_registering_and_keeps_where_one_goes():
    page = text(Client().get("/account/login/", {"next": "/bids/7/?a=1&b=2"}))
    assert 'href="/register/?next=%2Fbids%2F7%2F%3Fa%3D1%26b%3D2"' in page
    form = text(Client().get("/register/", {"next": "/bids/7/"}))
    assert 'name="next" value="/bids/7/"' in form
    assert "evil" not in text(Client().get("/register/", {"next": "//evil.example/"}))
