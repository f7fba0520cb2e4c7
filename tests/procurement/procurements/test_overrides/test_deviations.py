"""Why the route was not followed: who tells it, and where it is read."""

from __future__ import annotations

import pytest
from django.urls import reverse

from procurement.procurements import queries, services
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role, user_with_role
from tests.procurement.procurements.test_overrides.steps import text, url

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "role", [Role.PROCUREMENT_OFFICER, Role.CONTRACT_MANAGER, Role.DIRECTORATE_MANAGER]
)
def test_a_deviation_is_told_and_told_again(home, procurement, role):
    actor = actor_for_role(role, home)
    for reason in ("First", " Second "):
        services.explain_deviation(actor=actor, procurement_id=procurement.pk, reason=reason)
    told = queries.deviations_of([procurement.pk])
    assert [row.reason for row in told[procurement.pk]] == ["Second", "First"]
    assert queries.deviations_of([]) == {}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EVALUATOR, Role.APPROVER])
def test_others_do_not_tell_it(home, procurement, role):
    with pytest.raises(NotAllowed):
        services.explain_deviation(
            actor=actor_for_role(role, home), procurement_id=procurement.pk, reason="Mine"
        )


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_a_deviation_has_a_reason(officer, procurement, reason):
    with pytest.raises(RuleBroken):
        services.explain_deviation(actor=officer, procurement_id=procurement.pk, reason=reason)


def test_a_deviation_of_another_authority_is_not_there(procurement):
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))
    with pytest.raises(NotVisible):
        services.explain_deviation(actor=stranger, procurement_id=procurement.pk, reason="Mine")


def test_the_page_of_it(client, home, procurement):
    client.force_login(user_with_role(Role.DIRECTORATE_MANAGER, home))
    assert client.post(url("deviation", procurement.pk), {"reason": ""}).status_code == 422
    assert (
        client.post(url("deviation", procurement.pk), {"reason": "It was urgent."}).status_code
        == 302
    )
    thread = reverse("procurement:threads:procurement", args=[procurement.pk])
    assert "It was urgent." in text(client.get(thread))
    considered_first = user_with_role(Role.AUDITOR, home)
    client.force_login(considered_first)
    assert client.get(url("deviation", procurement.pk)).status_code == 403
