"""The files of an update: kept before anything is read, chosen again, added to a claim that is sent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.deliveries import services
from procurement.deliveries.models import Claim, Evidence
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import user_with_role
from tests.factories.deliveries import PDF, QUARTER, claim, world
from tests.procurement.deliveries.test_update_pages.steps import pdf, press, sent_on

pytestmark = pytest.mark.django_db


def test_files_are_kept_before_anything_is_read_and_go_with_their_claim(supplier, w) -> None:
    answer = press(
        supplier, w, "check", hours__quantity="lots", hours__file=pdf(), yes__file=pdf("yes.pdf")
    )
    assert answer.status_code == 422
    assert "letter.pdf" in answer.content.decode()
    first, second = Evidence.objects.order_by("pk")
    assert [(row.commitment_id, row.quarter) for row in (first, second)] == [
        (w.hours.pk, QUARTER),
        (w.yes.pk, QUARTER),
    ]
    again = press(supplier, w, "check", hours__quantity="1", hours__evidence=[str(first.pk)])
    assert "1 file" in again.content.decode()
    press(supplier, w, "send", sent_on(again))
    assert [row.pk for row in Claim.objects.get().evidence.all()] == [first.pk]


def test_a_page_sent_twice_keeps_its_file_once_and_for_each_commitment(supplier, w) -> None:
    for _ in range(2):
        press(supplier, w, "check", hours__quantity="4", hours__file=pdf())
    assert [file.commitment_id for file in Evidence.objects.all()] == [w.hours.pk]
    press(supplier, w, "check", share__file=pdf())
    sent = claim(w.claimant, w.hours)
    Evidence.objects.filter(commitment=w.hours).update(claim=sent)
    press(supplier, w, "check", hours__quantity="4", hours__file=pdf())
    assert Evidence.objects.filter(commitment__isnull=False).count() == 3


def test_a_file_that_is_unticked_is_left_out_and_a_foreign_one_is_refused(supplier, w) -> None:
    other = world()
    foreign = services.add_evidence(
        actor=other.claimant, contract_id=other.contract.pk, name="secret.pdf", content=PDF
    )
    press(supplier, w, "save", hours__quantity="1", hours__file=pdf())
    answer = press(
        supplier, w, "send", version="1", hours__quantity="1", hours__evidence=[str(foreign.pk)]
    )
    assert answer.status_code == 422
    press(supplier, w, "send", hours__quantity="1")
    assert Claim.objects.get().evidence.count() == 0


def test_a_wrong_file_is_said_beside_its_row_and_the_right_one_is_kept(supplier, w) -> None:
    answer = press(
        supplier,
        w,
        "check",
        hours__quantity="1",
        hours__file=[pdf("good.pdf"), pdf("bad.pdf", b"MZ\x00")],
    )
    assert answer.status_code == 422
    assert "bad.pdf" in str(answer.context["form"].errors[f"c{w.hours.pk}-file"])
    assert "good.pdf" in answer.content.decode()


def test_a_photo_is_added_to_a_claim_that_is_sent(supplier, w) -> None:
    sent = services.submit_claim(
        actor=supplier.actor,
        commitment_id=w.hours.pk,
        quarter=QUARTER,
        quantity=Decimal(1),
        submission_key="s",
    )
    waiting = supplier.get(
        reverse("procurement:deliveries:inbox"), {"show": "waiting"}
    ).content.decode()
    url = reverse("procurement:deliveries:photo", args=[sent.pk])
    assert "No evidence yet" in waiting
    assert url in waiting
    page = supplier.get(url).content.decode()
    assert 'capture="environment"' in page
    assert supplier.post(url, {}).status_code == 422
    assert supplier.post(url, {"photo": pdf("bad.pdf", b"MZ\x00")}).status_code == 422
    answer = supplier.post(url, {"photo": pdf("good.pdf"), "has_consent": "on"})
    assert answer.url == reverse("procurement:deliveries:claim", args=[sent.pk])
    assert [row.has_consent for row in sent.evidence.all()] == [True]


def test_a_photo_is_only_for_the_supplier_and_an_open_claim(client, supplier, w) -> None:
    sent = claim(w.claimant, w.hours)
    url = reverse("procurement:deliveries:photo", args=[sent.pk])
    services.withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=1)
    assert supplier.get(url).status_code == 302
    assert supplier.post(url, {"photo": pdf()}).status_code == 409
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    assert client.get(url).status_code == 404
    assert client.post(url, {"photo": pdf()}).status_code == 404
    assert sent.evidence.count() == 1
