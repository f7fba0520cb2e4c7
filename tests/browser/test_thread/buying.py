"""Steps 1 to 4: the policy routes what the officer enters, the tender, and the sealed bids."""

from __future__ import annotations

from socialvalue.core.periods import uk_date
from tests.browser.hands import Person
from tests.browser.test_thread.people import LOSER, TITLE, WINNER, Dates


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
