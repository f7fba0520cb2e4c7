from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.policies.models import Threshold
from procurement.procurements.models import Procurement, RouteDecision
from procurement.tenders import services
from procurement.tenders.models import (
    Tender,
    TenderInvitation,
    TenderKey,
    TenderQuestion,
    TenderRequirement,
)
from procurement.tenders.queries import seal_key
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.tenders import (
    DEADLINE,
    NOW,
    asked,
    measure_id,
    prepared,
    published,
    started,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW):
        yield


def deeds():
    return list(AuditRecord.objects.order_by("id").values_list("deed", flat=True))


def choose(world, requirements, version=None):
    return services.choose_measures(
        actor=world.officer,
        tender_id=world.tender.pk,
        expected_version=version or world.refresh().version,
        requirements=requirements,
    )


# --- publishing ---------------------------------------------------------------------------------


def publish(world, deadline_at=DEADLINE, **more):
    return services.publish_tender(
        actor=world.officer, tender_id=world.tender.pk, deadline_at=deadline_at, **more
    )


def test_the_mandatory_route_refuses_to_publish_with_gaps_and_names_them():
    world = started(estimate=Decimal("300000"))
    assert RouteDecision.objects.get().route == "toms_mandatory"
    with pytest.raises(RuleBroken) as caught:
        publish(world)
    assert [message.split(":")[0] for _, message in caught.value.errors] == [
        "Record what was considered under the Social Value Act",
        "Choose measures",
        "Set the weighting, or pass or fail",
        "Invite at least one supplier",
    ]
    assert Tender.objects.get().status == "draft"
    assert TenderKey.objects.count() == 0


def test_a_law_that_reads_otherwise_by_publication_asks_for_what_it_then_asks():
    """The threshold came down after the tender was prepared: an advised tender without a weighting is mandatory now."""
    world = prepared(estimate=Decimal(120_000), category="goods")
    assert RouteDecision.objects.latest("id").route == "toms_advised"
    Tender.objects.update(weighting_kind="", weighting_percent=None)
    Threshold.objects.update(amount=Decimal(100_000))
    with pytest.raises(RuleBroken, match="Set the weighting, or pass or fail"):
        publish(world)
    assert Procurement.objects.get().status == "routed"
    assert TenderKey.objects.count() == 0


def test_publishing_makes_a_key_moves_the_procurement_and_says_so():
    world = published()
    tender = world.tender
    assert (tender.status, tender.deadline_at, tender.published_at) == ("published", DEADLINE, NOW)
    assert tender.published_by_id == world.officer.user_id
    assert Procurement.objects.get().status == "published"
    assert len(seal_key(tender.pk)) == 44
    sentence = AuditRecord.objects.get(deed="tender_published").sentence
    assert "Offers close at 12:00 on 1 April 2026, UK time." in sentence


def test_a_deadline_in_the_past_is_refused():
    world = prepared()
    for past in (NOW, NOW - timedelta(days=1)):
        with pytest.raises(RuleBroken, match="must be in the future"):
            publish(world, past)
    assert publish(world, NOW + timedelta(seconds=1)).status == "published"


def test_publishing_twice_is_a_conflict():
    world = published()
    with pytest.raises(Conflict):
        publish(world)
    assert TenderKey.objects.count() == 1


def test_publishing_what_somebody_changed_meanwhile_is_a_conflict():
    world = prepared()
    with pytest.raises(Conflict):
        publish(world, expected_version=world.tender.version - 1)


def test_pass_or_fail_without_questions_can_be_published():
    world = prepared(questions=())
    services.set_scoring(
        actor=world.officer,
        tender_id=world.tender.pk,
        expected_version=world.refresh().version,
        weighting_kind="pass_fail",
        weighting_percent=None,
        quantitative_percent=Decimal(50),
    )
    assert publish(world).status == "published"


def test_after_publication_no_service_changes_anything():
    world = published()
    version = world.tender.version
    act = {"actor": world.officer, "tender_id": world.tender.pk}
    supplier = world.suppliers[0].pk
    attempts = [
        lambda: choose(world, [asked("PLB1")]),
        lambda: services.pick_measures(
            **act, expected_version=version, measure_ids=[measure_id("PLB1")]
        ),
        lambda: services.set_place(**act, expected_version=version, place="coventry"),
        lambda: services.set_scoring(
            **act,
            expected_version=version,
            weighting_kind="weighted",
            weighting_percent=Decimal(30),
            quantitative_percent=Decimal(0),
        ),
        lambda: services.set_questions(**act, expected_version=version, questions=()),
        lambda: services.remove_invitation(**act, supplier_id=supplier),
    ]
    before = (list(TenderRequirement.objects.values()), list(Tender.objects.values()))
    for attempt in attempts:
        with pytest.raises(Conflict):
            attempt()
    assert (list(TenderRequirement.objects.values()), list(Tender.objects.values())) == before


def test_after_publication_the_database_refuses_too():
    world = published()
    changes = [
        lambda: Tender.objects.update(weighting_percent=Decimal(30)),
        lambda: Tender.objects.update(deadline_at=DEADLINE + timedelta(days=1)),
        lambda: Tender.objects.update(status="draft", published_at=None),
        lambda: TenderRequirement.objects.update(minimum_quantity=None),
        lambda: TenderRequirement.objects.all().delete(),
        lambda: TenderQuestion.objects.update(weight_percent=1),
        lambda: TenderInvitation.objects.all().delete(),
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert world.refresh().weighting_percent == Decimal(10)


# --- later moves --------------------------------------------------------------------------------


def test_opening_waits_for_the_deadline_and_happens_once():
    world = published()
    act = {"actor": world.officer, "tender_id": world.tender.pk}
    with clock.at(DEADLINE - timedelta(seconds=1)), pytest.raises(RuleBroken, match="sealed until"):
        services.mark_opened(**act)
    with clock.at(DEADLINE):
        assert services.mark_opened(**act).status == "opened"
        assert services.mark_opened(**act).opened_at == DEADLINE
    assert deeds().count("bids_opened") == 1


def test_an_award_follows_opening_once():
    world = published()
    act = {"actor": world.officer, "tender_id": world.tender.pk}
    with pytest.raises(Conflict):
        services.mark_tender_awarded(**act)
    with clock.at(DEADLINE):
        services.mark_opened(**act)
        assert services.mark_tender_awarded(**act).status == "awarded"
        with pytest.raises(Conflict):
            services.mark_tender_awarded(**act)


def test_another_authority_cannot_move_it_and_a_report_author_may_not():
    world = published()
    with clock.at(DEADLINE):
        with pytest.raises(NotVisible):
            services.mark_opened(
                actor=actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")),
                tender_id=world.tender.pk,
            )
        with pytest.raises(NotAllowed):
            services.mark_opened(
                actor=actor_for_role(Role.REPORT_AUTHOR, world.authority), tender_id=world.tender.pk
            )
