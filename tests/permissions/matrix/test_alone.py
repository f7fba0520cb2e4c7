"""One person alone completes no deed that takes two, whatever roles they hold and in whatever order they try.

The person here holds every role of the authority at once, and works for the supplier too: more than anybody is ever
granted, so that what refuses them is the deed and not the role.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
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

from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.policies.rules import ApprovalInput
from socialvalue.accounts.models import Organisation, User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import DomainError
from tests.factories.accounts import (
    MembershipFactory,
    SupplierFactory,
    UserFactory,
    actor_for_role,
)
from tests.factories.awards import evaluated
from tests.factories.deliveries import world
from tests.factories.evaluations import offered, published, reference_data
from tests.factories.remedies import NOW as BEHIND
from tests.factories.remedies import raised, short, with_terms
from tests.factories.tenders import NOW as PREPARED
from tests.factories.tenders import prepared
from tests.permissions.matrix.alone import DEEDS, LATER, Scene, Step, finished_alone


def ask_approval(authority: Organisation) -> None:
    """The authority's own policy, from which on an approver approves every tender of £100,000 or more."""
    owner = actor_for_role(Role.POLICY_OWNER, authority)
    approver = actor_for_role(Role.APPROVER, authority)
    regional = PolicyVersion.objects.get(policy__organisation__slug="wmca")
    with clock.at(PREPARED.replace(month=1)):
        made = policies.start_draft(actor=owner, copy_from=regional.pk, title="With an approval")

        def now(actor: Actor = owner) -> dict[str, Any]:
            lock = PolicyVersion.objects.get(pk=made.pk).lock
            return {"actor": actor, "version_id": made.pk, "expected_lock": lock}

        policies.set_dates(
            **now(),
            valid_from=clock.today(),
            valid_to=None,
            review_on=date(2029, 1, 1),
            source="Cabinet",
        )
        policies.set_approvals(**now(), rows=[ApprovalInput("approver", "8", "", Decimal(100_000))])
        policies.propose_version(**now())
        policies.adopt_version(**now(approver))


def fallen_behind() -> Any:
    found = short()
    with clock.at(BEHIND):
        with_terms(found)
        raised(found)
    return found


@pytest.fixture(scope="module")
def entered(django_db_setup, django_db_blocker):
    """Everything that is begun and finished here, entered once for this file and taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        reference_data()
        ranked = evaluated()
        closed = published()
        offered(closed, 0, {"PLB1": "100", "HSC1": "10"}, price="100000")
        ask_approval(organisation("birmingham"))
        yield Scene(
            ranked=ranked,
            closed=closed,
            delivered=world(),
            behind=fallen_behind(),
            lacking=prepared(authority="birmingham", estimate=Decimal(120_000)),
            twins=(SupplierFactory(), SupplierFactory()),
        )
        transaction.set_rollback(True)


@pytest.fixture
def scene(entered, db) -> Scene:
    entered.held.clear()
    return entered


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
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
