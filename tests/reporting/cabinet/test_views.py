"""Reports in the browser: start in three clicks, write, freeze, read, download; and who may."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from reporting.cabinet.models import CabinetReport, CabinetSection
from reporting.cabinet.services import freeze_report
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, draft, reported
from tests.factories.reporting import browser, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def url(name, *args):
    return reverse(f"reporting:cabinet:{name}", args=args)


START = {
    "financial_year": "2025-26",
    "title": "Annual report",
    "meeting_on-day": "9",
    "meeting_on-month": "9",
    "meeting_on-year": "2026",
}


def test_an_author_starts_a_report_with_four_fields():
    world = reported()
    client = browser(world.author)
    assert url("new") in client.get(url("list")).content.decode()
    form = client.get(url("new")).content.decode()
    assert "Social value annual report 2024 to 2025" in form
    answer = client.post(url("new"), START, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "1. Executive Summary" in page
    assert "Annual report" in page
    assert CabinetReport.objects.get().authority_id == world.authority.pk


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": "x" * 201}, "Title must be 200 characters or fewer"),
        ({"meeting_on-day": "31", "meeting_on-month": "2"}, "must be a real date"),
        ({"meeting_on-year": ""}, "must include a year"),
        ({"financial_year": "1899-00"}, "Select a financial year from the list"),
    ],
)
def test_bad_input_keeps_what_was_typed(change, message):
    client = browser(reported().author)
    answer = client.post(url("new"), START | change)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    assert change.get("title", "Annual report") in page
    assert not CabinetReport.objects.exists()


def test_a_section_is_saved_and_a_wrong_name_comes_back_with_the_text():
    world = reported()
    report = draft(world.author)
    client = browser(world.author)
    page = client.get(url("section", report.pk, "financial")).content.decode()
    assert "{committed_total}" in page
    assert "£11,000" in page
    wrong = client.post(
        url("section", report.pk, "financial"), {"narrative": "We made {profit}.", "version": "1"}
    )
    assert wrong.status_code == 422
    assert "{profit} is not the name of a figure" in wrong.content.decode()
    assert "We made {profit}." in wrong.content.decode()
    good = client.post(
        url("section", report.pk, "financial"), {"narrative": "Fine.", "version": "1"}
    )
    assert good.status_code == 302
    late = client.post(
        url("section", report.pk, "financial"), {"narrative": "Late.", "version": "1"}
    )
    assert late.status_code == 409
    assert "Late." in late.content.decode()
    (pair,) = late.context["conflict"].changed.values()
    assert pair == ("Fine.", "Late.")
    assert CabinetSection.objects.get(report=report, kind="financial").narrative == "Fine."
    again = {"narrative": "Late.", "version": late.context["form"]["version"].value()}
    assert client.post(url("section", report.pk, "financial"), again).status_code == 302
    assert CabinetSection.objects.get(report=report, kind="financial").narrative == "Late."


def contacts(rows, **more):
    data = {
        "contacts-TOTAL_FORMS": str(len(rows)),
        "contacts-INITIAL_FORMS": "0",
        "circulation_local": "None",
        "circulation_other": "",
        "version": "1",
    }
    for n, (role, name, contact) in enumerate(rows):
        data |= {
            f"contacts-{n}-role": role,
            f"contacts-{n}-name": name,
            f"contacts-{n}-contact": contact,
        }
    return data | more


def test_contacts_are_added_removed_and_saved():
    world = reported()
    report = draft(world.author)
    client = browser(world.author)
    rows = [("Report Author", "The author", "a@example.org"), ("Portfolio Holder", "", "")]
    more = client.post(url("contacts", report.pk), contacts(rows, **{"contacts-add": "1"}))
    assert more.status_code == 200
    assert "contacts-2-role" in more.content.decode()
    assert "The author" in more.content.decode()
    wrong = client.post(url("contacts", report.pk), contacts([("", "Somebody", "")]))
    assert wrong.status_code == 422
    assert "Enter the role of this person" in wrong.content.decode()
    assert client.post(url("contacts", report.pk), contacts(rows)).status_code == 302
    report.refresh_from_db()
    assert [row["role"] for row in report.contacts] == ["Report Author", "Portfolio Holder"]
    late = client.post(url("contacts", report.pk), contacts(rows[:1]))
    assert late.status_code == 409
    assert set(late.context["conflict"].changed) == {"Contacts"}
    again = contacts(rows[:1], version=late.context["form"]["version"].value())
    assert client.post(url("contacts", report.pk), again).status_code == 302


def test_a_freeze_that_is_refused_says_why():
    world = reported()
    report = draft(world.author)
    CabinetSection.objects.filter(report=report, kind="financial").update(narrative="")
    page = browser(world.author).get(url("report", report.pk)).content.decode()
    assert "Financial Implications is empty." in page
    answer = browser(world.author).post(
        url("freeze", report.pk),
        follow=True,
        headers={"referer": f"http://testserver{url('report', report.pk)}"},
    )
    assert "Financial Implications is empty." in answer.content.decode()


def test_counts_only_hides_every_pound_in_the_report():
    world = reported()
    report = draft(world.author)
    page = browser(world.author).get(url("html", report.pk) + "?counts=1").content.decode()
    article = page[page.index("<article") : page.index("</article>")]
    assert "£" not in article.replace("(£ not shown)", "")
    assert "(£ not shown)" in article
    # A share is made of pounds without being pounds, and is not called so.
    assert "(percentage not shown)" in article


NAMES = (
    "report", "html", "pdf", "twin", "xlsx", "csv", "json", "pack", "change", "contacts", "job", "sign_off",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_another_authoritys_report_is_not_found(name):
    report = draft(reported().author)
    stranger = actor_for_role(Role.REPORT_AUTHOR)
    assert browser(stranger).get(url(name, report.pk)).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_suppliers_and_strangers_to_the_role_are_refused(name):
    world = reported()
    report = draft(world.author)
    assert Client().get(url(name, report.pk)).status_code == 302
    assert browser(world.claimant).get(url(name, report.pk)).status_code == 403
    # A draft is for those who write, approve or audit it.
    assert browser(world.manager).get(url(name, report.pk)).status_code == 403


def test_a_frozen_report_is_read_by_everybody_of_the_authority():
    world = reported()
    report = draft(world.author)
    freeze_report(actor=world.author, report_id=report.pk)
    client = browser(world.manager)
    assert client.get(url("report", report.pk)).status_code == 200
    assert client.get(url("html", report.pk)).status_code == 200
    assert client.get(url("change", report.pk)).status_code == 403
    assert client.post(url("new"), START).status_code == 403


def test_the_list_shows_own_reports_only():
    mine, other = reported(), reported()
    draft(mine.author, "Our own report")
    draft(other.author, "A foreign report")
    page = browser(mine.author).get(url("list")).content.decode()
    assert "Our own report" in page
    assert "A foreign report" not in page
    empty = browser(actor_for_role(Role.REPORT_AUTHOR)).get(url("list")).content.decode()
    assert "No reports yet" in empty


def test_an_unknown_section_is_not_found():
    world = reported()
    report = draft(world.author)
    assert browser(world.author).get(url("section", report.pk, "gossip")).status_code == 404


def test_the_list_is_searched_filtered_sorted_and_downloaded():
    world = reported()
    draft(world.author, "Alpha report")
    frozen = draft(world.author, "Beta report")
    freeze_report(actor=world.author, report_id=frozen.pk)
    client = browser(world.author)

    def titles(query):
        rows = rows_of(client.get(url("export", "csv") + query).content)
        return [row["Report"] for row in rows]

    assert titles("") == ["Beta report", "Alpha report"]
    assert titles("?sort=title") == ["Alpha report", "Beta report"]
    assert titles("?q=beta") == ["Beta report"]
    assert titles("?q=2025-26&status=draft") == ["Alpha report"]
    page = client.get(url("list") + "?q=beta").content.decode()
    assert "Beta report" in page
    assert "Alpha report" not in page
    assert "No reports match" in client.get(url("list") + "?q=gamma").content.decode()
    assert client.get(url("list") + "?status=nonsense&page=abc").status_code == 200
    assert client.get(url("export", "xlsx")).status_code == 200
    assert rows_of(browser(reported().author).get(url("export", "csv")).content) == []
