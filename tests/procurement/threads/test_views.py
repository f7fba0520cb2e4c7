"""The pages of the thread through the client: the right people, the wrong people, and GETs that never write."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.awards.models import Contract
from procurement.bids.queries import opened_bids
from procurement.evaluations.queries import evaluation_of_tender, seats_of
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import lock_marks, recuse
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.action_plans import planned
from tests.factories.awards import awarded, evaluated, proposed
from tests.factories.evaluations import (
    AFTER,
    DEADLINE,
    WRITTEN,
    Ask,
    marked_by,
    offered,
    opened,
    published,
    reference_data,
    settled,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


def sign_in(client, actor):
    client.force_login(
        User.objects.get(pk=actor.user_id),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def get(client, actor, address, at=AFTER):
    with clock.at(at):
        return sign_in(client, actor).get(address)


def post(client, actor, address, data=None, at=AFTER):
    with clock.at(at):
        return sign_in(client, actor).post(address, data or {})


def stranger():
    return actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))


def test_signed_out_people_are_asked_to_sign_in(client):
    bench = published()
    response = client.get(reverse("procurement:threads:procurement", args=[bench.procurement.pk]))
    assert response.status_code == 302


def test_the_thread_before_and_after_the_deadline(client):
    bench = published()
    offered(bench, 0, {"PLB1": "10000"})
    address = reverse("procurement:threads:procurement", args=[bench.procurement.pk])
    page = get(client, bench.officer, address, DEADLINE.replace(month=4)).content.decode()
    assert "Bids can be made until 1 May 2026 at 12:00" in page
    assert bench.bidders[0].organisation_name not in page
    page = get(client, bench.officer, address).content.decode()
    assert "Open the bids" in page
    assert bench.bidders[0].organisation_name not in page
    assert get(client, stranger(), address).status_code == 404
    # A supplier's people have no buyer side page at all.
    assert get(client, bench.bidders[0], address).status_code in (403, 404)


def test_opening_and_marking_in_the_browser(client):
    bench = published()
    offered(bench, 0, {"PLB1": "10000"})
    pk = bench.procurement.pk
    board = reverse("procurement:evaluations:board", args=[pk])
    starts = reverse("procurement:evaluations:start_opening", args=[pk])
    opens = reverse("procurement:evaluations:open", args=[pk])
    marking = reverse("procurement:evaluations:marking", args=[pk])
    assert get(client, bench.officer, board, WRITTEN).status_code == 200
    assert post(client, stranger(), opens).status_code == 404
    assert post(client, bench.evaluator, opens).status_code == 403
    refused = post(client, bench.officer, starts, at=DEADLINE.replace(month=4))
    assert refused.status_code == 302
    assert get(client, bench.officer, opens).status_code == 405
    assert post(client, bench.officer, starts).status_code == 302
    assert post(client, bench.officer, opens).status_code == 403, "one person is not two"
    assert evaluation_of_tender(bench.tender.pk) is None
    assert post(client, bench.approver, opens).headers["Location"] == board
    bid = opened_bids(bench.tender.pk)[0]
    page = get(client, bench.evaluator, board).content.decode()
    assert bid.supplier_name in page
    assert "0 of 2 evaluators have locked their marks" in page
    marks = reverse("procurement:evaluations:bid", args=[pk, bid.id])
    first, second = (question.id for question in bench.questions)
    form = get(client, bench.evaluator, marks).content.decode()
    assert "Answer to How will you recruit?" in form
    half = {f"mark_{first}": "4", f"version_{first}": "0", f"version_{second}": "0"}
    response = post(client, bench.evaluator, marks, half)
    assert response.status_code == 422
    assert "Enter the reason for question 1" in response.content.decode()
    whole = half | {
        f"rationale_{first}": "Names local colleges.",
        f"mark_{second}": "5",
        f"rationale_{second}": "Clear.",
    }
    assert post(client, bench.officer, marks, whole).status_code == 403
    assert post(client, bench.evaluator, marks, whole).headers["Location"] == marking
    # Sent again by a second click: nothing changes, nothing breaks.
    assert post(client, bench.evaluator, marks, whole).status_code == 302
    stale = whole | {f"mark_{first}": "1"}
    response = post(client, bench.evaluator, marks, stale)
    assert response.status_code == 409
    text = response.content.decode()
    assert "Names local colleges." in text
    # The page now carries the version that is there, so saving again is a choice.
    assert f'name="version_{first}" value="1"' in text
    assert post(client, bench.evaluator2, marks, whole).headers["Location"] == marking
    rank = reverse("procurement:evaluations:rank", args=[pk])
    assert post(client, bench.officer, rank).status_code == 302
    assert "94.00" not in get(client, bench.officer, board).content.decode(), "not settled yet"
    settled(bench)
    assert post(client, bench.officer, rank).status_code == 302
    page = get(client, bench.officer, board).content.decode()
    assert "Propose the award" in page
    # 50 points for quantities, 50 x (60% x 4/5 + 40%) = 44 for the answers; 94 x 20% = 18.8.
    assert "94.00" in page
    assert "18.80" in page
    assert (
        post(
            client, bench.officer, reverse("procurement:evaluations:reopen", args=[pk])
        ).status_code
        == 302
    )
    assert get(client, stranger(), board).status_code == 404
    author = actor_for_role(Role.REPORT_AUTHOR, bench.authority)
    assert get(client, author, board).status_code == 403


def test_awarding_in_the_browser(client):
    bench = evaluated()
    pk = bench.procurement.pk
    address = reverse("procurement:awards:award", args=[pk])
    best = opened_bids(bench.tender.pk)[0]
    page = get(client, bench.officer, address).content.decode()
    assert f'value="{best.id}"' in page
    assert "170,000" in page
    assert get(client, bench.evaluator, address).status_code == 403
    assert get(client, stranger(), address).status_code == 404
    data = {
        "step": "check",
        "bid": str(best.id),
        "value": "170,000",
        "value_basis": "excl",
        "starts_on-day": "1", "starts_on-month": "7", "starts_on-year": "2026",
        "ends_on-day": "30", "ends_on-month": "6", "ends_on-year": "2026",
    }  # fmt: skip
    response = post(client, bench.officer, address, data)
    assert response.status_code == 422
    text = response.content.decode()
    assert "Enter the reason for the award" in text
    assert "on or after the start date" in text
    data |= {"reason": "Best overall.", "ends_on-year": "2028"}
    check = post(client, bench.officer, address, data)
    assert "Check before you propose" in check.content.decode()
    assert Contract.objects.count() == 0
    back = post(client, bench.officer, address, data | {"step": "change"}).content.decode()
    assert "Best overall." in back
    done = post(client, bench.officer, address, data | {"step": "award"})
    proposal = reverse("procurement:awards:proposal", args=[pk])
    assert done.headers["Location"] == proposal
    assert Contract.objects.count() == 0
    own = post(client, bench.officer, proposal, {"verdict": "approve"})
    assert own.status_code == 403
    approved = post(client, bench.approver, proposal, {"verdict": "approve"})
    contract = Contract.objects.get()
    page = reverse("procurement:awards:contract", args=[contract.pk])
    assert approved.headers["Location"] == page
    again = post(client, bench.officer, address, data | {"step": "award"})
    assert again.headers["Location"] == page
    assert Contract.objects.count() == 1
    assert contract.value == Decimal(170_000)


def test_a_bid_that_was_never_offered_cannot_be_chosen(client):
    bench, other = evaluated(), evaluated()
    data = {
        "step": "award",
        "bid": str(opened_bids(other.tender.pk)[0].id),
        "reason": "Best.",
        "value": "1",
        "value_basis": "excl",
        "starts_on": "2026-07-01",
        "ends_on": "2027-06-30",
    }
    address = reverse("procurement:awards:award", args=[bench.procurement.pk])
    assert post(client, bench.officer, address, data).status_code == 422
    assert Contract.objects.count() == 0


def test_contract_and_plan_pages(client):
    bench = evaluated()
    contract = awarded(bench)
    page = reverse("procurement:awards:contract", args=[contract.pk])
    plan = reverse("procurement:action_plans:plan", args=[contract.pk])
    assert "Start the action plan" in get(client, bench.manager, plan).content.decode()
    start = reverse("procurement:action_plans:start", args=[contract.pk])
    assert post(client, bench.evaluator, start).status_code == 403
    assert post(client, bench.manager, start).headers["Location"] == plan
    for actor in (bench.manager, bench.bidders[0]):
        text = get(client, actor, page).content.decode()
        assert contract.title in text
        assert "HSC1" in text
        assert get(client, actor, plan).status_code == 200
        names = get(client, actor, reverse("procurement:awards:contracts")).content.decode()
        assert contract.reference in names
    for actor in (stranger(), bench.bidders[1]):
        assert get(client, actor, page).status_code == 404
        assert get(client, actor, plan).status_code == 404
        listed = get(client, actor, reverse("procurement:awards:contracts")).content.decode()
        assert contract.reference not in listed
        file = get(client, actor, reverse("procurement:awards:export", args=["csv"])).content
        assert contract.reference.encode() not in file
    csv = get(client, bench.bidders[0], reverse("procurement:awards:export", args=["csv"]))
    assert contract.reference.encode() in csv.content
    xlsx = get(client, bench.manager, reverse("procurement:awards:export", args=["xlsx"]))
    assert xlsx.content.startswith(b"PK")
    filtered = get(
        client, bench.manager, reverse("procurement:awards:export", args=["csv"]) + "?q=nowhere"
    )
    assert contract.reference.encode() not in filtered.content


def test_changing_and_agreeing_the_plan_in_the_browser(client):
    bench = evaluated(offer={"PLB1": "10000"})
    contract = awarded(bench, ends_on=AFTER.date().replace(month=12, day=31))
    planned(contract)
    from procurement.awards.queries import commitments_of

    commitment = commitments_of(contract.pk)[0]
    address = reverse("procurement:action_plans:edit", args=[contract.pk, commitment.id])
    assert "2026 to 2027, quarter 2" in get(client, bench.manager, address).content.decode()
    assert get(client, bench.officer, address).status_code == 403
    assert get(client, bench.bidders[0], address).status_code == 403
    assert get(client, stranger(), address).status_code == 404
    data = {
        "version": "1",
        "quantity_2026-07-01": "4,000",
        "quantity_2026-10-01": "5999.5",
        "owner": "Supplier",
        "authority_owner": "Parks manager",
        "evidence": "",
    }
    response = post(client, bench.manager, address, data)
    assert response.status_code == 422
    text = response.content.decode()
    assert "The quarters add up to 9,999.5. They must add up to 10,000: add 0.5." in text
    assert "5999.5" in text
    data["quantity_2026-10-01"] = "6000"
    assert post(client, bench.manager, address, data).status_code == 302
    stale = post(
        client,
        bench.manager,
        address,
        data | {"quantity_2026-07-01": "6000", "quantity_2026-10-01": "4000"},
    )
    assert stale.status_code == 409
    assert 'name="version" value="2"' in stale.content.decode()
    agree = reverse("procurement:action_plans:agree", args=[contract.pk])
    assert post(client, bench.officer, agree).status_code == 403
    assert post(client, bench.manager, agree, {"version": "1"}).status_code == 409
    assert post(client, bench.manager, agree, {"version": "2"}).status_code == 302
    page = get(client, bench.manager, reverse("procurement:action_plans:plan", args=[contract.pk]))
    assert "Waiting for" in page.content.decode()
    asked = get(
        client, bench.bidders[0], reverse("procurement:action_plans:plan", args=[contract.pk])
    )
    assert "with your word it stands" in asked.content.decode()
    assert post(client, bench.bidders[1], agree, {"version": "2"}).status_code == 404
    assert post(client, bench.bidders[0], agree, {"version": "2"}).status_code == 302
    page = get(client, bench.manager, reverse("procurement:action_plans:plan", args=[contract.pk]))
    assert "Agreed" in page.content.decode()
    thread = reverse("procurement:threads:procurement", args=[bench.procurement.pk])
    assert "Deliver and claim" in get(client, bench.manager, thread).content.decode()


def test_a_proposal_that_waits_is_linked_for_everybody_who_reads_bids(client):
    bench = evaluated()
    thread = reverse("procurement:threads:procurement", args=[bench.procurement.pk])
    board = reverse("procurement:evaluations:board", args=[bench.procurement.pk])
    proposal = f'href="{reverse("procurement:awards:proposal", args=[bench.procurement.pk])}"'
    before = get(client, bench.officer, board).content.decode()
    assert "Propose the award" in before
    assert "Waiting for approval" not in before
    proposed(bench)
    auditor = actor_for_role(Role.AUDITOR, bench.authority)
    for actor in (bench.officer, bench.evaluator, auditor, bench.approver):
        page = get(client, actor, thread).content.decode()
        assert proposal in page
        assert "Waiting for approval" in page
        page = get(client, actor, board).content.decode()
        assert proposal in page
        assert "Waiting for approval" in page
        assert "Propose the award" not in page
        assert "proposes the award" not in page
    # Somebody who may not read bids sees that it waits, and no link that would be refused.
    page = get(client, bench.manager, thread).content.decode()
    assert "Waiting for approval" in page
    assert proposal not in page


def test_a_gap_in_the_panel_comes_before_the_moderation(client):
    bench = published(asks=(Ask("PLB1"),))
    offered(bench, 0, {"PLB1": "10000"})
    opened(bench)
    given = {row.id: Verdict(3) for row in bench.questions}
    for actor in (bench.evaluator, bench.evaluator2):
        marked_by(bench, actor, opened_bids(bench.tender.pk)[0].id, given)
        with clock.at(AFTER):
            lock_marks(actor=actor, evaluation_id=bench.evaluation.pk)
    address = reverse("procurement:threads:procurement", args=[bench.procurement.pk])
    page = get(client, bench.officer, address).content.decode()
    assert "to moderate" in page
    member = next(
        seat for seat in seats_of(bench.tender.pk) if seat.person_id == bench.evaluator.user_id
    )
    with clock.at(AFTER):
        recuse(actor=bench.officer, member_id=member.member_id, reason="Works for a bidder.")
    page = get(client, bench.officer, address).content.decode()
    assert "Complete the panel" in page
    assert "Name 1 more evaluator: two people mark each answer." in page
    assert "to moderate" not in page
