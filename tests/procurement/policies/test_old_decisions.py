"""What was decided stays decided: no change of policy or law touches a decision that was made."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from procurement.policies import queries, services
from procurement.policies.models import PolicyBand, PolicyVersion, Threshold
from procurement.procurements import queries as procurements
from procurement.procurements.models import RouteDecision
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import actor_for_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision():
    load_law_and_policies()
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("wmca"))
    return RouteDecision.objects.get(procurement=procurement_of(officer))


def kept(decision):
    return RouteDecision.objects.values().get(pk=decision.pk)


def asked_again():
    return queries.decide(
        authority_id=accounts.organisation("wmca").pk, category="services", amount=Decimal(180000),
        basis="excl", vat_rate_percent=None, commenced_on=date(2026, 3, 1),
    )  # fmt: skip


def test_a_new_policy_version_leaves_the_old_decision_as_it_was(decision, tmp_path):
    before = kept(decision)
    data = json.loads((services.DATA / "wmca-policy.json").read_text())
    first = data["versions"][0]
    later = json.loads(json.dumps(first)) | {"number": 2, "valid_from": "2026-01-01"}
    later["bands"][0]["upper"] = later["bands"][1]["lower"] = "190000"
    later["bands"][2] |= {"lower": "9000000", "lower_is_threshold": False}
    later["bands"][1] |= {"upper": "9000000", "upper_is_threshold": False}
    first["valid_to"] = "2025-12-31"
    data["versions"].append(later)
    path = tmp_path / "wmca.json"
    path.write_text(json.dumps(data))
    services.load_policy(actor=SYSTEM, source=path)
    # The same question has another answer from now on.
    assert asked_again().route == "light_touch"
    assert kept(decision) == before
    assert before["route"] == "toms_mandatory"
    assert before["inputs"]["policy"].endswith("version 1")


def test_a_corrected_threshold_leaves_the_old_decision_as_it_was(decision):
    before = kept(decision)
    Threshold.objects.filter(pk=decision.threshold_id).update(amount=900000)
    assert asked_again().route == "toms_advised"
    assert kept(decision) == before
    assert before["inputs"]["threshold_amount"] == "207720.00"
    assert "£207,720 threshold" in before["explanation"]


def test_duties_and_the_record_of_the_act_hold_to_the_amount_it_was_decided_with(decision):
    procurement = decision.procurement
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, procurement.authority)
    assert procurements.consideration_missing(procurement.pk)
    Threshold.objects.filter(pk=decision.threshold_id).update(amount=900000)
    assert procurements.consideration_missing(procurement.pk)
    dated = procurements.dated_procurement(officer, procurement.pk)
    assert dated.threshold.amount == Decimal("207720.00")


def test_what_a_decision_rests_on_cannot_be_taken_away(decision):
    for rows in (
        Threshold.objects.filter(pk=decision.threshold_id),
        PolicyBand.objects.filter(pk=decision.band_id),
        PolicyVersion.objects.filter(pk=decision.policy_version_id),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_a_decision_itself_never_changes(decision):
    for deed in (
        lambda: RouteDecision.objects.filter(pk=decision.pk).update(route="light_touch"),
        lambda: RouteDecision.objects.filter(pk=decision.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
