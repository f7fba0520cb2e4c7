"""The pages of an import, as a policy owner walks through them, and who is kept out."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import AuthorityFactory, actor_of, user_with_role
from tests.factories.imports import LICENCE, apply, imported, ready, small_file
from tests.factories.workbooks import measure_rows
from toms.imports.models import FrameworkImport
from toms.imports.services import load_measure_set

pytestmark = pytest.mark.django_db
ABOUT = {
    "framework_name": "Lantern Framework", "framework_owner": "The Lantern Society", "edition_label": "2026",
    "valid_from-day": "1", "valid_from-month": "4", "valid_from-year": "2026",
}  # fmt: skip


@pytest.fixture
def council():
    return AuthorityFactory()


@pytest.fixture
def person(council):
    return user_with_role(Role.POLICY_OWNER, council)


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


def upload(client, content=None, name="lantern.xlsx"):
    file = SimpleUploadedFile(name, small_file() if content is None else content)
    return client.post("/measures/imports/new/", {"file": file})


def initial_of(page):
    return {
        name: value for name, value in page.context["form"].initial.items() if value is not None
    }


def test_the_whole_way_from_file_to_edition_and_back(signed_in, person):
    step = upload(signed_in)["Location"]
    assert step.endswith("/sheet/")
    base = step.removesuffix("sheet/")
    step = signed_in.post(step, initial_of(signed_in.get(step)))["Location"]
    assert step == f"{base}columns/"
    step = signed_in.post(step, initial_of(signed_in.get(step)))["Location"]
    assert step == f"{base}about/"
    step = signed_in.post(step, {"version": 3, **ABOUT})["Location"]
    assert step == f"{base}check/"
    page = signed_in.get(step)
    assert page.context["found"].measure_count == 12
    assert "ZQ1 " in page.content.decode()
    answers = {
        **initial_of(page), "licence": LICENCE, "confirmed_by": person.full_name, "confirmed": "on",
    }  # fmt: skip
    assert signed_in.post(step, answers)["Location"] == base
    kept = FrameworkImport.objects.get()
    catalogue = signed_in.get(f"/measures/?edition={kept.edition_slug}")
    assert catalogue.context["count"] == 12
    assert signed_in.get(f"/measures/{kept.edition_slug}/ZQ1/").status_code == 200
    assert LICENCE in signed_in.get(base).content.decode()
    assert signed_in.post(f"{base}undo/", {}).status_code == 422
    assert signed_in.post(f"{base}undo/", {"confirmed": "on"})["Location"] == base
    assert signed_in.get(f"/measures/?edition={kept.edition_slug}").status_code == 404
    assert "Undone" in signed_in.get(base).content.decode()


def test_every_step_can_be_opened_again(signed_in, person):
    kept = ready(actor_of(person))
    base = f"/measures/imports/{kept.pk}/"
    for step in ("", "sheet/", "columns/", "about/", "check/"):
        assert signed_in.get(base + step).status_code == 200
    page = signed_in.get(f"{base}about/")
    assert page.context["form"].initial["framework_name"] == "Lantern Framework"


def test_what_was_typed_stays_beside_an_error(signed_in, person):
    kept = ready(actor_of(person))
    address = f"/measures/imports/{kept.pk}/check/"
    page = signed_in.post(address, {**initial_of(signed_in.get(address)), "licence": LICENCE})
    assert page.status_code == 422
    text = page.content.decode()
    assert LICENCE in text
    assert "Tick that the licence covers this" in text
    assert FrameworkImport.objects.get().status == "started"


def test_wrong_cells_are_listed_and_marked(signed_in, person):
    rows = measure_rows(6)
    rows[0][6] = "about £12"
    kept = ready(actor_of(person), small_file(rows=rows))
    page = signed_in.get(f"/measures/imports/{kept.pk}/check/").content.decode()
    assert "G2" in page
    assert "Import this framework" not in page
    marked = signed_in.get(f"/measures/imports/{kept.pk}/marked.xlsx")
    assert marked["Content-Disposition"] == 'attachment; filename="lantern-marked.xlsx"'
    assert marked.content.startswith(b"PK")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"%PDF-1.4 %%EOF", "not a spreadsheet"),
        ("a.xlsx", b"%PDF-1.4 cut", "not a spreadsheet"),
        ("a.csv", b"", "empty"),
    ],
)
def test_a_file_of_another_kind_is_a_form_error(signed_in, name, content, words):
    page = upload(signed_in, content, name)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_second_press_shows_what_came_of_the_first(signed_in, person):
    kept = ready(actor_of(person))
    address = f"/measures/imports/{kept.pk}/check/"
    answers = {
        **initial_of(signed_in.get(address)), "licence": LICENCE, "confirmed_by": person.full_name,
        "confirmed": "on",
    }  # fmt: skip
    assert signed_in.post(address, answers).status_code == 302
    again = signed_in.post(address, answers, follow=True)
    assert again.redirect_chain == [(f"/measures/imports/{kept.pk}/", 302)]
    assert "This file is imported already." in again.content.decode()


def test_the_mended_file_is_described_already(signed_in, person):
    """Another edition of the same workbook keeps the framework's name only."""
    actor = actor_of(person)
    ready(actor)
    second = ready(actor, framework="")
    page = signed_in.get(f"/measures/imports/{second.pk}/about/")
    said = page.context["form"].initial
    assert (said["framework_name"], said["edition_label"]) == ("Lantern Framework", "2026")
    first = FrameworkImport.objects.get(framework_name="Lantern Framework")
    apply(actor, first)
    said = signed_in.get(f"/measures/imports/{second.pk}/about/").context["form"].initial
    assert said["framework_name"] == "Lantern Framework"
    assert "edition_label" not in said


