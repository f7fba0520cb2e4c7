"""Two approvers at once, both parties at once: one answer stands."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from procurement.awards.models import ContractChange
from procurement.awards.queries import commitment_info
from procurement.remedies import services
from procurement.remedies.models import ChangeRequest, RemedyDecision, Shortfall
from procurement.remedies.vocabulary import DecisionStatus
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.remedies import ALL, NOW, raised, short, with_terms

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 4


def then(deed):
    """Threads have no clock of their own: each deed brings the day along."""

    def run():
        with clock.at(NOW):
            return deed()

    return run


@pytest.fixture
def w():
    with clock.at(NOW):
        world = short()
        with_terms(world)
    return world


def proposed(w, kind="service_credit", **more) -> RemedyDecision:
    with clock.at(NOW):
        row = Shortfall.objects.filter(closed_at__isnull=True).first() or raised(w)
        row.refresh_from_db()
        return services.propose_remedy(
            actor=w.manager,
            shortfall_id=row.pk,
            expected_version=row.version,
            kind=kind,
            reason="Quiet.",
            **more,
        )


def test_control_without_a_lock_both_think_they_may_and_only_the_table_refuses(together, w) -> None:
    decision = proposed(w)
    both_have_read = threading.Barrier(2, timeout=10)

    def decide_unguarded(status: str) -> bool:
        with suppress(IntegrityError), transaction.atomic():
            row = RemedyDecision.objects.get(pk=decision.pk)
            may = row.status == DecisionStatus.PROPOSED
            both_have_read.wait()
            row.status, row.remark = status, "Mine."
            row.decided_at, row.decided_by_id = NOW, w.approver.user_id
            row.save()
        return may

    deeds = [partial(decide_unguarded, "approved"), partial(decide_unguarded, "refused")]
    assert together(*deeds) == [True, True]


def test_two_approvers_at_once_decide_once(together, w) -> None:
    second = actor_for_role(Role.APPROVER, w.authority)
    decision = proposed(w, "substitution", instead_id=w.weeks.pk, quantity=Decimal("6.25"))
    approve = [
        then(partial(services.approve_remedy, actor=actor, decision_id=decision.pk))
        for actor in (w.approver, second)
    ]
    answers = together(*approve)
    assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
    assert ContractChange.objects.count() == 1
    assert commitment_info(w.weeks.pk).quantity == Decimal("22.25")


def test_approved_refused_or_withdrawn_but_never_two_of_them(together, w) -> None:
    for _ in range(ROUNDS):
        decision = proposed(w)
        answers = together(
            then(
                partial(
                    services.refuse_remedy, actor=w.approver, decision_id=decision.pk, remark="No."
                )
            ),
            then(partial(services.withdraw_remedy, actor=w.manager, decision_id=decision.pk)),
        )
        assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
        decision.refresh_from_db()
        assert decision.status in ("refused", "withdrawn")


def test_two_shortfalls_at_once_share_one_cap(together, w) -> None:
    """£250 and £40 at 100% under a cap of £280: whoever is second is told that the sum came out otherwise."""
    terms = replace(
        ALL, service_credit_percent=Decimal(100), service_credit_cap_percent=Decimal("0.09")
    )
    with clock.at(NOW):
        services.set_terms(
            actor=w.manager, contract_id=w.contract.pk, expected_version=1, terms=terms
        )
        rows = [raised(w), raised(w, w.weeks)]
        decisions = [
            services.propose_remedy(
                actor=w.manager,
                shortfall_id=row.pk,
                expected_version=1,
                kind="service_credit",
                reason="Quiet.",
            )
            for row in rows
        ]
    answers = together(
        *(
            then(partial(services.approve_remedy, actor=w.approver, decision_id=one.pk))
            for one in decisions
        )
    )
    assert sorted(isinstance(answer, RuleBroken) for answer in answers) == [False, True]


def test_pressed_twice_at_once_raises_one_shortfall(together, w) -> None:
    answers = together(*[then(partial(raised, w))] * 2)
    assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
    assert Shortfall.objects.count() == 1


def test_agreed_or_withdrawn_but_never_both(together, w) -> None:
    standing = Decimal(100)
    for number in range(ROUNDS):
        wanted = Decimal(60 - number)
        with clock.at(NOW):
            row = services.ask_change(
                actor=w.boss,
                contract_id=w.contract.pk,
                kind="quantity",
                commitment_id=w.hours.pk,
                quantity=wanted,
                from_quarter=date(2025, 10, 1),
                reason="Less room.",
            )
        about = {"request_id": row.pk, "expected_version": 1}
        answers = together(
            then(partial(services.agree_change, actor=w.manager, **about)),
            then(partial(services.withdraw_change, actor=w.boss, **about)),
        )
        assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
        row.refresh_from_db()
        standing = wanted if row.status == "agreed" else standing
        assert commitment_info(w.hours.pk).quantity == standing
    agreed = ChangeRequest.objects.filter(status="agreed").count()
    assert ContractChange.objects.count() == agreed
