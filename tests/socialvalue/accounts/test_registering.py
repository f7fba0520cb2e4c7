"""A supplier registers by itself: an address proven by a letter, three boxes; the form tells nobody who is known."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from socialvalue.accounts import services
from socialvalue.accounts.models import Membership, Organisation, User
from socialvalue.accounts.queries import (
    actor_for,
    name_taken,
    own_path,
    registration_of,
    registration_path,
)
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import (
    AuthorityFactory,
    SupplierFactory,
    UserFactory,
    actor_for_role,
)
from tests.factories.tenders import NOW

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
EMAIL = "bids@hazel.example"
PASSWORD = "walnut-harvest-basket"
TYPED = {"organisation_name": "Hazel and Sons", "full_name": "Bid manager", "password": PASSWORD}
REGISTER = "/register/"


@pytest.fixture(autouse=True)
def _time():
    cache.clear()
    with clock.at(NOW), run_inline():
        yield
    cache.clear()


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Posts an address and gives the answer and the letters."""

    def run(email, **more):
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            answer = Client().post(REGISTER, {"email": email, **more})
        return answer, mail.outbox[before:]

    return run


def path_in(letter):
    return re.search(r"^http://127\.0\.0\.1:8000(/\S+)$", letter.body, re.M)[1]


def text(response):
    return response.content.decode()


def register(**more):
    return services.register_supplier(**{"email": EMAIL, **TYPED, **more})


# --- the letter ---------------------------------------------------------------------------------


def test_known_and_unknown_addresses_get_the_same_answer_and_each_its_letter(sent):
    UserFactory(email="known@hazel.example")
    new, (to_new,) = sent(EMAIL)
    known, (to_known,) = sent("Known@Hazel.example")
    for answer in (new, known):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/register/sent/")
    assert "address you entered" in text(Client().get("/register/sent/"))
    assert (to_new.to, to_new.subject) == ([EMAIL], "Register your organisation")
    assert "The link expires at 5 March 2026, 9am, UK time" in to_new.body
    assert registration_of(path_in(to_new).split("/")[2]).email == EMAIL
    assert (to_known.to, to_known.subject) == (
        ["known@hazel.example"],
        "You have an account already",
    )
    assert path_in(to_known) == "/account/login/"
    assert User.objects.filter(email=EMAIL).count() == 0


def test_an_address_gets_one_letter_within_ten_minutes(sent):
    answers = [sent(EMAIL), sent(EMAIL.upper()), sent("other@hazel.example")]
    assert [len(letters) for _, letters in answers] == [1, 0, 1]
    assert {answer.headers["Location"] for answer, _ in answers} == {"/register/sent/"}


@pytest.mark.parametrize("typed", ["", "hazel", "hazel@"])
def test_what_is_no_address_is_said_and_kept(sent, typed):
    answer, letters = sent(typed)
    assert (answer.status_code, letters) == (422, [])
    assert f'value="{typed}"' in text(answer) or not typed


# --- the link -----------------------------------------------------------------------------------


def test_from_the_letter_to_being_signed_in(sent):
    _, (letter,) = sent(EMAIL, next="/bids/")
    client = Client()
    path = path_in(letter)
    page = text(client.get(path))
    assert (EMAIL in page, "one account serves every authority" in page.lower()) == (True, True)
    done = client.post(path, TYPED)
    assert done.headers["Location"] == "/bids/"
    user = User.objects.get(email=EMAIL)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.full_name, user.check_password(PASSWORD), user.is_staff) == (
        "Bid manager",
        True,
        False,
    )
    organisation = Organisation.objects.get(name="Hazel and Sons")
    assert (organisation.kind, organisation.slug) == ("supplier", "hazel-and-sons")
    (membership,) = Membership.objects.filter(user=user)
    assert (membership.organisation, membership.role) == (organisation, "supplier_admin")
    rows = AuditRecord.objects.order_by("id")
    assert [(row.deed, row.user_id, row.organisation_id) for row in rows] == [
        ("supplier_registered", user.pk, organisation.pk),
        ("role_granted", user.pk, organisation.pk),
    ]
    # The letter is used up: the address has an account.
    again = Client().get(path)
    assert (again.status_code, "You have an account already" in text(again)) == (410, True)
    assert Client().post(path, TYPED).status_code == 410
    assert client.get(path).headers["Location"] == "/bids/"
    assert Organisation.objects.filter(name="Hazel and Sons").count() == 1


def test_without_a_place_to_go_the_organisations_page_comes_next():
    client = Client()
    done = client.post(registration_path(EMAIL), TYPED)
    assert done.headers["Location"] == "/organisations/own/"
    assert "Hazel and Sons" in text(client.get("/organisations/own/"))


