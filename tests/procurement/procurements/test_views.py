"""The pages, through the client, as the people who use them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from procurement.procurements import queries, services
from procurement.procurements.models import (
    LightTouchNote,
    NoticeImport,
    Procurement,
    RouteDeviation,
)
from procurement.procurements.views import PAGE_SIZE
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import actor_for_role, actor_of, user_with_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import award_release, considered, procurement_of, release
from toms.imports.services import load_priorities

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()
    load_priorities(actor=SYSTEM)


def person(role=Role.PROCUREMENT_OFFICER, slug="warwickshire"):
    return user_with_role(role, accounts.organisation(slug))


@pytest.fixture
def user():
    return person()


@pytest.fixture
def officer(user):
    return actor_of(user)


@pytest.fixture
def browser(client, user):
    client.force_login(user)
    return client


def url(name, *args):
    return reverse(f"procurement:procurements:{name}", args=args)


def answers(**more):
    """What the form posts: seven answers."""
    return {
        "title": "Grounds maintenance",
        "category": "services",
        "estimate": "£180,000",
        "estimate_basis": "excl",
        "commenced_on-day": "1",
        "commenced_on-month": "3",
        "commenced_on-year": "2026",
        "submission_key": "key-1",
        **more,
    }


def text(response):
    return response.content.decode()


# --- entry ------------------------------------------------------------------------------------


def test_an_officer_enters_a_procurement_and_is_sent_to_its_page(browser, officer):
    assert browser.get(url("new"), follow=True).status_code == 200
    response = browser.post(url("new"), answers())
    found = Procurement.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("procurement:threads:procurement", args=[found.pk])
    assert (found.estimate, found.commenced_on, found.authority_id) == (
        Decimal("180000"), date(2026, 3, 1), officer.organisation_id,
    )  # fmt: skip
    assert found.decisions.get().route == "toms_mandatory"


def test_a_new_form_asks_seven_things_and_carries_a_key(browser):
    form = browser.get(url("new"), follow=True).context["form"]
    asked = [f.name for f in form if not f.is_hidden and f.name not in form.optional_names]
    assert len(asked) == 7
    assert len(form["submission_key"].value()) == 32
    assert form["commenced_on"].value() is not None


def test_each_new_form_has_an_address_that_back_leads_to(browser):
    first, other = (browser.get(url("new")).headers["Location"] for _ in range(2))
    assert first != other
    keys = {browser.get(first).context["form"]["submission_key"].value() for _ in range(2)}
    assert len(keys) == 1
    assert "Enter a title" in text(
        browser.post(first, answers(title="", submission_key=keys.pop()))
    )


def test_back_and_sent_again_without_javascript_enters_one(browser):
    address = browser.get(url("new")).headers["Location"]
    for _ in range(2):
        # What a browser without scripts posts after "back": the hidden boxes of the page as it is served again.
        key = browser.get(address).context["form"]["submission_key"].value()
        answer = browser.post(address, answers(submission_key=key))
        assert answer.status_code == 302
    assert Procurement.objects.count() == 1


def test_a_double_submit_enters_one(browser):
    first, second = (browser.post(url("new"), answers()) for _ in range(2))
    assert first.url == second.url
    assert Procurement.objects.count() == 1


def test_the_back_button_with_other_answers_keeps_what_was_typed(browser):
    browser.post(url("new"), answers())
    response = browser.post(url("new"), answers(estimate="95,000", title="Other"))
    assert response.status_code == 409
    assert "already entered this as SV-" in text(response)
    assert 'value="95,000"' in text(response)
    assert Procurement.objects.get().title == "Grounds maintenance"


@pytest.mark.parametrize(
    ("wrong", "said", "kept"),
    [
        ({"title": ""}, "Enter a title", ""),
        ({"estimate": ""}, "Enter the estimated value, like 75,000", ""),
        ({"estimate": "-5"}, "must be more than 0", 'value="-5"'),
        ({"estimate": "0"}, "must be more than 0", 'value="0"'),
        ({"estimate": "about 5k"}, "must be an amount of money, like 75,000", 'value="about 5k"'),
        ({"estimate": "1.005"}, "at most 2 decimal places", 'value="1.005"'),
        ({"estimate": "999999999999999"}, "£99,999,999,999.99 or less", 'value="999999999999999"'),
        ({"estimate_basis": ""}, "Select whether the estimate includes VAT", ""),
        ({"category": "weapons"}, "Select a valid choice", ""),
        ({"vat_rate_percent": "150"}, "VAT rate must be 100 or less", 'value="150"'),
        ({"commenced_on-month": "13"}, "must be a real date", 'value="13"'),
        ({"commenced_on-day": ""}, "must include a day", ""),
        (
            {"commenced_on-year": "2010"},
            "There is no statutory threshold for services on 1 March 2010",
            'value="2010"',
        ),
        (
            {"commenced_on-year": "2016"},
            "No social value policy was in force on 1 March 2016",
            'value="2016"',
        ),
        ({"cpv": "7200"}, "A CPV code has 8 digits", 'value="7200"'),
    ],
)
def test_a_wrong_answer_says_how_to_mend_it_and_keeps_the_rest(browser, wrong, said, kept):
    response = browser.post(url("new"), answers(**wrong))
    page = text(response)
    assert response.status_code == 422
    assert said in page.replace("&#x27;", "'")
    assert kept in page
    assert "Error: " in page
    if "title" not in wrong:
        assert 'value="Grounds maintenance"' in page
    assert Procurement.objects.count() == 0


def test_an_end_before_the_start_is_said_at_the_end(browser):
    dates = {f"{name}-{part}": value for name, values in
             {"starts_on": (2, 5, 2026), "ends_on": (1, 5, 2026)}.items()
             for part, value in zip(("day", "month", "year"), values, strict=True)}  # fmt: skip
    response = browser.post(url("new"), answers(**dates))
    assert response.context["form"].errors["ends_on"] == [
        "The contract must end on or after the day it starts."
    ]


def test_a_start_before_it_commences_is_said_at_the_start_and_the_day_itself_is_fine(browser):
    def sent(day):
        parts = zip(("day", "month", "year"), (day.day, day.month, day.year), strict=True)
        return {f"starts_on-{part}": value for part, value in parts}

    commenced = answers()
    day = date(*(int(commenced[f"commenced_on-{part}"]) for part in ("year", "month", "day")))
    response = browser.post(url("new"), answers(**sent(day - timedelta(days=1))))
    assert response.context["form"].errors["starts_on"] == [
        "The contract must start on or after the day the procurement commences."
    ]
    assert browser.post(url("new"), answers(**sent(day))).status_code == 302


def test_an_expired_session_keeps_what_was_typed(client, user):
    response = client.post(url("new"), answers(title="Kept through sign-in"))
    assert response.status_code == 302
    assert Procurement.objects.count() == 0
    session_form = client.session["held_form"]
    client.force_login(user)
    session = client.session
    session["held_form"] = session_form
    session.save()
    page = text(client.get(url("new"), follow=True))
    assert "Kept through sign-in" in page
    assert "You were signed out" in page


# --- advice -----------------------------------------------------------------------------------


def test_advice_follows_the_answers_and_writes_nothing(browser):
    page = text(browser.get(url("advice"), answers()))
    assert "TOMs mandatory" in page
    assert "Social value weighting from 5% to 30%, or pass or fail" in page
    assert "£216,000 including VAT" in page
    assert "<html" not in page
    assert Procurement.objects.count() == 0


def test_advice_with_too_little_asks_for_more(browser):
    page = text(browser.get(url("advice"), {"estimate": "50000"}))
    assert "The route follows from these" in page


def test_advice_says_why_there_is_no_route(browser):
    page = text(browser.get(url("advice"), answers(**{"commenced_on-year": "2010"})))
    assert "No route yet" in page
    assert "There is no statutory threshold" in page


# --- change -----------------------------------------------------------------------------------


def test_a_change_is_saved_and_decided_again(browser, officer):
    procurement = procurement_of(officer)
    page = browser.get(url("edit", procurement.pk))
    assert 'value="180,000"' in text(page)
    assert "Social value weighting from 5% to 30%" in text(page)
    response = browser.post(url("edit", procurement.pk), answers(estimate="49,999.99", version="1"))
    assert response.status_code == 302
    procurement.refresh_from_db()
    assert (procurement.estimate, procurement.version) == (Decimal("49999.99"), 2)
    assert list(procurement.decisions.order_by("id").values_list("route", "crossed_line")) == [
        ("toms_mandatory", False),
        ("light_touch", True),
    ]


@pytest.mark.parametrize("ended", ["withdrawn", "published"])
def test_a_form_open_when_the_record_ended_is_refused_for_good(browser, officer, ended):
    procurement = procurement_of(officer, title="As it was")
    Procurement.objects.filter(pk=procurement.pk).update(status=ended, version=2)
    response = browser.post(url("edit", procurement.pk), answers(title="Mine", version="1"))
    page = text(response)
    assert (response.status_code, "save again" in page) == (409, False)
    shown = Procurement.objects.get().get_status_display().lower()
    assert f"This procurement is {shown}, so it no longer changes." in page
    for said in ("As it was", "Mine"):
        assert said in page
    assert Procurement.objects.get().title == "As it was"


def test_two_people_saving_the_second_sees_both_and_may_save_again(browser, officer):
    procurement = procurement_of(officer)
    services.change_procurement(
        actor=officer, procurement_id=procurement.pk, expected_version=1, title="Theirs"
    )
    response = browser.post(url("edit", procurement.pk), answers(title="Mine", version="1"))
    page = text(response)
    assert response.status_code == 409
    assert "Somebody else saved this procurement" in page
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert Procurement.objects.get().title == "Theirs"
    assert 'name="version" value="2"' in page
    assert (
        browser.post(url("edit", procurement.pk), answers(title="Mine", version="2")).status_code
        == 302
    )
    assert Procurement.objects.get().title == "Mine"


def test_after_publication_the_page_says_why_nothing_changes(browser, officer):
    procurement = procurement_of(officer)
    considered(officer, procurement)
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    page = text(browser.get(url("edit", procurement.pk)))
    assert "so it no longer changes" in page
    assert '<form method="post" class="sv-form"' not in page


def test_a_procurement_is_withdrawn_with_a_reason(browser, officer):
    procurement = procurement_of(officer)
    assert browser.post(url("withdraw", procurement.pk), {"reason": ""}).status_code == 422
    assert browser.post(url("withdraw", procurement.pk), {"reason": "No budget"}).status_code == 302
    procurement.refresh_from_db()
    assert procurement.status == "withdrawn"


# --- who may ----------------------------------------------------------------------------------

PAGES = ["edit", "withdraw", "note", "note_print"]


@pytest.mark.parametrize("name", PAGES)
def test_another_authoritys_procurement_is_not_there(client, officer, name):
    procurement = procurement_of(officer, estimate=Decimal("100"))
    finish(officer, procurement)
    client.force_login(person(slug="coventry"))
    response = client.get(url(name, procurement.pk))
    assert response.status_code == 404
    assert procurement.title not in text(response)


@pytest.mark.parametrize("name", ["edit", "withdraw", "note"])
def test_posting_a_foreign_id_changes_nothing(client, officer, name):
    procurement = procurement_of(officer, estimate=Decimal("100"))
    client.force_login(person(slug="coventry"))
    sent = answers(version="1", reason="x") | note_answers()
    assert client.post(url(name, procurement.pk), sent).status_code == 404
    procurement.refresh_from_db()
    assert (procurement.version, procurement.status) == (1, "routed")


@pytest.mark.parametrize("name", ["edit", "withdraw", "note"])
def test_a_colleague_without_the_role_is_told_so(client, officer, name):
    procurement = procurement_of(officer, estimate=Decimal("100"))
    client.force_login(person(Role.CONTRACT_MANAGER))
    assert client.get(url(name, procurement.pk)).status_code == 403


@pytest.mark.parametrize("name", ["new", "import"])
def test_only_officers_enter_and_import(client, name):
    client.force_login(person(Role.AUDITOR))
    assert client.get(url(name)).status_code == 403


@pytest.mark.parametrize("path", ["list", "new", "advice", "import"])
def test_suppliers_have_no_procurements(client, path):
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    assert client.get(url(path)).status_code == 403


@pytest.mark.parametrize("path", ["list", "new", "advice", "import"])
def test_signed_out_is_asked_to_sign_in(client, path):
    response = client.get(url(path))
    assert response.status_code == 302
    assert reverse("account_login") in response.url


# --- list -------------------------------------------------------------------------------------


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


# --- light touch ------------------------------------------------------------------------------


def note_answers(**more):
    return {
        "considered": "Asked two local workshops.",
        "objectives": ["PLB"],
        "quotations_sought": "3",
        "local_quotations": "2",
        "chosen_supplier": "A workshop",
        "chosen_value": "12,000",
        "is_local_or_sme": "unknown",
        "agreed": "A work placement",
        **more,
    }


def finish(actor, procurement):
    return services.finish_light_touch(
        actor=actor, procurement_id=procurement.pk, considered="Words", objectives=["PLB"], quotations_sought=1,
        local_quotations=0, chosen_supplier="A workshop", chosen_value=Decimal("90"), is_local_or_sme=True, agreed="",
    )  # fmt: skip


def test_the_note_has_eight_fields_and_the_toolkit_beside_it(browser, officer):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    response = browser.get(url("note", procurement.pk))
    assert len(response.context["form"].fields) == 8
    page = text(response)
    assert "Use the short toolkit while you obtain quotations" in page
    toolkit = queries.toolkit_of(procurement)
    assert len(toolkit) >= 5
    for line in toolkit:
        assert line in page


def test_every_field_of_the_note_but_two_is_enough_to_finish_it(browser, officer):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    sent = {
        key: value for key, value in note_answers().items() if key not in ("objectives", "agreed")
    }
    assert browser.post(url("note", procurement.pk), sent).status_code == 302
    page = text(browser.get(url("note_print", procurement.pk)))
    assert "Nothing was agreed" in page
    assert "£12,000 excluding VAT, £14,400 including VAT" in page


def test_the_note_is_finished_and_printable(browser, officer):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    response = browser.post(url("note", procurement.pk), note_answers())
    assert response.url == url("note_print", procurement.pk)
    procurement.refresh_from_db()
    assert procurement.status == "complete"
    page = text(browser.get(response.url))
    for shown in (
        "A workshop",
        "£12,000",
        "Promoting local businesses",
        "A work placement",
        "Not known",
        "data-print",
    ):
        assert shown in page
    assert LightTouchNote.objects.get().is_local_or_sme is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"considered": ""}, "Say what social value you considered"),
        ({"quotations_sought": "some"}, "Quotations sought must be a whole number, like 3"),
        (
            {"quotations_sought": "0", "local_quotations": "0"},
            "Quotations sought must be 1 or more",
        ),
        ({"local_quotations": "4"}, "Local quotations must be no more than the quotations sought"),
        ({"chosen_value": "-1"}, "must be more than 0"),
        ({"chosen_value": "0"}, "must be more than 0"),
        ({"chosen_value": "free"}, "must be an amount of money"),
        ({"chosen_supplier": ""}, "Enter the chosen supplier"),
        ({"is_local_or_sme": ""}, "Select whether it is a local"),
        ({"objectives": ["NOPE"]}, "Select objectives from the list"),
    ],
)
def test_a_wrong_note_says_how_to_mend_it_and_keeps_the_rest(browser, officer, wrong, said):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    response = browser.post(url("note", procurement.pk), note_answers(**wrong))
    assert response.status_code == 422
    assert said in text(response)
    assert "A work placement" in text(response)
    assert LightTouchNote.objects.count() == 0


@pytest.mark.parametrize(("value", "is_asked"), [("49,999.99", False), ("50,000", True)])
def test_a_quotation_beyond_the_route_asks_why_before_it_is_finished(
    browser, officer, value, is_asked
):
    procurement = procurement_of(officer, estimate=Decimal(40_000))
    response = browser.post(url("note", procurement.pk), note_answers(chosen_value=value))
    assert response.status_code == (422 if is_asked else 302)
    if is_asked:
        page = text(response)
        assert "At £50,000 excluding VAT the policy says TOMs advised." in page
        assert not LightTouchNote.objects.exists()
        sent = note_answers(chosen_value=value, departure="Only one maker was left.")
        assert browser.post(url("note", procurement.pk), sent).status_code == 302
    told = [row.reason for row in RouteDeviation.objects.all()]
    assert told == (["Only one maker was left."] if is_asked else [])
    assert LightTouchNote.objects.count() == 1


def test_a_note_sent_twice_is_finished_once(browser, officer):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    browser.post(url("note", procurement.pk), note_answers())
    again = browser.post(url("note", procurement.pk), note_answers(chosen_value="1"))
    assert (again.status_code, "save again" in text(again)) == (409, False)
    assert "a finished note does not change" in text(again)
    assert LightTouchNote.objects.get().chosen_value == Decimal("12000")


def test_above_the_line_the_page_sends_to_a_tender(browser, officer):
    procurement = procurement_of(officer, estimate=Decimal("50000"))
    page = text(browser.get(url("note", procurement.pk)))
    assert "not on the light-touch route" in page
    assert browser.post(url("note", procurement.pk), note_answers()).status_code == 422


# --- notices ----------------------------------------------------------------------------------


def uploaded(*releases, name="notices.json"):
    content = json.dumps(list(releases)).encode()
    return {"file": SimpleUploadedFile(name, content, "application/json"), "match": "own"}


def test_a_file_is_previewed_then_applied(client):
    client.force_login(person(slug="coventry"))
    assert client.get(url("import")).status_code == 200
    response = client.post(
        url("import"), uploaded(release(), release(ocid="b", buyer={"name": "Nobody"}))
    )
    kept = NoticeImport.objects.get()
    assert response.url == url("import_preview", kept.pk)
    page = text(client.get(response.url))
    for shown in (
        "Nothing is saved yet",
        "Repair of benches",
        "£60,000",
        "TOMs advised",
        "not your organisation",
    ):
        assert shown in page
    assert Procurement.objects.count() == 0
    assert client.post(url("import_apply", kept.pk)).status_code == 302
    assert Procurement.objects.count() == 1
    after = text(client.get(url("import_preview", kept.pk)))
    assert "Notices imported" in after
    assert url("import_apply", kept.pk) not in after
    assert client.post(url("import_apply", kept.pk)).status_code == 409
    assert Procurement.objects.count() == 1


def test_the_same_file_again_has_nothing_to_import(client):
    client.force_login(person(slug="coventry"))
    client.post(url("import"), uploaded(release()))
    client.post(url("import_apply", NoticeImport.objects.get().pk))
    response = client.post(url("import"), uploaded(release()), follow=True)
    assert "There is nothing to import from this file" in text(response)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"hello", "The file is not JSON"),
        (b"%PDF-1.7 \x81\x8d", "The file is not"),
        (b"[" + b" " * services.MAX_BYTES, "larger than 5 MB"),
    ],
)
def test_a_wrong_file_says_why(browser, content, said):
    file = SimpleUploadedFile("x.json", content)
    response = browser.post(url("import"), {"file": file, "match": "own"})
    assert response.status_code == 422
    assert said in text(response)
    assert NoticeImport.objects.count() == 0


def test_another_authoritys_file_is_not_there(client, browser):
    browser.post(url("import"), uploaded(release()))
    kept = NoticeImport.objects.get()
    client.force_login(person(slug="coventry"))
    assert client.get(url("import_preview", kept.pk)).status_code == 404
    assert client.post(url("import_apply", kept.pk)).status_code == 404
