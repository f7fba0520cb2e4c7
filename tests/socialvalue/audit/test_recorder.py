"""What a request leaves in the record of accesses: files taken out, refusals, signing in; and what it does not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AccessRecord, AuditRecord
from tests.factories.accounts import (
    PASSWORD,
    AuthorityFactory,
    MembershipFactory,
    UserFactory,
    user_with_role,
)
from tests.factories.ledger import contract_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return AuthorityFactory(name="A Council")


def client_of(role: Role, organisation) -> Client:
    client = Client()
    client.force_login(user_with_role(role, organisation))
    return client


def kept() -> list[tuple[str, int | None, str]]:
    rows = AccessRecord.objects.order_by("id")
    return list(rows.values_list("kind", "organisation_id", "sentence"))


# --- looking --------------------------------------------------------------------------------------


def test_a_page_that_is_read_leaves_nothing(council):
    client = client_of(Role.AUDITOR, council)
    assert client.get(reverse("procurement:procurements:list")).status_code == 200
    assert kept() == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_taken_out_is_kept_with_its_name(council, form):
    client = client_of(Role.AUDITOR, council)
    address = reverse("procurement:procurements:export", args=[form])
    assert client.get(f"{address}?q=secret").status_code == 200
    row = AccessRecord.objects.get()
    assert (row.kind, row.organisation_id) == ("exported", council.pk)
    assert row.subject.startswith("procurements-")
    assert row.subject.endswith(f".{form}")
    assert row.address == address


def test_asking_only_for_the_head_of_a_file_takes_nothing_out(council):
    client = client_of(Role.AUDITOR, council)
    client.head(reverse("procurement:procurements:export", args=["csv"]))
    assert kept() == []


def test_a_refused_page_is_kept(council):
    client = client_of(Role.PROCUREMENT_OFFICER, council)
    assert client.get(reverse("accounts:record")).status_code == 403
    assert kept() == [("refused", council.pk, "Was refused a page.")]


def test_a_refused_deed_is_kept(council):
    client = client_of(Role.AUDITOR, council)
    found = client.post(reverse("procurement:procurements:new"), {"title": "x"})
    assert found.status_code == 403
    assert kept() == [("refused", council.pk, "Was refused a deed.")]


def test_something_of_another_organisation_is_kept(council):
    """The page says no more than that nothing is there; the auditor of the person's own organisation reads that they
    asked."""
    theirs = contract_with()[0].procurement
    client = client_of(Role.PROCUREMENT_OFFICER, council)
    address = reverse("procurement:threads:procurement", args=[theirs.pk])
    assert client.get(address).status_code == 404
    row = AccessRecord.objects.get()
    assert (row.kind, row.organisation_id, row.address) == ("not_shown", council.pk, address)


def test_a_mistyped_address_leaves_nothing(council):
    client = client_of(Role.AUDITOR, council)
    assert client.get("/no-such-page/").status_code == 404
    assert kept() == []


def test_somebody_not_signed_in_is_not_followed():
    client = Client()
    assert client.get(reverse("accounts:record")).status_code == 302
    assert client.get("/open/").status_code == 200
    assert kept() == []


def test_a_look_is_no_deed(council):
    client = client_of(Role.AUDITOR, council)
    before = AuditRecord.objects.count()
    client.get(reverse("procurement:procurements:export", args=["csv"]))
    client.get(reverse("procurement:procurements:new"))
    assert AuditRecord.objects.count() == before


# --- signing in -----------------------------------------------------------------------------------


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_signing_in_and_out_is_kept(council):
    user = user_with_role(Role.PROCUREMENT_OFFICER, council)
    client = Client()
    assert sign_in(client, user.email).status_code == 302
    assert kept() == [("signed_in", council.pk, "Signed in with a password.")]
    client.post(reverse("account_logout"))
    assert kept()[1:] == [("signed_out", council.pk, "Signed out.")]
    assert set(AccessRecord.objects.values_list("user_id", flat=True)) == {user.pk}


def test_it_stands_in_the_record_of_every_organisation_of_the_person(council):
    user = user_with_role(Role.PROCUREMENT_OFFICER, council)
    other = AuthorityFactory()
    MembershipFactory(user=user, organisation=other)
    sign_in(Client(), user.email)
    assert {row[1] for row in kept()} == {council.pk, other.pk}


def test_a_wrong_password_is_kept_and_nothing_that_was_typed(council):
    user = user_with_role(Role.PROCUREMENT_OFFICER, council)
    assert sign_in(Client(), user.email, "not the password at all").status_code == 200
    row = AccessRecord.objects.get()
    assert (row.kind, row.user_id, row.organisation_id) == ("sign_in_failed", user.pk, council.pk)
    assert "not the password" not in str(vars(row))


def test_an_unknown_address_is_kept_without_itself(council):
    sign_in(Client(), "nobody-here@example.org")
    row = AccessRecord.objects.get()
    assert (row.kind, row.user_id, row.organisation_id) == ("sign_in_failed", None, None)
    assert "nobody-here" not in str(vars(row))


def test_somebody_without_an_organisation_is_kept_for_nobodys_record():
    user = UserFactory()
    sign_in(Client(), user.email)
    assert kept() == [("signed_in", None, "Signed in with a password.")]


def test_a_changed_password_is_kept(council):
    user = user_with_role(Role.PROCUREMENT_OFFICER, council)
    client = Client()
    sign_in(client, user.email)
    new = "quite another sentence 7"
    found = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert found.status_code == 302
    assert ("password_changed", council.pk, "Changed the password.") in kept()
