"""Step 5: the panel, the opening, the marks, the award, its notice and the signature."""

from __future__ import annotations

import re

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.periods import uk_date
from tests.browser.hands import Person
from tests.browser.test_thread.people import LOSER, SECOND, TITLE, WINNER, Dates

SAVE = re.compile("^(Save and next bid|Save the (marks|verdicts))$")


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
