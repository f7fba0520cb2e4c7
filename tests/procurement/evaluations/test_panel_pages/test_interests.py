"""The page of interests: declared supplier by supplier, decided with a reason."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from procurement.evaluations.models import EvaluationInterest
from procurement.evaluations.queries import wording_of
from procurement.evaluations.services import add_panel_member, set_wording
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import WRITTEN, published
from tests.procurement.evaluations.test_panel_pages.steps import at, client_of, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare():
    """Evaluator 1 is on a panel and has declared nothing."""
    found = published(panel=False)
    with clock.at(WRITTEN):
        add_panel_member(
            actor=found.officer,
            tender_id=found.tender.pk,
            person_id=found.evaluator.person_id,
            role="evaluator",
        )
    return found


def test_nothing_is_chosen_and_one_tick_says_none(bare):
    client = client_of(bare.evaluator)
    page = client.get(at(bare, "declare"))
    assert "checked" not in page.content.decode()
    for bidder in bare.bidders:
        assert bidder.organisation_name in text(page)
    assert client.post(at(bare, "declare"), {"none_at_all": "on"}).status_code == 302
    assert [row.has_interest for row in EvaluationInterest.objects.all()] == [False, False]


def test_supplier_by_supplier(bare):
    client = client_of(bare.evaluator)
    first, second = (row.organisation_id for row in bare.bidders)
    answer = client.post(
        at(bare, "declare"),
        {f"interest_{first}": "yes", f"text_{first}": "", f"text_{second}": "x"},
    )
    assert answer.status_code == 422
    page = text(answer)
    assert f"Say what your interest in {bare.bidders[0].organisation_name} is" in page
    assert f"Select whether you have an interest in {bare.bidders[1].organisation_name}" in page
    assert EvaluationInterest.objects.count() == 0
    answer = client.post(
        at(bare, "declare"),
        {f"interest_{first}": "yes", f"text_{first}": "My wife owns it.", "none_at_all": "on"},
    )
    assert "they contradict each other" in text(answer)
    assert "My wife owns it." in text(answer)
    client.post(
        at(bare, "declare"),
        {
            f"interest_{first}": "yes",
            f"text_{first}": "My wife owns it.",
            f"interest_{second}": "no",
            f"text_{second}": "left over",
        },
    )
    rows = EvaluationInterest.objects.order_by("supplier_id")
    assert [(row.has_interest, row.text) for row in rows] == [
        (True, "My wife owns it."),
        (False, ""),
    ]


def test_an_interest_is_read_by_those_who_decide_and_decided_with_a_reason(bare):
    first, second = (row.organisation_id for row in bare.bidders)
    client_of(bare.evaluator).post(
        at(bare, "declare"),
        {
            f"interest_{first}": "yes",
            f"text_{first}": "My wife owns it.",
            f"interest_{second}": "no",
        },
    )
    interest = EvaluationInterest.objects.get(has_interest=True)
    words = "My wife owns it."
    for actor, sees in (
        (bare.officer, True),
        (bare.approver, True),
        (bare.evaluator, True),
        (bare.evaluator2, False),
    ):
        assert (words in text(client_of(actor).get(at(bare, "panel")))) is sees, actor
    assert client_of(bare.evaluator).get(at(bare, "decide", interest.pk)).status_code == 403
    officer = client_of(bare.officer)
    assert words in text(officer.get(at(bare, "decide", interest.pk)))
    answer = officer.post(at(bare, "decide", interest.pk), {"decision": "recused"})
    assert "Enter the reason for this decision" in text(answer)
    officer.post(at(bare, "decide", interest.pk), {"decision": "recused", "reason": "Too close."})
    assert "Recused" in text(officer.get(at(bare, "panel")))
    assert client_of(bare.evaluator).get(at(bare, "declare")).status_code == 403


def test_only_the_panel_declares(bare):
    for actor, status in ((bare.officer, 403), (bare.manager, 403), (bare.bidders[0], 403)):
        assert client_of(actor).get(at(bare, "declare")).status_code == status


def test_the_wording_is_changed_under_its_version(bare):
    owner = actor_for_role(Role.POLICY_OWNER, bare.authority)
    address = reverse("procurement:evaluations:wording")
    client = client_of(owner)
    assert "standard wording" in text(client.get(address))
    assert address in text(client.get(reverse("procurement:policies:list")))
    assert address not in text(client_of(bare.evaluator).get(reverse("procurement:policies:list")))
    set_wording(actor=bare.officer, text="Say all.", expected_version=0)
    answer = client.post(address, {"text": "Say it all.", "version": "0"})
    assert answer.status_code == 409
    assert "Say it all." in text(answer)
    assert "Say all." in text(answer)
    version = re.search(r'name="version" value="(\d+)"', answer.content.decode())[1]
    assert client.post(address, {"text": "Say it all.", "version": version}).status_code == 302
    assert wording_of(bare.authority.pk).text == "Say it all."
    for actor in (bare.evaluator, bare.manager, bare.bidders[0]):
        assert client_of(actor).get(address).status_code == 403
    assert "Say it all." in text(client_of(bare.evaluator).get(at(bare, "declare")))
