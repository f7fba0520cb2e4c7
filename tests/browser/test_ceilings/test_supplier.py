"""What a task of the supplier may cost at most, mostly on a phone."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from django.core import mail
from PIL import Image

from procurement.awards import queries as awards
from procurement.bids.queries import my_bids
from procurement.deliveries.services import delegate, submit_claim
from procurement.verifications.services import return_claim
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.jobs import run_inline
from socialvalue.core.periods import add_months, quarter_label, quarter_start
from socialvalue.demo.people import Cast, address
from tests.browser.hands import PHONE, Person
from tests.browser.test_ceilings.steps import COUNCIL, submit, within

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]


def test_from_the_invitation_to_the_offer(somebody):
    bidder = somebody(address("bids", "marrowfat"))
    [open_one] = [row for row in my_bids(Cast().supplier("marrowfat")) if row.is_open]
    bidder.go(f"/bids/{open_one.tender_id}/")
    bidder.start_counting()
    bidder.fill("E-mail address", bidder.email).fill("Password", bidder.password)
    bidder.press("Sign in", within=bidder.page.locator("main form"))
    bidder.fill("Quantity of PLB1", "130,000")
    within(bidder, 2, 3)


def photo() -> dict[str, object]:
    """A picture as a phone takes it."""
    made = io.BytesIO()
    Image.new("RGB", (640, 480), "#2f6f4f").save(made, "JPEG")
    return {"name": "site.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def send_back(code: str) -> int:
    """A claim of Puddlestone's that the authority returned."""
    cast = Cast()
    claim = submit(cast, code, "1")
    manager = cast.at(COUNCIL, Role.CONTRACT_MANAGER)
    return_claim(
        actor=manager,
        claim_id=claim,
        expected_version=1,
        reason=f"The photo does not show {code}.",
    )
    return claim


def highways() -> tuple[Actor, int]:
    supplier: Actor = Cast().reporter("puddlestone")
    [contract] = [row for row in awards.contracts_for(supplier) if row.title.startswith("Highways")]
    return supplier, contract.pk


def fill_in_the_quarter(supplier: Person) -> None:
    """Five commitments: three figures, a rate with its two, and one of which nothing was delivered."""
    supplier.fill("How much was delivered of ENV1", "7.5")
    supplier.fill("Tonnes reused, recycled or composted of ENV5", "45")
    supplier.fill("Tonnes of all waste of ENV5", "50")
    supplier.fill("How much was delivered of GSE1", "0.6")
    supplier.fill("How much was delivered of PLB1", "£14,800.50")


def test_quarterly_update_of_five_commitments_on_a_phone(at_desk):
    supplier = at_desk("delivery", "puddlestone", width=PHONE)
    quarter = quarter_label(quarter_start(clock.today()))
    supplier.press("See everything that is due").press(f"Update {quarter} of Highways")
    fill_in_the_quarter(supplier)
    supplier.tick("Nothing this period of GSE7")
    supplier.page.locator("[data-autosave-status]", has_text="Saved").wait_for()
    supplier.press("Check and send").reads("Nothing is sent yet", "£14,800.50", "No evidence yet")
    supplier.press("Send update").reads("is sent", "waiting for verification")
    within(supplier, 7, 5)
    assert supplier.main.get_by_role("button", name="Undo").count() == 1


def test_the_update_works_without_javascript(somebody):
    who = address("delivery", "puddlestone")
    supplier = somebody(who, width=PHONE, script=False).sign_in()
    _, contract = highways()
    last = add_months(quarter_start(clock.today()), -3)
    supplier.go(f"/deliveries/updates/{contract}/{last.isoformat()}/").start_counting()
    supplier.main.locator("summary", has_text="Claim more of GSE7").click()
    supplier.main.locator("summary", has_text="Work out people times weeks for GSE7").click()
    supplier.clicks += 2
    supplier.fill("People of GSE7", "2").fill("Weeks each of GSE7", "1.5")
    supplier.press("Work it out for GSE7").reads("2 x 1.5 = 3")
    supplier.press("Check and send").reads("3 people x weeks").press("Send update").reads("is sent")
    within(supplier, 7, 5)


def test_a_photo_for_a_claim_that_is_sent_on_a_phone(at_desk):
    actor, contract = highways()
    [found] = [row for row in awards.commitments_of(contract) if row.measure.code == "ENV1"]
    with run_inline():
        submit_claim(
            actor=actor,
            commitment_id=found.id,
            quarter=add_months(quarter_start(clock.today()), -3),
            quantity=Decimal("0.25"),
            submission_key="ceiling-photo",
        )
    supplier = at_desk("delivery", "puddlestone", width=PHONE)
    supplier.press("With the authority").reads("No evidence yet").press("Add a photo or file")
    supplier.fields += 1
    supplier.box("People who can be recognised").check()
    supplier.attach("Take a photo", photo()).press("Add to the claim").reads("site.jpg")
    within(supplier, 4, 1)


def test_pass_a_commitment_on(at_desk):
    supplier = at_desk("delivery", "puddlestone")
    _, contract = highways()
    [found] = [row for row in awards.commitments_of(contract) if row.measure.code == "GSE1"]
    supplier.go(f"/deliveries/commitments/{found.id}/pass-on/").start_counting()
    supplier.fill("Who or where", "Walsall depot")
    supplier.fill("Email the link goes to", "depot@puddlestone.example").press("Send the link")
    supplier.reads("A link is sent", "Walsall depot", "Open")
    within(supplier, 1, 2)


def test_a_site_hands_in_a_figure_by_its_link_without_javascript(somebody):
    actor, contract = highways()
    [found] = [row for row in awards.commitments_of(contract) if row.measure.code == "GSE1"]
    with run_inline():
        delegate(actor=actor, commitment_id=found.id, email="yard@example.org", site="Dudley yard")
    [path] = re.findall(r"/deliveries/hand-in/[\w-]+/", mail.outbox[-1].body)
    site = somebody("yard@example.org", width=PHONE, script=False).go(path)
    site.start_counting()
    site.fill("How much was delivered", "0.25").press("Hand in").reads(
        "Thank you", "0.25 FTE-years"
    )
    within(site, 1, 1)
    assert "Highways maintenance" not in site.text()


def test_photo_as_evidence_on_a_phone(at_desk):
    send_back("ENV1")
    supplier = at_desk("delivery", "puddlestone", width=PHONE)
    supplier.press("ENV1", within=supplier.main).reads("The photo does not show ENV1.")
    supplier.attach("Evidence", photo()).press("Send claim again").reads("site.jpg")
    within(supplier, 4, 1)


def test_mend_a_returned_claim(at_desk):
    send_back("GSE7")
    supplier = at_desk("delivery", "puddlestone")
    supplier.press("GSE7", within=supplier.main).reads("The photo does not show GSE7.")
    supplier.fill("How much was delivered", "0.8").fill("What was delivered", "Nine days less.")
    supplier.press("Send claim again").reads("Waiting for verification")
    within(supplier, 3, 2)
