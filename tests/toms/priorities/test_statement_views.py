"""The pages of priorities: the shelf, a statement and its map, and a council's own to write."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import actor_for_role
from tests.factories.priorities import link, own_statement, owner_of
from toms.imports.services import load_measure_set, load_priorities
from toms.priorities.queries import links_of, statement, statements
from toms.priorities.services import set_last_day

pytestmark = pytest.mark.django_db
SHELF = "/measures/priorities/"
OWN = f"{SHELF}vale-council-2026/"


@pytest.fixture(autouse=True)
def loaded():
    load_measure_set(actor=SYSTEM)
    load_priorities(actor=SYSTEM)
    with clock.at(datetime(2026, 9, 9, 10, tzinfo=UTC)):
        yield


@pytest.fixture
def owner():
    return owner_of()


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def text(response):
    return response.content.decode()


def typed(*names, **more):
    """A form filled in, as a browser sends it."""
    sent = {
        "name": "Council plan", "document": "Plan of March 2026", "address": "",
        "valid_from": "2026-04-01", "valid_to": "", "priorities-TOTAL_FORMS": str(len(names)),
        "priorities-INITIAL_FORMS": "0",
    }  # fmt: skip
    for number, name in enumerate(names):
        row = name if isinstance(name, dict) else {"name": name}
        for key in ("id", "code", "name", "about"):
            sent[f"priorities-{number}-{key}"] = str(row.get(key, ""))
    return sent | more


def as_typed(found, **more):
    rows = [
        {"id": p.id, "code": p.code, "name": p.name, "about": p.about} for p in found.priorities
    ]
    return typed(*rows, version=str(found.version), **more)


def test_the_shelf_is_looked_at_on_any_day(owner):
    own_statement(owner, last=date(2027, 3, 31))
    client = client_of(owner)
    today = client.get(SHELF)
    assert "In force today, 9 September 2026" in text(today)
    assert "Council plan" in text(today)
    then = client.get(SHELF, {"on-day": "23", "on-month": "2", "on-year": "2025"})
    assert "on 23 February 2025" in text(then)
    assert [row.slug for row in dict(then.context["shelf"].in_force)["National"]] == [
        "national-2021"
    ]
    unread = client.get(SHELF, {"on-day": "31", "on-month": "2", "on-year": "2025"})
    assert unread.context["shelf"].on == date(2026, 9, 9)


def test_a_statement_is_written_and_its_codes_are_given(owner):
    client = client_of(owner)
    assert client.get(f"{SHELF}new/").status_code == 200
    answer = client.post(
        f"{SHELF}new/", typed("Fair work", "Clean air", address="https://vale.example/plan")
    )
    assert (answer.status_code, answer["Location"]) == (302, OWN)
    page = client.get(OWN)
    assert [p.code for p in page.context["statement"].priorities] == ["VAL26-1", "VAL26-2"]
    assert 'href="https://vale.example/plan"' in text(page)
    assert "Nothing in use serves “Fair work” or “Clean air”." in text(page)
    assert "From 1 April 2026, until another follows" in text(page)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "Enter the name of the statement"),
        ({"document": ""}, "Enter the document that sets the priorities out"),
        ({"address": "not an address"}, "Enter an address like"),
        ({"valid_from": ""}, "Enter the first day"),
        ({"valid_to": "2026-03-31"}, "The last day must be on or after the first day"),
        ({"priorities-0-name": "", "priorities-0-about": "Jobs"}, "Enter the name of the priority"),
        ({"priorities-0-code": "A B"}, "letters, numbers and hyphens"),
        ({"priorities-0-code": "GSE"}, "West Midlands objectives"),
        ({"priorities-TOTAL_FORMS": "0"}, "Write at least one priority"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(owner, more, words):
    page = client_of(owner).post(f"{SHELF}new/", typed("Fair work", "Clean air") | more)
    assert page.status_code == 422
    assert words in text(page)
    assert "Error: " in text(page)
    if more != {"priorities-TOTAL_FORMS": "0"}:
        assert "Clean air" in text(page)
    assert not [row for row in statements(owner) if row.level == "council"]


def test_rows_left_empty_are_none(owner):
    """The page opens with three rows; a plan of two priorities leaves one of them as it is."""
    rows = {"priorities-INITIAL_FORMS": "3"}
    answer = client_of(owner).post(f"{SHELF}new/", typed("Fair work", "", "Clean air", **rows))
    assert (answer.status_code, answer["Location"]) == (302, OWN)
    found = next(row for row in statements(owner) if row.level == "council")
    assert [p.name for p in found.priorities] == ["Fair work", "Clean air"]


def test_a_priority_that_is_kept_already_is_not_emptied_away(owner):
    found = own_statement(owner, last=date(2027, 3, 31))
    sent = as_typed(found) | {f"priorities-0-{name}": "" for name in ("name", "code", "about")}
    page = client_of(owner).post(f"{SHELF}{found.slug}/correct/", sent)
    assert (page.status_code, "Enter the name of the priority" in text(page)) == (422, True)


@pytest.mark.parametrize(("button", "rows"), [("priorities-add", 3), ("priorities-remove", 1)])
def test_rows_are_added_and_removed_without_a_complaint(owner, button, rows):
    page = client_of(owner).post(
        f"{SHELF}new/", typed("Fair work", "Clean air", name="") | {button: "1"}
    )
    assert len(page.context["form"].rows.forms) == rows
    assert "Enter the name" not in text(page)
    assert "Fair work" in text(page)


def test_words_are_corrected_and_the_history_says_so(owner):
    found = own_statement(owner)
    client = client_of(owner)
    page = client.get(f"{OWN}correct/")
    assert "It has begun" in text(page)
    assert "valid_from" not in page.context["form"].fields
    sent = as_typed(found) | {"priorities-0-name": "Good work"}
    assert client.post(f"{OWN}correct/", sent).status_code == 302
    assert statement(owner, found.slug).priorities[0].name == "Good work"
    assert "“Council plan” corrected." in text(client.get(OWN))


def test_the_second_to_save_sees_both_and_may_save_again(owner):
    found = own_statement(owner)
    client = client_of(owner)
    client.post(f"{OWN}correct/", as_typed(found, name="Plan of the first"))
    page = client.post(f"{OWN}correct/", as_typed(found, name="Plan of the second"))
    assert page.status_code == 409
    assert "Plan of the first" in text(page)
    assert "Plan of the second" in text(page)
    again = as_typed(found, name="Plan of the second") | {
        "version": page.context["form"].data["version"]
    }
    assert client.post(f"{OWN}correct/", again).status_code == 302
    assert statement(owner, found.slug).name == "Plan of the second"


def test_a_priority_taken_from_a_begun_statement_is_refused_by_name(owner):
    found = own_statement(owner)
    sent = as_typed(found) | {"priorities-TOTAL_FORMS": "1"}
    page = client_of(owner).post(f"{OWN}correct/", sent)
    assert page.status_code == 422
    assert "“Clean air” (VAL26-2) stays" in text(page)


def test_the_last_day_is_changed(owner):
    found = own_statement(owner)
    client = client_of(owner)
    assert client.get(f"{OWN}last-day/").status_code == 200
    sent = {"version": "1", "valid_to": "2026-12-31"}
    assert client.post(f"{OWN}last-day/", sent).status_code == 302
    assert "1 April 2026 to 31 December 2026. Both days count." in text(client.get(OWN))
    early = {"version": "2", "valid_to": "2026-03-31"}
    assert client.post(f"{OWN}last-day/", early).status_code == 422
    set_last_day(actor=owner, slug=found.slug, expected_version=2, valid_to=None)
    assert client.post(f"{OWN}last-day/", sent).status_code == 409


def test_what_serves_a_priority_is_chosen_by_theme(owner):
    found = own_statement(owner)
    client = client_of(owner)
    address = f"{OWN}links/{found.priorities[0].id}/"
    page = client.get(address)
    labels = [field.label for field in page.context["form"].visible_fields()]
    assert labels[0] == "Growth, skills and employment"
    assert len(labels) == 5
    assert "Every measure of: Local people in work" in text(page)
    sent = {"version": "1", "theme_0": ["open/outcome/T1O1", "open/measure/GSE11"]}
    assert client.post(address, sent).status_code == 302
    (keys,) = links_of([found.priorities[0].id]).values()
    assert {row.key for row in keys} == {"open/outcome/T1O1", "open/measure/GSE11"}
    shown = text(client.get(OWN))
    assert "GSE11 Real Living Wage employer" in shown
    assert "Its outcome, Local people in work" in shown
    assert client.post(address, sent).status_code == 409
    foreign = {"version": "2", "theme_0": ["open/outcome/T9O9"]}
    assert client.post(address, foreign).status_code == 422


def test_a_coming_one_is_taken_away_after_a_check(owner):
    found = own_statement(owner, first=date(2026, 9, 10))
    link(owner, found, 0, "open/outcome/T1O1")
    client = client_of(owner)
    page = client.get(f"{OWN}take-away/")
    assert "Its 2 priorities go with it, and so does 1 link" in text(page)
    assert client.post(f"{OWN}take-away/", {"version": "2"}).status_code == 302
    assert client.get(OWN).status_code == 404


def test_a_begun_one_is_not_taken_away(owner):
    own_statement(owner)
    client = client_of(owner)
    assert "It has begun, so it stays" in text(client.get(f"{OWN}take-away/"))
    assert client.post(f"{OWN}take-away/", {"version": "1"}).status_code == 409
    assert client.get(OWN).status_code == 200


PAGES = ("", "map.csv", "map.xlsx", "correct/", "last-day/", "take-away/")


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("colleague", [200, 200, 200, 403, 403, 403]),
        ("other", [404, 404, 404, 404, 404, 404]),
        ("supplier", [403, 403, 403, 403, 403, 403]),
    ],
)
def test_who_opens_a_councils_own_statement(owner, who, expected):
    found = own_statement(owner)
    actor = {
        "colleague": lambda: actor_for_role(
            Role.AUDITOR, User.objects.get(pk=owner.user_id).memberships.get().organisation
        ),
        "other": lambda: owner_of("Hill Council"),
        "supplier": lambda: actor_for_role(Role.SUPPLIER_ADMIN),
    }[who]()
    client = client_of(actor)
    assert [client.get(OWN + page).status_code for page in PAGES] == expected
    links = f"{OWN}links/{found.priorities[0].id}/"
    assert client.get(links).status_code == expected[-1]
    assert client.post(links, {"version": "1"}).status_code == expected[-1]
    assert client.post(f"{OWN}correct/", as_typed(found)).status_code == expected[-1]


def test_a_priority_of_another_statement_has_no_page_here(owner):
    own_statement(owner)
    hill = own_statement(owner_of("Hill Council"))
    client = client_of(owner)
    assert client.get(f"{OWN}links/{hill.priorities[0].id}/").status_code == 404


def test_national_priorities_are_read_by_all_and_written_by_nobody_here(owner):
    for actor in (owner, actor_for_role(Role.SUPPLIER_ADMIN)):
        page = client_of(actor).get(f"{SHELF}national-2025/")
        assert page.status_code == 200
        assert "platform’s own reading" in text(page)
        assert "Choose what serves it" not in text(page)
        assert "Correct the words" not in text(page)
    client = client_of(owner)
    assert client.get(f"{SHELF}national-2025/correct/").status_code == 403
    assert client.get(f"{SHELF}new/").status_code == 200


def test_the_file_holds_the_whole_map(owner):
    link(owner, own_statement(owner), 0, "open/outcome/T1O4")
    client = client_of(owner)
    mapped = client.get(OWN).context["map"]
    expected = 2 + 1 + len(mapped.serving_none)
    csv = client.get(f"{OWN}map.csv").content.decode("utf-8-sig")
    book = client.get(f"{OWN}map.xlsx").content
    lines = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert csv.count("\r\n") - 1 == expected
    assert lines[-1][0] == f"{expected} rows"
    assert "Nothing in use serves it" in csv


def test_the_page_of_a_measure_names_the_statements_it_serves(owner):
    link(owner, own_statement(owner), 1, "open/measure/ENV1")
    page = text(client_of(owner).get("/measures/open-2026/ENV1/"))
    assert f'href="{OWN}"' in page
    assert "Clean air" in page
    assert "1 June 2021 to 23 February 2025" in page
    other = text(client_of(owner_of("Hill Council")).get("/measures/open-2026/ENV1/"))
    assert "Clean air" not in other
    assert "from 24 February 2025" in other
