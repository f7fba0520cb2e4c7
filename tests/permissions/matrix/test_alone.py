"""One person alone completes no deed that takes two, whatever roles they hold and in whatever order they try.

The person here holds every role of the authority at once, and works for the supplier too: more than anybody is ever
granted, so that what refuses them is the deed and not the role.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from procurement.awards.models import AwardProposal
from procurement.awards.services import approve_award
from procurement.bids.models import BidOpening
from procurement.evaluations.services import open_evaluation, start_opening
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.procurements.models import RouteOverride
from procurement.procurements.services import approve_override, ask_override
from procurement.verifications.models import Verification
from procurement.verifications.services import verify_claim
from reporting.showcase.models import Story
from reporting.showcase.services import publish_story
from socialvalue.accounts.models import Membership, Organisation, User
from socialvalue.accounts.services import grant_role
from socialvalue.accounts.vocabulary import BUYER_ROLES, SUPPLIER_ROLES, Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import DomainError
from tests.factories.accounts import MembershipFactory, UserFactory, actor_of
from tests.factories.awards import evaluated, proposed
from tests.factories.deliveries import claim, world
from tests.factories.evaluations import AFTER, offered, published, reference_data
from tests.factories.procurements import procurement_of
from tests.factories.showcase import TOLD_ON, drafted, sent

LATER = AFTER + timedelta(days=1)


def all_roles(user: User, place: Organisation) -> Actor:
    """This person with every role of that side at once, in whichever organisation they act for."""
    side = SUPPLIER_ROLES if place.kind == "supplier" else BUYER_ROLES
    return replace(actor_of(user, place), roles=frozenset(str(role) for role in side))


@dataclass
class Scene:
    """What can be done by two, each begun and finished by whoever tries."""

    ranked: Any
    closed: Any
    delivered: Any
    held: dict[str, Any] = field(default_factory=dict)

    def at(self, user: User, place: Organisation) -> Actor:
        Membership.objects.get_or_create(
            user=user,
            organisation=place,
            role=Role.SUPPLIER_ADMIN if place.kind == "supplier" else Role.PROCUREMENT_OFFICER,
            ended_at=None,
            defaults={"granted_at": AFTER},
        )
        return all_roles(user, place)


Step = Callable[[Scene, User], object]


def begin_award(scene: Scene, user: User) -> object:
    return proposed(scene.ranked, actor=scene.at(user, scene.ranked.authority))


def finish_award(scene: Scene, user: User) -> object:
    actor = scene.at(user, scene.ranked.authority)
    return approve_award(actor=actor, proposal_id=scene.held["award"].pk)


def begin_opening(scene: Scene, user: User) -> object:
    return start_opening(
        actor=scene.at(user, scene.closed.authority), tender_id=scene.closed.tender.pk
    )


def finish_opening(scene: Scene, user: User) -> object:
    return open_evaluation(
        actor=scene.at(user, scene.closed.authority), tender_id=scene.closed.tender.pk
    )


def begin_override(scene: Scene, user: User) -> object:
    actor = scene.at(user, scene.ranked.authority)
    made = procurement_of(actor)
    return ask_override(
        actor=actor,
        procurement_id=made.pk,
        to_route="light_touch",
        reason="The market for this is one charity.",
    )


def finish_override(scene: Scene, user: User) -> object:
    return approve_override(
        actor=scene.at(user, scene.ranked.authority),
        override_id=scene.held["override"].pk,
        answer="The charity agrees.",
    )


def _policy(scene: Scene, user: User, pk: int) -> dict[str, Any]:
    lock = PolicyVersion.objects.get(pk=pk).lock
    return {
        "actor": scene.at(user, scene.ranked.authority),
        "version_id": pk,
        "expected_lock": lock,
    }


def begin_policy(scene: Scene, user: User) -> object:
    regional = PolicyVersion.objects.get(policy__organisation__slug="wmca")
    made = policies.start_draft(
        actor=scene.at(user, scene.ranked.authority), copy_from=regional.pk, title="Ours"
    )
    policies.set_dates(
        **_policy(scene, user, made.pk),
        valid_from=date(2030, 4, 1),
        valid_to=None,
        review_on=date(2033, 1, 1),
        source="Cabinet, March 2030",
    )
    return policies.propose_version(**_policy(scene, user, made.pk))


def finish_policy(scene: Scene, user: User) -> object:
    return policies.adopt_version(**_policy(scene, user, scene.held["policy"].pk))


def begin_story(scene: Scene, user: User) -> object:
    actor = scene.at(user, scene.ranked.authority)
    return sent(actor, drafted(actor))


def finish_story(scene: Scene, user: User) -> object:
    story = Story.objects.get(pk=scene.held["story"].pk)
    with clock.at(TOLD_ON):
        return publish_story(
            actor=scene.at(user, scene.ranked.authority),
            story_id=story.pk,
            expected_version=story.version,
        )


def begin_claim(scene: Scene, user: User) -> object:
    return claim(scene.at(user, scene.delivered.supplier), scene.delivered.hours)


def finish_claim(scene: Scene, user: User) -> object:
    held = scene.held["claim"]
    return verify_claim(
        actor=scene.at(user, scene.delivered.authority),
        claim_id=held.pk,
        expected_version=held.version,
    )


def begin_role(scene: Scene, user: User) -> object:
    return user


def finish_role(scene: Scene, user: User) -> object:
    """Grant a role to whoever asked for it."""
    return grant_role(
        actor=scene.at(user, scene.ranked.authority),
        user=scene.held["role"],
        organisation=scene.ranked.authority,
        role=Role.POLICY_OWNER,
    )


DEEDS: dict[str, tuple[Step, Step]] = {
    "opening": (begin_opening, finish_opening),
    "award": (begin_award, finish_award),
    "override": (begin_override, finish_override),
    "policy": (begin_policy, finish_policy),
    "story": (begin_story, finish_story),
    "claim": (begin_claim, finish_claim),
    "role": (begin_role, finish_role),
}


def finished_alone(user: User) -> dict[str, int]:
    """How many deeds of two this person has begun and finished, by their name."""
    return {
        "opening": BidOpening.objects.filter(first_by=user, second_by=user).count(),
        "award": AwardProposal.objects.filter(
            proposed_by=user, decided_by=user, status="approved"
        ).count(),
        "override": RouteOverride.objects.filter(
            asked_by=user, answered_by=user, status="approved"
        ).count(),
        "policy": PolicyVersion.objects.filter(proposed_by=user, adopted_by=user).count(),
        "story": Story.objects.filter(written_by=user, approved_by=user).count(),
        "claim": Verification.objects.filter(
            claim__submitted_by=user, decided_by=user, decision="verified"
        ).count(),
        "role": Membership.objects.filter(user=user, granted_by=user).count(),
    }


@pytest.fixture
def scene(db) -> Scene:
    """A ranked tender, one whose deadline has passed with its bids sealed, and a contract that is delivered."""
    reference_data()
    ranked = evaluated()
    closed = published()
    offered(closed, 0, {"PLB1": "100", "HSC1": "10"}, price="100000")
    return Scene(ranked, closed, world())


def attempt(scene: Scene, name: str, step: Step, user: User) -> object | None:
    """What came of it; None where it was refused, and then nothing stays of it."""
    try:
        with clock.at(LATER), transaction.atomic():
            return step(scene, user)
    except DomainError:
        return None


@pytest.mark.parametrize("name", list(DEEDS))
def test_the_control_two_people_finish_it(scene, name):
    one, other = UserFactory(), UserFactory()
    begin, finish = DEEDS[name]
    with clock.at(LATER):
        scene.held[name] = begin(scene, one)
        assert finish(scene, other)


def test_one_person_with_every_role_finishes_nothing(scene):
    class Alone(RuleBasedStateMachine):
        """Begins and finishes what it likes; what was begun is kept until the example is over."""

        @initialize()
        def enter(self) -> None:
            self.point = transaction.savepoint()
            self.user = UserFactory()
            MembershipFactory(user=self.user, organisation=scene.ranked.authority)
            scene.held.clear()

        @rule(name=st.sampled_from(sorted(DEEDS)))
        def begin(self, name: str) -> None:
            if made := attempt(scene, name, DEEDS[name][0], self.user):
                scene.held[name] = made

        @rule(name=st.sampled_from(sorted(DEEDS)))
        def finish(self, name: str) -> None:
            if name in scene.held:
                assert attempt(scene, name, DEEDS[name][1], self.user) is None

        @invariant()
        def nothing_is_finished(self) -> None:
            if hasattr(self, "user"):
                assert not any(finished_alone(self.user).values()), finished_alone(self.user)

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.point)

    run_state_machine_as_test(
        Alone,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
