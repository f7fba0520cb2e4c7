"""Twelve characters, none of the common passwords, nothing of oneself: wherever a password is chosen."""

from __future__ import annotations

import pytest

from socialvalue.accounts.queries import registration_path
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import PASSWORD, UserFactory, user_with_role
from tests.socialvalue.accounts.sign_in.steps import sign_in

pytestmark = pytest.mark.django_db

GOOD = "walnut-basket"
BAD = [
    ("walnut-bask", "at least 12 characters"),  # 11
    ("qwerty123456", "too common"),  # 12, and on the list
    ("1q2w3e4r5t6y", "too common"),
]


def change(client, password):
    sign_in(client, user_with_role(Role.SUPPLIER_ADMIN))
    typed = {"oldpassword": PASSWORD, "password1": password}
    return client.post("/account/password/change/", typed)


def register(client, password):
    typed = {"organisation_name": "Hazel", "full_name": "Jo", "password": password}
    return client.post(registration_path("new@hazel.example"), typed)


def reset(client, password):
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    user = UserFactory()
    key = default_token_generator.make_token(user)
    path = f"/account/password/reset/key/{user_pk_to_url_str(user)}-{key}/"
    return client.post(client.get(path)["Location"], {"password1": password})


def first(client, password):
    user = user_with_role(Role.SUPPLIER_ADMIN)
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    return client.post("/account/password/set/", {"password1": password})


WAYS = [change, register, reset, first]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("password", "said"), BAD)
def test_a_weak_password_is_refused_in_words(client, way, password, said):
    answer = way(client, password)
    assert answer.status_code in (200, 422)
    assert said in answer.content.decode()


@pytest.mark.parametrize("way", WAYS)
def test_twelve_characters_that_nobody_else_uses_are_enough(client, way):
    assert len(GOOD) > 12 > len(BAD[0][0])
    assert way(client, GOOD[:12]).status_code == 302


def test_ones_own_name_is_no_password(client):
    user = user_with_role(Role.SUPPLIER_ADMIN)
    user.full_name = "Jo Bloggs Montgomery"
    user.save()
    sign_in(client, user)
    typed = {"oldpassword": PASSWORD, "password1": "jobloggsmontgomery"}
    body = client.post("/account/password/change/", typed).content.decode()
    assert "too similar" in body


def test_a_wrong_password_of_now_changes_nothing(client):
    user = user_with_role(Role.SUPPLIER_ADMIN)
    sign_in(client, user)
    typed = {"oldpassword": "something-else", "password1": GOOD}
    body = client.post("/account/password/change/", typed).content.decode()
    assert "This is not your password of now" in body
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
