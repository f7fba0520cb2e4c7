"""The catalogue: what can be asked for, with every £ open to its source."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import user_with_role
from toms.frameworks.queries import catalogue, edition
from toms.imports.services import load_measure_set, load_priorities, load_shipped_sets

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    load_measure_set(actor=SYSTEM)
    load_priorities(actor=SYSTEM)
    client.force_login(user_with_role(Role.PROCUREMENT_OFFICER))
    return client


def test_the_catalogue_lists_every_measure(signed_in):
    page = signed_in.get("/measures/")
    everything = catalogue(edition("open-2026").pk)
    assert page.context["count"] == len(everything) == 52
    for measure in everything:
        assert f"/measures/open-2026/{measure.code}/" in page.content.decode()


def test_it_does_not_repeat_what_the_section_names_at_its_top(signed_in, client):
    client.force_login(user_with_role(Role.POLICY_OWNER))
    page = client.get("/measures/").content.decode()
    for address in ("/measures/differences/", "/measures/imports/", "/measures/own/"):
        assert page.count(f'href="{address}"') <= 1, address


@pytest.mark.parametrize(
    ("query", "code", "absent"),
    [
        ("q=GSE1a", "GSE1a", "GSE10"),
        ("kind=localised", "GSE1", "ENV1"),
        ("q=carbon", "ENV1", "GSE1"),
    ],
)
def test_it_is_searched_and_filtered(signed_in, query, code, absent):
    codes = {m.code for m in signed_in.get(f"/measures/?{query}").context["measures"]}
    assert code in codes
    assert absent not in codes


def test_nothing_found_says_what_to_do(signed_in):
    assert b"No measure matches" in signed_in.get("/measures/?q=zzzz").content


@pytest.mark.parametrize("query", ["", "?kind=ratio", "?q=carbon", "?kind=localised"])
def test_exports_hold_exactly_what_is_shown(signed_in, query):
    shown = signed_in.get(f"/measures/{query}").context["count"]
    csv = signed_in.get(f"/measures/export.csv{query}").content.decode("utf-8-sig")
    book = signed_in.get(f"/measures/export.xlsx{query}").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert csv.count("\r\n") - 1 == shown
    assert rows[-1][0] == f"{shown} rows"


def test_a_measure_opens_to_its_source(signed_in):
    page = signed_in.get("/measures/open-2026/GSE1/").content.decode()
    assert "£30,180" in page
    assert "Open Government Licence" in page
    assert "Annual Survey of Hours and Earnings" in page
    assert "no value until a place is set" in page


def test_every_measure_has_a_page(signed_in):
    for measure in catalogue(edition("open-2026").pk):
        page = signed_in.get(f"/measures/open-2026/{measure.code}/")
        assert page.status_code == 200
        assert measure.counting_rule[:20] in page.content.decode().replace("&#x27;", "'")


def test_an_unknown_measure_is_404(signed_in):
    assert signed_in.get("/measures/open-2026/NOPE/").status_code == 404
    assert signed_in.get("/measures/nope/GSE1/").status_code == 404


def test_the_list_takes_as_many_queries_for_one_as_for_many(signed_in):
    def count(address):
        with CaptureQueriesContext(connection) as found:
            signed_in.get(address)
        return len(found)

    assert count("/measures/?q=GSE1a") == count("/measures/")


def test_another_edition_is_chosen_and_a_theme_of_the_first_is_left_behind(signed_in):
    load_shipped_sets(actor=SYSTEM)
    asked = "/measures/?edition=social-value-model-2025&theme=social-innovation"
    page = signed_in.get(asked)
    assert page.context["edition"].slug == "social-value-model-2025"
    assert page.context["count"] == 8
    narrowed = signed_in.get("/measures/?edition=social-value-model-2020&theme=wellbeing")
    assert [m.code for m in narrowed.context["measures"]] == [
        "MAC 7.1", "MAC 7.2", "MAC 8.1", "MAC 8.2",
    ]  # fmt: skip
    csv = signed_in.get("/measures/export.csv?edition=social-value-model-2020&theme=wellbeing")
    assert csv.content.decode("utf-8-sig").count("\r\n") - 1 == 4


def test_the_edition_in_force_is_shown_first_and_every_other_is_offered(signed_in):
    load_shipped_sets(actor=SYSTEM)
    page = signed_in.get("/measures/")
    assert page.context["edition"].slug == "open-2026-27"
    offered = [value for value, _ in page.context["filter"].fields["edition"].choices]
    assert offered == [
        "", "open-2026-27", "open-2026", "social-value-model-2025", "social-value-model-2020",
    ]  # fmt: skip


def test_an_unknown_edition_is_404(signed_in):
    assert signed_in.get("/measures/?edition=nope").status_code == 404
    assert signed_in.get("/measures/export.csv?edition=nope").status_code == 404
