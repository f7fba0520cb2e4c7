"""An override takes a second person, and the database holds it too."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.procurements import queries, services
from procurement.procurements.models import RouteDecision, RouteOverride
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import MembershipFactory, actor_for_role, actor_of, user_with_role
from tests.procurement.procurements.test_overrides.steps import REASON, approve, ask, change

pytestmark = pytest.mark.django_db

D = Decimal


def test_asking_changes_nothing_until_a_second_person_approves(officer, approver, procurement):
    override = ask(officer, procurement)
    assert queries.latest_decision(procurement.pk).route == "toms_advised"
    assert (override.from_route, override.status) == ("toms_advised", "asked")
    approve(approver, override)
    decision = queries.latest_decision(procurement.pk)
    assert (decision.stage, decision.route, decision.replaced_route, decision.override_id) == (
        "override", "light_touch", "toms_advised", override.pk,
    )  # fmt: skip
    assert not decision.crossed_line
    for said in (
        "measures are advised", "Overridden in the open: Light touch instead of TOMs advised", REASON,
        str(override.asked_by), "The charity agrees.",
    ):  # fmt: skip
        assert said in decision.explanation
    assert RouteDecision.objects.filter(procurement=procurement).count() == 2
    deeds = AuditRecord.objects.filter(procurement_id=procurement.pk).order_by("id")
    assert list(deeds.values_list("deed", flat=True))[2:] == [
        "override_asked", "override_answered", "route_decided",
    ]  # fmt: skip


def test_a_refusal_keeps_the_rules_route_and_the_words(officer, approver, procurement):
    override = services.refuse_override(
        actor=approver, override_id=ask(officer, procurement).pk, answer="Two firms answered."
    )
    assert (override.status, override.answer) == ("refused", "Two firms answered.")
    assert queries.latest_decision(procurement.pk).route == "toms_advised"
    assert ask(officer, procurement).status == "asked", "it may be asked for again"


def test_the_policy_owner_may_answer_as_well(officer, home, procurement):
    owner = actor_for_role(Role.POLICY_OWNER, home)
    assert approve(owner, ask(officer, procurement)).status == "approved"


def test_nobody_answers_what_they_asked_for_whatever_their_roles(home, procurement):
    both = user_with_role(Role.PROCUREMENT_OFFICER, home)
    MembershipFactory(user=both, organisation=home, role=Role.APPROVER)
    actor = actor_of(both)
    override = ask(actor, procurement)
    for answer in (services.approve_override, services.refuse_override):
        with pytest.raises(NotAllowed, match="somebody else has to answer"):
            answer(actor=actor, override_id=override.pk, answer="Fine")
    assert RouteOverride.objects.get().status == "asked"


@pytest.mark.parametrize("status", ["approved", "refused"])
def test_the_database_refuses_it_too(officer, procurement, status):
    override = ask(officer, procurement)
    with (
        pytest.raises(IntegrityError, match="route_override_answered_by_another"),
        transaction.atomic(),
    ):
        RouteOverride.objects.filter(pk=override.pk).update(
            status=status, answered_by_id=officer.user_id, answered_at=clock.now()
        )


def test_the_database_keeps_an_answer_as_it_is(officer, approver, procurement):
    override = approve(approver, ask(officer, procurement))
    rows = RouteOverride.objects.filter(pk=override.pk)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        rows.update(reason="Other")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


@pytest.mark.parametrize(
    "role",
    [Role.PROCUREMENT_OFFICER, Role.AUDITOR, Role.CONTRACT_MANAGER, Role.DIRECTORATE_MANAGER],
)
def test_other_roles_do_not_answer(officer, home, procurement, role):
    override = ask(officer, procurement)
    with pytest.raises(NotAllowed):
        approve(actor_for_role(role, home), override)
    assert RouteOverride.objects.get().status == "asked"


def test_an_approver_of_another_authority_sees_nothing(officer, procurement):
    override = ask(officer, procurement)
    stranger = actor_for_role(Role.APPROVER, accounts.organisation("coventry"))
    with pytest.raises(NotVisible):
        approve(stranger, override)
    assert not queries.overrides(stranger).exists()
    assert not queries.overrides_waiting(stranger).exists()


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.CONTRACT_MANAGER])
def test_only_an_officer_asks(home, procurement, role):
    with pytest.raises(NotAllowed):
        ask(actor_for_role(role, home), procurement)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"to_route": "toms_advised"}, "to_route"),
        ({"to_route": "elsewhere"}, "to_route"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
    ],
)
def test_what_cannot_be_asked_for(officer, procurement, more, field):
    with pytest.raises(RuleBroken) as broken:
        ask(officer, procurement, **more)
    assert broken.value.errors[0][0] == field
    assert RouteOverride.objects.count() == 0


def test_one_request_at_a_time(officer, procurement):
    ask(officer, procurement)
    with pytest.raises(Conflict):
        ask(officer, procurement, "toms_mandatory")


def test_an_answer_needs_words_and_is_given_once(officer, approver, procurement):
    override = ask(officer, procurement)
    with pytest.raises(RuleBroken) as broken:
        approve(approver, override, " ")
    assert broken.value.errors[0][0] == "answer"
    approve(approver, override)
    with pytest.raises(Conflict):
        services.refuse_override(actor=approver, override_id=override.pk, answer="No")
    assert RouteDecision.objects.filter(procurement=procurement).count() == 2


def test_the_asker_takes_it_back_and_nobody_else_does(officer, approver, procurement, home):
    override = ask(officer, procurement)
    for other in (approver, actor_for_role(Role.PROCUREMENT_OFFICER, home)):
        with pytest.raises(NotAllowed):
            services.take_back_override(actor=other, override_id=override.pk)
    services.take_back_override(actor=officer, override_id=override.pk)
    assert RouteOverride.objects.get().status == "taken_back"
    with pytest.raises(Conflict):
        approve(approver, override)


def test_after_publication_nothing_is_asked_for_and_what_waits_is_closed(
    officer, approver, procurement
):
    override = ask(officer, procurement)
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    override.refresh_from_db()
    assert (override.status, override.answer) == (
        "taken_back", "The procurement moved on before this was answered.",
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="Explain the deviation instead"):
        ask(officer, procurement)
    with pytest.raises(RuleBroken):
        approve(approver, override)


def test_a_withdrawal_closes_what_waits(officer, procurement):
    override = ask(officer, procurement)
    services.withdraw_procurement(actor=officer, procurement_id=procurement.pk, reason="No budget")
    override.refresh_from_db()
    assert override.status == "taken_back"


def test_a_request_that_the_rule_has_overtaken_can_only_be_refused(officer, approver, procurement):
    override = ask(officer, procurement)
    change(officer, procurement, estimate=D(300000))
    with pytest.raises(RuleBroken, match="The rule now says TOMs mandatory"):
        approve(approver, override)
    assert RouteOverride.objects.get().status == "asked"
    assert queries.latest_decision(procurement.pk).route == "toms_mandatory"
    services.refuse_override(actor=approver, override_id=override.pk, answer="Ask anew")
