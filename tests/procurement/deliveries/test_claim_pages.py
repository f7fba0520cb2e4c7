"""Mending and withdrawing a claim, its page and its evidence: nothing leaks."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from procurement.deliveries.services import mark_returned, resubmit_claim
from procurement.deliveries.vocabulary import ClaimStatus
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.errors import Conflict
from tests.factories.accounts import user_with_role
from tests.factories.deliveries import PDF, claim, evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(w):
    sent = claim(w.claimant, w.hours)
    return mark_returned(
        actor=w.manager, claim_id=sent.pk, expected_version=1, reason="Which library?"
    )


def test_a_returned_claim_is_mended_in_three_clicks_and_two_fields(supplier, w, returned) -> None:
    inbox = supplier.get(reverse("procurement:deliveries:inbox")).content.decode()
    mend = reverse("procurement:deliveries:claim_edit", args=[returned.pk])
    assert mend in inbox
    assert "Which library?" in inbox
    page = supplier.get(mend)
    form = page.context["form"]
    assert (form["quantity"].value(), form["narrative"].value()) == (
        "10",
        "Ten hours at the library.",
    )
    answer = supplier.post(
        mend, {"quantity": "8", "narrative": "The central library.", "version": returned.version}
    )
    assert answer.status_code == 302
    returned.refresh_from_db()
    assert (returned.status, returned.quantity) == (ClaimStatus.SUBMITTED, Decimal(8))


def test_a_wrong_file_of_a_returned_claim_is_removed_for_good(
    supplier, w, returned, django_capture_on_commit_callbacks
) -> None:
    wrong, right = returned.evidence.get(), evidence(w.claimant, w.contract)
    elsewhere = claim(w.claimant, w.hours).evidence.get()
    path = wrong.file.name
    mend = reverse("procurement:deliveries:claim_edit", args=[returned.pk])
    sent = {"quantity": "8", "narrative": "The right list.", "version": returned.version}
    refused = supplier.post(mend, sent | {"removed": elsewhere.pk})
    assert refused.status_code == 422, "a file of another claim"
    mistyped = supplier.post(mend, sent | {"removed": wrong.pk, "quantity": "8,5"})
    assert mistyped.context["form"]["removed"].value() == [str(wrong.pk)], "the tick is not lost"
    assert default_storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        answer = supplier.post(mend, sent | {"removed": wrong.pk, "evidence": right.pk})
    assert answer.status_code == 302
    assert list(returned.evidence.all()) == [right]
    assert not default_storage.exists(path)
    assert (
        f"Removed the file {wrong.name} from the claim."
        in supplier.get(answer.url).content.decode()
    )


def test_a_file_stays_when_its_claim_is_not_sent_again(w, returned) -> None:
    wrong = returned.evidence.get()
    with pytest.raises(Conflict):
        resubmit_claim(
            actor=w.claimant, claim_id=returned.pk, expected_version=1, quantity=Decimal(8),
            removed_ids=[wrong.pk],
        )  # fmt: skip
    assert list(returned.evidence.all()) == [wrong]
    assert default_storage.exists(wrong.file.name)


def test_mending_a_claim_that_moved_on_is_a_conflict_that_keeps_what_was_typed(
    supplier, w, returned
) -> None:
    mend = reverse("procurement:deliveries:claim_edit", args=[returned.pk])
    sent = {"quantity": "8", "narrative": "The central library.", "version": returned.version - 1}
    answer = supplier.post(mend, sent)
    assert answer.status_code == 409
    assert "The central library." in answer.content.decode()
    assert answer.context["conflict"].changed["How much was delivered"] == ("10", "8")
    returned.refresh_from_db()
    assert returned.status == ClaimStatus.RETURNED
    again = sent | {"version": answer.context["form"]["version"].value()}
    assert supplier.post(mend, again).status_code == 302
    returned.refresh_from_db()
    assert returned.quantity == Decimal(8)


def test_a_claim_that_is_not_returned_cannot_be_opened_to_mend(supplier, w) -> None:
    sent = claim(w.claimant, w.hours)
    answer = supplier.get(reverse("procurement:deliveries:claim_edit", args=[sent.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("procurement:deliveries:claim", args=[sent.pk]), 302)]
    assert "not returned to you, so it cannot be changed" in answer.content.decode()


def test_mending_what_a_colleague_sent_already_keeps_the_text_and_offers_no_button(
    supplier, w, returned
) -> None:
    mend = reverse("procurement:deliveries:claim_edit", args=[returned.pk])
    first = {"quantity": "8", "narrative": "By a colleague.", "version": returned.version}
    assert supplier.post(mend, first).status_code == 302
    answer = supplier.post(mend, first | {"narrative": "By me."})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "It stands now as: waiting for verification." in text
    assert "By me." in text
    assert "Send claim again" not in text
    assert "See the claim as it stands now" in text


@pytest.mark.parametrize(
    ("version", "code", "status"),
    [("1", 302, "withdrawn"), ("2", 409, "submitted"), ("", 409, "submitted")],
)
def test_withdrawing(supplier, w, version, code, status) -> None:
    sent = claim(w.claimant, w.hours)
    answer = supplier.post(
        reverse("procurement:deliveries:withdraw", args=[sent.pk]), {"version": version}
    )
    sent.refresh_from_db()
    assert (answer.status_code, sent.status) == (code, status)


def test_the_page_of_a_claim_shows_its_sum_entries_and_history_to_both(client, w) -> None:
    sent = claim(w.claimant, w.hours)
    for user in (
        user_with_role(Role.SUPPLIER_ADMIN, w.supplier),
        user_with_role(Role.AUDITOR, w.authority),
    ):
        client.force_login(user)
        text = client.get(reverse("procurement:deliveries:claim", args=[sent.pk])).content.decode()
        for part in (" = £125", "Claimed 10 hours", "Who can see this", "letter.pdf"):
            assert part in text


def test_evidence_can_be_kept_and_never_run(client, w) -> None:
    file = claim(w.claimant, w.hours).evidence.get()
    client.force_login(user_with_role(Role.AUDITOR, w.authority))
    answer = client.get(reverse("procurement:deliveries:evidence", args=[file.pk]))
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in answer.headers["Cache-Control"]


def test_strangers_get_404_for_a_claim_and_its_evidence(client, w) -> None:
    sent = claim(w.claimant, w.hours)
    for role in (Role.CONTRACT_MANAGER, Role.SUPPLIER_ADMIN, Role.REGIONAL_ANALYST):
        client.force_login(user_with_role(role))
        assert (
            client.get(reverse("procurement:deliveries:claim", args=[sent.pk])).status_code == 404
        )
        url = reverse("procurement:deliveries:evidence", args=[sent.evidence.get().pk])
        assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_a_photo_is_shown_beside_the_claim(client, w) -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    file = evidence(w.claimant, w.contract, "photo.png", out.getvalue())
    from procurement.deliveries.services import submit_claim

    sent = submit_claim(
        actor=w.claimant, commitment_id=w.hours.pk, quarter=date(2025, 4, 1), quantity=Decimal(1),
        narrative="x", evidence_ids=[file.pk], submission_key="p",
    )  # fmt: skip
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    page = client.get(reverse("procurement:verifications:decide", args=[sent.pk])).content.decode()
    assert (
        f'src="{reverse("procurement:deliveries:evidence", args=[file.pk])}" alt="photo.png"'
        in page
    )