def test_a_stale_page_is_a_conflict(signed_in, person):
    kept = ready(actor_of(person))
    page = signed_in.post(f"/measures/imports/{kept.pk}/about/", {"version": 1, **ABOUT})
    assert page.status_code == 409


def test_an_unfinished_import_leads_back_to_its_steps(signed_in):
    address = upload(signed_in)["Location"].replace("sheet/", "check/")
    assert signed_in.get(address)["Location"] == address.removesuffix("check/")


def test_a_file_is_thrown_away(signed_in, person):
    kept = ready(actor_of(person))
    signed_in.post(f"/measures/imports/{kept.pk}/discard/")
    assert FrameworkImport.objects.count() == 0


def test_others_are_kept_out(person, council):
    kept = imported(actor_of(person))
    addresses = [
        f"/measures/imports/{kept.pk}/{step}" for step in ("", "check/", "undo/", "marked.xlsx")
    ]
    edition = [
        f"/measures/?edition={kept.edition_slug}", f"/measures/{kept.edition_slug}/ZQ1/",
        f"/measures/editions/{kept.edition_slug}/edition.csv",
        f"/measures/editions/{kept.edition_slug}/edition.xlsx",
        f"/measures/export.csv?edition={kept.edition_slug}",
    ]  # fmt: skip
    for role, organisation, pages, editions in (
        (Role.POLICY_OWNER, None, 404, 404),
        (Role.SUPPLIER_ADMIN, None, 403, 404),
        (Role.PROCUREMENT_OFFICER, council, 403, 200),
    ):
        client = Client()
        client.force_login(user_with_role(role, organisation))
        assert {client.get(address).status_code for address in addresses} == {pages}, role
        assert {client.get(address).status_code for address in edition} == {editions}, role
    assert {Client().get(address).status_code for address in [*addresses, *edition]} == {302}


def test_anybody_signed_in_takes_the_open_set(client):
    load_measure_set(actor=SYSTEM)
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    page = client.get("/measures/editions/open-2026/edition.csv")
    assert page.content.decode("utf-8-sig").startswith("Record,Framework")


def test_reading_writes_nothing(signed_in, person):
    kept = ready(actor_of(person))
    before = FrameworkImport.objects.values().get()
    for step in ("", "sheet/", "columns/", "about/", "check/", "marked.xlsx"):
        signed_in.get(f"/measures/imports/{kept.pk}/{step}")
    assert FrameworkImport.objects.values().get() == before


def test_the_list_takes_as_many_queries_for_one_as_for_three(
    signed_in, person, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    actor = actor_of(person)
    imported(actor)
    with CaptureQueriesContext(connection) as one:
        signed_in.get("/measures/imports/")
    imported(actor, label="2027")
    ready(actor, label="2028")
    with CaptureQueriesContext(connection) as three:
        page = signed_in.get("/measures/imports/")
    assert len(one) == len(three)
    assert len(page.context["page"].object_list) == 3
