"""What becomes of a confirmation when its claim changes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.deliveries.models import Evidence
from procurement.deliveries.queries import claim_for, has_evidence
from procurement.deliveries.services import mark_returned, mark_verified, resubmit_claim
from procurement.verifications.services import verify_claim
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict
from tests.factories.accounts import user_with_role
from tests.factories.deliveries import claim
from tests.procurement.deliveries.test_confirming.steps import say

pytestmark = pytest.mark.django_db


def change(w, bare):
    mark_returned(actor=w.manager, claim_id=bare.pk, expected_version=1, reason="Count again.")
    clock_later = clock.now() + timedelta(hours=1)
    with clock.at(clock_later):
        resubmit_claim(
            actor=w.claimant,
            claim_id=bare.pk,
            expected_version=2,
            quantity=Decimal(4),
            narrative="Four.",
        )


def test_a_changed_claim_is_not_confirmed_by_an_earlier_yes(w, bare, ask):
    say(ask())
    change(w, bare)
    assert has_evidence([bare.pk]) == set()
    (shown,) = claim_for(w.manager, bare.pk).confirmations
    assert (shown.is_proof, shown.label) == (False, "Confirmed, before the claim changed")


def test_a_question_about_what_is_claimed_no_more_closes(w, bare, ask, client):
    token = ask()
    change(w, bare)
    with pytest.raises(Conflict, match="has changed since you were asked"):
        say(token)
    text = client.get(reverse("procurement:deliveries:confirm", args=[token])).text
    assert "has changed since you were asked" in text
    assert "Four." not in text
    ask()


def test_a_verified_claim_keeps_its_confirmation(w, bare, ask):
    say(ask())
    mark_verified(actor=w.manager, claim_id=bare.pk, expected_version=1)
    assert has_evidence([bare.pk]) == {bare.pk}
    (shown,) = claim_for(w.manager, bare.pk).confirmations
    assert shown.is_proof


def test_who_corrects_a_verified_claim_sees_what_the_group_said(w, bare, ask, client):
    say(ask())
    verify_claim(actor=w.manager, claim_id=bare.pk, expected_version=bare.version)
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    page = client.get(reverse("procurement:verifications:correct", args=[bare.pk]))
    text = page.content.decode()
    assert (page.status_code, "Foleshill School, Head teacher" in text) == (200, True)
    assert "No evidence yet." not in text


def test_a_confirmed_claim_is_shown_as_evidenced_wherever_its_evidence_is_told(
    w, bare, ask, client
):
    """Before the answer every page says that nothing shows it; after it none does, and none asks for a photo."""
    client.force_login(user_with_role(Role.SUPPLIER_CONTRIBUTOR, w.supplier))
    update = reverse("procurement:deliveries:update", args=[w.contract.pk, "2025-04-01"])
    waiting = f"{reverse('procurement:deliveries:inbox')}?show=waiting"
    photo = reverse("procurement:deliveries:photo", args=[bare.pk])
    claims = reverse("procurement:deliveries:claims")

    nothing = {
        update: "No evidence yet.",
        waiting: "No evidence yet</span>",
        photo: "No evidence yet.",
        claims: "No evidence</span>",
    }

    def says(address):
        return client.get(address).content.decode()

    for address, words in nothing.items():
        assert words in says(address), address
    assert photo in says(waiting)
    token = ask()
    for address, words in nothing.items():
        assert words in says(address), "a question is no answer"
    say(token)
    for address, words in nothing.items():
        text = says(address)
        assert words not in text, address
        assert "Confirmed by who benefited" in text, address
    assert photo not in says(waiting)
    verify_claim(actor=w.manager, claim_id=bare.pk, expected_version=bare.version)
    assert nothing[update] not in says(update)


def test_a_file_whose_time_is_over_is_no_evidence_of_a_claim_that_waits(w):
    made = claim(w.claimant, w.hours)
    assert claim_for(w.claimant, made.pk).has_evidence
    Evidence.objects.filter(claim=made).update(removed_at=clock.now())
    assert not claim_for(w.claimant, made.pk).has_evidence
    assert has_evidence([made.pk]) == set()