def test_a_link_lives_three_days():
    path = registration_path(EMAIL)
    with clock.at(NOW + timedelta(days=3) - SECOND):
        assert Client().get(path).status_code == 200
    with clock.at(NOW + timedelta(days=3)):
        for answer in (Client().get(path), Client().post(path, TYPED)):
            assert (answer.status_code, "This link has expired" in text(answer)) == (410, True)
    assert User.objects.count() == 0


def test_only_what_was_signed_here_registers():
    good = registration_path(EMAIL).split("/")[2]
    payload, _ = good.rsplit(".", 1)
    other = registration_path("x@y.example").split("/")[2]
    forged = [
        "x",
        good[:-1],
        good + "x",
        f"{payload}.{other.rsplit('.', 1)[1]}",
        f"{other.rsplit('.', 1)[0]}.{good.rsplit('.', 1)[1]}",
        signing.dumps([EMAIL, "", "", (NOW + SECOND).isoformat()]),
        signing.Signer(salt="procurement.tenders.invitation", sep=".").sign_object(
            [EMAIL, "", "", (NOW + SECOND).isoformat()], compress=True
        ),
    ]
    for token in forged:
        with pytest.raises(NotVisible):
            registration_of(token)
        path = reverse("accounts:register_with", args=[token])
        assert Client().get(path).status_code == 404
        assert Client().post(path, TYPED).status_code == 404
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/bids/1/", "/bids/1/"),
        ("/invitations/a.b/?x=1", "/invitations/a.b/?x=1"),
        ("", ""),
        ("bids/", ""),
        ("//evil.example/", ""),
        ("https://evil.example/", ""),
        ("/\\evil.example", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_nobody_is_sent_elsewhere(path, kept):
    assert own_path(path) == kept
    assert registration_of(registration_path(EMAIL, next_path=path).split("/")[2]).next_path == kept


# --- what is typed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"organisation_name": " "}, "Enter the name of your organisation"),
        ({"organisation_name": "H" * 201}, "must be 200 characters or fewer"),
        ({"full_name": ""}, "Enter your name"),
        ({"full_name": "B" * 151}, "Your name must be 150 characters or fewer"),
        ({"password": ""}, "Enter a password"),
        ({"password": "elevenchars"}, "too short"),
        ({"password": "password1234567"[:12]}, "too common"),
        ({"password": "bids@hazel.example"}, "too similar to the email"),
        ({"password": "Bid manager12"}, "too similar to the full name"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_kept(typed, said):
    answer = Client().post(registration_path(EMAIL), TYPED | typed)
    page = text(answer)
    assert (answer.status_code, said in page) == (422, True)
    if "organisation_name" not in typed:
        assert 'value="Hazel and Sons"' in page
    assert PASSWORD not in page
    assert User.objects.count() == 0
    assert Organisation.objects.count() == 0


def test_everything_wrong_is_said_at_once():
    page = text(Client().post(registration_path(EMAIL), TYPED | {"full_name": "", "password": "x"}))
    assert ("Enter your name" in page, "too short" in page) == (True, True)


def test_twelve_characters_are_enough_and_eleven_are_not():
    with pytest.raises(RuleBroken, match="too short"):
        register(password="walnut-harv")
    assert register(password="walnut-harve").email == EMAIL


def test_a_name_that_is_taken_is_warned_of_and_allowed():
    SupplierFactory(name="Hazel & Sons", slug="hazel-and-sons")
    client = Client()
    path = registration_path(EMAIL)
    typed = TYPED | {"organisation_name": " hazel  SONS "}
    warned = client.post(path, typed)
    page = text(warned)
    assert warned.status_code == 422
    assert (
        "An organisation called Hazel &amp; Sons is registered. Ask its administrator for an account"
        in page
    )
    assert "is_another" in page
    assert User.objects.count() == 0
    done = client.post(path, typed | {"is_another": "on"})
    assert done.status_code == 302
    assert Organisation.objects.filter(name="hazel SONS").count() == 1
    assert "is_another" not in text(Client().get(registration_path("x@y.example")))


def test_equal_names_get_addresses_of_their_own():
    register(organisation_name="Rowan")
    register(organisation_name="Rowan", email="b@rowan.example")
    register(organisation_name="橅", email="c@rowan.example")
    slugs = list(Organisation.objects.order_by("pk").values_list("slug", flat=True))
    assert (slugs[0], slugs[1].startswith("rowan-"), slugs[2]) == ("rowan", True, "supplier")
    assert len(set(slugs)) == 3


def test_an_address_registers_once():
    register()
    with pytest.raises(RuleBroken, match="has an account"):
        register(email=EMAIL.upper(), organisation_name="Another")
    assert Organisation.objects.count() == 1


def test_a_name_is_taken_whatever_its_case_and_marks():
    AuthorityFactory(name="Hazel Council")
    assert name_taken("hazel  council.") == "Hazel Council"
    assert name_taken("Hazel Councils") == ""
    assert name_taken("") == ""


# --- afterwards ---------------------------------------------------------------------------------


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
