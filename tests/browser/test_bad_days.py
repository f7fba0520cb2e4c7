"""What goes wrong on an ordinary day: each time a clear sentence, and nothing that was typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings

from procurement.procurements.queries import ProcurementFilter, procurement_list
from procurement.tenders.queries import tender_of_procurement
from procurement.tenders.services import invite_supplier, set_scoring
from reporting.cabinet.services import start_report
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.services import grant_role
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.periods import FinancialYear, add_months
from socialvalue.demo.evidence import pdf
from socialvalue.demo.people import Cast, address
from tests.browser.hands import Person

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]

COUNCIL = "warwickshire"
NEW = "/procurements/new/"
SAVE = "Save and see the route"


@pytest.fixture
def officer(somebody) -> Person:
    return somebody(address("officer", COUNCIL)).sign_in()


@pytest.fixture
def supplier(somebody) -> Person:
    return somebody(address("delivery", "puddlestone")).sign_in()


def found(title: str) -> list[int]:
    """The procurements of this title that there really are."""
    actor = Cast().at(COUNCIL, Role.PROCUREMENT_OFFICER)
    return [row.pk for row in procurement_list(actor, ProcurementFilter(q=title))]


def fill_in(officer: Person, title: str) -> Person:
    officer.fill("Title", title).pick("What is being bought", "Services")
    officer.fill("Estimated value", "86,500").pick("Does the estimate include VAT?", "No")
    return officer


# --- what cannot be read ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the estimated value, like 75,000"),
        ("-5", "Estimated value over the whole life must be more than 0"),
        ("0", "Estimated value over the whole life must be more than 0"),
        ("about a million", "must be an amount of money, like 75,000 or £75,000.50"),
        ("99999999999999999999", "or less"),
        ("1e9", "must be an amount of money"),
        ("12.345", "must have at most 2 decimal places"),
    ],
)
def test_money_that_is_none(officer, typed, said):
    fill_in(officer.go(NEW), "Money that is none").fill("Estimated value", typed).press(SAVE)
    [sentence] = officer.errors()
    assert said in sentence
    assert officer.box("Estimated value").input_value() == typed
    assert officer.box("Title").input_value() == "Money that is none"
    assert found("Money that is none") == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("  ", "Enter the date it commences"),
        ("31 2 2026", "must be a real date"),
        ("1 1 1850", "must be on or after 1 January 2000"),
        ("1 1 9999", "must be on or before"),
        ("3 Maybe 2026", "must be a real date"),
        ("12 2026 ", "must include a year"),
        ("1 3 2003", "threshold"),
    ],
)
def test_a_date_that_is_none(officer, typed, said):
    parts = [*typed.split(" "), "", ""][:3]
    fill_in(officer.go(NEW), "A date that is none")
    officer.date("Date it commences", typed=" ".join(parts)).press(SAVE)
    assert any(said in sentence for sentence in officer.errors()), officer.errors()
    assert officer.date_typed("Date it commences") == " ".join(parts)
    assert officer.box("Estimated value").input_value() == "86,500"
    assert found("A date that is none") == []


def test_a_deadline_in_the_past(officer):
    actor = Cast().at(COUNCIL, Role.PROCUREMENT_OFFICER)
    [procurement] = found("Shelving and furniture")
    tender = tender_of_procurement(actor, procurement)
    tender = set_scoring(
        actor=actor,
        tender_id=tender.pk,
        expected_version=tender.version,
        weighting_kind="weighted",
        weighting_percent=10,
        quantitative_percent=100,
    )
    invited = accounts.organisation("teasel")
    invite_supplier(actor=actor, tender_id=tender.pk, supplier_id=invited.pk)
    officer.go(f"/procurements/{procurement}/tender/publish/")
    yesterday = clock.today() - timedelta(days=1)
    officer.date("Deadline for offers", yesterday).fill("Time of the deadline", "5pm")
    officer.press("Publish the tender")
    [sentence] = officer.errors()
    assert "deadline" in sentence.lower()
    assert officer.date_typed("Deadline for offers") == (
        f"{yesterday.day} {yesterday.month} {yesterday.year}"
    )
    assert officer.box("Time of the deadline").input_value() == "5pm"
    officer.fill("Time of the deadline", "teatime").press("Publish the tender")
    assert any("17:00, 5pm or midday" in sentence for sentence in officer.errors())
    assert officer.box("Time of the deadline").input_value() == "teatime"


# --- files ------------------------------------------------------------------------------------------


def test_files_that_are_no_evidence(supplier):
    supplier.menu("Deliveries").press(re.compile("Claim.*PLB1"), within=supplier.main)
    supplier.fill("How much was delivered", "-3").fill("What was delivered", "Kept as typed.")
    supplier.attach(
        "Evidence",
        {"name": "setup.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x90\0" * 50},
        {
            "name": "film.pdf",
            "mimeType": "application/pdf",
            "buffer": b"%PDF-1.4" + b"0" * settings.EVIDENCE_MAX_BYTES,
        },
        {"name": "wages.pdf", "mimeType": "application/pdf", "buffer": pdf(["Payroll"])},
    )
    supplier.press("Send claim")
    errors = supplier.errors()
    assert len(errors) == 3, errors
    assert any(text.startswith("setup.exe:") for text in errors)
    assert any(text.startswith("film.pdf:") and "MB" in text for text in errors)
    assert supplier.main.locator("[name=quantity]").input_value() == "-3"
    assert supplier.box("What was delivered").input_value() == "Kept as typed."
    # The file that is good is not asked for again.
    assert supplier.main.get_by_label("wages.pdf").is_checked()
    supplier.main.locator("[name=quantity]").fill("250")
    supplier.press("Send claim").reads("wages.pdf")


# --- sent twice -------------------------------------------------------------------------------------


def test_pressed_twice(officer):
    fill_in(officer.go(NEW), "Pressed twice")
    with officer.page.expect_navigation():
        officer.control(SAVE).dblclick()
    officer.arrive()
    assert len(found("Pressed twice")) == 1
    officer.reads("Pressed twice")


def test_back_and_sent_again(officer):
    fill_in(officer.go(NEW), "Sent again").press(SAVE)
    made = officer.page.url
    officer.page.go_back(wait_until="load")
    officer.arrive()
    assert officer.box("Title").input_value() == "Sent again"
    officer.press(SAVE)
    assert officer.page.url == made
    assert len(found("Sent again")) == 1


def test_a_claim_verified_twice(somebody):
    """Two tabs of one queue: the second press says that it is done, and posts nothing."""
    first = somebody(address("contracts", COUNCIL)).sign_in().menu("Verify")
    second = somebody(address("contracts", COUNCIL)).sign_in().menu("Verify")
    name = first.main.get_by_role("button", name="Verify claim").first.inner_text()
    name = " ".join(name.split())
    first.press(name)
    second.press(name)
    assert second.page.title() != ""
    second.reads("You verified this claim on")


# --- a session that ended ---------------------------------------------------------------------------


def test_the_session_ended_while_typing(officer):
    fill_in(officer.go(NEW), "Typed for an hour")
    officer.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    officer.press(SAVE)
    officer.type_sign_in()
    officer.reads("You were signed out. What you typed is still here")
    assert officer.box("Title").input_value() == "Typed for an hour"
    assert officer.box("Estimated value").input_value() == "86,500"
    assert found("Typed for an hour") == []
    officer.press(SAVE).reads("Typed for an hour")
    assert len(found("Typed for an hour")) == 1


def test_the_session_ended_before_a_button(somebody):
    """A button holds nothing typed: after the sign-in the person is back where the button is."""
    manager = somebody(address("contracts", COUNCIL)).sign_in().menu("Verify")
    manager.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    manager.press("Verify claim").type_sign_in()
    manager.reads("Verify claims").press("Verify claim").reads("is verified")


# --- two people -------------------------------------------------------------------------------------


def test_two_people_save_the_same_form(officer, somebody):
    other_user = accounts.user_by_email(address("evaluator", COUNCIL))
    grant_role(
        actor=SYSTEM,
        user=other_user,
        organisation=accounts.organisation(COUNCIL),
        role=Role.PROCUREMENT_OFFICER,
    )
    other = somebody(address("evaluator", COUNCIL)).sign_in()
    fill_in(officer.go(NEW), "Two at once").press(SAVE).press("Change the details")
    other.go(officer.page.url.removeprefix(officer.site))
    officer.fill("Estimated value", "90,000").press("Save changes").reads("£90,000")
    other.fill("Title", "Two at once, mine").press("Save changes")
    other.reads("It changed after you opened the page", "£90,000")
    assert other.box("Title").input_value() == "Two at once, mine"
    assert found("Two at once, mine") == []
    other.press("Save changes").reads("Two at once, mine")


def test_two_authors_write_one_section(somebody):
    """What is inserted goes where the cursor is, the preview follows, and what is typed is kept by itself."""
    author = Cast().at(COUNCIL, Role.REPORT_AUTHOR)
    grant_role(
        actor=SYSTEM,
        user=accounts.user_by_email(address("policy", COUNCIL)),
        organisation=accounts.organisation(COUNCIL),
        role=Role.REPORT_AUTHOR,
    )
    year = FinancialYear(FinancialYear.of(clock.today()).start_year - 1)
    report = start_report(
        actor=author, financial_year=year.slug, meeting_on=add_months(clock.today(), 2)
    )
    here = f"/reports/{report.pk}/sections/timescales/"
    first = somebody(address("author", COUNCIL)).sign_in(here)
    box = first.main.get_by_label("Text of Timescales")
    box.fill("We verified  so far.")
    box.evaluate("box => box.setSelectionRange(12, 12)")
    first.tap(re.compile("^Insert Social value verified$"))
    assert box.input_value() == "We verified {verified_total} so far."
    first.main.get_by_text(re.compile("We verified £")).wait_for()
    first.main.get_by_text("Kept for you, not saved yet").wait_for()
    second = somebody(address("policy", COUNCIL)).sign_in(here)
    second.reads("has text in this section that is not saved yet")
    second.fill("Text of Timescales", "Nothing yet.").press("Save")
    first.press("Save").reads("Somebody else was first", "Nothing yet.")
    assert box.input_value() == "We verified {verified_total} so far."
    first.press("Put both texts into the box")
    assert box.input_value() == "Nothing yet.\n\nWe verified {verified_total} so far."
    first.press("Save").reads("Sections")
