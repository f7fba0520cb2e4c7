"""What a task may cost at most, in clicks after the sign-in and in fields to fill (docs: UX ceilings).

A field is a question answered, whether by typing or by choosing; the three boxes of a date are one. A click is a
button, a link, a file chosen, or one of many boxes ticked.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from PIL import Image

from procurement.awards import queries as awards
from procurement.bids.queries import my_bids
from procurement.deliveries import queries as deliveries
from procurement.deliveries.services import add_evidence, delegate, submit_claim
from procurement.procurements.services import create_procurement
from procurement.verifications.queries import queue_rows
from procurement.verifications.services import return_claim, set_sampling_rule
from reporting.cabinet.services import start_report
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.jobs import run_inline
from socialvalue.core.periods import FinancialYear, add_months, quarter_label, quarter_start
from socialvalue.demo.dates import Days
from socialvalue.demo.evidence import pdf
from socialvalue.demo.people import Cast, address
from tests.browser.hands import PHONE, Person

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]

COUNCIL = "warwickshire"


def within(person: Person, clicks: int, fields: int) -> None:
    """Hold what it took against the ceiling."""
    assert person.clicks <= clicks, f"{person.clicks} clicks, and {clicks} are allowed"
    assert person.fields <= fields, f"{person.fields} fields, and {fields} are allowed"


@pytest.fixture
def at_desk(somebody):
    """Somebody of the demonstration, signed in: ``at_desk("officer")``."""

    def sit(mailbox: str, slug: str = COUNCIL, **more: int) -> Person:
        return somebody(address(mailbox, slug), **more).sign_in()

    return sit


# --- the officer ------------------------------------------------------------------------------------


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


# --- the supplier -----------------------------------------------------------------------------------


def test_from_the_invitation_to_the_offer(somebody):
    bidder = somebody(address("bids", "marrowfat"))
    [open_one] = [row for row in my_bids(Cast().supplier("marrowfat")) if row.is_open]
    bidder.go(f"/bids/{open_one.tender_id}/")
    bidder.start_counting()
    bidder.fill("Email", bidder.email).fill("Password", bidder.password)
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


def submit(cast: Cast, code: str, quantity: str, *, number: int = 0) -> int:
    supplier: Actor = cast.reporter("puddlestone")
    [contract] = [row for row in awards.contracts_for(supplier) if row.title.startswith("Highways")]
    [commitment] = [row for row in awards.commitments_of(contract.pk) if row.measure.code == code]
    with run_inline():
        file = add_evidence(
            actor=supplier, contract_id=contract.pk, name="proof.pdf", content=pdf([code])
        )
        return submit_claim(
            actor=supplier,
            commitment_id=commitment.id,
            quarter=add_months(quarter_start(clock.today()), -3),
            quantity=Decimal(quantity),
            narrative="Delivered on the roads south of Warwick.",
            evidence_ids=[file.pk],
            submission_key=f"ceiling-{code}-{quantity}-{number}",
        ).pk


def need_not_be_opened(cast: Cast) -> list[int]:
    """The oldest ten claims of the queue that the council's sample leaves out: it looks into one of ten."""
    manager = cast.at(COUNCIL, Role.CONTRACT_MANAGER)
    rows = queue_rows(manager, deliveries.claims_awaiting(manager))
    return [row.claim.id for row in rows if row.may_tick][:10]


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


# --- the contract manager ---------------------------------------------------------------------------


def test_from_a_total_to_the_evidence_under_it(at_desk):
    manager = at_desk("contracts")
    manager.press("Verified", within=manager.main.locator(".sv-tiles").last)
    manager.press("Claim ", within=manager.main.locator("tbody"))
    assert manager.download(re.compile(r"\.(pdf|csv|jpg|png|xlsx)$")) != b""
    within(manager, 3, 0)


def test_verify_a_batch_of_ten(at_desk):
    cast = Cast()
    for number in range(2):
        submit(cast, "PLB1", "100", number=number)
    made = need_not_be_opened(cast)
    assert len(made) == 10
    manager = at_desk("contracts").menu("Verify")
    for claim in made:
        manager.press(f"Verify claim {claim}:")
    within(manager, 12, 0)
    waiting = set(deliveries.claims_awaiting(cast.at(COUNCIL, Role.CONTRACT_MANAGER)))
    assert not {row.pk for row in waiting} & set(made)


def test_verify_ten_that_were_not_drawn_as_one_batch(at_desk):
    """Where a rule of the authority draws which claims are opened, the others are ticked and verified together."""
    cast = Cast()
    day = clock.today() - timedelta(days=2)
    manages = cast.at(COUNCIL, Role.CONTRACT_MANAGER)
    with clock.at(clock.now() - timedelta(days=3)):
        set_sampling_rule(
            actor=manages,
            from_date=day,
            always_above_pence=1_000_000_00,
            share_percent=Decimal(0),
            reason="Small claims are many.",
        )
    for number in range(10, 20):
        submit(cast, "PLB1", "100", number=number)
    made = need_not_be_opened(cast)
    assert len(made) == 10
    manager = at_desk("contracts").menu("Verify")
    for claim in made:
        manager.tick(f"verify with the others ticked, claim {claim}")
    manager.press("Verify the ticked claims").reads("10 claims are verified")
    within(manager, 12, 0)
    waiting = set(deliveries.claims_awaiting(manages))
    assert not {row.pk for row in waiting} & set(made)


# --- the author and the region ----------------------------------------------------------------------


def test_start_a_cabinet_report(at_desk):
    author = at_desk("author").menu("Reports").press("Start a report")
    author.select("Financial year", FinancialYear.of(clock.today()).label)
    author.fill("Title", "Half-year report on social value")
    author.date("Date of the Cabinet meeting", add_months(clock.today(), 3))
    author.press("Start the report").reads("Figures of this report")
    author.page.locator("summary", has_text="Figures of this report").first.click()
    author.reads("£")
    within(author, 3, 4)


def test_freeze_and_download(at_desk):
    actor = Cast().at(COUNCIL, Role.REPORT_AUTHOR)
    year = FinancialYear(FinancialYear.of(clock.today()).start_year - 1)
    report = start_report(
        actor=actor,
        title="To be frozen",
        financial_year=year.slug,
        meeting_on=add_months(clock.today(), 2),
    )
    author = at_desk("author").go(f"/reports/{report.pk}/")
    author.start_counting()
    # Here jobs run at once, in the site: the answer comes when it is frozen and its files are made.
    author.page.set_default_timeout(60_000)
    author.press("Freeze the report").reads("Download PDF, web page and Excel")
    content = author.download("Download PDF, web page and Excel")
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert sorted(name.rsplit(".")[-1] for name in names) == ["csv", "html", "json", "pdf", "xlsx"]
    within(author, 2, 0)


def test_what_is_in_the_total_of_the_region_and_what_is_not(at_desk):
    analyst = at_desk("analyst", "wmca").menu("Region")
    analyst.reads("What is not in the total", "By authority", "Warwickshire", "Birmingham")
    within(analyst, 2, 0)
