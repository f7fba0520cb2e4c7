"""What the policy asks before publication: rules on measures, a reason, a second person's yes, a share of quality."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.evaluations.queries.marking import scoring_of
from procurement.policies import queries as policies
from procurement.policies import services as policy_services
from procurement.policies.rules import ApprovalInput, MeasureRuleInput
from procurement.tenders import queries, services
from procurement.tenders.models import Tender, TenderApproval, TenderRequirement
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role, user_with_role
from tests.factories.tenders import DEADLINE, NOW, asked, load_everything, prepared

pytestmark = pytest.mark.django_db
ADVISED = {"estimate": Decimal(120000)}


def adopt(*, rules=(), approvals=(), share_of="total", least=5, most=30):
    """Birmingham's own policy, in force on the day the procurements of these tests commence."""
    load_everything()
    owner = actor_for_role(Role.POLICY_OWNER, organisation("birmingham"))
    with clock.at(NOW.replace(month=1)):
        today = clock.today()
        choice = policies.start_choices(owner, today).sources[0].version_id
        version = policy_services.start_draft(actor=owner, copy_from=choice, title="Ours")

        def at():
            lock = policies.draft_for(owner, version.pk, today).lock
            return {"actor": owner, "version_id": version.pk, "expected_lock": lock}

        policy_services.set_dates(
            **at(), valid_from=today, valid_to=None,
            review_on=today.replace(year=2029), source="Cabinet",
        )  # fmt: skip
        policy_services.set_weighting(
            **at(), least=Decimal(least), most=Decimal(most), pass_fail_allowed=True,
            share_of=share_of, paragraph="6",
        )  # fmt: skip
        policy_services.set_measure_rules(**at(), rows=list(rules))
        policy_services.set_approvals(**at(), rows=list(approvals))
        policy_services.propose_version(**at())
        approver = actor_for_role(Role.APPROVER, organisation("birmingham"))
        policy_services.adopt_version(**{**at(), "actor": approver})


def missing(world):
    return [
        row.url_name.rsplit(":", 1)[-1] for row in queries.missing_for_publication(world.refresh())
    ]


def publish(world, actor=None):
    with clock.at(NOW):
        return services.publish_tender(
            actor=actor or world.officer, tender_id=world.tender.pk, deadline_at=DEADLINE
        )


def approver():
    return actor_for_role(Role.APPROVER, organisation("birmingham"))


def approve(world, actor, **more):
    with clock.at(NOW):
        return services.approve_tender(
            actor=actor, tender_id=world.tender.pk, expected_version=world.refresh().version, **more
        )


def explain(world, **more):
    return services.explain_measures(
        actor=world.officer,
        tender_id=world.tender.pk,
        expected_version=world.refresh().version,
        **{"reason": "Advice by telephone.", **more},
    )


AT_MOST_TWO = MeasureRuleInput("at_most", 2, "7")


def test_on_the_mandatory_route_a_broken_rule_stops_publication_and_a_reason_does_not_help():
    adopt(rules=[AT_MOST_TWO])
    world = prepared(estimate=Decimal(400000))
    overview = queries.tender_overview(world.officer, world.procurement.pk)
    assert "at most 2 measures" in overview.gates.breaches[0]
    assert missing(world) == ["measures"]
    with pytest.raises(RuleBroken, match="at most 2 measures"):
        publish(world)
    with pytest.raises(RuleBroken, match="mandatory"):
        explain(world)


def test_on_the_advised_route_comply_or_explain():
    adopt(rules=[AT_MOST_TWO])
    world = prepared(**ADVISED)
    assert missing(world) == ["why_not"]
    explain(world)
    assert missing(world) == []
    assert publish(world).status == "published"


def test_choosing_again_asks_for_the_reason_again():
    adopt(rules=[AT_MOST_TWO])
    world = prepared(**ADVISED)
    explain(world)
    services.choose_measures(
        actor=world.officer, tender_id=world.tender.pk, expected_version=world.refresh().version,
        requirements=[asked("GSE1"), asked("PLB1"), asked("HSC1")],
    )  # fmt: skip
    assert missing(world) == ["why_not"]


def test_no_measures_at_all_need_a_written_reason_and_no_share_for_quantities():
    world = prepared(**ADVISED)
    with pytest.raises(RuleBroken):
        explain(world, reason="  ")
    explain(world, ask_for_none=True)
    assert not TenderRequirement.objects.filter(tender=world.tender).exists()
    assert missing(world) == ["scoring"]
    services.set_scoring(
        actor=world.officer, tender_id=world.tender.pk, expected_version=world.refresh().version,
        weighting_kind="weighted", weighting_percent=Decimal(10), quantitative_percent=Decimal(0),
    )  # fmt: skip
    assert publish(world).no_measures_reason == "Advice by telephone."


def test_a_tender_without_measures_and_reason_is_not_published():
    world = prepared(**ADVISED)
    services.choose_measures(
        actor=world.officer, tender_id=world.tender.pk, expected_version=world.refresh().version,
        requirements=[],
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="write down why"):
        publish(world)


def approved_world(**more):
    adopt(approvals=[ApprovalInput("approver", "8", "", Decimal(100000))])
    return prepared(**{**ADVISED, **more})


