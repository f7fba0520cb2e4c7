"""Where a page lies: its section, and the pages beside it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from socialvalue.accounts.context import INSIDE
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import SupplierFactory, user_with_role
from tests.factories.reporting import region_with
from toms.imports.services import load_shipped_sets

pytestmark = pytest.mark.django_db

WHO = {
    "procurement:deliveries:inbox": Role.SUPPLIER_ADMIN,
    "procurement:verifications:queue": Role.CONTRACT_MANAGER,
    "reporting:cabinet:list": Role.ORGANISATION_ADMIN,
    "reporting:dashboards:region": Role.REGIONAL_ANALYST,
}
"""Who has the section; all the others are the policy owner's as well."""
PAGES = [(section, name) for section, places in INSIDE.items() for _, name in places]


def page(client, user, address):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(address).context


@pytest.mark.parametrize(("section", "name"), PAGES)
def test_each_page_of_a_section_names_the_others_and_marks_itself(client, section, name):
    role = WHO.get(section, Role.POLICY_OWNER)
    where = []
    if role == Role.SUPPLIER_ADMIN:
        where = [SupplierFactory()]
    if role == Role.REGIONAL_ANALYST:
        where = [region_with().lead]
    context = page(client, user_with_role(role, *where), reverse(name))
    current = [item.url for item in context["navigation"] if item.is_current]
    beside = context["section_navigation"]
    assert current == [reverse(section)]
    assert [item.url for item in beside] == [reverse(inner) for _, inner in INSIDE[section]]
    assert [item.url for item in beside if item.is_current] == [reverse(name)]


def test_a_page_inside_one_of_them_has_its_section_only(client):
    context = page(
        client, user_with_role(Role.PROCUREMENT_OFFICER), reverse("procurement:procurements:import")
    )
    assert context["section_navigation"] == []
    assert [i.label for i in context["navigation"] if i.is_current] == ["Procurements"]


def test_a_supplier_has_no_buyers_pages(client):
    user = user_with_role(Role.SUPPLIER_ADMIN, SupplierFactory())
    context = page(client, user, reverse("procurement:bids:list"))
    assert context["section_navigation"] == []
    assert "Procurements" not in [item.label for item in context["navigation"]]


def test_only_what_a_person_may_open_is_named(client):
    load_shipped_sets(actor=SYSTEM)
    catalogue = reverse("toms:frameworks:catalogue")
    theirs = page(client, user_with_role(Role.SUPPLIER_ADMIN, SupplierFactory()), catalogue)
    labels = [item.label for item in theirs["section_navigation"]]
    assert labels == ["All measures", "Priorities", "Differences"]
    officers = page(client, user_with_role(Role.PROCUREMENT_OFFICER), catalogue)
    assert "Imports" not in [item.label for item in officers["section_navigation"]]
    assert "What we use" in [item.label for item in officers["section_navigation"]]
