"""What the demonstration tells of running contracts, from a part of its stories, entered once for this file."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from procurement.action_plans import queries as plans
from procurement.awards import queries as awards
from procurement.deliveries import queries as deliveries
from procurement.deliveries.models import (
    Claim,
    Confirmation,
    Contribution,
    Delegation,
    NilReturn,
    SharedDelivery,
)
from procurement.remedies.models import (
    ChangeRequest,
    KpiRating,
    OversightCost,
    RemedyDecision,
    Shortfall,
)
from procurement.remedies.queries import kpis_of, plans_awaited, requests_awaiting
from procurement.reminders.queries import rule_of
from procurement.verifications.models import Verification
from procurement.verifications.queries import queue_rows, sampling_page
from procurement.verifications.vocabulary import Sampled
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.demo import seed
from socialvalue.demo.people import Cast
from socialvalue.demo.stories import STORIES
from socialvalue.demo.stories.running import KPIS, SHORTFALLS

PLAYED = {
    "highways", "home-care", "street-lighting", "school-catering", "school-extension", "cleaning",
    "respite", "museum-chairs", "skills-study",
}  # fmt: skip


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker):
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr(seed, "STORIES", tuple(s for s in STORIES if s.key in PLAYED))
        seed.seed(lambda line: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def cast(played, db):
    return Cast()


@pytest.fixture
def manager(cast):
    return cast.at("warwickshire", Role.CONTRACT_MANAGER)


def contract(manager, title):
    return next(row for row in awards.contracts_for(manager) if row.title.startswith(title))


@pytest.mark.parametrize("title", ["Highways maintenance", "Home care"])
def test_a_plan_names_who_answers_on_both_sides_and_both_agreed_it(manager, title):
    found = contract(manager, title)
    view = plans.plan_of(manager, found.pk)
    assert view.is_agreed
    assert all(party.at for party in view.parties)
    rows = plans.milestones_of([found.pk])
    assert rows
    assert all(row.owner and row.authority_owner and row.evidence for row in rows)


def test_nothing_was_delivered_in_a_quarter_and_the_supplier_says_so(manager):
    rows = NilReturn.objects.select_related("commitment")
    assert {row.contract.title.split(",")[0] for row in rows} == {
        "Highways maintenance",
        "School catering",
    }
    for row in rows:
        assert row.reason
        assert not Claim.objects.filter(
            commitment_id=row.commitment_id, quarter=row.quarter
        ).exists()


def test_one_apprentice_counts_on_contracts_of_two_authorities_and_no_more_than_once(cast):
    shared = SharedDelivery.objects.get()
    assert shared.allocated == shared.quantity
    parts = shared.allocations.select_related("claim__authority")
    assert {part.claim.authority.slug for part in parts} == {"warwickshire", "birmingham"}


def test_a_site_handed_in_by_its_link_and_another_link_was_ended(cast):
    [figure] = Contribution.objects.filter(claim=None)
    assert figure.delegation.site == "Southern depot"
    assert figure.delegation.ended_at is None
    assert Delegation.objects.exclude(ended_at=None).count() == 1


def test_a_group_confirmed_one_differs_and_one_has_not_answered(cast):
    answers = set(Confirmation.objects.values_list("answer", flat=True))
    assert answers == {"confirmed", "disputed", "waiting"}
    alone = Confirmation.objects.filter(answer="confirmed", claim__evidence=None)
    assert deliveries.has_evidence([row.claim_id for row in alone]) == {
        row.claim_id for row in alone
    }


def test_a_sample_is_drawn_by_a_recorded_seed_and_a_batch_can_be_ticked(manager):
    page = sampling_page(manager)
    assert page.in_force is not None
    assert page.seeds
    rows = queue_rows(manager, deliveries.claims_awaiting(manager))
    assert {row.draw.sampled for row in rows} >= {Sampled.NOT_DRAWN, Sampled.ABOVE}
    assert sum(row.may_tick for row in rows) >= 10
    decided = Verification.objects.filter(claim__authority_id=manager.organisation_id)
    assert decided.filter(sampled=Sampled.NOT_DRAWN).exists()


def test_shortfalls_stand_at_every_stage_and_one_remedy_is_decided_by_another_person(cast):
    assert set(Shortfall.objects.values_list("status", flat=True)) == {
        "open",
        "rectifying",
        "remedied",
    }
    assert Shortfall.objects.count() == sum(len(rows) for rows in SHORTFALLS.values())
    decided = RemedyDecision.objects.get(status="approved")
    assert decided.proposed_by_id != decided.decided_by_id
    assert decided.working
    assert decided.amount_pence > 0
    assert RemedyDecision.objects.filter(status="proposed").count() == 1


def test_a_change_is_agreed_and_one_waits_on_each_side(cast, manager):
    assert ChangeRequest.objects.get(status="agreed").change.quantity_after == Decimal(420)
    assert len(requests_awaiting(manager)) == 1
    supplier = cast.supplier("puddlestone")
    assert len(requests_awaiting(supplier)) == 1
    assert len(plans_awaited(supplier)) == 1


def test_kpis_of_a_contract_over_five_million_pounds_are_rated_by_the_year(manager):
    found = contract(manager, "Extension of a primary school")
    assert found.value > 5_000_000
    page = kpis_of(manager, found.pk)
    assert len(page.kpis) == 3
    assert "section 52" in page.law
    given = sum(len(kpi.ratings) for rows in KPIS.values() for kpi in rows)
    assert 0 < KpiRating.objects.count() <= given


def test_overseeing_has_its_cost_and_reminders_are_set(manager):
    assert OversightCost.objects.filter(contract=None).exists()
    assert OversightCost.objects.exclude(contract=None).exists()
    rule = rule_of(manager)
    assert rule.from_date is not None
    assert rule.from_date < clock.today()
    assert rule.timing.sentence.startswith("21 days and 7 days before")


def test_no_text_of_it_names_a_sum():
    """Pages that show counts only could not leave it out."""
    texts = repr((SHORTFALLS, KPIS))
    assert "£" not in texts