@pytest.mark.parametrize(("estimate", "needed"), [("99999.99", []), ("100000", ["approve"])])
def test_an_approval_is_needed_from_its_value_on(estimate, needed):
    assert missing(approved_world(estimate=Decimal(estimate))) == needed


def test_a_second_person_approves_and_a_change_asks_anew():
    world, second = approved_world(), approver()
    with pytest.raises(RuleBroken, match="approval of an approver"):
        publish(world)
    assert [row.procurement_id for row in queries.tenders_to_approve(second)] == [
        world.procurement.pk
    ]
    approve(world, second, remark="Fine.")
    assert (missing(world), queries.tenders_to_approve(second)) == ([], [])
    with pytest.raises((RuleBroken, NotAllowed)):
        approve(world, second)
    services.set_place(
        actor=world.officer, tender_id=world.tender.pk, expected_version=world.refresh().version,
        place="birmingham" if world.tender.place != "birmingham" else "",
    )  # fmt: skip
    assert missing(world) == ["approve"]
    approve(world, second)
    assert publish(world).status == "published"
    assert TenderApproval.objects.count() == 2


def test_who_wrote_it_last_does_not_approve_and_who_approved_does_not_publish():
    world = approved_world()
    both = actor_for_role(Role.APPROVER, organisation("birmingham"))
    writer = world.officer.__class__(
        user_id=world.officer.user_id, name="x", organisation_id=world.officer.organisation_id,
        organisation_kind=world.officer.organisation_kind,
        roles=frozenset({Role.APPROVER, Role.PROCUREMENT_OFFICER}),
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="changed this tender last"):
        approve(world, writer)
    approve(world, both)
    publisher = both.__class__(
        user_id=both.user_id, name="x", organisation_id=both.organisation_id,
        organisation_kind=both.organisation_kind, roles=frozenset({Role.PROCUREMENT_OFFICER}),
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="another person publishes"):
        publish(world, publisher)


def test_only_the_role_the_policy_names_approves_and_nobody_from_elsewhere():
    world = approved_world()
    with pytest.raises(NotAllowed, match="You do not have that role"):
        approve(world, actor_for_role(Role.POLICY_OWNER, organisation("birmingham")))
    with pytest.raises(NotVisible):
        approve(world, actor_for_role(Role.APPROVER, organisation("coventry")))


def test_an_unfinished_or_changed_tender_is_not_approved():
    world = approved_world(invite=0)
    with pytest.raises(RuleBroken, match="Invite at least one supplier"):
        approve(world, approver())
    with pytest.raises(Conflict):
        services.approve_tender(
            actor=approver(), tender_id=world.tender.pk, expected_version=world.tender.version - 1
        )


def test_a_share_of_quality_counts_as_its_share_of_the_whole():
    adopt(share_of="quality", least=10, most=20)
    world = prepared(**ADVISED, quality=Decimal(60), weighting=Decimal(20))
    tender = world.refresh()
    assert (tender.weighting_percent, tender.whole_percent) == (20, 12)
    assert scoring_of(tender).weighting_percent == 12
    scoring = queries.scoring_now(tender)
    assert scoring is not None
    assert scoring.sentences[0] == (
        "Social value decides 12% of the award: 20% of the quality score, which counts 60% of the award."
    )
    assert publish(world).weighting_share_of == "quality"


@pytest.mark.parametrize(
    ("percent", "quality", "field"),
    [(21, 60, "weighting_percent"), (20, None, "quality_percent"), (20, 0, "quality_percent")],
)
def test_the_range_holds_for_the_share_that_is_stated(percent, quality, field):
    adopt(share_of="quality", least=10, most=20)
    world = prepared(**ADVISED, quality=Decimal(60), weighting=Decimal(20))
    with pytest.raises(RuleBroken) as broken:
        services.set_scoring(
            actor=world.officer, tender_id=world.tender.pk,
            expected_version=world.refresh().version, weighting_kind="weighted",
            weighting_percent=Decimal(percent),
            quality_percent=None if quality is None else Decimal(quality),
            quantitative_percent=Decimal(50),
        )  # fmt: skip
    assert broken.value.errors[0][0] == field


def test_the_pages_of_approval_and_of_the_reason(client):
    world = approved_world()
    address = reverse("procurement:tenders:approve", args=[world.procurement.pk])
    client.force_login(user_with_role(Role.APPROVER, organisation("birmingham")))
    page = client.get(address).content.decode()
    assert "Approve this tender" in page
    with clock.at(NOW):
        sent = client.post(address, {"version": world.refresh().version, "remark": ""})
    assert sent.status_code == 302
    assert "Approved" in client.get(address).content.decode()
    client.force_login(user_with_role(Role.AUDITOR, organisation("birmingham")))
    assert client.post(address, {"version": world.refresh().version}).status_code == 403
    client.force_login(user_with_role(Role.PROCUREMENT_OFFICER, organisation("birmingham")))
    why = reverse("procurement:tenders:why_not", args=[world.procurement.pk])
    assert "Comply or explain" in client.get(why).content.decode()
    tasks = client.get(reverse("procurement:tenders:task_list", args=[world.procurement.pk]))
    assert "Approval before publication" in tasks.content.decode()
    assert Tender.objects.get().status == "draft"
