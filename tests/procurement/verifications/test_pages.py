"""The verify queue: dense, quick, and only for those who decide."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from procurement.deliveries.models import Claim
from procurement.deliveries.services import resubmit_claim, withdraw_claim
from procurement.ledger.models import LedgerEntry
from procurement.ledger.vocabulary import Basis
from procurement.verifications.services import (
    correct_claim,
    reject_claim,
    return_claim,
    verify_claim,
)
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import user_with_role
from tests.factories.deliveries import claim, world

pytestmark = pytest.mark.django_db
QUEUE = "/verify/"


@pytest.fixture
def manager(client, w):
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    return client


def test_ten_claims_are_verified_with_twelve_clicks_and_no_field(manager, w) -> None:
    for _ in range(10):
        claim(w.claimant, w.hours)
    clicks = 1  # "Verify" in the navigation
    page = manager.get(reverse("procurement:verifications:queue"))
    while page.context["rows"]:
        shown = page.context["rows"][0].claim
        url = reverse("procurement:verifications:verify", args=[shown.id])
        assert f'action="{url}"' in page.content.decode()
        page = manager.post(url, {"version": shown.version, "next": QUEUE}, follow=True)
        clicks += 1
    assert clicks <= 12
    assert Claim.objects.filter(status="verified").count() == 10


def test_the_queue_is_oldest_first_with_the_evidence_beside_it(manager, w) -> None:
    first, second = claim(w.claimant, w.hours), claim(w.claimant, w.hours)
    page = manager.get(QUEUE)
    assert [row.claim.id for row in page.context["rows"]] == [first.pk, second.pk]
    assert page.content.decode().count("letter.pdf") == 2


def test_every_claim_in_the_queue_has_a_name_of_its_own(manager, w) -> None:
    """The same measure twice: supplier, quarter and number tell the two apart."""
    claim(w.claimant, w.hours)
    claim(w.claimant, w.hours)
    text = manager.get(reverse("procurement:verifications:queue")).content.decode()
    names = re.findall(r'<article[^>]* aria-label="([^"]+)"', text)
    assert len(set(names)) == len(names) >= 2
    assert all(w.supplier.name in name and "quarter 1" in name for name in names)
    assert f"quarter 1 {w.supplier.name}" in " ".join(strip_tags(text).split())


def test_the_queue_holds_nothing_of_another_authority(manager, w) -> None:
    other = world()
    theirs = claim(other.claimant, other.hours)
    page = manager.get(QUEUE)
    assert "Nothing waits for you" in page.content.decode()
    assert manager.get(f"{QUEUE}?status=all").context["rows"] == []
    for name in ("decide", "verify", "correct"):
        url = reverse(f"procurement:verifications:{name}", args=[theirs.pk])
        assert (
            manager.post(
                url, {"version": 1, "decision": "verified", "quantity": 1, "reason": "x"}
            ).status_code
            == 404
        )
    theirs.refresh_from_db()
    assert theirs.status == "submitted"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PROCUREMENT_OFFICER])
def test_the_queue_is_for_contract_managers(client, w, role) -> None:
    sent = claim(w.claimant, w.hours)
    client.force_login(user_with_role(role, w.authority))
    assert client.get(QUEUE).status_code == 403
    assert client.post(f"{QUEUE}{sent.pk}/verify/", {"version": 1}).status_code == 403


def test_the_supplier_cannot_reach_the_queue(client, w) -> None:
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN, w.supplier))
    assert client.get(QUEUE).status_code == 403


def test_pressing_verify_on_a_stale_page_is_a_conflict(manager, w) -> None:
    sent = claim(w.claimant, w.hours)
    verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    assert manager.post(f"{QUEUE}{sent.pk}/verify/", {"version": 1}).status_code == 409
    assert manager.post(f"{QUEUE}{sent.pk}/verify/", {}).status_code == 409
    assert LedgerEntry.objects.filter(basis=Basis.VERIFIED).count() == 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Select whether you verify, return or reject the claim"),
        ({"decision": "returned"}, "Enter the reason, so that the supplier knows what to do"),
        ({"decision": "verified", "quantity": "8"}, "Enter the reason for accepting less"),
        ({"decision": "verified", "quantity": "11", "reason": "x"}, "Enter 10 or less"),
        ({"decision": "verified", "quantity": "ten"}, "must be a number"),
    ],
)
def test_a_decision_with_a_fault_says_how_to_mend_it(manager, w, sent, sentence) -> None:
    waiting = claim(w.claimant, w.hours)
    answer = manager.post(f"{QUEUE}{waiting.pk}/", {"version": 1, **sent})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    waiting.refresh_from_db()
    assert waiting.status == "submitted"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"decision": "verified", "quantity": "10"}, "verified"),
        ({"decision": "verified", "quantity": "8", "reason": "Two twice."}, "verified"),
        ({"decision": "returned", "reason": "Which library?"}, "returned"),
        ({"decision": "rejected", "reason": "Not ours."}, "rejected"),
    ],
)
def test_a_decision_leads_back_to_the_queue(manager, w, sent, status) -> None:
    waiting = claim(w.claimant, w.hours)
    assert manager.get(f"{QUEUE}{waiting.pk}/").status_code == 200
    answer = manager.post(f"{QUEUE}{waiting.pk}/", {"version": 1, **sent})
    assert answer.url == QUEUE
    waiting.refresh_from_db()
    assert waiting.status == status
    text = manager.get(f"/deliveries/{waiting.pk}/").content.decode()
    assert sent.get("reason", "Verified the claim") in text
    assert ("Accepted" in text) == (sent.get("quantity") == "8")


def test_what_was_accepted_stands_under_what_was_claimed(manager, w) -> None:
    sent = claim(w.claimant, w.hours)
    share = claim(w.claimant, w.share, quantity=Decimal(30), denominator=Decimal(50))
    verify_claim(
        actor=w.manager,
        claim_id=sent.pk,
        expected_version=1,
        quantity=Decimal(8),
        reason="Two twice.",
    )
    verify_claim(actor=w.manager, claim_id=share.pk, expected_version=1)

    def accepted(pk: int) -> str:
        return manager.get(f"/deliveries/{pk}/").context["shown"].accepted

    assert accepted(sent.pk) == "8 hours"
    assert accepted(share.pk) == ""
    correct_claim(actor=w.manager, claim_id=sent.pk, quantity=Decimal(4), reason="Miscounted.")
    correct_claim(
        actor=w.manager,
        claim_id=share.pk,
        quantity=Decimal(20),
        denominator=Decimal(50),
        reason="Ten twice.",
    )
    assert accepted(sent.pk) == "4 hours"
    assert accepted(share.pk) == "20 of 50 (40%)"
    correct_claim(
        actor=w.manager, claim_id=sent.pk, quantity=Decimal(10), reason="Right after all."
    )
    assert accepted(sent.pk) == ""


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        (
            lambda w, pk: verify_claim(
                actor=w.manager, claim_id=pk, expected_version=1, quantity=Decimal(8), reason="Two twice."
            ),
            "verified this claim on 15 August 2025, 10am, 8 hours accepted. Reason given: Two twice.",
        ),
        (
            lambda w, pk: return_claim(
                actor=w.manager, claim_id=pk, expected_version=1, reason="Which library?"
            ),
            "returned this claim on 15 August 2025, 10am. Reason given: Which library?",
        ),
        (
            lambda w, pk: withdraw_claim(actor=w.claimant, claim_id=pk, expected_version=1),
            "withdrew this claim on 15 August 2025, 10am. There is nothing left to decide.",
        ),
    ],
)  # fmt: skip
def test_who_decides_second_reads_who_was_first_and_keeps_the_reason(
    manager, w, deed, told
) -> None:
    sent = claim(w.claimant, w.hours)
    deed(w, sent.pk)
    typed = {"version": 1, "decision": "rejected", "reason": "My long reason."}
    answer = manager.post(f"{QUEUE}{sent.pk}/", typed)
    text = " ".join(unescape(strip_tags(answer.content.decode())).split())
    assert answer.status_code == 409
    who = w.supplier.name if "withdrew" in told else str(User.objects.get(pk=w.manager.user_id))
    assert f"{who} {told}" in text
    assert "What you wrote, which is not saved Decision Reject it Reason My long reason." in text
    assert "Save decision" not in text
    pressed = manager.post(f"{QUEUE}{sent.pk}/verify/", {"version": 1, "next": QUEUE})
    assert pressed.status_code == 409
    assert told in unescape(pressed.content.decode())
    assert f'href="{QUEUE}"' in pressed.content.decode()
    assert Claim.objects.get().status != "rejected"


def test_a_decision_on_a_claim_sent_again_meanwhile_can_be_made_again(manager, w) -> None:
    sent = claim(w.claimant, w.hours)
    return_claim(actor=w.manager, claim_id=sent.pk, expected_version=1, reason="Which library?")
    resubmit_claim(
        actor=w.claimant, claim_id=sent.pk, expected_version=2, quantity=Decimal(9), narrative="Nine."
    )  # fmt: skip
    typed = {"version": 1, "decision": "returned", "reason": "Which library, again?"}
    answer = manager.post(f"{QUEUE}{sent.pk}/", typed)
    assert answer.status_code == 409
    assert "sent this claim again on 15 August 2025, 10am" in answer.content.decode()
    assert "Which library, again?" in answer.content.decode()
    version = answer.context["form"]["version"].value()
    assert manager.post(f"{QUEUE}{sent.pk}/", typed | {"version": version}).status_code == 302


def test_a_second_correction_says_who_made_the_first_and_can_be_made_again(manager, w) -> None:
    done = claim(w.claimant, w.hours)
    verify_claim(actor=w.manager, claim_id=done.pk, expected_version=1)
    url = f"{QUEUE}{done.pk}/correct/"
    first = {"version": 2, "quantity": "4", "reason": "Miscounted."}
    assert manager.post(url, first).status_code == 302
    second = first | {"quantity": "5", "reason": "One more."}
    answer = manager.post(url, second)
    assert answer.status_code == 409
    assert "You corrected this claim on 15 August 2025, 10am, 4 hours accepted" in (
        answer.content.decode()
    )
    assert "One more." in answer.content.decode()
    version = answer.context["form"]["version"].value()
    assert manager.post(url, second | {"version": version}).status_code == 302


def test_a_decision_says_what_happened(manager, w) -> None:
    sent = claim(w.claimant, w.hours)
    typed = {"version": 1, "decision": "returned", "reason": "Which library?"}
    page = manager.post(f"{QUEUE}{sent.pk}/", typed, follow=True)
    assert f"Claim {sent.pk} is returned." in page.content.decode()


def test_the_promise_and_other_claims_stand_beside_the_decision(manager, w) -> None:
    first = claim(w.claimant, w.hours)
    verify_claim(actor=w.manager, claim_id=first.pk, expected_version=1)
    rejected = claim(w.claimant, w.hours)
    reject_claim(actor=w.manager, claim_id=rejected.pk, expected_version=1, reason="Twice.")
    elsewhere = claim(w.claimant, w.hours, quarter=date(2025, 7, 1))
    sent = claim(w.claimant, w.hours)
    page = manager.get(f"{QUEUE}{sent.pk}/")
    beside = page.context["shown"].beside
    assert [other.id for other in beside.others] == [first.pk]
    assert elsewhere.pk not in {other.id for other in beside.others}
    assert (beside.in_quarter, beside.in_all, beside.verified) == ("", "100 hours", "10 hours")
    assert f"Claim {first.pk}" in page.content.decode()


def test_a_verified_figure_is_corrected_on_a_page_of_its_own(manager, w) -> None:
    done = claim(w.claimant, w.hours)
    verify_claim(actor=w.manager, claim_id=done.pk, expected_version=1)
    assert f"{QUEUE}{done.pk}/correct/" in manager.get(f"{QUEUE}?status=verified").content.decode()
    page = manager.get(f"{QUEUE}{done.pk}/correct/")
    assert page.context["form"]["quantity"].value() == "10"
    answer = manager.post(
        f"{QUEUE}{done.pk}/correct/", {"version": 2, "quantity": "4", "reason": "Miscounted."}
    )
    assert answer.url == f"/deliveries/{done.pk}/"
    text = manager.get(answer.url).content.decode()
    assert "reverses entry" in text
    assert "Miscounted." in text


def test_more_than_was_claimed_is_refused_beside_its_box_or_asked_about(manager, w) -> None:
    hours, share = (
        claim(w.claimant, w.hours),
        claim(w.claimant, w.share, quantity=Decimal(30), denominator=Decimal(50)),
    )
    for done in (hours, share):
        verify_claim(actor=w.manager, claim_id=done.pk, expected_version=1)
    answer = manager.post(
        f"{QUEUE}{hours.pk}/correct/", {"version": 2, "quantity": "11", "reason": "One more."}
    )
    assert answer.status_code == 422
    assert "Enter 10 hours or less" in answer.content.decode()
    assert 'name="is_sure"' not in answer.content.decode()
    url = f"{QUEUE}{share.pk}/correct/"
    typed = {"version": 2, "quantity": "40", "denominator": "50", "reason": "The register."}
    asked = manager.post(url, typed)
    assert asked.status_code == 422
    assert "40 of 50 is more than the supplier claimed, 30 of 50" in asked.content.decode()
    assert manager.post(url, typed | {"is_sure": "on"}).status_code == 302


def test_what_is_not_verified_cannot_be_corrected(manager, w) -> None:
    waiting = claim(w.claimant, w.hours)
    opened = manager.get(f"{QUEUE}{waiting.pk}/correct/", follow=True)
    assert opened.redirect_chain == [(f"/deliveries/{waiting.pk}/", 302)]
    assert "Only a verified claim can be corrected" in opened.content.decode()
    answer = manager.post(
        f"{QUEUE}{waiting.pk}/correct/", {"version": 1, "quantity": "4", "reason": "x"}
    )
    assert answer.status_code == 409


def test_as_many_queries_for_one_claim_as_for_many(manager, w) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert manager.get(QUEUE).status_code == 200
        return len(seen)

    claim(w.claimant, w.hours)
    count()
    one = count()
    for _ in range(6):
        claim(w.claimant, w.hours)
    assert count() == one
