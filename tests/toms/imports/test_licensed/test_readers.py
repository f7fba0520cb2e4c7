"""Who sees a licensed edition: its holder, and the authorities of a region for which it was imported."""

from __future__ import annotations

from datetime import date

import pytest

from socialvalue.accounts.models import Region, RegionMembership
from socialvalue.accounts.vocabulary import MemberStatus, Role
from socialvalue.core.actor import ANONYMOUS
from socialvalue.core.errors import NotVisible
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.imports import imported, owner
from toms.frameworks import queries as frameworks
from toms.imports import queries

pytestmark = pytest.mark.django_db


def region_of(lead, *members):
    region = Region.objects.create(slug=f"region-{lead.pk}", name="A region", lead=lead)
    for member in members:
        RegionMembership.objects.create(
            region=region,
            authority=member,
            status=MemberStatus.CONSTITUENT,
            from_on=date(2020, 1, 1),
        )
    return region


def test_only_its_holder_sees_a_council_s_edition():
    council, other = AuthorityFactory(), AuthorityFactory()
    lead = AuthorityFactory()
    region_of(lead, council, other)
    holder = owner(council)
    kept = imported(holder)
    outsiders = [
        owner(other), owner(lead), actor_for_role(Role.SUPPLIER_ADMIN), ANONYMOUS,
        actor_for_role(Role.REGIONAL_ANALYST, lead), actor_for_role(Role.AUDITOR, other),
    ]  # fmt: skip
    for actor in outsiders:
        assert frameworks.edition_infos(actor) == []
        with pytest.raises(NotVisible):
            frameworks.edition_info(actor, kept.edition_slug)
        with pytest.raises(NotVisible):
            queries.exported(actor, kept.edition_slug)
        with pytest.raises(NotVisible):
            queries.framework_import(actor, kept.pk)
        assert list(queries.imports(actor)) == []
    colleague = actor_for_role(Role.PROCUREMENT_OFFICER, council)
    assert [row.slug for row in frameworks.edition_infos(colleague)] == [kept.edition_slug]
    assert frameworks.edition_info(holder, kept.edition_slug).label == "2026"


def test_what_a_region_s_lead_imports_is_seen_by_its_authorities_and_nobody_else():
    lead, member, outside = AuthorityFactory(), AuthorityFactory(), AuthorityFactory()
    left = AuthorityFactory()
    region = region_of(lead, member)
    RegionMembership.objects.create(
        region=region, authority=left, status=MemberStatus.CONSTITUENT,
        from_on=date(2020, 1, 1), to_on=date(2021, 1, 1),
    )  # fmt: skip
    kept = imported(owner(lead))
    for organisation in (lead, member):
        actor = actor_for_role(Role.PROCUREMENT_OFFICER, organisation)
        assert [row.slug for row in frameworks.edition_infos(actor)] == [kept.edition_slug]
    for organisation in (outside, left):
        assert (
            frameworks.edition_infos(actor_for_role(Role.PROCUREMENT_OFFICER, organisation)) == []
        )
    supplier = actor_for_role(Role.SUPPLIER_ADMIN)
    assert frameworks.edition_infos(supplier) == []


def test_a_licensed_edition_is_never_the_one_in_force():
    imported(owner())
    with pytest.raises(NotVisible):
        frameworks.current_edition(date(2026, 6, 1))


def test_two_councils_may_hold_the_same_framework_side_by_side():
    first, second = owner(), owner()
    one, two = imported(first), imported(second)
    assert one.edition_slug != two.edition_slug
    assert one.content_checksum != two.content_checksum, "each names its own licence"
    assert frameworks.edition_info(first, one.edition_slug).framework_licence.startswith(
        "Licensed to"
    )
    with pytest.raises(NotVisible):
        frameworks.edition_info(first, two.edition_slug)
