"""Whether an address is known here is told to nobody but its owner: status, page, letters and work are the same."""

from __future__ import annotations

import re
import time
from statistics import median

import pytest
from django.core import mail
from django.test import Client

from socialvalue.accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.socialvalue.accounts.sign_in.steps import LOGIN

pytestmark = pytest.mark.django_db

KNOWN, CLOSED, UNKNOWN = "known@example.org", "closed@example.org", "unknown@example.org"
ASKED = (KNOWN, CLOSED, UNKNOWN)


@pytest.fixture(autouse=True)
def people():
    UserFactory(email=KNOWN)
    UserFactory(email=CLOSED, is_active=False)


def seen(answer, email: str) -> tuple:
    """What whoever asks can see, without what they typed and what is new on every page."""
    body = answer.content.decode().replace(email, "…")
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body)
    body = re.sub(r'nonce="[^"]+"', "", body)
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("X-Request-ID", "Content-Length", "Content-Security-Policy", "Expires")
    }
    return answer.status_code, headers, body


def ask(path: str, letters, **typed) -> tuple[list[tuple], list[int]]:
    """What each of the three addresses gets to see, and how many letters it gets."""
    pages, sent = [], []
    for email in ASKED:
        data = {name: email if value == "…" else value for name, value in typed.items()}
        before = len(mail.outbox)
        with letters():
            answer = Client().post(path, data)
        pages.append(seen(answer, email))
        to = [letter.to for letter in mail.outbox[before:]]
        assert all(who == [email] for who in to)
        sent.append(len(to))
    return pages, sent


def test_a_wrong_password_and_an_unknown_address_look_the_same(letters):
    pages, sent = ask(LOGIN, letters, login="…", password="not-the-password-of-anybody")
    assert pages[0] == pages[1] == pages[2]
    assert sent == [0, 0, 0]
    assert "The e-mail address or the password is wrong" in pages[0][2]


def test_asking_for_a_new_password_looks_the_same_and_writes_one_letter_each(letters):
    pages, sent = ask("/account/password/reset/", letters, email="…")
    assert pages[0] == pages[1] == pages[2]
    assert sent == [1, 1, 1]
    assert [letter.subject for letter in mail.outbox] == [
        "Choose a new password",
        "There is no account with this address",
        "There is no account with this address",
    ]


def test_registering_looks_the_same_and_writes_one_letter_each(letters):
    pages, sent = ask("/register/", letters, email="…")
    assert pages[0] == pages[1] == pages[2]
    assert sent == [1, 1, 1]


def test_sign_up_is_shut_for_everybody():
    for email in ASKED:
        typed = {"email": email, "password1": "walnut-harvest-basket"}
        answer = Client().post("/account/signup/", typed)
        assert "Accounts are by invitation" in answer.content.decode()
    assert not User.objects.filter(email=UNKNOWN).exists()


def test_a_wrong_key_for_a_new_password_looks_the_same_for_a_known_person():
    known = User.objects.get(email=KNOWN)
    pages = {
        Client()
        .get(f"/account/password/reset/key/{uid}-c2x-abcdef/")
        .content.decode()
        .count("no longer works")
        for uid in (f"{known.pk:x}", "zzzzz")
    }
    assert len(pages) == 1
    assert pages != {0}


@pytest.mark.parametrize(
    ("path", "box", "more"),
    [
        (LOGIN, "login", {"password": "not-the-password-of-anybody"}),
        ("/account/password/reset/", "email", {}),
    ],
)
def test_an_unknown_address_takes_as_long_as_a_known_one(settings, path, box, more):
    """With the hasher of production, which is slow enough to be measured from outside."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    known = User.objects.get(email=KNOWN)
    known.set_password(PASSWORD)
    known.save()

    def seconds(email: str) -> float:
        client = Client()
        begun = time.perf_counter()
        client.post(path, {box: email, **more})
        return time.perf_counter() - begun

    seconds(KNOWN)  # what is loaded once is no part of it
    taken = {email: [] for email in (KNOWN, UNKNOWN)}
    for _ in range(5):
        for email in taken:
            taken[email].append(seconds(email))
    known_for, unknown_for = median(taken[KNOWN]), median(taken[UNKNOWN])
    assert abs(known_for - unknown_for) < max(known_for, unknown_for) / 2, taken


def test_changing_to_an_address_that_somebody_has_tells_nobody(client, letters):
    """The letter goes out to whoever owns it, as to any address; its link then opens nothing."""
    person = UserFactory()
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    pages = []
    for email in (KNOWN, UNKNOWN):
        with letters():
            answer = client.post(
                "/account/email/", {"email": email, "action_add": "1"}, follow=True
            )
        pages.append(seen(answer, email))
    assert pages[0][0] == pages[1][0] == 200
    assert pages[0][2] == pages[1][2]
    assert [letter.to for letter in mail.outbox] == [[KNOWN], [UNKNOWN]]
