"""One promise from what was asked to what was proved, and who may follow it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from procurement.action_plans.services import start_plan
from procurement.awards.queries import commitments_of
from procurement.threads.queries import lineage
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotVisible
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.awards import awarded, evaluated
from tests.factories.evaluations import AFTER, reference_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench():
    reference_data()
    return evaluated()


@pytest.fixture
def contract(bench):
    found = awarded(bench)
    with clock.at(AFTER):
        start_plan(actor=SYSTEM, contract_id=found.pk)
    return found


def test_a_promise_leads_back_to_what_was_asked_and_on_to_the_ledger(bench, contract):
    for commitment in commitments_of(contract.pk):
        line = lineage(bench.officer, commitment.id)
        assert line.requirement.measure == line.offered.measure == commitment.measure
        assert line.requirement.id in {row.id for row in bench.requirements.values()}
        assert (line.offered.quantity, line.offered.working) == (
            commitment.quantity,
            commitment.working,
        )
        assert sum(row.quantity for row in line.milestones) == commitment.quantity
        committed, *delivered = line.standings
        assert committed.value == commitment.value
        assert (committed.quantity, committed.entries) == (
            commitment.quantity,
            len(line.milestones),
        )
        assert [row.basis for row in delivered] == ["claimed", "evidenced", "verified"]
        assert ([row.entries for row in delivered], line.claims.count()) == ([0, 0, 0], 0)


def test_both_sides_of_the_contract_follow_it_and_nobody_else(bench, contract):
    (commitment, *_) = commitments_of(contract.pk)
    winner = next(b for b in bench.bidders if b.organisation_id == contract.supplier_id)
    loser = next(b for b in bench.bidders if b.organisation_id != contract.supplier_id)
    assert not lineage(winner, commitment.id).is_buying
    assert lineage(bench.officer, commitment.id).is_buying
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, AuthorityFactory())
    for actor in (loser, stranger):
        with pytest.raises(NotVisible):
            lineage(actor, commitment.id)
    with pytest.raises(NotVisible):
        lineage(bench.officer, 10**9)


def test_the_winners_page_names_no_other_bidder(client, bench, contract):
    (commitment, *_) = commitments_of(contract.pk)
    winner = next(b for b in bench.bidders if b.organisation_id == contract.supplier_id)
    others = [b.organisation_name for b in bench.bidders if b is not winner]
    client.force_login(User.objects.get(pk=winner.user_id))
    page = client.get(reverse("procurement:threads:commitment", args=[commitment.id]))
    body = page.content.decode()
    assert page.status_code == 200
    assert commitment.measure.title in body
    assert "In the winning bid" in body
    assert not [name for name in others if name in body]
    assert "Open the tender" not in body


def test_as_many_queries_whatever_the_number_of_commitments(
    bench, contract, django_assert_max_num_queries
):
    (commitment, *_) = commitments_of(contract.pk)
    with django_assert_max_num_queries(30):
        lineage(bench.officer, commitment.id)
