"""The first page answers "what needs me now?" for each role."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procurement.awards.services import set_standstill, sign_contract
from procurement.bids.queries import my_offer
from procurement.bids.services import save_offer
from procurement.deliveries.models import Claim
from procurement.evaluations.services import open_evaluation, start_opening
from procurement.tenders.services import amend_tender
from procurement.verifications.services import return_claim
from reporting.home.rules import deadline_words, due_words, is_soon
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.periods import uk_date
from tests.factories.accounts import AuthorityFactory, UserFactory, actor_for_role
from tests.factories.awards import awarded, evaluated, proposed, told
from tests.factories.bids import SOON, offer_for, submitted
from tests.factories.cabinet import NOW, Q2, draft, reported
from tests.factories.evaluations import AFTER, WRITTEN, opened, published, reference_data
from tests.factories.reporting import browser, region_with
from tests.factories.tenders import published as tender_world

pytestmark = pytest.mark.django_db


def home(actor, at=NOW) -> str:
    with clock.at(at):
        answer = browser(actor).get("/")
    assert answer.status_code == 200
    page = answer.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_somebody_signed_out_sees_what_this_is_and_where_to_sign_in():
    answer = Client().get("/")
    assert answer.status_code == 200
    assert 'href="/account/login/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("examples", "says_so"), [([], False), ([True], True), ([True, False], False)]
)
def test_somebody_signed_out_is_told_where_everything_is_an_example(examples, says_so):
    for is_demonstration in examples:
        AuthorityFactory(is_demonstration=is_demonstration)
    for path in ("/", "/account/login/"):
        assert ("Demonstration data" in Client().get(path).content.decode()) is says_so


def test_somebody_without_a_role_is_told_what_to_do():
    client = Client()
    client.force_login(UserFactory())
    assert "Ask the administrator of your organisation" in client.get("/").content.decode()


def test_a_contract_manager_sees_claims_that_wait_and_contracts_behind():
    world = reported()
    page = home(world.manager)
    assert "Awaiting verification" in page
    assert "C1 Measure C1: 2 tCO2e" in page
    assert world.contract.title in page
    assert "£11k" in page


def test_nothing_of_another_authority_is_on_the_page():
    other = reported()
    page = home(actor_for_role(Role.CONTRACT_MANAGER))
    assert "No claim waits for you." in page
    assert other.contract.title not in page
    assert other.supplier.name not in page


def test_a_supplier_sees_what_was_sent_back_and_what_is_due():
    world = reported()
    claim = Claim.objects.get(commitment=world.commitments[1])
    with clock.at(NOW):
        return_claim(
            actor=world.manager,
            claim_id=claim.pk,
            expected_version=claim.version,
            reason="The letter is not signed.",
        )
    page = home(world.claimant)
    assert "The letter is not signed." in page
    assert f"/deliveries/updates/{world.contract.pk}/{Q2.isoformat()}/" in page
    assert "Overdue" in page


def test_a_supplier_sees_where_an_offer_stands_and_that_the_tender_was_amended():
    world = tender_world()
    submitted(world)
    before = home(world.bidder, SOON)
    assert ("Submitted" in before, "Amended" in before) == (True, False)
    with clock.at(SOON + timedelta(hours=1)):
        amend_tender(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.refresh().version,
            reason="More time.",
            deadline_at=world.tender.deadline_at + timedelta(days=7),
        )
        save_offer(
            actor=world.bidder,
            tender_id=world.tender.pk,
            offer=offer_for(world, price=Decimal(140000)),
            expected_version=my_offer(world.bidder, world.tender.pk).version,
        )
    page = home(world.bidder, SOON + timedelta(hours=2))
    assert f". Amended {uk_date(SOON.date())}, after you submitted" in page
    assert "Submitted, with changes not submitted" in page
    other = home(world.bidders[1], SOON + timedelta(hours=2))
    assert f". Amended {uk_date(SOON.date())}" in other
    assert "after you submitted" not in other


def test_an_author_sees_drafts_or_how_to_start():
    world = reported()
    assert "Start a Cabinet report" in home(world.author)
    draft(world.author, "The draft of this year")
    assert "The draft of this year" in home(world.author)


def test_an_officer_sees_tenders_by_deadline_then_bids_to_open_then_to_evaluate():
    reference_data()
    bench = published()
    title = bench.procurement.title
    page = home(bench.officer, WRITTEN + timedelta(days=1))
    assert "Out to tender" in page
    assert title in page
    page = home(bench.officer, AFTER)
    assert "Bids to open" in page
    assert "Bids to open" not in home(bench.evaluator, AFTER)
    opened(bench)
    assert "Bids are open: mark, moderate, rank" in home(bench.officer, AFTER)


def test_an_evaluator_sees_their_panels_and_no_deed_of_others():
    reference_data()
    bench = published()
    opened(bench)
    page = home(actor_for_role(Role.EVALUATOR, bench.procurement.authority), AFTER)
    assert "On your panels" in page
    assert "No bid waits for you to read or mark." in page
    assert bench.procurement.title not in page


def test_an_opening_that_was_started_is_listed_for_the_others_who_may_open():
    reference_data()
    bench = published()
    errand = f"Open the bids of {bench.procurement.title}"
    assert errand not in home(bench.approver, AFTER)
    with clock.at(AFTER):
        start_opening(actor=bench.officer, tender_id=bench.tender.pk)
    second = actor_for_role(Role.PROCUREMENT_OFFICER, bench.authority)
    for actor in (bench.approver, second):
        page = home(actor, AFTER)
        assert errand in page
        assert f'href="/procurements/{bench.procurement.pk}/opening/"' in page
        assert f"Started by {bench.officer.name}" in page
    # Not for who started it, who may not open, or who is elsewhere.
    elsewhere = actor_for_role(Role.APPROVER)
    for actor in (bench.officer, bench.evaluator, bench.manager, elsewhere):
        assert errand not in home(actor, AFTER)
    with clock.at(AFTER):
        open_evaluation(actor=bench.approver, tender_id=bench.tender.pk)
    assert errand not in home(second, AFTER)


def test_bids_that_are_ranked_or_proposed_are_no_longer_to_be_marked():
    reference_data()
    bench = evaluated()
    page = home(bench.officer, AFTER)
    assert "The bids are ranked: an award is to be proposed" in page
    assert "mark, moderate, rank" not in page
    proposed(bench)
    page = home(bench.officer, AFTER)
    assert "An award is proposed and waits for approval" in page
    assert "is to be proposed" not in page


def test_a_contract_that_can_be_signed_is_listed_for_who_signs_it():
    reference_data()
    bench = evaluated()
    contract = awarded(bench, signed=False)
    heading = "Contracts to sign"
    assert heading not in home(bench.manager, AFTER)
    told(bench, contract)
    with clock.at(AFTER):
        standstill = set_standstill(
            actor=bench.officer, award_id=contract.award_id, notice_on=clock.today()
        )
    last = AFTER + (standstill.ends_on - AFTER.date())
    assert heading not in home(bench.officer, last)
    day = last + timedelta(days=1)
    for actor in (bench.officer, bench.manager):
        page = home(actor, day)
        assert heading in page
        assert f'href="/contracts/{contract.pk}/"' in page
    for actor in (bench.approver, actor_for_role(Role.CONTRACT_MANAGER)):
        assert heading not in home(actor, day)
    with clock.at(day):
        sign_contract(actor=bench.manager, contract_id=contract.pk, signed_on=day.date())
    assert heading not in home(bench.manager, day)


def test_an_analyst_sees_the_state_of_the_regions_totals():
    member = reported()
    region = region_with((member.authority, "2020-01-01", None))
    page = home(actor_for_role(Role.REGIONAL_ANALYST, region.lead))
    assert "Region’s figures" in page
    assert "The totals have not been compared with the ledger yet" in page


@pytest.mark.parametrize(
    "role",
    [
        Role.ORGANISATION_ADMIN,
        Role.POLICY_OWNER,
        Role.PROCUREMENT_OFFICER,
        Role.EVALUATOR,
        Role.APPROVER,
        Role.CONTRACT_MANAGER,
        Role.DIRECTORATE_MANAGER,
        Role.REPORT_AUTHOR,
        Role.AUDITOR,
        Role.REGIONAL_ANALYST,
        Role.SUPPLIER_ADMIN,
        Role.SUPPLIER_CONTRIBUTOR,
    ],
)
def test_every_role_has_a_page_with_something_on_it(role):
    page = home(actor_for_role(role))
    assert "What needs you now" in page
    assert "govuk-heading-m" in page


def test_the_same_number_of_queries_for_one_claim_and_for_many():
    world = reported()
    client = browser(world.manager)
    with clock.at(NOW):
        client.get("/")
        with CaptureQueriesContext(connection) as one:
            client.get("/")
        for _ in range(2):
            reported(world.authority)
        with CaptureQueriesContext(connection) as many:
            client.get("/")
    assert len(many) == len(one)


def test_words_of_deadlines():
    assert is_soon(NOW + timedelta(days=7), NOW)
    assert not is_soon(NOW + timedelta(days=7, seconds=1), NOW)
    assert (
        deadline_words(NOW + timedelta(days=4), NOW) == "Closes 10 October 2025, 14:05, in 4 days"
    )
    assert deadline_words(NOW + timedelta(hours=30), NOW).endswith("in 30 hours")
    assert deadline_words(NOW + timedelta(minutes=5), NOW).endswith("in less than 2 hours")
    assert due_words(NOW.date(), NOW.date()) == "Due 6 October 2025"
    late = NOW.date() - timedelta(days=1)
    assert due_words(late, NOW.date()) == "Was due 5 October 2025, 1 day ago"
