"""A supplier proves its address: the letter, and the link in it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.test import Client
from django.urls import reverse

from socialvalue.accounts.models import Membership, Organisation, User
from socialvalue.accounts.queries import own_path, registration_of, registration_path
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from tests.factories.accounts import UserFactory
from tests.factories.tenders import NOW
from tests.socialvalue.accounts.test_registering.steps import EMAIL, PASSWORD, TYPED, text

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
REGISTER = "/register/"


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
