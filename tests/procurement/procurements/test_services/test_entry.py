"""A procurement is entered: once, by an officer, with the route and all it rests on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.procurements import queries
from procurement.procurements.models import Procurement, RouteDecision
from procurement.procurements.vocabulary import ProcurementStatus
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.procurements import procurement_of
from tests.procurement.procurements.test_services.steps import deeds

pytestmark = pytest.mark.django_db


def test_entering_decides_the_route_and_keeps_all_it_rests_on(officer):
    procurement = procurement_of(officer)
    decision = queries.latest_decision(procurement.pk)
    assert procurement.status == ProcurementStatus.ROUTED
    assert procurement.reference == f"SV-{procurement.created_at.year}-{procurement.pk:05d}"
    assert (procurement.owner_id, procurement.authority_id) == (
        officer.user_id,
        officer.organisation_id,
    )
    assert (decision.stage, decision.route, decision.crossed_line) == (
        "entry",
        "toms_mandatory",
        False,
    )
    assert (decision.net_amount, decision.gross_amount) == (Decimal("180000"), Decimal("216000"))
    assert (decision.compared_amount, decision.compared_basis) == (Decimal("216000"), "incl")
    assert decision.threshold.amount == Decimal("207720")
    assert decision.policy_version.policy.slug == "warwickshire-social-value-policy"
    assert decision.explanation.startswith("At £216,000 including VAT")
    assert decision.inputs == {
        "authority": "Warwickshire County Council",
        "category": "services",
        "amount": "180000.00",
        "basis": "excl",
        "amount_from": "estimate",
        "vat_kind": "unknown",
        "vat_rate_percent": None,
        "vat_rate_used_percent": "20",
        "amount_on_other_basis": None,
        "estimate_initial": None,
        "estimate_extensions": None,
        "estimate_options": None,
        "is_utilities": "no",
        "parts": None,
        "commenced_on": "2026-03-01",
        "policy": "Warwickshire County Council Social Value Policy, version 1",
        "bands_from": "West Midlands Combined Authority Social Value Policy, version 1",
        "policy_vat_basis": "excl",
        "threshold_regime": "PA2023",
        "threshold_amount": "207720.00",
        "threshold_vat_basis": "incl",
        "threshold_effective_from": "2026-01-01",
    }
    assert deeds(procurement) == ["procurement_created", "route_decided"]


def test_a_double_click_enters_one(officer):
    first = procurement_of(officer, submission_key="k1")
    again = procurement_of(officer, submission_key="k1")
    assert (again.pk, Procurement.objects.count(), RouteDecision.objects.count()) == (
        first.pk,
        1,
        1,
    )


def test_the_back_button_with_other_values_says_so_and_changes_nothing(officer):
    first = procurement_of(officer, submission_key="k1")
    with pytest.raises(Conflict, match=first.reference) as conflict:
        procurement_of(officer, submission_key="k1", estimate=Decimal("90000"))
    assert conflict.value.changed == {"Estimate": ("£180,000", "£90,000")}
    assert Procurement.objects.get().estimate == Decimal("180000")


def test_a_key_of_another_authority_tells_nothing(officer, stranger):
    procurement_of(officer, submission_key="k1")
    with pytest.raises(NotVisible):
        procurement_of(stranger, submission_key="k1")


@pytest.mark.parametrize("role", [Role.CONTRACT_MANAGER, Role.AUDITOR, Role.SUPPLIER_ADMIN])
def test_only_an_officer_enters(role):
    with pytest.raises(NotAllowed):
        procurement_of(actor_for_role(role))
    assert Procurement.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"estimate": Decimal("0")}, "estimate"),
        ({"estimate": Decimal("-1")}, "estimate"),
        ({"estimate": Decimal("100000000000")}, "estimate"),
        ({"estimate_basis": "maybe"}, "estimate_basis"),
        ({"vat_rate_percent": Decimal("101")}, "vat_rate_percent"),
        ({"category": "other"}, "category"),
        ({"cpv": "123"}, "cpv"),
        ({"directorate": "x" * 121}, "directorate"),
        ({"commenced_on": date(2010, 1, 1)}, "commenced_on"),
        ({"starts_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)}, "ends_on"),
    ],
)
def test_what_cannot_be_kept_names_the_field_and_leaves_nothing(officer, changes, field):
    with pytest.raises(RuleBroken) as broken:
        procurement_of(officer, **changes)
    assert broken.value.errors[0][0] == field
    assert (
        Procurement.objects.count(),
        AuditRecord.objects.filter(procurement_id__isnull=False).count(),
    ) == (0, 0)


def test_the_same_day_is_a_contract_of_one_day(officer):
    day = date(2026, 5, 1)
    assert procurement_of(officer, starts_on=day, ends_on=day).ends_on == day


def test_a_demonstration_authority_marks_what_it_enters(officer):
    organisation = accounts.organisation("warwickshire")
    assert procurement_of(officer).is_demonstration is False
    type(organisation).objects.filter(pk=organisation.pk).update(is_demonstration=True)
    assert procurement_of(officer).is_demonstration is True
