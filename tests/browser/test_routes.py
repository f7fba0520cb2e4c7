"""A route is automatic, explained, dated, left only in the open, and shown years later: by the people who do it.

The tests of this file share what they entered, so a new policy is adopted in the last of them.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

from procurement.procurements.queries import ProcurementFilter, procurement_list
from procurement.procurements.services import ask_override
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.services import grant_role
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.periods import add_months, uk_date
from socialvalue.demo.people import Cast, address
from tests.browser.hands import PHONE, TOO_WIDE, Person
from tests.browser.route_steps import (
    COUNCIL,
    REGION,
    choose,
    decision,
    enter,
    entered,
    make_ready,
    prints,
    row,
    sheet,
    step_to,
    tile,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]

BANDS = re.compile("^Bands$")
SCROLLS_SIDEWAYS = """() => [...document.querySelectorAll('main *')]
    .filter(one => one.scrollWidth > one.clientWidth + 1)
    .filter(one => ['auto', 'scroll'].includes(getComputedStyle(one).overflowX))
    .map(one => one.outerHTML.slice(0, 160))"""


@pytest.fixture
def at_desk(somebody):
    """Somebody of the demonstration, signed in: ``at_desk("officer")``."""

    def sit(mailbox: str, slug: str = COUNCIL, **more: int) -> Person:
        return somebody(address(mailbox, slug), **more).sign_in()

    return sit


# --- leaving the rule's route -----------------------------------------------------------------------


def test_an_override_takes_two_people_and_stays_in_the_open(at_desk):
    title = "Rebinding of parish registers"
    reason = "Only two binderies can do this work, so it is worth asking both for measures."
    officer = enter(
        at_desk("officer"), title, category="Services", estimate="31,000", commenced=clock.today()
    )
    officer.reads("Light touch on £37,200 including VAT", "£31,000 excluding VAT").press(
        "Ask for another route"
    )
    officer.press("Send to a second person")
    assert set(officer.errors()) == {
        "Select the route that you ask for",
        "Say why this procurement should go another way",
    }
    officer.pick("Which route do you ask for?", "TOMs advised").fill("Why should it go", reason)
    officer.press("Send to a second person")
    officer.reads(reason, "Only an approver or the policy owner of this authority answers this.")
    assert officer.control("Send the answer").count() == 0

    approver = at_desk("approver").reads("Overrides that wait for a second person")
    approver.press(title).reads("Asked by", reason)
    approver.pick("Do you approve it?", "Yes").fill("Why?", "Measures fit this work.")
    approver.press("Send the answer")

    approver.menu("Procurements").press(title)
    approver.reads("TOMs advised on £37,200", "Overridden", "The rule’s own route: Light touch")
    approver.page.locator("summary", has_text="Earlier decisions").click()
    approver.reads("Light touch on £37,200 including VAT")
    officer.menu("Procurements").press("Overrides", within=officer.page.locator("body"))
    register = row(officer, title)
    shown = " ".join(register.inner_text().split())
    for text in ("Light touch", "TOMs advised", "Approved", reason[:60]):
        assert text in shown, shown
    officer.look()
    table = officer.download("Download this register (CSV)").decode("utf-8-sig")
    [line] = [line for line in csv.reader(io.StringIO(table)) if title in " ".join(line)]
    assert {reason, "Measures fit this work."} <= set(line)


def test_nobody_answers_their_own_request(somebody):
    """Not even with a role that may answer."""
    title = "Mounts for a photograph collection"
    asker = accounts.user_by_email(address("evaluator", COUNCIL))
    for role in (Role.PROCUREMENT_OFFICER, Role.POLICY_OWNER):
        council = accounts.organisation(COUNCIL)
        grant_role(actor=SYSTEM, user=asker, organisation=council, role=role)
    person = somebody(address("evaluator", COUNCIL)).sign_in()
    enter(person, title, category="Goods", estimate="8,000", commenced=clock.today())
    person.press("Ask for another route").pick("Which route do you ask for?", "TOMs mandatory")
    person.fill("Why should it go", "A trial of the full procedure.")
    person.press("Send to a second person")
    person.reads("You asked for this override, so somebody else has to answer it.")
    assert person.main.get_by_role("radio").count() == 0
    person.press("Take the request back").reads("Taken back")


def test_an_override_is_answered_with_the_keyboard_alone(at_desk):
    title = "Repair of a market cross"
    ask_override(
        actor=Cast().at(COUNCIL, Role.PROCUREMENT_OFFICER),
        procurement_id=entered(title, estimate="22000"),
        to_route="toms_advised",
        reason="Stonemasons of the county train apprentices.",
    )
    owner = at_desk("approver")
    owner.go("/")
    step_to(owner, "Skip to main content")
    with owner.page.expect_navigation(wait_until="load"):
        step_to(owner, title)
        owner.page.keyboard.press("Enter")
    owner.look()
    step_to(owner, "Yes")
    owner.page.keyboard.press("Space")
    owner.page.keyboard.press("ArrowDown")
    assert owner.main.get_by_label("No: ").is_checked()
    step_to(owner, "Why?")
    owner.page.keyboard.type("One mason can quote, so there is nothing to compare.")
    with owner.page.expect_navigation(wait_until="load"):
        step_to(owner, "Send the answer")
        owner.page.keyboard.press("Enter")
    owner.look()
    owner.reads("Refused", "One mason can quote")


# --- what the Social Value Act asks of services -----------------------------------------------------


def test_services_are_published_only_after_they_were_considered(at_desk):
    procurement = entered("Advice line for tenants", estimate="320000")
    make_ready(procurement)
    officer = at_desk("officer").go(f"/procurements/{procurement}/tender/")
    officer.reads("Missing before it can be published", "considered")
    officer.go(f"/procurements/{procurement}/tender/publish/")
    assert officer.control("Publish the tender").count() == 0
    officer.press(re.compile("considered"), within=officer.main)
    officer.reads("it cannot be published without this record")
    officer.fill("Economic well-being", "Work for advisers of the county.")
    officer.fill("Social well-being", "Tenants in arrears get help sooner.")
    officer.fill("Environmental well-being", "Calls instead of journeys.")
    officer.fill("How might the way it is bought secure this?", "Measures in the tender.")
    officer.pick("Was anybody consulted?", "Yes")
    officer.fill("With whom and what they said, or why not", "Three tenants' groups asked for it.")
    officer.date("When was it considered?", clock.today())
    officer.fill("Who considered it?", "Head of housing").press("Keep this record")
    officer.reads("Three tenants' groups asked for it.", "Yes", "by Head of housing")
    assert prints(officer, "Print this record")
    officer.go(f"/procurements/{procurement}/tender/publish/")
    officer.date("Deadline for offers", clock.today() + timedelta(days=30))
    officer.fill("Time of the deadline", "midday").press("Publish the tender")
    officer.menu("Procurements").press("Advice line for tenants").reads("Sealed until")


# --- light touch ------------------------------------------------------------------------------------


def test_a_small_purchase_is_one_page_beside_its_toolkit(at_desk):
    title = "Chairs for a village library"
    entered(title, estimate="6400", category="goods")
    officer = at_desk("officer")
    officer.press(title).press("Write the light-touch note")
    toolkit = officer.main.get_by_role("complementary", name="The toolkit")
    assert toolkit.is_visible()
    assert toolkit.get_by_role("listitem").count() >= 5
    form = officer.main.locator("form.sv-form").bounding_box()
    beside = toolkit.bounding_box()
    assert beside["x"] >= form["x"] + form["width"]
    assert beside["y"] < 900
    officer.fill("What social value did you consider?", "Asked for seats that can be mended.")
    officer.answer("Which objectives does it serve?", 0)
    officer.fill("Quotations sought", "3").fill("Of these, from local suppliers", "2")
    officer.fill("Chosen supplier", "A joinery in Rugby").fill("Value, excluding VAT", "5,900")
    officer.pick("Is it a local or a small", "Yes").fill("What did the supplier agree", "Repairs.")
    officer.press("Finish the note").reads("A joinery in Rugby", "£5,900")
    assert officer.clicks <= 3
    assert officer.fields <= 8
    if officer.control("Print this note").count() == 0:
        officer.press(re.compile("note"), within=officer.main)
    assert prints(officer, "Print this note")
    officer.page.emulate_media(media="print")
    assert officer.main.get_by_text("A joinery in Rugby").is_visible()
    assert not officer.page.get_by_role("navigation", name="Menu").is_visible()


# --- pipeline and duties ----------------------------------------------------------------------------


def test_what_was_planned_is_started(at_desk):
    title = "Furniture for two refurbished libraries"
    officer = at_desk("officer").menu("Procurements").press("Pipeline")
    officer.press(re.compile(f"Start this procurement.*{title}"))
    assert officer.box("Title").input_value() == title
    assert officer.box("Estimated value").input_value().replace(",", "").startswith("96000")
    officer.date("Date it commences", clock.today()).press("Save and see the route")
    officer.reads(title, "TOMs advised on £115,200 including VAT")
    officer.menu("Procurements").press("Pipeline")
    assert "Started" in row(officer, title).inner_text()
    found = procurement_list(
        Cast().at(COUNCIL, Role.PROCUREMENT_OFFICER), ProcurementFilter(q=title)
    )
    assert len(found) == 1


def test_a_duty_is_recorded_as_done(at_desk):
    officer = at_desk("officer").menu("Procurements").press("Duties")
    officer.press("Overdue", within=officer.main.locator(".sv-tiles"))
    late = officer.main.locator("tbody tr").count()
    officer.press(re.compile("^Record as done.*Publish the tender notice"))
    officer.reads("Period", "Law")
    officer.date("Date it was done", clock.today() + timedelta(days=1))
    officer.fill("Number or address", "2026/S 000-012345").press("Record as done")
    assert officer.errors() == ["Date it was done must be today or in the past"]
    assert officer.box("Number or address").input_value() == "2026/S 000-012345"
    officer.date("Date it was done", clock.today())
    officer.press("Record as done").reads("2026/S 000-012345", uk_date(clock.today()))
    officer.menu("Procurements").press("Duties")
    officer.press("Overdue", within=officer.main.locator(".sv-tiles"))
    assert officer.main.locator("tbody tr").count() == late - 1


# --- the register -----------------------------------------------------------------------------------


def test_every_count_of_the_register_opens_to_its_rows(at_desk):
    auditor = at_desk("auditor").menu("Procurements").press("Compliance")
    this_year = auditor.box("Financial year").locator("option:checked").inner_text()
    auditor.reads(f"commenced in {this_year}")
    auditor.select("Financial year", "Every year").press("Apply filters")
    board = auditor.page.url.removeprefix(auditor.site)
    tiles = auditor.main.locator(".sv-tile")
    counts = {
        " ".join(tile.locator(".sv-tile__label").inner_text().split()): int(
            tile.locator(".sv-tile__figure").inner_text()
        )
        for tile in tiles.all()
    }
    assert counts["Not followed"] >= 1
    for name, number in counts.items():
        auditor.press(name, within=auditor.main.locator(".sv-tiles"))
        assert auditor.main.locator("table.sv-stack tbody tr").count() == number, name
        auditor.go(board)
    shares = auditor.main.get_by_role("table", name="By directorate").locator("tbody tr")
    judged = sum(int(one.locator("td").nth(1).inner_text()) for one in shares.all())
    assert judged == sum(
        counts[name] for name in ("Followed", "Departed from, with a reason", "Not followed")
    )


def test_what_was_not_followed_is_explained(at_desk):
    title, reason = "Call-off: transport planning advice", "The surveys had to be repeated."
    officer = at_desk("officer").go("/compliance/?year=all&followed=not_followed")
    officer.press(title).reads("Was the route followed?", "Not followed", "crossed into")
    officer.press("Explain why the route was not followed").press("Keep this explanation")
    assert officer.errors() == ["Say why the route was not followed"]
    officer.fill("Why was the route not followed?", reason).press("Keep this explanation")
    officer.reads("Departed from, with a reason", f"Reason recorded: {reason}")
    officer.go("/compliance/?year=all&followed=not_followed")
    assert row(officer, title).count() == 0
    officer.press("Departed from, with a reason", within=officer.main.locator(".sv-tiles"))
    assert reason in row(officer, title).inner_text()


@pytest.mark.parametrize(
    "page",
    [
        "/compliance/?year=all",
        "/duties/",
        "/procurements/pipeline/",
        "/procurements/",
        "/procurements/overrides/",
        "/policy/compare/",
        "/policy/thresholds/",
    ],
)
def test_on_a_phone_nothing_is_pushed_sideways(at_desk, page):
    officer = at_desk("officer", width=PHONE).go(page)
    assert officer.page.evaluate(TOO_WIDE) == []
    assert officer.page.evaluate(SCROLLS_SIDEWAYS) == []
    assert officer.main.locator("tbody tr").count() > 0


# --- the law and the policy -------------------------------------------------------------------------


def test_the_region_updates_the_thresholds_after_a_preview(at_desk):
    head = (
        "regime,effective_from,effective_to,vat_basis,category,authority_type,amount_gbp,"
        "source_url,certainty"
    )
    line = "PA2023,2028-01-01,2029-12-31,incl,goods_services,sub_central,{},https://www.legislation.gov.uk/,secondary"
    assert at_desk("policy").go("/policy/thresholds/").control("Update the thresholds").count() == 0
    owner = at_desk("policy", REGION).menu("Policy").press("Thresholds")
    owner.press("Update the thresholds")
    owner.attach("File of thresholds", sheet(head, line.format("about 210,000")))
    owner.press("Preview the file")
    assert tile(owner, "Refused") == "1"
    assert owner.control("Update the thresholds").count() == 0
    owner.press("Choose another file")
    owner.attach("File of thresholds", sheet(head, line.format("211345"))).press("Preview the file")
    owner.reads("Nothing is saved yet.", "£211,345")
    assert tile(owner, "New") == "1"
    assert "£211,345" not in at_desk("officer").go("/policy/thresholds/").text()
    owner.press("Update the thresholds").reads("Thresholds updated")
    at_desk("officer").go("/policy/thresholds/").reads(
        "1 January 2028 to 31 December 2029", "£211,345"
    )


def test_a_new_version_binds_what_commences_under_it_and_nothing_before(at_desk):
    today = clock.today()
    before = today - timedelta(days=1)
    officer = enter(
        at_desk("officer"), "Fencing, first order", category="Goods", estimate="55,000",
        commenced=before,
    )  # fmt: skip
    officer.reads("TOMs advised on £66,000 including VAT")
    old, sentence = officer.page.url, decision(officer)

    owner = at_desk("policy").menu("Policy").press("All policies").press("Start a draft")
    owner.pick("What should the draft start from?", "A copy of West Midlands Combined Authority")
    owner.press("Start the draft")
    owner.press("Dates and source", within=owner.main).date("First day it applies", today)
    owner.date("Review by", add_months(today, 24))
    owner.fill("Where was it decided?", "Report to Cabinet on small purchases")
    owner.press("Save and go back to the list").press(BANDS, within=owner.main)
    owner.box("Ends below").fill("60,000")
    owner.press("Save and go back to the list")
    assert any("Start band 2 at £60,000" in text for text in owner.errors()), owner.errors()
    owner.main.get_by_label("Starts at").nth(1).fill("60,000")
    owner.press("Save and go back to the list").press("See what would change")
    owner.reads("would go another way", "Fencing, first order", "Changes")
    owner.page.go_back(wait_until="load")
    owner.arrive()
    owner.press("Propose this version").reads("You proposed this version.")
    assert owner.control("Adopt this version").count() == 0

    approver = at_desk("approver").reads("Waiting for your approval")
    approver.press("Policy: Warwickshire", within=approver.main).press("Adopt this version")
    approver.menu("Policy").reads(f"from {uk_date(today)}", "£60,000 excluding VAT")

    enter(
        officer, "Fencing, second order", category="Goods", estimate="55,000", commenced=today
    ).reads("Light touch on £66,000 including VAT", "version 2")
    officer.go(old.removeprefix(officer.site)).reads("TOMs advised on £66,000 including VAT")
    assert decision(officer) == sentence
    officer.menu("Policy").press("Compare", within=officer.page.locator("body"))
    choose(
        officer, "On the left", "West Midlands Combined Authority Social Value Policy, version 1"
    )
    choose(officer, "On the right", "Warwickshire County Council Social Value Policy, version 2")
    officer.press("Compare", within=officer.main)
    officer.reads("£0 to £50,000: Light touch", "£0 to £60,000: Light touch")
    differing = officer.main.locator("tbody tr").filter(has_text="£60,000")
    assert {text.strip() for text in differing.locator("td:last-child").all_inner_texts()} == {
        "Different"
    }
