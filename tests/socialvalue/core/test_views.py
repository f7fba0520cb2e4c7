"""One mapping from a failure to an answer; a GET that cannot write; a form that survives a sign-out."""

from __future__ import annotations

from typing import ClassVar

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.http import Http404, HttpResponse, QueryDict
from django.test import Client, RequestFactory

from socialvalue.core import held_forms
from socialvalue.core.access import ANYONE, SIGNED_IN, Access
from socialvalue.core.actor import ANONYMOUS, Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.middleware import GetWrites, ReadOnlyGetMiddleware, refuse_writes
from socialvalue.core.views import BaseView, Deed, Download, came_from, page_above, view_at
from tests.factories.accounts import UserFactory

SOMEBODY = Actor(user_id=7, name="Somebody", organisation_id=1)


def ask(view, method="get", actor=SOMEBODY, path="/x/", data=None, **headers):
    request = getattr(RequestFactory(), method)(path, data or {}, **headers)
    request.actor = actor
    request.session = SessionStore()
    request.csp_nonce = "n"
    request._messages = _Messages()
    return view.as_view()(request), request


class _Messages(list):
    def add(self, level, message, extra_tags=""):
        self.append(str(message))


def failing(error):
    class View(BaseView):
        access: ClassVar[Access] = ANYONE

        def get(self, request):
            raise error

        def post(self, request):
            raise error

    return View


def test_another_organisations_row_is_not_there():
    with pytest.raises(Http404):
        ask(failing(NotVisible()))


@pytest.mark.django_db
def test_a_deed_without_the_right_is_403_with_the_reason():
    response, _ = ask(failing(NotAllowed("Only approvers may do this.")))
    assert response.status_code == 403
    assert b"Only approvers may do this." in response.content


@pytest.mark.django_db
def test_being_second_is_409():
    response, _ = ask(failing(Conflict("Somebody saved first.")))
    assert response.status_code == 409
    assert b"Somebody saved first." in response.content


def test_a_broken_rule_on_a_button_is_said_on_the_page_one_came_from():
    response, request = ask(
        failing(RuleBroken("Too early.")), "post", HTTP_REFERER="http://testserver/from/"
    )
    assert (response.status_code, response["Location"]) == (302, "http://testserver/from/")
    assert request._messages == ["Too early."]


@pytest.mark.parametrize("target", ["http://evil.example/", "//evil.example", "javascript:x"])
def test_nobody_is_sent_to_another_site(target):
    request = RequestFactory().post("/x/", {"next": target}, HTTP_REFERER=target)
    assert came_from(request) == "/"


@pytest.mark.django_db
def test_access_is_asked_before_anything_else():
    class Closed(failing(RuntimeError("never reached"))):
        access = Access("nobody", lambda actor: False, "Nobody may.")

    response, _ = ask(Closed)
    assert response.status_code == 403


@pytest.mark.django_db
def test_signed_out_people_are_sent_to_sign_in_and_back():
    class View(failing(RuntimeError("never reached"))):
        access = SIGNED_IN

    response, _ = ask(View, actor=ANONYMOUS, path="/x/?page=2")
    assert response["Location"] == "/account/login/?next=/x/%3Fpage%3D2"


@pytest.mark.django_db
def test_what_was_typed_survives_a_sign_out_encrypted():
    class View(failing(RuntimeError("never reached"))):
        access = SIGNED_IN

    typed = {"method": "Forty placements", "password": "hunter2", "csrfmiddlewaretoken": "t"}
    _, request = ask(View, "post", actor=ANONYMOUS, data=typed)
    assert "Forty" not in str(request.session["held_form"])
    assert held_forms.take(request) == QueryDict("method=Forty+placements")
    assert held_forms.take(request) is None


def test_what_was_typed_for_one_page_is_not_given_to_another():
    request = RequestFactory().post("/x/", {"a": "1"})
    request.session = {}
    held_forms.hold(request)
    other = RequestFactory().get("/y/")
    other.session = request.session
    assert held_forms.take(other) is None


def test_a_deed_is_never_done_by_a_get():
    class Button(Deed):
        access = ANYONE

        def perform(self):
            raise AssertionError("A GET did a deed")

    response, _ = ask(Button)
    assert response.status_code == 405


