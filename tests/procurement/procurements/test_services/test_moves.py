"""A procurement moves from stage to stage, one at a time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.procurements import queries, services
from procurement.procurements.models import RouteDecision
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.procurements import considered, procurement_of

pytestmark = pytest.mark.django_db


def test_the_stages_in_order_with_a_decision_at_publication_and_award(officer):
    procurement = procurement_of(officer, estimate=Decimal("40000"))
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    services.mark_evaluating(actor=officer, procurement_id=procurement.pk)
    awarded = services.mark_awarded(
        actor=officer, procurement_id=procurement.pk, award_value=Decimal("62400"), award_basis="excl",
        awarded_on=date(2026, 6, 1),
    )  # fmt: skip
    assert (awarded.status, awarded.award_value, awarded.awarded_on) == (
        "awarded", Decimal("62400"), date(2026, 6, 1),
    )  # fmt: skip
    decisions = queries.decisions_of(officer, procurement.pk)
    assert [(d.stage, d.route, d.crossed_line) for d in decisions] == [
        ("award", "toms_advised", True),
        ("publication", "light_touch", False),
        ("entry", "light_touch", False),
    ]
    assert services.mark_complete(actor=officer, procurement_id=procurement.pk).status == "complete"


@pytest.mark.parametrize("value", ["0", "-1", "100000000000"])
def test_an_absurd_award_moves_nothing(officer, value):
    procurement = procurement_of(officer)
    considered(officer, procurement)
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    services.mark_evaluating(actor=officer, procurement_id=procurement.pk)
    with pytest.raises(RuleBroken, match="estimate must be"):
        services.mark_awarded(
            actor=officer, procurement_id=procurement.pk, award_value=Decimal(value), award_basis="excl",
            awarded_on=date(2026, 6, 1),
        )  # fmt: skip
    procurement.refresh_from_db()
    assert (procurement.status, procurement.award_value) == ("evaluating", None)


@pytest.mark.parametrize("move", ["mark_evaluating", "mark_complete"])
def test_a_stage_cannot_be_skipped(officer, move):
    procurement = procurement_of(officer)
    with pytest.raises(Conflict, match="being prepared"):
        getattr(services, move)(actor=officer, procurement_id=procurement.pk)
    procurement.refresh_from_db()
    assert procurement.status == "routed"


def test_publishing_twice_is_a_conflict_and_decides_once(officer):
    procurement = procurement_of(officer)
    considered(officer, procurement)
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    with pytest.raises(Conflict):
        services.mark_published(actor=officer, procurement_id=procurement.pk)
    assert RouteDecision.objects.filter(stage="publication").count() == 1


def test_withdrawing_keeps_the_reason(officer):
    procurement = procurement_of(officer)
    services.withdraw_procurement(
        actor=officer, procurement_id=procurement.pk, reason=" No budget "
    )
    procurement.refresh_from_db()
    assert procurement.status == "withdrawn"
    assert AuditRecord.objects.get(deed="procurement_withdrawn").after["reason"] == "No budget"
    with pytest.raises(RuleBroken, match="cannot be withdrawn"):
        services.withdraw_procurement(actor=officer, procurement_id=procurement.pk, reason="again")


def test_withdrawing_needs_a_reason(officer):
    procurement = procurement_of(officer)
    with pytest.raises(RuleBroken, match="Say why"):
        services.withdraw_procurement(actor=officer, procurement_id=procurement.pk, reason="  ")


@pytest.mark.owner
def test_a_decision_never_changes(officer):
    procurement_of(officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        RouteDecision.objects.update(route="light_touch")
    with pytest.raises(IntegrityError), transaction.atomic():
        RouteDecision.objects.all().delete()
