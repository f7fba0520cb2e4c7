from __future__ import annotations

import pytest
from django.urls import reverse

from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from tests.factories.accounts import user_with_role
from tests.factories.policies import load_law_and_policies

pytestmark = pytest.mark.django_db
PAGES = [
    ("procurement:policies:current", []),
    ("procurement:policies:thresholds", []),
    ("procurement:policies:thresholds_export", ["csv"]),
    ("procurement:policies:thresholds_export", ["xlsx"]),
    ("procurement:policies:version", ["wmca-social-value-policy", 1]),
]


@pytest.fixture
def law():
    load_law_and_policies()


def sign_in(client, slug="coventry", role=Role.AUDITOR):
    client.force_login(user_with_role(role, accounts.organisation(slug)))


def get(client, name, *args):
    return client.get(reverse(f"procurement:policies:{name}", args=args))


def test_the_policy_in_force_is_shown_with_its_bands_and_whom_it_binds(client, law):
    sign_in(client)
    page = get(client, "current").content.decode()
    for shown in (
        "West Midlands Combined Authority Social Value Policy",
        "the regional default applies",
        "£50,000 excluding VAT",
        "The statutory threshold",
        "Light touch",
        "TOMs advised",
        "TOMs mandatory",
        "5% to 30%",
        "Allowed instead of a weighting",
        "6.0, table row 2",
        "Coventry City Council",
        "£207,720",
        "Assumption: ",
    ):
        assert shown in page


def test_warwickshire_sees_its_own_version_with_the_regional_bands_marked(client, law):
    sign_in(client, "warwickshire")
    page = get(client, "current").content.decode()
    assert "Warwickshire County Council Social Value Policy" in page
    assert "<strong>Regional default.</strong>" in page


def test_without_a_policy_the_page_says_what_to_do(client, db):
    client.force_login(user_with_role(Role.POLICY_OWNER))
    response = get(client, "current")
    assert response.status_code == 200
    assert "No social value policy is in force today" in response.content.decode()


def test_the_thresholds_are_drawn_by_vat_basis(client, law):
    sign_in(client)
    response = get(client, "thresholds")
    titles = [chart.title for section in response.context["sections"] for chart in section.charts]
    assert titles[:2] == [
        "Goods and services: thresholds including VAT",
        "Goods and services: thresholds excluding VAT",
    ]
    page = response.content.decode()
    assert "Procurement Act 2023" in page
    assert "£189,330" in page


def test_thresholds_without_a_table_say_how_to_load_it(client, db):
    client.force_login(user_with_role(Role.POLICY_OWNER))
    assert "No thresholds are loaded" in get(client, "thresholds").content.decode()


@pytest.mark.parametrize("role", sorted(BUYER_ROLES))
def test_everyone_on_the_buyer_side_may_read(client, law, role):
    sign_in(client, role=Role(role))
    assert [client.get(reverse(name, args=args)).status_code for name, args in PAGES] == [
        200
    ] * len(PAGES)


def test_suppliers_may_not(client, law):
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    assert [client.get(reverse(name, args=args)).status_code for name, args in PAGES] == [
        403
    ] * len(PAGES)


@pytest.mark.parametrize("args", [("wmca-social-value-policy", 9), ("nothing", 1)])
def test_a_version_that_is_not_there(client, law, args):
    sign_in(client)
    assert get(client, "version", *args).status_code == 404


def test_the_export_has_every_row_that_the_page_has(client, law):
    sign_in(client)
    sections = get(client, "thresholds").context["sections"]
    lines = (
        get(client, "thresholds_export", "csv").content.decode("utf-8-sig").strip().split("\r\n")
    )
    assert len(lines) - 1 == sum(len(section.table.rows) for section in sections)