def test_a_download_is_kept_not_shown_and_never_sniffed():
    class File(Download):
        access = ANYONE

        def get_file(self):
            return "a.csv", "text/csv", b"x"

    response, _ = ask(File)
    assert response["Content-Disposition"] == 'attachment; filename="a.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO accounts_user (email) VALUES ('x')",
        'UPDATE "accounts_user" SET email = 1',
        "DELETE FROM accounts_user",
        "  update accounts_user set email = 1",
        "WITH x AS (SELECT 1) DELETE FROM accounts_user",
    ],
)
def test_the_guard_knows_a_write(sql):
    with pytest.raises(GetWrites):
        refuse_writes(lambda *a: None, sql, (), False, {})


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "UPDATE django_session SET x = 1",
        'INSERT INTO "django_session" VALUES (1)',
        "SAVEPOINT s",
    ],
)
def test_the_guard_lets_reads_and_sessions_pass(sql):
    assert refuse_writes(lambda *a: "done", sql, (), False, {}) == "done"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_view_that_writes_on_get_is_stopped(method):
    def view(request):
        get_user_model().objects.create_user("a@example.org", "x" * 12, full_name="A")
        return HttpResponse("written")

    request = getattr(RequestFactory(), method)("/")
    with pytest.raises(GetWrites), transaction.atomic():
        ReadOnlyGetMiddleware(view)(request)
    assert get_user_model().objects.count() == 0


@pytest.mark.django_db
def test_a_view_may_write_on_post():
    def view(request):
        get_user_model().objects.create_user("a@example.org", "x" * 12, full_name="A")
        return HttpResponse("written")

    ReadOnlyGetMiddleware(view)(RequestFactory().post("/"))
    assert get_user_model().objects.count() == 1
    assert connection.execute_wrappers == []


@pytest.mark.django_db
def test_the_site_answers(client):
    assert client.get("/healthz").content == b"ok"
    assert client.get("/nothing-here/").status_code == 404
    text = client.get("/.well-known/security.txt").content.decode()
    assert text.startswith("Contact: mailto:")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["accessibility", "privacy", "cookies"])
def test_the_statements_are_public(client, name):
    response = client.get(f"/{name}/")
    assert response.status_code == 200
    csp = response["Content-Security-Policy"]
    assert "unsafe-inline" not in csp
    assert "frame-ancestors 'none'" in csp


@pytest.mark.parametrize(
    ("path", "above"), [("/contracts/7/end/", "/contracts/7/"), ("/rollups/restart/", "/rollups/")]
)
def test_the_page_above_a_buttons_address_is_the_one_the_button_is_on(path, above):
    assert issubclass(view_at(path), Deed)
    assert page_above(path) == above


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_a_method_that_is_not_there_gets_a_page_in_house_style(method):
    class Button(Deed):
        access: ClassVar[Access] = ANYONE

    response, _ = ask(Button, method, path="/contracts/7/end/")
    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
    assert b"Nothing to read at this address" in response.content
    assert b'href="/contracts/7/"' in response.content


def test_above_the_top_is_the_home_page():
    assert page_above("/nowhere/at/all/") == "/"
    assert page_above("/") == "/"


def csrf_refused(path, referer):
    """A form posted by somebody signed in, whose token is no longer good."""
    person = UserFactory()
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    headers = {"HTTP_REFERER": referer} if referer else {}
    # "next" is written by whoever wrote the form, so it must not count as ours.
    data = {"title": "Grass cutting", "next": "/"}
    return client, client.post(path, data, **headers)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "referer", "kept"),
    [
        ("/procurements/new/", "http://testserver/procurements/new/", True),
        ("/procurements/new/", "https://evil.example/", False),
        ("/procurements/new/", "", False),
        ("/rollups/restart/", "http://testserver/rollups/", False),
    ],
)
def test_a_form_that_was_open_too_long_is_kept_when_it_is_ours(path, referer, kept):
    client, response = csrf_refused(path, referer)
    assert response.status_code == 403
    assert b"The page was open too long" in response.content
    assert (b"What you typed is kept" in response.content) is kept
    assert ("held_form" in client.session) is kept
