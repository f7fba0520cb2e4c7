"""The public page of a region: members that publish, members that do not, and small numbers between them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from reporting.open_data import services
from reporting.rollups.services import drain
from socialvalue.accounts.models import RegionMembership
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotAllowed, NotVisible
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.cabinet import NOW
from tests.factories.ledger import Promise, contract_with, measure, posting
from tests.factories.reporting import region_with, rows_of

pytestmark = pytest.mark.django_db
APRIL, OCTOBER = date(2025, 4, 1), date(2025, 10, 1)
ADDRESS = "/open/region/"


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


@pytest.fixture
def members():
    found = [AuthorityFactory(name=f"Council {name}", slug=f"council-{name}") for name in "abcd"]
    for place, authority in enumerate(found):
        authority.tile_column, authority.tile_row, authority.tile_code = (
            place,
            0,
            authority.slug[-1],
        )
        authority.save()
    return found


@pytest.fixture
def region(members):
    return region_with(*((authority, "2020-01-01", None) for authority in members))


def reports(authority, *amounts, basis=Basis.COMMITTED):
    """Entries of an authority: code, unit, quantity, pence, month."""
    for code, unit, quantity, pence, month in amounts:
        _, [commitment] = contract_with(
            Promise(measure(code, unit=unit), Decimal(1)), authority=authority
        )
        entry = posting(
            commitment, basis=basis, period=month, quantity=Decimal(quantity), value_pence=pence
        )
        post_entries(actor=SYSTEM, postings=[entry])
    drain()


def publish(subject, kind, authority):
    manager = actor_for_role(Role.DIRECTORATE_MANAGER, authority)
    return services.choose_public(
        actor=manager, kind=kind, own_slug=subject.slug, intro="", licence="cc-by-4", data_note="", expected_version=0
    )  # fmt: skip


def table(client, name, address=ADDRESS):
    answer = client.get(f"{address}{name}.csv?year=2025-26")
    assert answer.status_code == 200
    return rows_of(answer.content)


def hours(pence, month=APRIL):
    return ("H", "hours", 100, pence, month)


def test_only_the_lead_decides_for_its_region(region, members):
    for role, authority, error in (
        (Role.DIRECTORATE_MANAGER, members[0], NotVisible),
        (Role.REGIONAL_ANALYST, region.lead, NotAllowed),
    ):
        with pytest.raises(error):
            services.choose_public(
                actor=actor_for_role(role, authority), kind="region", own_slug="region", intro="",
                licence="ogl-3", data_note="", expected_version=0,
            )  # fmt: skip
    assert publish(region, "region", region.lead).is_public


def test_members_that_do_not_publish_are_in_the_total_and_in_no_line(client, region, members):
    a, b, c, _ = members
    for authority, pence in ((a, 100_00), (b, 213_00), (c, 307_00)):
        reports(authority, hours(pence))
    publish(a, "authority", a)
    publish(region, "region", region.lead)
    page = client.get(f"{ADDRESS}?year=2025-26").content.decode()
    assert "£620" in page
    assert "£213" not in page
    assert "£307" not in page
    assert [row["Authority"] for row in table(client, "members")] == ["Council a"]
    # On the map for wide screens and the one for phones, and in the list.
    assert page.count("Council b: not published") == 3
    assert ">not published</text>" in page
    assert f'href="/open/{a.slug}/"' in page
    assert f"/open/{b.slug}/" not in page


def test_one_member_that_does_not_publish_is_left_out_because_the_rest_would_tell_it(
    client, region, members
):
    a, b, c, _ = members
    for authority, pence in ((a, 100_00), (b, 200_00), (c, 300_00)):
        reports(authority, hours(pence))
    publish(a, "authority", a)
    publish(b, "authority", b)
    publish(region, "region", region.lead)
    page = client.get(f"{ADDRESS}?year=2025-26").content.decode()
    assert "£300" in page
    assert "£600" not in page
    assert "are not in these totals" in page
    total = sum(Decimal(row["Committed (£)"]) for row in table(client, "members"))
    assert total == sum(Decimal(row["Committed (£)"]) for row in table(client, "themes")) == 300
    reports(members[3], hours(150_00))
    assert "£750" in client.get(f"{ADDRESS}?year=2025-26").content.decode()


def test_a_small_number_of_a_member_is_not_the_region_less_the_others(client, region, members):
    a, b, _, _ = members
    reports(a, ("P", "people", 3, 30_00, APRIL), hours(900_00))
    reports(b, ("P", "people", 60, 600_00, APRIL), hours(900_00))
    for authority in (a, b):
        publish(authority, "authority", authority)
    publish(region, "region", region.lead)
    own = {row["Measure"][0]: row for row in table(client, "measures", f"/open/{a.slug}/")}
    assert own["P"]["Committed (quantity)"] == "Fewer than 5"
    assert own["P"]["Committed (£)"] == "Not shown"
    assert own["H"]["Committed (quantity)"] == own["H"]["Committed (£)"] == "Not shown"
    other = {row["Measure"][0]: row for row in table(client, "measures", f"/open/{b.slug}/")}
    assert other["P"]["Committed (quantity)"] == "60.000"
    whole = {row["Measure"][0]: row for row in table(client, "measures")}
    assert whole["P"]["Committed (quantity)"] == whole["H"]["Committed (£)"] == "Not shown"
    assert "£2,430" in client.get(f"{ADDRESS}?year=2025-26").content.decode()
    text = client.get(f"/open/{a.slug}/all.json?year=2025-26").content.decode()
    assert "Fewer than 5" in text
    assert not re.search(r'"(30\.00|900\.00|3\.000)"', text)


def test_a_member_whose_own_total_is_not_told_is_in_no_total_of_its_region(client, region, members):
    a, b, _, _ = members
    reports(a, ("P", "people", 3, 30_00, APRIL))
    reports(b, hours(900_00))
    for authority in (a, b):
        publish(authority, "authority", authority)
    publish(region, "region", region.lead)
    own = client.get(f"/open/{a.slug}/?year=2025-26").content.decode()
    assert "£30" not in own
    page = client.get(f"{ADDRESS}?year=2025-26").content.decode()
    assert "£900" in page
    assert "£930" not in page
    assert "Council a is not in these totals" in page
    lines = {row["Authority"]: row["Committed (£)"] for row in table(client, "members")}
    assert lines == {"Council a": "Not shown", "Council b": "900.00"}


def test_months_outside_a_membership_tell_no_small_number_by_subtraction(client, region, members):
    a, b, _, _ = members
    RegionMembership.objects.filter(authority=a).update(to_on=date(2025, 9, 30))
    # Seven in the year, three of them after it left: neither page may let the other be subtracted.
    reports(
        a, ("P", "people", 4, 40_00, APRIL), ("P", "people", 3, 30_00, OCTOBER),
        hours(900_00), hours(900_00, OCTOBER),
    )  # fmt: skip
    reports(b, ("P", "people", 60, 600_00, APRIL), hours(900_00))
    for authority in (a, b):
        publish(authority, "authority", authority)
    publish(region, "region", region.lead)
    own = {row["Measure"][0]: row for row in table(client, "measures", f"/open/{a.slug}/")}
    assert own["P"]["Committed (quantity)"] == "Not shown"
    whole = {row["Measure"][0]: row for row in table(client, "measures")}
    assert whole["P"]["Committed (quantity)"] == "Not shown"


def test_a_member_that_withholds_its_figures_is_named_and_in_no_total(client, region, members):
    a, b, _, _ = members
    reports(a, hours(213_00))
    reports(b, hours(900_00))
    for authority in (a, b):
        publish(authority, "authority", authority)
    publish(region, "region", region.lead)
    RegionMembership.objects.filter(authority=a).update(is_withheld=True)
    page = client.get(f"{ADDRESS}?year=2025-26").content.decode()
    assert "£213" not in page
    assert "£1,113" not in page
    assert "Council a is not in these totals: it withholds its figures from the region." in page
    assert ">withheld</text>" in page
    assert [row["Authority"] for row in table(client, "members")] == ["Council b"]
    assert "£213" in client.get(f"/open/{a.slug}/?year=2025-26").content.decode()


def test_the_page_reads_as_often_for_many_members_as_for_few(client, region, members):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    publish(region, "region", region.lead)
    counts = []
    for authority in members[:3]:
        reports(authority, hours(900_00), ("E", "tCO2e", 7, 900_00, OCTOBER))
        publish(authority, "authority", authority)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"{ADDRESS}?year=2025-26").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 30


def test_a_region_with_the_slug_of_an_authority_has_an_address_of_its_own(region):
    other = AuthorityFactory(slug="region", name="Council called region")
    assert publish(other, "authority", other).slug == "region"
    assert publish(region, "region", region.lead).slug == "region-region"
