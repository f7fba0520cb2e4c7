"""One procurement from entry to the Cabinet PDF in a real browser, by the people whose deeds they are.

The site's day is moved from step to step; the last steps are on today, beside a real worker that fills in the action
plan and adds up the ledger. axe looks at every page, and the browser complains of nothing.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from procurement.policies.services import load_policies, load_thresholds
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.services import (
    add_organisation,
    add_person,
    grant_role,
    load_organisations,
)
from socialvalue.accounts.vocabulary import OrganisationKind, Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.money import pounds
from socialvalue.core.periods import FinancialYear, add_months, quarter_label, uk_date
from socialvalue.demo import evidence
from socialvalue.demo.dates import Days
from tests.browser.hands import Person
from toms.frameworks.queries import current_edition, measures_of
from toms.imports.services import load_measure_set, load_priorities
from toms.proxies.queries import unit_value

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a-password-for-tests-only"
TITLE = "Refurbishment of day centres"
BUYERS = {
    "officer": Role.PROCUREMENT_OFFICER,
    "evaluator": Role.EVALUATOR,
    "second": Role.EVALUATOR,
    "approver": Role.APPROVER,
    "manager": Role.CONTRACT_MANAGER,
    "author": Role.REPORT_AUTHOR,
}
WINNER, LOSER = "Winning Works Ltd", "Second Best Ltd"
SECOND = "Second evaluator"
SAVE = re.compile("^(Save and next bid|Save the (marks|verdicts))$")


@dataclass(frozen=True)
class Dates:
    """The contract began with the quarter before the running one, so that its first claims are due."""

    days: Days

    @property
    def starts_on(self) -> date:
        return self.days.quarter(-1)

    @property
    def ends_on(self) -> date:
        return add_months(self.starts_on, 12) - timedelta(days=1)

    @property
    def year(self) -> FinancialYear:
        return FinancialYear.of(self.starts_on)

    def before(self, number: int, hour: int = 10) -> datetime:
        return self.days.moment(self.starts_on - timedelta(days=number), hour)

    @property
    def commenced_on(self) -> date:
        return Days.lawful(self.before(100).date(), "services")


@pytest.fixture
def dates(transactional_db) -> Dates:
    """The law, the policies, the measures and the region; the day the thread begins."""
    when = Dates(Days(timezone.now()))
    with clock.at(when.before(400)):
        load_organisations(actor=SYSTEM)
        load_thresholds(actor=SYSTEM)
        load_policies(actor=SYSTEM)
        load_priorities(actor=SYSTEM)
        load_measure_set(actor=SYSTEM)
    return when


@pytest.fixture
def people(dates, somebody) -> dict[str, Person]:
    """Everybody of the thread, each with a mailbox, a role and a browser."""
    with clock.at(dates.before(300)):
        seats = [(name, "warwickshire", role) for name, role in BUYERS.items()]
        seats.append(("analyst", "wmca", Role.REGIONAL_ANALYST))
        for name, company in (("winner", WINNER), ("loser", LOSER)):
            add_organisation(
                actor=SYSTEM, kind=OrganisationKind.SUPPLIER, name=company, slug=name, is_sme=True
            )
            seats.append((name, name, Role.SUPPLIER_ADMIN))
        for name, slug, role in seats:
            user = add_person(
                actor=SYSTEM,
                email=f"{name}@example.org",
                full_name=SECOND if name == "second" else role.label,
                password=PASSWORD,
            )
            grant_role(actor=SYSTEM, user=user, organisation=accounts.organisation(slug), role=role)
    return {name: somebody(f"{name}@example.org", PASSWORD) for name, _, _ in seats}


def test_one_procurement_from_entry_to_the_cabinet_pdf(people, dates, calendar, worker):
    calendar.go_to(dates.before(100))
    enter(people["officer"].sign_in(), dates)
    calendar.go_to(dates.before(90))
    write_the_tender(people["officer"], dates)
    calendar.go_to(dates.before(80))
    offer(people["winner"], jobs="2", spend="10,000", price="280,000")
    offer(people["loser"], jobs="1.5", spend="8,000", price="270,000")
    nobody_reads_it_before_the_deadline(people["officer"])
    name_the_panel(people)
    calendar.go_to(dates.before(59))
    open_the_bids(people)
    evaluate(people)
    calendar.go_to(dates.before(50))
    award(people, dates)
    notify(people, dates)
    calendar.go_to(dates.before(20))
    sign(people["manager"], dates)
    plan(people["manager"], people["winner"])
    calendar.come_back()
    deliver(people["winner"], dates)
    verify(people["manager"])
    mend(people["winner"])
    people["manager"].menu("Verify").press("Verify claim", within=people["manager"].main)
    total = expected_total(dates)
    see_the_dashboards(people, dates, total)
    report_to_cabinet(people["author"], dates, total)
    where_it_stands(people["officer"])


# --- 1 and 2: the policy routes what the officer enters -------------------------------------------


def enter(officer: Person, dates: Dates) -> None:
    officer.menu("Policy").reads("£50,000")
    officer.menu("Procurements").press("New procurement")
    officer.press("Save and see the route")
    assert "Enter a title" in officer.errors()
    officer.fill("Title", TITLE)
    officer.pick("What is being bought", "Services")
    officer.fill("Estimated value", "£300,000")
    officer.pick("Does the estimate include VAT?", "No, VAT comes on top")
    officer.date("Date it commences", dates.commenced_on)
    officer.date("Contract starts", dates.starts_on)
    officer.date("Contract ends", dates.ends_on)
    officer.press("Save and see the route")
    officer.reads(TITLE, "TOMs mandatory", "Weighting allowed: 5% to 30%", "Start the tender")


# --- 3: the tender ----------------------------------------------------------------------------------


def consider(officer: Person) -> None:
    """Services above the threshold: the Social Value Act asks for it before publication."""
    officer.press("Record what was considered").press("Keep this record")
    assert "Say what was considered for social well-being" in officer.errors()
    officer.fill("Economic well-being", "Work for small firms nearby.")
    officer.fill("Social well-being", "Placements for people out of work.")
    officer.fill("Environmental well-being", "Fewer journeys.")
    officer.fill("How might the way it is bought secure this?", "Measures in the tender.")
    officer.pick("Was anybody consulted?", "No")
    officer.fill("With whom and what they said, or why not", "The market was asked last year.")
    officer.fill("Who considered it?", "Head of commissioning").press("Keep this record")
    officer.reads("The market was asked last year.").press("Back to the procurement")


def write_the_tender(officer: Person, dates: Dates) -> None:
    officer.reads("are not published without it")
    consider(officer)
    officer.press("Start the tender").reads("Choose measures")
    for code in ("GSE1", "PLB1", "ENV5"):
        officer.tick(code)
    officer.press("Save and continue")
    officer.tick("Every bid must offer GSE1").fill("Minimum of GSE1", "1")
    officer.press("Save measures")
    officer.press("Set the place").select("Where are localised measures valued?", "Warwick")
    officer.press("Save the place").reads("Missing before it can be published")
    officer.press("Set the scoring")
    officer.pick("How does social value count?", "Weighted").fill("Weighting of the whole", "31")
    officer.fill("Share of the social value score", "60").press("Save the scoring")
    assert officer.errors() != []
    assert officer.box("Weighting of the whole").input_value() == "31"
    officer.fill("Weighting of the whole", "20").press("Save the scoring")
    officer.press("Write the questions")
    officer.fill("Question", "How will you find local people?").fill("Weight", "100")
    officer.press("Save the questions")
    officer.press("Invite suppliers").tick(WINNER).tick(LOSER)
    officer.press("Invite the ticked suppliers").reads("Invited (2)")
    officer.press("Back to the tender").press("Check and publish")
    officer.date("Deadline for offers", dates.before(60).date())
    officer.fill("Time of the deadline", "midday").press("Publish the tender")
    officer.reads(f"{uk_date(dates.before(60).date())}")


# --- 4: sealed bids ---------------------------------------------------------------------------------


def offer(bidder: Person, *, jobs: str, spend: str, price: str) -> None:
    bidder.sign_in().menu("Invitations").press(TITLE)
    bidder.fill("Quantity of GSE1", jobs).fill("How you will deliver GSE1", "Local adverts first.")
    bidder.fill("Quantity of PLB1", spend).fill("How you will deliver PLB1", "Small packages.")
    bidder.fill("Quantity of ENV5", "90").fill("How you will deliver ENV5", "Sorted on site.")
    bidder.fill("How will you find local people?", f"With {jobs} partners.")
    bidder.press("Save and check your offer")
    bidder.press("Go back and mend").fill("Whole-life price", price)
    bidder.press("Save and check your offer").press("Submit your offer")
    bidder.reads("Offer submitted", "Receipt number")


def nobody_reads_it_before_the_deadline(officer: Person) -> None:
    officer.menu("Procurements").press(TITLE).reads("Sealed until")
    assert officer.control("Open the bids").count() == 0
    assert WINNER not in officer.page.content()


# --- 5: evaluation and award ------------------------------------------------------------------------


def name_the_panel(people: dict[str, Person]) -> None:
    """Two evaluators, and the officer to moderate. Each declares about every invited supplier."""
    officer = people["officer"]
    officer.menu("Procurements").press(TITLE).press("Evaluation", within=officer.main)
    for name, role in (
        (Role.EVALUATOR.label, "Evaluator"),
        (SECOND, "Evaluator"),
        (Role.PROCUREMENT_OFFICER.label, "Moderator"),
    ):
        officer.select("Person", name).pick("Role on the panel", role).press("Add to the panel")
    address = officer.page.url.removeprefix(officer.site)
    for person in (people["evaluator"].sign_in(), people["second"].sign_in(), officer):
        person.go(address).press("Declare my interests").press("Declare")
        assert person.errors() != []
        person.tick("I have no interest in any of these suppliers").press("Declare")
    officer.go(address).reads("The panel lacks nothing")


def open_the_bids(people: dict[str, Person]) -> None:
    officer, approver = people["officer"], people["approver"].sign_in()
    officer.menu("Procurements").press(TITLE).press("Open the bids with a second person")
    officer.press("Start the opening")
    assert officer.control("Open the bids").count() == 0
    approver.menu("Procurements").press(TITLE).press("Open the bids as the second person")
    approver.press("Open the bids").reads(WINNER, LOSER)


def evaluate(people: dict[str, Person]) -> None:
    officer = people["officer"]
    for name in ("evaluator", "second"):
        evaluator = people[name]
        evaluator.menu("Procurements").press(TITLE).press("Mark the bids")
        marking = evaluator.page.url.removeprefix(evaluator.site)
        for bidder, mark in ((WINNER, "5"), (LOSER, "3")):
            evaluator.go(marking).press(bidder, within=evaluator.main.locator("table"))
            evaluator.pick("Mark for question 1", f"{mark} –").press(SAVE)
            assert evaluator.errors() == ["Enter the reason for question 1"]
            evaluator.fill("Reason for the mark", "Partners are named.").press(SAVE)
        evaluator.go(marking).press("Check and lock my marks").press("Lock my marks")
        evaluator.reads("Every evaluator has locked" if name == "second" else "Locked")
    officer.menu("Procurements").press(TITLE).press("Moderate the marks")
    moderation = officer.page.url.removeprefix(officer.site)
    for bidder in (WINNER, LOSER):
        # Both gave the same mark, so it is filled in, with the reason.
        officer.go(moderation).press(bidder, within=officer.main.locator("table")).press(SAVE)
    officer.menu("Procurements").press(TITLE).press("Rank the bids").reads("100.00")


def award(people: dict[str, Person], dates: Dates) -> None:
    officer, approver = people["officer"], people["approver"]
    officer.menu("Procurements").press(TITLE).press("Propose the award")
    officer.press("Continue")
    assert officer.errors() == ["Enter the reason for the award"]
    officer.fill("Reason for the award", "The best offer over price, quality and social value.")
    officer.press("Continue").reads(WINNER, "£280,000", uk_date(dates.starts_on))
    officer.press("Propose the award").reads("Waiting for approval")
    approver.menu("Procurements").press(TITLE).press("Approve the award").reads(WINNER)
    approver.pick("Do you approve this award?", "Yes").press("Send the decision")
    # The worker fills the plan in.
    officer.menu("Contracts").press(TITLE).press("Action plan", within=officer.main)
    officer.reload_until("GSE1").reads("Commitment")


def notify(people: dict[str, Person], dates: Dates) -> None:
    """Every bidder is told why, and the notice starts the standstill."""
    officer = people["officer"]
    officer.menu("Procurements").press(TITLE).press("Issue the assessment summaries")
    officer.press("Issue all summaries").reads("Issued to 2 bidders")
    officer.menu("Procurements").press(TITLE).press("Record the notice and start the standstill")
    officer.date("Day the contract award notice was published", dates.before(50).date())
    officer.press("Start the standstill").reads("Calendar")
    loser = people["loser"].go("/bids/").press(TITLE).press("assessment summaries")
    loser.press(TITLE).reads(WINNER)


def sign(manager: Person, dates: Dates) -> None:
    manager.sign_in().menu("Procurements").press(TITLE).press("Record the signature")
    manager.date("Day the last party signed", dates.before(20).date())
    manager.press("Record the signature")


# --- 6: the plan ------------------------------------------------------------------------------------


def plan(manager: Person, supplier: Person) -> None:
    manager.menu("Contracts").press(TITLE)
    manager.press("Action plan", within=manager.main)
    manager.press("Change the plan for PLB1", within=manager.main)
    names = [box.get_attribute("name") for box in manager.main.locator("[name^=quantity_]").all()]
    assert len(names) == 4
    for name, quantity in zip(names, ("4000", "2000", "2000", "1999"), strict=True):
        manager.main.locator(f"[name='{name}']").fill(quantity)
    manager.press("Save the quarters")
    assert manager.errors() != []
    manager.main.locator(f"[name='{names[3]}']").fill("2000")
    manager.press("Save the quarters").press("Agree the action plan")
    manager.reads("It stands once the other party agrees")
    supplier.menu("Contracts").press(TITLE).press("Action plan", within=supplier.main)
    supplier.press("Agree the action plan").reads("The action plan is agreed")


# --- 7: claims and verification ---------------------------------------------------------------------


def deliver(supplier: Person, dates: Dates) -> None:
    quarter = quarter_label(dates.starts_on)
    for code, quantity, whole in (("GSE1", "0.5", ""), ("PLB1", "5,000", ""), ("ENV5", "18", "20")):
        supplier.menu("Deliveries").press(re.compile(f"Claim.*{code}"), within=supplier.main)
        supplier.select("Quarter it was delivered in", quarter)
        supplier.main.locator("[name=quantity]").fill(quantity)
        if whole:
            supplier.main.locator("[name=denominator]").fill(whole)
        supplier.fill("What was delivered", "Delivered in the county, with a local partner.")
        supplier.attach(
            "Evidence",
            {
                "name": f"{code}.pdf",
                "mimeType": "application/pdf",
                "buffer": evidence.pdf(["Payroll"]),
            },
        )
        supplier.press("Send claim").reads(f"{code}.pdf")


def verify(manager: Person) -> None:
    manager.menu("Verify").reads("PLB1", "£5,000")
    manager.press("Verify claim", within=card(manager, "ENV5")).reads("is verified")
    manager.press("Accept less, return or reject", within=card(manager, "PLB1"))
    manager.pick("What do you decide?", "Verify it").fill("Quantity you accept", "4,500")
    manager.fill("Reason", "One invoice was for another contract.").press("Save decision")
    manager.press("Accept less, return or reject", within=card(manager, "GSE1"))
    manager.pick("What do you decide?", "Return it to be mended").press("Save decision")
    assert manager.errors() != []
    manager.fill("Reason", "One role began later.").press("Save decision")


def card(manager: Person, code: str):
    return manager.main.locator(".sv-card").filter(has_text=code)


def mend(supplier: Person) -> None:
    supplier.menu("Home").menu("Deliveries").reads("One role began later.")
    supplier.press("Mend and send again")
    supplier.main.locator("[name=quantity]").fill("0.25")
    supplier.fill("What was delivered", "Without the role that began later.")
    supplier.press("Send claim again")


# --- 8: dashboards ----------------------------------------------------------------------------------


def expected_total(dates: Dates) -> str:
    """Worked out by hand: a quarter of a local job, and £4,500 spent with small firms at £1 for £1."""
    edition = current_edition(dates.commenced_on)
    job = next(row for row in measures_of(edition.pk) if row.code == "GSE1")
    worth = unit_value(job, place="warwick", on=dates.commenced_on)
    return pounds(worth.amount / 4 + 4500)


def see_the_dashboards(people: dict[str, Person], dates: Dates, total: str) -> None:
    manager, analyst = people["manager"], people["analyst"]
    manager.menu("Dashboard").select("Financial year", dates.year.label)
    manager.press("Show this period").reload_until(total)
    follow_to_the_rows(manager, total)
    analyst.sign_in().menu("Region").select("Financial year", dates.year.label)
    analyst.press("Show this period").reads(total, "Warwickshire", "What is not in the total")
    follow_to_the_rows(analyst, total)


def follow_to_the_rows(reader: Person, total: str) -> None:
    """Every figure of the dashboard opens to rows that add up to it."""
    board = reader.page.url
    links = reader.main.locator("a[href*='/ledger/']").filter(has_text=re.compile("[1-9]"))
    addresses = list(dict.fromkeys(link.get_attribute("href") for link in links.all()))
    assert addresses
    for address in addresses:
        reader.go(address)
        assert reader.main.locator("tbody tr").count() > 0
    reader.go(board.removeprefix(reader.site))
    reader.press(total).reads(f"Total of 3 entries {total}")


# --- 9: the report ----------------------------------------------------------------------------------


def report_to_cabinet(author: Person, dates: Dates, total: str) -> None:
    author.sign_in().menu("Reports").press("Start a report")
    author.select("Financial year", dates.year.label).fill("Title", "Social value annual report")
    author.date("Date of the Cabinet meeting", dates.year.last_day + timedelta(days=40))
    author.press("Start the report")
    author.press("Recommendation")
    author.fill("Text of", "That Cabinet notes that {verified_total} was verified.")
    author.press("Save", within=author.main.locator("form"))
    # The worker freezes it, then makes its files.
    author.press("Freeze the report").reload_until("Download PDF, web page and Excel")
    author.reads("The report is frozen")
    content = author.download(re.compile(r"^PDF$"))
    reader = PdfReader(io.BytesIO(content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    # The figure carries its reference, F1 and so on.
    assert re.search(rf"That Cabinet notes that {re.escape(total)} ?F\d+ was verified\.", text)
    assert "Social value annual report" in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(reader.trailer["/Root"]["/Lang"]).lower() == "en-gb"
    author.press("Back to the report’s page").press("Read it as a web page").reads(total)


def where_it_stands(officer: Person) -> None:
    officer.menu("Procurements").press(TITLE).reads("In the totals", "Verified")
