"""Steps 6 and 7: the plan, the claims, and what is verified of them."""

from __future__ import annotations

import re

from socialvalue.core.periods import quarter_label
from socialvalue.demo import evidence
from tests.browser.hands import Person
from tests.browser.test_thread.people import TITLE, Dates


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
