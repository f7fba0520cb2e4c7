"""The list of procurements and its exports."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from procurement.procurements import services
from procurement.procurements.views import PAGE_SIZE
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import actor_for_role
from tests.factories.procurements import award_release, procurement_of
from tests.procurement.procurements.test_views.steps import person, text, url

pytestmark = pytest.mark.django_db


def many(officer, how_many):
    for number in range(how_many):
        procurement_of(officer, title=f"Purchase {number:03}", estimate=Decimal(1000 + number))


def test_an_empty_list_says_what_to_do_first(browser):
    page = text(browser.get(url("list")))
    assert "No procurements yet" in page
    assert url("new") in page


def test_a_filter_without_a_match_says_so(browser, officer):
    procurement_of(officer)
    assert "No procurement fits these filters" in text(browser.get(url("list"), {"q": "zebra"}))


def test_the_list_pages_and_counts(browser, officer):
    many(officer, PAGE_SIZE + 1)
    first = browser.get(url("list"), {"sort": "title"})
    assert f"of <strong>{PAGE_SIZE + 1}</strong> procurements" in text(first)
    assert "Purchase 000" in text(first)
    assert f"Purchase {PAGE_SIZE:03}" not in text(first)
    second = browser.get(url("list"), {"sort": "title", "page": "2"})
    assert f"Purchase {PAGE_SIZE:03}" in text(second)


def test_an_export_holds_every_row_of_the_filter_and_no_other(browser, officer):
    many(officer, PAGE_SIZE + 1)
    procurement_of(officer, title="Left out")
    procurement_of(
        actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry")),
        title="Purchase 999",
    )
    wanted = {"q": "Purchase", "route": "light_touch", "page": "2"}
    counted = browser.get(url("list"), wanted).context["page"].paginator.count
    rows = list(
        csv.reader(
            io.StringIO(browser.get(url("export", "csv"), wanted).content.decode("utf-8-sig"))
        )
    )
    assert len(rows) - 1 == counted == PAGE_SIZE + 1
    assert sorted(row[1] for row in rows[1:]) == [f"Purchase {n:03}" for n in range(PAGE_SIZE + 1)]
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(browser.get(url("export", "xlsx"), wanted).content)
    )
    sheet = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in sheet[1 : counted + 1]] == [row[1] for row in rows[1:]]
    assert sheet[-1][0] == f"{counted} rows"


def test_the_list_costs_the_same_for_one_and_for_many(browser, officer):
    many(officer, 1)
    browser.get(url("list"))
    with CaptureQueriesContext(connection) as one:
        browser.get(url("list"))
    many(officer, 9)
    with CaptureQueriesContext(connection) as ten:
        browser.get(url("list"))
    assert len(ten) == len(one)


def test_the_export_costs_the_same_for_one_and_for_many(browser, officer):
    many(officer, 1)
    browser.get(url("export", "csv"))
    with CaptureQueriesContext(connection) as one:
        browser.get(url("export", "csv"))
    many(officer, 9)
    with CaptureQueriesContext(connection) as ten:
        browser.get(url("export", "csv"))
    assert len(ten) == len(one)


def test_a_grown_call_off_shows_both_values_and_both_routes(client):
    content = json.dumps([award_release(tender={"value": {"amount": 40000}})])
    services.import_notices(actor=SYSTEM, content=content, file_name="x.json")
    client.force_login(person(Role.AUDITOR, "coventry"))
    page = text(client.get(url("list")))
    for shown in ("£40,000", "£62,400", "Light touch", "TOMs advised", "Crossed a line"):
        assert shown in page


def test_a_title_is_shown_as_text(browser, officer):
    procurement_of(officer, title="<script>alert(1)</script>")
    assert "<script>alert(1)" not in text(browser.get(url("list")))
