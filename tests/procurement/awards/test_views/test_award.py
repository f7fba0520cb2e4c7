"""The award page: what it says, and where it leads when there is nothing to propose."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from procurement.awards.models import Contract
from procurement.awards.queries import award_options
from procurement.awards.services import refuse_award
from procurement.bids.queries import opened_bids
from procurement.evaluations.services import OtherScoreInput, set_other_scores
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.awards import awarded, evaluated, proposed, told
from tests.factories.evaluations import AFTER, Ask, offered, opened, published, reference_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()
    with clock.at(AFTER):
        yield


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def url(bench):
    return reverse("procurement:awards:award", args=[bench.procurement.pk])


def text(response):
    return response.content.decode()


def given(client, bench, **more):
    bid = client.get(url(bench)).context["options"].bids[0].bid_id
    return {
        "bid": bid,
        "reason": "The best.",
        "value": "170,000",
        "value_basis": "excl",
        "starts_on": "2027-01-01",
        "ends_on": "2028-12-31",
    } | more


def test_the_check_page_shows_the_price_of_the_bid_beside_the_contract_value():
    bench = evaluated()
    client = client_of(bench.officer)
    page = text(client.post(url(bench), given(client, bench, step="check")))
    assert "£170,000 excluding VAT" in strip_tags(page)
    assert "Price of this bid" in page
    assert "excluding vat" not in page
    assert Contract.objects.count() == 0


def test_every_empty_box_is_asked_for_in_a_sentence():
    bench = evaluated()
    client = client_of(bench.officer)
    empty = dict.fromkeys(("bid", "reason", "value", "value_basis", "starts_on", "ends_on"), "")
    page = client.post(url(bench), empty | {"step": "check"})
    assert page.status_code == 422
    assert [text for texts in page.context["form"].errors.values() for text in texts] == [
        "Select the winning bid",
        "Enter the reason for the award",
        "Enter the contract value, like 75,000",
        "Select whether the contract value includes VAT",
        "Enter the day the contract starts",
        "Enter the day the contract ends",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": "x" * 2001}, "Reason for the award must be 2,000 characters or fewer"),
        ({"ends_on": "2028-13-01"}, "The end of the contract must be a real date"),
        ({"starts_on": "1999-12-31"}, "The start of the contract must be on or after"),
        ({"bid": "999999"}, "Select the winning bid from the list"),
    ],
)
def test_what_cannot_be_awarded_is_said_in_a_sentence(wrong, said):
    bench = evaluated()
    client = client_of(bench.officer)
    page = client.post(url(bench), given(client, bench, step="award", **wrong))
    assert page.status_code == 422
    assert said in text(page)
    assert Contract.objects.count() == 0


def test_after_the_award_the_page_leads_to_the_contract_and_makes_no_other():
    bench = evaluated()
    client = client_of(bench.officer)
    sent = given(client, bench, step="award")
    contract = awarded(bench)
    there = reverse("procurement:awards:contract", args=[contract.pk])
    assert client.get(url(bench)).headers["Location"] == there
    assert client.post(url(bench), sent).headers["Location"] == there
    assert "The contract is awarded already." in text(client.get(there))
    assert Contract.objects.count() == 1


def test_before_the_ranking_the_page_leads_to_the_board():
    bench = published(asks=(Ask("PLB1"),))
    offered(bench, 0, {"PLB1": "10000"})
    opened(bench)
    answer = client_of(bench.officer).get(url(bench))
    assert answer.headers["Location"] == reverse(
        "procurement:evaluations:board", args=[bench.procurement.pk]
    )


def proposal_url(bench):
    return reverse("procurement:awards:proposal", args=[bench.procurement.pk])


def test_from_the_form_to_the_contract_by_two_people():
    bench = evaluated()
    officer, approver = client_of(bench.officer), client_of(bench.approver)
    answer = officer.post(url(bench), given(officer, bench, step="award"))
    assert answer.headers["Location"] == proposal_url(bench)
    assert Contract.objects.count() == 0
    # The proposer reads it and is told who decides; there is no form.
    page = text(officer.get(proposal_url(bench)))
    assert "Only an approver of the buying authority can approve or refuse an award." in page
    assert "Send the decision" not in page
    assert officer.get(url(bench)).headers["Location"] == proposal_url(bench)
    assert officer.post(proposal_url(bench), {"verdict": "approve"}).status_code == 403
    # The approver must choose, and must say why not.
    page = text(approver.get(proposal_url(bench)))
    assert "Send the decision" in page
    assert "170,000" in page
    assert approver.post(proposal_url(bench), {}).status_code == 422
    refused = approver.post(proposal_url(bench), {"verdict": "refuse", "remark": " "})
    assert "Enter why you refuse the award" in text(refused)
    assert Contract.objects.count() == 0
    done = approver.post(proposal_url(bench), {"verdict": "approve", "remark": ""})
    contract = Contract.objects.get()
    there = reverse("procurement:awards:contract", args=[contract.pk])
    assert done.headers["Location"] == there
    assert "Write and issue the assessment summaries" in text(officer.get(there))
    assert "Write and issue the assessment summaries" not in text(approver.get(there))
    # Nobody but the council, until every bidder has its summary.
    assert [client_of(actor).get(there).status_code for actor in bench.bidders[:2]] == [404, 404]
    told(bench, contract)
    assert "waits to be signed" in text(client_of(bench.bidders[0]).get(there))
    assert client_of(bench.bidders[1]).get(there).status_code == 404


def test_a_proposal_is_taken_back_on_its_page_and_what_was_typed_is_kept():
    bench = evaluated()
    officer = client_of(bench.officer)
    officer.post(url(bench), given(officer, bench, step="award", reason="Typed once."))
    page = text(officer.get(proposal_url(bench)))
    action = page.split('action="')[1:]
    withdraw = next(part.split('"')[0] for part in action if "withdraw" in part)
    assert officer.get(withdraw).status_code == 405
    assert client_of(bench.approver).post(withdraw).status_code == 403
    assert officer.post(withdraw).headers["Location"] == proposal_url(bench)
    assert "Propose again" in text(officer.get(proposal_url(bench)))
    assert "Typed once." in text(officer.get(url(bench)))


def test_after_a_refusal_the_value_that_was_agreed_is_still_there_for_the_same_bid():
    bench = evaluated()
    first = proposed(bench, value=Decimal("165000"), value_basis="incl")
    refuse_award(actor=bench.approver, proposal_id=first.pk, remark="Say more of quality.")
    options = client_of(bench.officer).get(url(bench)).context["options"]
    assert options.preselected == first.bid_id
    assert (options.value, options.value_basis) == (Decimal("165000"), "incl")


def test_the_price_of_another_bid_is_never_filled_in_for_the_best_one():
    bench = evaluated()
    last = award_options(bench.officer, bench.procurement.pk).bids[1]
    first = proposed(bench, bid_id=last.bid_id, value=Decimal("1"), value_basis="incl")
    refuse_award(actor=bench.approver, proposal_id=first.pk, remark="The other one.")
    options = award_options(bench.officer, bench.procurement.pk)
    best = options.bid(options.preselected)
    assert (options.value, options.value_basis) == (best.price, "excl")


def test_places_of_the_whole_award_stand_beside_those_of_social_value():
    bench = evaluated()
    client = client_of(bench.officer)
    assert "of the whole award" not in text(client.get(url(bench)))
    set_other_scores(
        actor=bench.officer,
        evaluation_id=bench.evaluation.pk,
        price_percent=Decimal(50),
        quality_percent=Decimal(30),
        scores=[
            OtherScoreInput(bid.id, Decimal(80), Decimal(70))
            for bid in opened_bids(bench.tender.pk)
        ],
    )
    page = text(client.get(url(bench)))
    assert "Rank 1 of the whole award, rank 1 on social value" in page
    checked = text(client.post(url(bench), given(client, bench, step="check")))
    assert "rank 1 on social value, rank 1 of the whole award" in checked


def test_another_authority_finds_no_proposal():
    bench = evaluated()
    proposal = proposed(bench)
    withdraw = reverse("procurement:awards:withdraw_proposal", args=[proposal.pk])
    stranger = client_of(actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")))
    approver = client_of(actor_for_role(Role.APPROVER, organisation("coventry")))
    assert approver.get(proposal_url(bench)).status_code == 404
    assert approver.post(proposal_url(bench), {"verdict": "approve"}).status_code == 404
    assert stranger.post(withdraw).status_code == 404
    assert client_of(bench.bidders[0]).get(proposal_url(bench)).status_code == 403
