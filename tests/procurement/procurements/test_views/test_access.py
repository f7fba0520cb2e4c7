"""Who may open and send which page, and who is told nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import user_with_role
from tests.factories.procurements import procurement_of
from tests.procurement.procurements.test_views.steps import (
    answers,
    finish,
    note_answers,
    person,
    text,
    url,
)

pytestmark = pytest.mark.django_db

PAGES = ["edit", "withdraw", "note", "note_print"]


@pytest.mark.parametrize("name", PAGES)
def test_another_authoritys_procurement_is_not_there(client, officer, name):
    procurement = procurement_of(officer, estimate=Decimal("100"))
    finish(officer, procurement)
    client.force_login(person(slug="coventry"))
    response = client.get(url(name, procurement.pk))
    assert response.status_code == 404
    assert procurement.title not in text(response)


@pytest.mark.parametrize("name", ["edit", "withdraw", "note"])
def test_posting_a_foreign_id_changes_nothing(client, officer, name):
    procurement = procurement_of(officer, estimate=Decimal("100"))
    client.force_login(person(slug="coventry"))
    sent = answers(version="1", reason="x") | note_answers()
    assert client.post(url(name, procurement.pk), sent).status_code == 404
    procurement.refresh_from_db()
    assert (procurement.version, procurement.status) == (1, "routed")


@pytest.mark.parametrize("name", ["edit", "withdraw", "note"])
def test_a_colleague_without_the_role_is_told_so(client, officer, name):
    procurement = procurement_of(officer, estimate=Decimal("100"))
    client.force_login(person(Role.CONTRACT_MANAGER))
    assert client.get(url(name, procurement.pk)).status_code == 403


@pytest.mark.parametrize("name", ["new", "import"])
def test_only_officers_enter_and_import(client, name):
    client.force_login(person(Role.AUDITOR))
    assert client.get(url(name)).status_code == 403


@pytest.mark.parametrize("path", ["list", "new", "advice", "import"])
def test_suppliers_have_no_procurements(client, path):
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    assert client.get(url(path)).status_code == 403


@pytest.mark.parametrize("path", ["list", "new", "advice", "import"])
def test_signed_out_is_asked_to_sign_in(client, path):
    response = client.get(url(path))
    assert response.status_code == 302
    assert reverse("account_login") in response.url
