"""What the people of the route tests do: enter a procurement, step with the keyboard, print, look things up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from procurement.procurements.services import create_procurement
from procurement.tenders.rules import RequirementInput
from procurement.tenders.services import (
    choose_measures,
    invite_supplier,
    set_place,
    set_scoring,
    start_tender,
)
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.periods import add_months
from socialvalue.demo.dates import Days
from socialvalue.demo.people import Cast
from tests.browser.hands import Person
from toms.frameworks.queries import measures_of

COUNCIL, REGION = "warwickshire", "wmca"
MOST_STEPS = 120
"""Presses of the Tab key that no page of ours comes near."""
HAS_FOCUS = """name => {
    const here = document.activeElement
    if (here === document.body) return false
    const called = here.labels && here.labels.length ? here.labels[0].innerText : here.innerText
    return !!called && called.trim().startsWith(name)
}"""
SHOWS_FOCUS = """() => {
    const here = document.activeElement
    const drawn = here.type === 'radio' ? getComputedStyle(here.nextElementSibling, '::before') : getComputedStyle(here)
    return here.matches(':focus-visible') && (drawn.boxShadow !== 'none' || drawn.outlineStyle !== 'none')
}"""


def enter(officer: Person, title: str, *, category: str, estimate: str, commenced: date) -> Person:
    """A procurement through the form, up to the page that explains its route."""
    officer.menu("Procurements").press("New procurement")
    officer.fill("Title", title).pick("What is being bought", category)
    officer.fill("Estimated value", estimate).pick("Does the estimate include VAT?", "No")
    officer.date("Date it commences", commenced)
    return officer.press("Save and see the route")


def entered(title: str, *, estimate: str, category: str = "services") -> int:
    """The same without the form, where how it was entered is not what is looked at."""
    today = clock.today()
    return create_procurement(
        actor=Cast().at(COUNCIL, Role.PROCUREMENT_OFFICER),
        title=title,
        category=category,
        estimate=Decimal(estimate),
        estimate_basis="excl",
        vat_rate_percent=Decimal(20),
        commenced_on=Days.lawful(today, category),
        starts_on=add_months(today, 4),
        ends_on=add_months(today, 28),
    ).pk


def row(person: Person, title: str) -> Any:
    """The row of a list in which this stands."""
    return person.main.locator("tbody tr").filter(has_text=title)


def step_to(person: Person, name: str) -> None:
    """Press Tab until what is called this has the focus, and shows it."""
    for _ in range(MOST_STEPS):
        person.page.keyboard.press("Tab")
        if person.page.evaluate(HAS_FOCUS, name):
            assert person.page.evaluate(SHOWS_FOCUS), f"The focus on {name!r} is not seen"
            return
    raise AssertionError(f"No way to {name!r} with the Tab key at {person.page.url}")


def make_ready(procurement_id: int) -> None:
    """A tender that lacks nothing else."""
    actor = Cast().at(COUNCIL, Role.PROCUREMENT_OFFICER)
    tender = start_tender(actor=actor, procurement_id=procurement_id)
    measure = next(one for one in measures_of(tender.edition_id) if one.code == "GSE1")
    tender = choose_measures(
        actor=actor,
        tender_id=tender.pk,
        expected_version=tender.version,
        requirements=[RequirementInput(measure.id, True, Decimal(1))],
    )
    tender = set_place(
        actor=actor, tender_id=tender.pk, expected_version=tender.version, place="warwick"
    )
    set_scoring(
        actor=actor,
        tender_id=tender.pk,
        expected_version=tender.version,
        weighting_kind="weighted",
        weighting_percent=Decimal(10),
        quantitative_percent=Decimal(100),
    )
    invited = accounts.organisation("teasel").pk
    invite_supplier(actor=actor, tender_id=tender.pk, supplier_id=invited)


def prints(person: Person, name: str) -> bool:
    """Whether this button opens the browser's own printing."""
    person.page.evaluate("() => { window.print = () => { window.wasPrinted = true } }")
    person.tap(name)
    return bool(person.page.evaluate("() => window.wasPrinted"))


def sheet(*lines: str) -> dict[str, object]:
    content = "\n".join(lines).encode()
    return {"name": "thresholds.csv", "mimeType": "text/csv", "buffer": content}


def tile(person: Person, name: str) -> str:
    one = person.main.locator(".sv-tile").filter(
        has=person.page.get_by_text(name, exact=True).first
    )
    return one.locator(".sv-tile__figure").inner_text().strip()


def decision(person: Person) -> str:
    """Every word of the decision that is shown."""
    return " ".join(person.main.locator(".sv-decision").first.inner_text().split())


def choose(person: Person, label: str, text: str) -> None:
    """Pick the version whose name begins so."""
    options = person.box(label).locator("option")
    [name] = [one for one in options.all_inner_texts() if one.strip().startswith(text)]
    person.select(label, name)
