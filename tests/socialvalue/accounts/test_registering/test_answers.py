"""What a supplier types to register: what is wrong is said, and nothing else is lost."""

from __future__ import annotations

import pytest
from django.test import Client

from socialvalue.accounts.models import Organisation, User
from socialvalue.accounts.queries import name_taken, registration_path
from socialvalue.core.errors import RuleBroken
from tests.factories.accounts import AuthorityFactory, SupplierFactory
from tests.socialvalue.accounts.test_registering.steps import EMAIL, PASSWORD, TYPED, register, text

pytestmark = pytest.mark.django_db


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
