"""What a task of the officer may cost at most."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.procurements.services import create_procurement
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.periods import add_months
from socialvalue.demo.dates import Days
from socialvalue.demo.people import Cast
from tests.browser.test_ceilings.steps import COUNCIL, within

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]


def test_create_a_procurement_and_see_its_route(at_desk):
    officer = at_desk("officer")
    today = clock.today()
    officer.menu("Procurements").press("New procurement")
    officer.fill("Title", "Painting of school railings").pick("What is being bought", "Works")
    officer.fill("Estimated value", "64,000").pick("Does the estimate include VAT?", "No")
    officer.date("Date it commences", Days.lawful(today, "works"))
    officer.date("Contract starts", add_months(today, 3)).date(
        "Contract ends", add_months(today, 9)
    )
    officer.press("Save and see the route").reads("TOMs advised", "£76,800 including VAT")
    within(officer, 4, 7)


def test_light_touch_note(at_desk):
    officer = at_desk("officer")
    officer.press("Stacking chairs for a museum hall").press("Write the light-touch note")
    officer.fill("What social value did you consider?", "Asked for chairs that can be repaired.")
    officer.answer("Which objectives does it serve?", 0)
    officer.fill("Quotations sought", "3").fill("Of these, from local suppliers", "2")
    officer.fill("Chosen supplier", "A joinery in Rugby").fill("Value, excluding VAT", "11,900")
    officer.pick("Is it a local or a small", "Yes").fill("What did the supplier agree", "Repairs.")
    officer.press("Finish the note").reads("A joinery in Rugby", "£11,900")
    within(officer, 3, 8)
    assert officer.control("Print").count() == 1


def test_choose_measures_from_a_pack(at_desk):
    """Six of a larger pack, with two of them changed for others of it."""
    title = "New footbridges for a country park"
    today = clock.today()
    create_procurement(
        actor=Cast().at(COUNCIL, Role.PROCUREMENT_OFFICER),
        title=title,
        category="works",
        estimate=Decimal("7800000"),
        estimate_basis="excl",
        vat_rate_percent=Decimal(20),
        commenced_on=Days.lawful(today, "works"),
        starts_on=add_months(today, 3),
        ends_on=add_months(today, 27),
        cpv="45000000",
    )
    officer = at_desk("officer")
    officer.press(title).press("Start the tender").press("Tick 6 of them, across the themes")
    ticked, free = (
        officer.main.locator(f"[name=measures]{state}").evaluate_all(
            "all => all.map(one => one.id)"
        )
        for state in (":checked", ":not(:checked)")
    )
    assert len(ticked) == 6
    officer.clicks += 4
    for gone, come in zip(ticked[:2], free[:2], strict=True):
        officer.main.locator(f"#{gone}").uncheck()
        officer.main.locator(f"#{come}").check()
    officer.press("Save and continue").reads("6 measures chosen")
    within(officer, 8, 0)


def test_set_the_scoring_and_see_what_a_point_costs(at_desk):
    officer = at_desk("officer")
    officer.press("Shelving and furniture").press("Continue the tender").press("Set the scoring")
    officer.pick("How does social value count?", "Weighted").fill("Weighting of the whole", "12")
    officer.fill("Share of the social value score", "60")
    advice = officer.page.locator("[data-advice]")
    advice.get_by_text("12%").first.wait_for()
    assert "point" in advice.inner_text()
    officer.press("Save the scoring")
    within(officer, 5, 4)


def test_award_with_the_plan_filled_in(at_desk):
    officer = at_desk("officer")
    officer.press("Extra care housing support").press("Propose the award")
    officer.fill("Reason for the award", "The best offer over price, quality and social value.")
    officer.press("Continue").press("Propose the award").reads("Waiting for approval")
    within(officer, 4, 3)
    # Another person says yes; the contract and its plan are there without typing anything again.
    approver = at_desk("approver")
    approver.press("Award: Extra care housing support")
    approver.pick("Do you approve this award?", "Yes").press("Send the decision")
    within(approver, 4, 3)
    approver.reads("to be signed").press("Action plan", within=approver.main)
    approver.reads("GSE1", "Draft")
