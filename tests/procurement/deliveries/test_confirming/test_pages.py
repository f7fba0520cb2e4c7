"""The pages of a confirmation: for the group, the supplier and the officer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from procurement.deliveries.models import Claim, Confirmation
from procurement.deliveries.vocabulary import ConfirmationState
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import user_with_role
from tests.procurement.deliveries.test_confirming.steps import SCHOOL

pytestmark = pytest.mark.django_db


def test_the_page_says_it_in_plain_words_and_opening_it_uses_nothing_up(client, w, bare, ask):
    Claim.objects.filter(pk=bare.pk).update(postcode_district="CV6")
    token = ask()
    address = reverse("procurement:deliveries:confirm", args=[token])
    for _ in range(3):
        page = client.get(address)
        assert page.status_code == 200
    text = page.text
    for words in (
        w.supplier.name,
        w.authority.name,
        "10 hours",
        "1 April 2025 to 30 June 2025",
        "CV6",
    ):
        assert words in text
    assert "Ten hours at the library." in text
    assert "£" not in text
    assert page["Cache-Control"] == "private, no-store"
    assert Confirmation.objects.get().answer == "waiting"


def test_an_answer_by_hand(client, bare, ask):
    token = ask()
    address = reverse("procurement:deliveries:confirm", args=[token])
    wrong = client.post(address, {"answer": "disputed", "role": "Head teacher"})
    assert wrong.status_code == 422
    assert "Enter what differs from what is said above" in wrong.text
    assert "Head teacher" in wrong.text
    done = client.post(address, {"answer": "confirmed", "role": "Head teacher"}, follow=True)
    assert "confirmed what" in done.text
    assert Confirmation.objects.get().answer == "confirmed"
    again = client.post(address, {"answer": "disputed", "role": "X", "words": "No"})
    assert again.status_code == 409
    assert "Your answer was not kept" in again.text
    assert "An answer is given once" in again.text
    assert "<form" not in client.get(address).text.split("<main", 1)[1].split("</main>", 1)[0]


def test_an_unknown_link_is_no_page(client):
    assert client.get(reverse("procurement:deliveries:confirm", args=["x" * 43])).status_code == 404


def test_asking_and_cancelling_by_hand(supplier, w, bare):
    claim_url = reverse("procurement:deliveries:claim", args=[bare.pk])
    ask_url = reverse("procurement:deliveries:ask_confirmation", args=[bare.pk])
    assert ask_url in supplier.get(claim_url).text
    wrong = supplier.post(ask_url, {"group": "", "email": "nobody"})
    assert "Enter one e-mail address" in wrong.text
    done = supplier.post(ask_url, {"group": "Foleshill School", "email": SCHOOL}, follow=True)
    assert "Foleshill School is asked." in done.text
    assert ConfirmationState.OPEN.label in done.text
    cancel_url = reverse(
        "procurement:deliveries:cancel_confirmation", args=[Confirmation.objects.get().pk]
    )
    assert cancel_url in done.text
    done = supplier.post(cancel_url, {"next": claim_url}, follow=True)
    assert "Its link no longer works." in done.text


def test_the_officer_reads_the_claim_and_asks_nobody(client, w, bare):
    client.force_login(user_with_role(Role.PROCUREMENT_OFFICER, w.authority))
    ask_url = reverse("procurement:deliveries:ask_confirmation", args=[bare.pk])
    assert ask_url not in client.get(reverse("procurement:deliveries:claim", args=[bare.pk])).text
    assert client.get(ask_url).status_code == 403
