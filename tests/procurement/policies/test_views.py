from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
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
    page = get(client, "thresholds").context
    tables = [section.table for section in page["sections"] + page["utilities"]] + [
        page["duties"],
        page["looked_up"],
    ]
    lines = (
        get(client, "thresholds_export", "csv").content.decode("utf-8-sig").strip().split("\r\n")
    )
    assert len(lines) - 1 == sum(len(table.rows) for table in tables) == 78


def upload(client, content: bytes, name: str = "law.csv"):
    return client.post(
        reverse("procurement:policies:threshold_upload"),
        {"file": SimpleUploadedFile(name, content)},
    )


LAW_2028 = (
    b"regime,effective_from,effective_to,vat_basis,category,authority_type,amount_gbp,source_url,certainty\n"
    b"PA2023,2028-01-01,2029-12-31,incl,goods_services,sub_central,210000,SI 2027/1,primary\n"
)


def test_the_keeper_of_the_law_uploads_looks_and_applies(client, law):
    sign_in(client, "wmca", Role.POLICY_OWNER)
    assert "Update the thresholds" in get(client, "thresholds").content.decode()
    response = upload(client, LAW_2028)
    page = client.get(response["Location"])
    text = page.content.decode()
    assert "Goods and services – councils" in text
    assert "£210,000 including VAT, from 1 January 2028 to 31 December 2029" in text
    number = page.context["page"].id
    address = reverse("procurement:policies:threshold_apply", args=[number])
    assert client.get(address).status_code == 405
    stale = client.post(address, {"seen": "another"})
    assert stale.status_code == 409
    client.post(address, {"seen": page.context["page"].fingerprint})
    assert "Thresholds updated" in client.get(response["Location"]).content.decode()
    assert client.post(address, {"seen": page.context["page"].fingerprint}).status_code == 409
    law_page = get(client, "thresholds").content.decode()
    assert "1 new, 0 changed" in law_page
    assert "£210,000" in law_page


def test_a_file_that_cannot_be_read_is_said_beside_the_box(client, law):
    sign_in(client, "wmca", Role.POLICY_OWNER)
    response = upload(client, b"a,b\n1,2\n")
    assert response.status_code == 422
    assert "The file has no column regime" in response.content.decode()


@pytest.mark.parametrize(
    ("slug", "role"), [("warwickshire", Role.POLICY_OWNER), ("wmca", Role.AUDITOR)]
)
def test_others_read_the_law_and_are_told_who_updates_it(client, law, slug, role):
    sign_in(client, "wmca", Role.POLICY_OWNER)
    address = upload(client, LAW_2028)["Location"]
    sign_in(client, slug, role)
    page = get(client, "thresholds").content.decode()
    assert "only a policy owner of a combined authority" in page
    assert reverse("procurement:policies:threshold_upload") not in page
    assert [
        client.get(reverse("procurement:policies:threshold_upload")).status_code,
        client.get(address).status_code,
        client.get(address + "lines.csv").status_code,
        client.post(address + "apply/").status_code,
    ] == [403] * 4
