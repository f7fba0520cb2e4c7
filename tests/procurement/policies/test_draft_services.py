"""A policy version from draft to adopted, by two people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from procurement.policies import queries, services
from procurement.policies.models import Policy, PolicyBand, PolicyVersion
from procurement.policies.rules import ApprovalInput, BandInput, MeasureRuleInput
from procurement.procurements.models import RouteDecision
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
LATER = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()
    with clock.at(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        yield


def person(role=Role.POLICY_OWNER, slug="warwickshire"):
    return actor_for_role(role, organisation(slug))


def default_id():
    return PolicyVersion.objects.get(policy__is_regional_default=True).pk


def seen(actor, version):
    return {
        "actor": actor,
        "version_id": version.pk,
        "expected_lock": PolicyVersion.objects.get(pk=version.pk).lock,
    }


def started(owner, **more):
    return services.start_draft(actor=owner, copy_from=default_id(), **more)


def whole(owner, valid_from=LATER, **more):
    """A draft that lacks nothing."""
    version = started(owner, **more)
    services.set_dates(
        **seen(owner, version), valid_from=valid_from, valid_to=None,
        review_on=date(2029, 1, 1), source="Cabinet, March 2026",
    )  # fmt: skip
    return version


def proposed(owner, **more):
    version = whole(owner, **more)
    return services.propose_version(**seen(owner, version))


def adopted(owner=None, approver=None, **more):
    version = proposed(owner or person(), **more)
    approver = approver or person(Role.APPROVER, version.policy.organisation.slug)
    return services.adopt_version(**seen(approver, version))


def band(lower, upper, route, **more):
    return BandInput("A band", lower, False, upper, False, route, "6.1", "Do this.", **more)


def test_a_draft_copies_the_regional_table_and_binds_nobody():
    owner = person()
    version = started(owner)
    assert (version.number, version.status, version.bands.count()) == (2, "draft", 3)
    assert version.toolkit.splitlines()[0].startswith("Say in the request")
    assert version.source == ""
    assert queries.policy_in_force(owner.organisation_id, TODAY).number == 1


def test_a_council_without_a_policy_names_its_first():
    owner = person(slug="coventry")
    with pytest.raises(RuleBroken, match="title"):
        started(owner)
    version = adopted(owner, title="Coventry Social Value Policy")
    assert version.policy.organisation_id == owner.organisation_id
    assert queries.policy_in_force(owner.organisation_id, LATER).version_id == version.pk
    assert queries.policy_in_force(owner.organisation_id, date(2026, 3, 31)).is_default


@pytest.mark.parametrize("role", [Role.APPROVER, Role.PROCUREMENT_OFFICER, Role.AUDITOR])
def test_only_a_policy_owner_writes(role):
    with pytest.raises(NotAllowed):
        started(person(role))


def test_one_draft_at_a_time():
    owner = person()
    started(owner)
    with pytest.raises(RuleBroken, match="already"):
        started(owner)


def test_another_authority_sees_no_draft():
    version = started(person())
    stranger = person(slug="birmingham")
    with pytest.raises(NotVisible):
        queries.draft_for(stranger, version.pk, TODAY)
    with pytest.raises(NotVisible):
        services.set_toolkit(**seen(stranger, version), toolkit="Ask.")
    with pytest.raises(NotVisible):
        queries.comparison(stranger, TODAY, left=version.pk)
    officer = person(Role.PROCUREMENT_OFFICER)
    shelf = queries.policy_shelf(officer, TODAY)
    assert [line.number for policy in shelf.policies for line in policy.versions] == [1, 1]


def test_who_saves_second_is_told_and_nothing_is_overwritten():
    owner, other = person(), person()
    version = started(owner)
    first, second = seen(owner, version), seen(other, version)
    facts = {"least": Decimal(10), "pass_fail_allowed": True, "share_of": "total", "paragraph": "6"}
    services.set_weighting(**first, **facts, most=Decimal(20))
    with pytest.raises(Conflict) as conflict:
        services.set_weighting(**second, **facts, most=Decimal(25))
    assert conflict.value.changed == {"Highest weighting": ("20", "25")}
    assert PolicyVersion.objects.get(pk=version.pk).weighting_max_percent == 20


def test_bands_are_replaced_whole_or_not_at_all():
    owner = person()
    version = started(owner)
    gap = [band(Decimal(0), Decimal(10), "light_touch"), band(Decimal(11), None, "toms_advised")]
    with pytest.raises(RuleBroken) as broken:
        services.set_bands(**seen(owner, version), bands=gap)
    assert broken.value.errors[0][0] == "1:lower"
    assert version.bands.count() == 3
    services.set_bands(
        **seen(owner, version), bands=[gap[0], band(Decimal(10), None, "toms_advised")]
    )
    assert list(version.bands.values_list("lower", "upper")) == [(0, 10), (10, None)]


def test_following_the_regional_table_takes_its_bands_and_vat_basis():
    owner = person()
    version = started(owner)
    services.set_vat_basis(**seen(owner, version), vat_basis="incl")
    services.set_whose_bands(**seen(owner, version), follow=True)
    version.refresh_from_db()
    assert (version.inherits.slug, version.vat_basis, version.bands.count()) == (
        "wmca-social-value-policy",
        "excl",
        0,
    )
    with pytest.raises(RuleBroken, match="follows"):
        services.set_vat_basis(**seen(owner, version), vat_basis="incl")


def test_a_rule_names_measures_and_themes_that_exist():
    owner = person()
    version = started(owner)
    for row in (
        MeasureRuleInput("at_least", 1, "7", codes=("ZZ9",)),
        MeasureRuleInput("at_least", 1, "7", theme_slug="nothing"),
    ):
        with pytest.raises(RuleBroken):
            services.set_measure_rules(**seen(owner, version), rows=[row])
    services.set_measure_rules(**seen(owner, version), rows=[MeasureRuleInput("at_most", 6, "7")])
    assert version.measure_rules.get().number == 6


def test_the_light_touch_route_has_nothing_to_approve():
    owner = person()
    version = started(owner)
    with pytest.raises(RuleBroken):
        services.set_approvals(
            **seen(owner, version), rows=[ApprovalInput("approver", "8", "light_touch")]
        )


def test_an_unfinished_draft_is_not_proposed():
    owner = person()
    version = started(owner)
    with pytest.raises(RuleBroken) as broken:
        services.propose_version(**seen(owner, version))
    assert [message for _, message in broken.value.errors] == [
        "Set the day by which the policy is reviewed.",
        "Say where the policy was decided.",
    ]


def test_a_second_person_adopts_and_the_version_before_ends_the_day_before():
    version = adopted()
    before = PolicyVersion.objects.get(policy=version.policy, number=1)
    assert (version.status, before.valid_to) == ("adopted", date(2026, 3, 31))
    owner_id = version.policy.organisation_id
    assert queries.policy_in_force(owner_id, date(2026, 3, 31)).number == 1
    assert queries.policy_in_force(owner_id, LATER).number == 2
    deeds = set(AuditRecord.objects.values_list("deed", flat=True))
    assert {"policy_drafted", "policy_changed", "policy_proposed", "policy_adopted"} <= deeds


def test_nobody_adopts_or_sends_back_what_they_proposed():
    owner = person()
    version = proposed(owner)
    with pytest.raises(NotAllowed, match="You proposed this version"):
        services.adopt_version(**seen(owner, version))
    with pytest.raises(NotAllowed):
        services.send_back_version(**seen(owner, version), reason="No.")
    assert not queries.draft_for(owner, version.pk, TODAY).can_adopt
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(
            status="adopted", adopted_at=clock.now(), adopted_by_id=owner.user_id
        )


@pytest.mark.parametrize("role", [Role.PROCUREMENT_OFFICER, Role.EVALUATOR, Role.AUDITOR])
def test_adopting_needs_the_role(role):
    version = proposed(person())
    with pytest.raises((NotAllowed, NotVisible)):
        services.adopt_version(**seen(person(role), version))


def test_sent_back_with_a_reason_and_proposed_again():
    owner, approver = person(), person(Role.APPROVER)
    version = proposed(owner)
    assert [row.version_id for row in queries.proposals_waiting(approver)] == [version.pk]
    assert queries.proposals_waiting(owner) == []
    with pytest.raises(RuleBroken):
        services.send_back_version(**seen(approver, version), reason=" ")
    services.send_back_version(**seen(approver, version), reason="Review it sooner.")
    assert queries.draft_for(owner, version.pk, TODAY).sent_back == "Review it sooner."
    services.propose_version(**seen(owner, version))
    with pytest.raises(Conflict):
        services.set_toolkit(**seen(owner, version), toolkit="Ask.")
    assert queries.draft_for(owner, version.pk, TODAY).sent_back == ""
    assert services.adopt_version(**seen(approver, version)).status == "adopted"


def test_a_proposal_that_was_answered_or_changed_is_not_answered_again():
    owner, approver = person(), person(Role.APPROVER)
    version = proposed(owner)
    stale = seen(approver, version)
    services.take_back_version(**seen(owner, version))
    with pytest.raises(Conflict):
        services.adopt_version(**stale)
    services.propose_version(**seen(owner, version))
    with pytest.raises(Conflict, match="Read it again"):
        services.adopt_version(**stale)


def test_what_is_adopted_is_not_touched_again():
    version = adopted()
    with pytest.raises(Conflict):
        services.set_toolkit(**seen(person(), version), toolkit="Ask.")
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyBand.objects.filter(version=version).update(paragraph="9")


def test_a_version_starts_after_every_adopted_one():
    owner = person()
    adopted(owner)
    version = started(owner)
    with pytest.raises(RuleBroken, match="must start later"):
        services.set_dates(
            **seen(owner, version), valid_from=LATER, valid_to=None,
            review_on=date(2029, 1, 1), source="x",
        )  # fmt: skip


def test_a_version_does_not_reach_back_over_decisions():
    officer = person(Role.PROCUREMENT_OFFICER)
    procurement_of(officer, commenced_on=date(2026, 2, 10))
    decision = RouteDecision.objects.get()
    owner = person()
    version = whole(owner, valid_from=date(2026, 2, 10))
    with pytest.raises(RuleBroken, match="11 February 2026 at the earliest"):
        services.propose_version(**seen(owner, version))
    services.set_dates(
        **seen(owner, version), valid_from=date(2026, 2, 11), valid_to=None,
        review_on=date(2029, 1, 1), source="Cabinet",
    )  # fmt: skip
    services.propose_version(**seen(owner, version))
    services.adopt_version(**seen(person(Role.APPROVER), version))
    decision.refresh_from_db()
    assert decision.policy_version.number == 1


def test_the_regional_default_does_not_reach_back_over_decisions_of_those_who_follow_it():
    procurement_of(person(Role.PROCUREMENT_OFFICER, "coventry"), commenced_on=date(2026, 2, 10))
    owner = person(slug="wmca")
    version = whole(owner, valid_from=date(2026, 2, 1))
    with pytest.raises(RuleBroken, match="1 procurement that commenced"):
        services.propose_version(**seen(owner, version))


def test_a_draft_is_taken_away_with_its_first_policy():
    owner = person(slug="coventry")
    version = started(owner, title="Ours")
    services.drop_draft(**seen(owner, version))
    assert not Policy.objects.filter(organisation_id=owner.organisation_id).exists()
    assert AuditRecord.objects.filter(sentence__contains="was taken away").exists()


def test_the_version_in_force_carries_its_rules_with_a_constant_number_of_queries(
    django_assert_num_queries,
):
    owner = person()
    version = whole(owner)
    services.set_measure_rules(
        **seen(owner, version), rows=[MeasureRuleInput("at_most", 6, "7")] * 3
    )
    services.set_approvals(
        **seen(owner, version), rows=[ApprovalInput("approver", "8", "", Decimal(5))] * 2
    )
    services.propose_version(**seen(owner, version))
    services.adopt_version(**seen(person(Role.APPROVER), version))
    with django_assert_num_queries(4):
        policy = queries.policy_in_force(owner.organisation_id, LATER)
    assert (len(policy.measure_rules), len(policy.approvals)) == (3, 2)
    assert policy.approvals[0].from_value == 5


def test_a_follower_has_the_toolkit_of_the_policy_it_follows():
    policy = queries.policy_in_force(organisation("warwickshire").pk, TODAY)
    assert 5 <= len(policy.toolkit) <= 8
