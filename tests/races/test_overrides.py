"""Approving while the value changes, answering twice: one deed waits for the other."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import transaction

from procurement.procurements import services
from procurement.procurements.models import Procurement, RouteDecision, RouteOverride
from procurement.procurements.services.deciding import decide
from procurement.procurements.vocabulary import DecisionStage
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 6


class Asked:
    """£100,000 of services, and light touch asked for instead of measures."""

    def __init__(self, officer, approver) -> None:
        self.officer, self.approver = officer, approver
        self.pk = procurement_of(officer, estimate=Decimal(100000)).pk
        self.override = services.ask_override(
            actor=officer, procurement_id=self.pk, to_route="light_touch", reason="Why"
        )

    def approve(self):
        return services.approve_override(
            actor=self.approver, override_id=self.override.pk, answer="Yes"
        )

    def refuse(self):
        return services.refuse_override(
            actor=self.approver, override_id=self.override.pk, answer="No"
        )

    def change(self):
        return services.change_procurement(
            actor=self.officer, procurement_id=self.pk, expected_version=1, estimate=Decimal(300000)
        )

    @property
    def latest(self) -> RouteDecision:
        return RouteDecision.objects.filter(procurement_id=self.pk).latest("id")


@pytest.fixture
def asked():
    load_law_and_policies()
    home = accounts.organisation("warwickshire")
    people = actor_for_role(Role.PROCUREMENT_OFFICER, home), actor_for_role(Role.APPROVER, home)
    return lambda: Asked(*people)


def test_control_without_holding_the_row_an_old_estimate_is_decided_last(asked, together) -> None:
    """Read the procurement, let somebody change it, then decide on what was read."""
    known = asked()
    has_read, has_changed = (threading.Barrier(2, timeout=10) for _ in range(2))

    def approve_unheld() -> None:
        with transaction.atomic():
            stale = Procurement.objects.select_related("authority").get(pk=known.pk)
            has_read.wait()
            has_changed.wait()
            decide(known.approver, stale, DecisionStage.OVERRIDE)

    def change() -> None:
        has_read.wait()
        known.change()
        has_changed.wait()

    together(approve_unheld, change)
    assert Procurement.objects.get(pk=known.pk).estimate == Decimal(300000)
    assert known.latest.net_amount == Decimal(100000)


def test_an_approval_and_a_change_at_once_end_on_the_estimate_that_stands(asked, together) -> None:
    for _ in range(ROUNDS):
        known = asked()
        approved, _ = together(known.approve, known.change)
        latest = known.latest
        assert (latest.net_amount, latest.route) == (Decimal(300000), "toms_mandatory")
        # Approved first, it has lapsed; changed first, it was no longer to be approved.
        status = RouteOverride.objects.get(pk=known.override.pk).status
        assert status == ("asked" if isinstance(approved, RuleBroken) else "approved")


def test_approved_or_refused_but_never_both(asked, together) -> None:
    for _ in range(ROUNDS):
        known = asked()
        answers = together(known.approve, known.refuse)
        assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
        status = RouteOverride.objects.get(pk=known.override.pk).status
        is_approved = status == "approved"
        assert known.latest.route == ("light_touch" if is_approved else "toms_advised")


def test_two_requests_at_once_are_one(asked, together) -> None:
    for _ in range(ROUNDS):
        known = asked()
        services.take_back_override(actor=known.officer, override_id=known.override.pk)

        def ask(known: Asked = known) -> RouteOverride:
            return services.ask_override(
                actor=known.officer, procurement_id=known.pk, to_route="light_touch", reason="Why"
            )

        answers = together(ask, ask)
        assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
