"""Who belongs to a region, recorded by the administrators of the authority that leads it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from socialvalue.accounts import queries, services
from socialvalue.accounts.models import Organisation, Region, RegionMembership
from socialvalue.accounts.vocabulary import MemberStatus, OrganisationKind, Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory, actor_for_role, actor_of, user_with_role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
SLUG = "west-midlands"
LIST = "/organisations/region/members/"


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW):
        yield


@pytest.fixture
def region():
    services.load_organisations(actor=SYSTEM)
    return queries.region(SLUG)


@pytest.fixture
def keeper(region):
    return actor_of(user_with_role(Role.REGIONAL_ADMIN, region.lead))


@pytest.fixture
def outsider():
    return AuthorityFactory(name="Outside Council", slug="outside")


def add(
    actor,
    slug="outside",
    status=MemberStatus.NON_CONSTITUENT,
    first=date(2026, 4, 1),
    last=None,
    region=SLUG,
):
    return services.add_region_member(
        actor=actor, region_slug=region, authority_slug=slug, status=status, from_on=first, to_on=last
    )  # fmt: skip


def change(actor, row, first, last=None, status=None, seen=None):
    member = queries.region_member(actor, SLUG, row.pk)
    return services.change_region_member(
        actor=actor,
        region_slug=SLUG,
        membership_id=row.pk,
        status=status or MemberStatus(row.status),
        from_on=first,
        to_on=last,
        seen=member.seen if seen is None else seen,
    )


def test_a_recorded_member_counts_from_its_first_day(keeper, region, outsider):
    row = add(keeper)
    assert queries.region_of(outsider.pk, date(2026, 3, 31)) is None
    assert queries.region_of(outsider.pk, date(2026, 4, 1)) == region
    told = AuditRecord.objects.get(deed="region_membership_recorded")
    assert told.sentence == "Outside Council belongs to West Midlands: from 1 April 2026."
    assert told.after == {"status": "non_constituent", "from_on": "2026-04-01", "to_on": ""}
    assert (told.target_type, told.target_id) == ("regionmembership", row.pk)


def test_a_member_leaves_on_its_last_day(keeper, region):
    rugby = RegionMembership.objects.get(authority__slug="rugby")
    change(keeper, rugby, rugby.from_on, date(2026, 3, 31))
    assert queries.region_of(rugby.authority_id, date(2026, 3, 31)) == region
    assert queries.region_of(rugby.authority_id, date(2026, 4, 1)) is None
    told = AuditRecord.objects.get(deed="region_membership_recorded")
    assert told.before == {"status": "non_constituent", "from_on": "2016-06-17", "to_on": ""}
    assert told.after["to_on"] == "2026-03-31"
    found = queries.led_region(keeper, SLUG)
    assert [row.authority_slug for row in found.before] == ["rugby"]
    assert "rugby" not in {row.authority_slug for row in found.now}


def test_the_same_days_again_record_nothing(keeper):
    rugby = RegionMembership.objects.get(authority__slug="rugby")
    change(keeper, rugby, rugby.from_on)
    assert AuditRecord.objects.filter(deed="region_membership_recorded").count() == 0


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [
        (date(2026, 4, 1), None, True),
        (date(2026, 3, 31), None, False),
        (date(2025, 4, 1), date(2025, 12, 31), False),
        (date(2024, 1, 1), date(2025, 3, 31), True),
        (date(2024, 1, 1), date(2025, 4, 1), False),
    ],
)
def test_times_in_one_region_do_not_overlap(keeper, outsider, first, last, fits):
    add(keeper, first=date(2025, 4, 1), last=date(2026, 3, 31))
    if fits:
        add(keeper, first=first, last=last)
    else:
        with pytest.raises(RuleBroken, match="belongs to the region already"):
            add(keeper, first=first, last=last)


def test_a_last_day_before_the_first_is_refused(keeper, outsider):
    with pytest.raises(RuleBroken, match="The last day must be the first day or later"):
        add(keeper, first=date(2026, 4, 2), last=date(2026, 4, 1))
    add(keeper, first=date(2026, 4, 1), last=date(2026, 4, 1))


def test_a_constituent_member_belongs_to_one_region_at_a_time(keeper, region, outsider):
    other = Region.objects.create(
        slug="elsewhere",
        name="Elsewhere",
        lead=AuthorityFactory(kind=OrganisationKind.COMBINED_AUTHORITY),
    )
    RegionMembership.objects.create(
        region=other, authority=outsider, status="constituent", from_on=date(2020, 1, 1)
    )
    with pytest.raises(RuleBroken, match="constituent member of Elsewhere"):
        add(keeper, status=MemberStatus.CONSTITUENT)
    add(keeper, status=MemberStatus.NON_CONSTITUENT)


def test_the_lead_always_belongs(keeper):
    with pytest.raises(RuleBroken, match="leads the region"):
        add(keeper, slug="wmca")


def test_what_an_authority_let_the_region_see_holds_when_it_comes_back(keeper):
    rows = RegionMembership.objects.filter(authority__slug="rugby")
    rows.update(is_withheld=True, to_on=date(2025, 3, 31))
    assert add(keeper, slug="rugby").is_withheld
    rows.filter(from_on=date(2026, 4, 1)).delete()
    rows.update(is_withheld=False, in_benchmark=True, to_on=date(2025, 3, 31))
    assert add(keeper, slug="rugby").in_benchmark


def test_somebody_who_changed_the_days_meanwhile_is_not_overwritten(keeper):
    rugby = RegionMembership.objects.get(authority__slug="rugby")
    with pytest.raises(Conflict):
        change(keeper, rugby, date(2020, 1, 1), seen={"status": "constituent"})
    rugby.refresh_from_db()
    assert rugby.from_on == date(2016, 6, 17)


@pytest.mark.parametrize(
    "role",
    [
        r
        for r in Role
        if r not in (Role.REGIONAL_ADMIN, Role.SUPPLIER_ADMIN, Role.SUPPLIER_CONTRIBUTOR)
    ],
)
def test_nobody_else_at_the_lead_records_members(region, outsider, role):
    actor = actor_of(user_with_role(role, region.lead))
    with pytest.raises(NotAllowed):
        add(actor)
    rugby = RegionMembership.objects.get(authority__slug="rugby")
    with pytest.raises(NotAllowed):
        services.change_region_member(
            actor=actor, region_slug=SLUG, membership_id=rugby.pk, status=MemberStatus.CONSTITUENT,
            from_on=date(2020, 1, 1), to_on=None, seen={},
        )  # fmt: skip


def test_an_administrator_of_another_region_does_not_see_this_one(keeper, region, outsider):
    lead = AuthorityFactory(kind=OrganisationKind.COMBINED_AUTHORITY)
    Region.objects.create(slug="elsewhere", name="Elsewhere", lead=lead)
    stranger = actor_of(user_with_role(Role.REGIONAL_ADMIN, lead))
    with pytest.raises(NotVisible):
        add(stranger)
    with pytest.raises(NotVisible):
        queries.led_region(stranger, SLUG)
    assert [row.slug for row in queries.led_regions(stranger)] == ["elsewhere"]
    add(stranger, region="elsewhere")
    with pytest.raises(NotAllowed):
        add(actor_for_role(Role.REGIONAL_ADMIN))


def test_the_platform_data_leaves_alone_what_people_recorded(keeper, region):
    rugby = RegionMembership.objects.get(authority__slug="rugby")
    change(keeper, rugby, date(2018, 1, 1), date(2026, 3, 31))
    RegionMembership.objects.filter(authority__slug="tamworth").update(to_on=date(2020, 1, 1))
    services.load_organisations(actor=SYSTEM)
    (row,) = RegionMembership.objects.filter(authority__slug="rugby")
    assert (row.from_on, row.to_on) == (date(2018, 1, 1), date(2026, 3, 31))
    assert RegionMembership.objects.get(authority__slug="tamworth").to_on is None


def test_the_pages(client, keeper, region, outsider):
    client.force_login(user_with_role(Role.REGIONAL_ADMIN, region.lead))
    page = client.get(LIST)
    assert page.status_code == 200
    assert len(page.context["regions"][0].now) == 17
    new = f"/organisations/regions/{SLUG}/members/new/"
    boxes = re.findall(r'name="(from_on[^"]*)"', client.get(new).content.decode())
    names = dict(zip(("1", "4", "2026"), boxes, strict=True))
    typed = {"authority": "outside", "status": "constituent"}
    typed |= {name: value for value, name in names.items()}
    bad = typed | {
        name.replace("from_on", "to_on"): v
        for v, name in zip(("31", "3", "2026"), boxes, strict=True)
    }
    answer = client.post(new, bad)
    assert answer.status_code == 422
    assert "The last day must be the first day or later" in answer.content.decode()
    assert client.post(new, typed).url == LIST
    row = RegionMembership.objects.get(authority=outsider)
    own = f"/organisations/regions/{SLUG}/members/{row.pk}/"
    shown = client.get(own)
    assert "Outside Council belongs to West Midlands" in shown.content.decode()
    sent = typed | {
        "status": "non_constituent",
        "version": shown.context["form"].initial["version"],
    }
    assert client.post(own, sent).url == LIST
    row.refresh_from_db()
    assert row.status == "non_constituent"
    assert client.post(own, sent).status_code == 409
    rows = client.get(f"/organisations/regions/{SLUG}/members.csv").content.decode("utf-8-sig")
    assert rows.count("stituent") == 18


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.AUDITOR, 200), (Role.REGIONAL_ANALYST, 200), (Role.POLICY_OWNER, 403)],
)
def test_who_reads_the_members(client, region, role, status):
    client.force_login(user_with_role(role, region.lead))
    assert client.get(LIST).status_code == status
    assert client.get(f"/organisations/regions/{SLUG}/members/new/").status_code == 403


def test_the_region_is_not_for_its_members(client, region):
    client.force_login(user_with_role(Role.AUDITOR, Organisation.objects.get(slug="rugby")))
    assert client.get(LIST).status_code == 403
