"""Who reads which statement, and what serves its priorities."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from socialvalue.accounts.models import Region, RegionMembership
from socialvalue.accounts.vocabulary import MemberStatus, Role
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS, SYSTEM
from socialvalue.core.errors import NotAllowed, NotVisible
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.adoption import adopted, own_set
from tests.factories.priorities import link, own_statement, owner_of
from toms.frameworks.queries import edition, family_measures
from toms.imports.services import load_measure_set, load_priorities
from toms.priorities.queries import (
    map_of,
    map_table,
    objectives_for,
    served,
    served_by,
    shelf,
    statement,
    statements,
)

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)


@pytest.fixture(autouse=True)
def loaded():
    load_measure_set(actor=SYSTEM)
    load_priorities(actor=SYSTEM)
    with clock.at(datetime(2026, 9, 9, 10, tzinfo=UTC)):
        yield


def ids(*codes):
    rows = family_measures(edition_ids=[edition("open-2026").pk])
    return [row.id for row in rows if row.code in codes]


def council_slugs(actor):
    return {row.slug for row in statements(actor) if row.level == "council"}


def region_of_two():
    """A lead with an analyst, a member, and a council that left the region."""
    lead, member, left = (AuthorityFactory(name=name) for name in ("Lead", "Member", "Left"))
    region = Region.objects.create(name="Here", slug="here", lead=lead)
    for authority, to_on in ((member, None), (left, date(2026, 9, 8))):
        RegionMembership.objects.create(
            region=region, authority=authority, status=MemberStatus.CONSTITUENT,
            from_on=date(2020, 1, 1), to_on=to_on,
        )  # fmt: skip
    return lead, member, left


def test_a_council_reads_its_own_and_no_other_councils():
    ours, theirs = own_statement(owner_of("Vale")), own_statement(owner_of("Hill"))
    officer = actor_for_role(Role.PROCUREMENT_OFFICER)
    assert council_slugs(officer) == set()
    colleague = replace(officer, organisation_id=ours.authority_id)
    assert council_slugs(colleague) == {ours.slug}
    assert statement(colleague, ours.slug) == ours
    with pytest.raises(NotVisible):
        statement(colleague, theirs.slug)
    assert len(statements(colleague)) == 4


def test_the_regions_analyst_reads_its_members_of_today():
    lead, member, left = region_of_two()
    found = {
        name: own_statement(actor_for_role(Role.POLICY_OWNER, who)).slug
        for name, who in (("lead", lead), ("member", member), ("left", left))
    }
    outside = own_statement(owner_of("Outside")).slug
    analyst = actor_for_role(Role.REGIONAL_ANALYST, lead)
    assert council_slugs(analyst) == {found["lead"], found["member"]}
    for slug in (found["left"], outside):
        with pytest.raises(NotVisible):
            statement(analyst, slug)
    assert council_slugs(actor_for_role(Role.AUDITOR, lead)) == {found["lead"]}
    assert council_slugs(actor_for_role(Role.REGIONAL_ANALYST, member)) == {found["member"]}


def test_a_supplier_reads_national_and_regional_ones_and_is_told_of_the_rest():
    own = own_statement(owner_of())
    supplier = actor_for_role(Role.SUPPLIER_ADMIN)
    assert {row.level for row in statements(supplier)} == {"national", "regional"}
    assert statement(supplier, "national-2025").name == "National priorities 2025"
    with pytest.raises(NotAllowed):
        statement(supplier, own.slug)
    with pytest.raises(NotVisible):
        statement(supplier, "nowhere-2026")
    with pytest.raises(NotVisible):
        statement(ANONYMOUS, own.slug)


@pytest.mark.parametrize(
    ("on", "national", "own"),
    [
        (date(2021, 5, 31), [], "coming"),
        (date(2021, 6, 1), ["national-2021"], "coming"),
        (date(2025, 2, 23), ["national-2021"], "coming"),
        (date(2025, 2, 24), ["national-2025"], "coming"),
        (date(2026, 3, 31), ["national-2025"], "coming"),
        (FIRST, ["national-2025"], "in_force"),
        (LAST, ["national-2025"], "in_force"),
        (date(2027, 4, 1), ["national-2025"], "past"),
    ],
)
def test_the_shelf_of_a_day_counts_both_edges(on, national, own):
    owner = owner_of()
    slug = own_statement(owner, last=LAST).slug
    found = shelf(owner, on)
    by_level = dict(found.in_force)
    assert [row.slug for row in by_level["National"]] == national
    where = {
        "in_force": by_level["Council plan"], "coming": found.coming, "past": found.past,
    }  # fmt: skip
    assert [name for name, rows in where.items() if slug in {row.slug for row in rows}] == [own]


def test_the_map_shows_what_serves_what_nothing_serves_and_what_serves_none():
    owner = owner_of()
    found = own_statement(owner, "Fair work", "Libraries")
    found = link(owner, found, 0, "open/outcome/T1O4", "open/measure/ENV1")
    mapped = map_of(owner, found, date(2026, 9, 9))
    work, books = mapped.lines
    assert [(line.measure.code, line.through) for line in work.lines] == [
        ("GSE11", "Its outcome, Fair work"),
        ("GSE12", "Its outcome, Fair work"),
        ("ENV1", "A link to the measure"),
    ]
    assert work.outcomes == ("Fair work", "Lower emissions")
    assert books.lines == ()
    assert [p.name for p in mapped.unserved] == ["Libraries"]
    assert len(mapped.serving_none) == 52 - 3
    table = map_table(found, mapped)
    assert len(table.rows) == 3 + 1 + 49
    assert table.rows[0] == (
        "VAL26-1", "Fair work", "GSE11", "Real Living Wage employer", "yes/no",
        "Fair work", "open-2026", "Its outcome, Fair work",
    )  # fmt: skip
    assert table.rows[3][:2] == ("VAL26-2", "Libraries")


def test_a_measures_own_record_serves_national_and_regional_priorities():
    owner = owner_of()
    mapped = map_of(owner, statement(owner, "national-2021"), date(2026, 9, 9))
    assert mapped.on == date(2025, 2, 23)
    first = {line.measure.code: line.through for line in mapped.lines[0].lines}
    assert first["GSE1"] == "The measure’s own record"
    assert mapped.unserved == ()


def test_of_a_licensed_edition_the_analyst_sees_nothing_and_the_member_all():
    lead, member, _ = region_of_two()
    owner = actor_for_role(Role.POLICY_OWNER, member)
    own_set(member)
    adopted(owner, "county-2026", date(2025, 4, 1), is_main=False)
    found = link(owner, own_statement(owner), 0, "open/outcome/T1O4", "county/outcome/C1")

    def codes(actor):
        mapped = map_of(actor, found, date(2026, 9, 9))
        return [line.measure.code for line in mapped.lines[0].lines]

    assert codes(owner) == ["GSE11", "GSE12", "CTY1", "CTY2"]
    assert codes(actor_for_role(Role.REGIONAL_ANALYST, lead)) == ["GSE11", "GSE12"]


@pytest.mark.parametrize(
    ("on", "slugs"),
    [
        (date(2025, 2, 23), ["national-2021", "wmca-objectives"]),
        (date(2025, 2, 24), ["national-2025", "wmca-objectives"]),
        (date(2026, 3, 31), ["national-2025", "wmca-objectives"]),
        (FIRST, ["national-2025", "wmca-objectives", "vale-council-2026"]),
        (LAST, ["national-2025", "wmca-objectives", "vale-council-2026"]),
        (date(2027, 4, 1), ["national-2025", "wmca-objectives"]),
    ],
)
def test_a_contract_is_shown_against_the_statements_of_the_day_it_commenced(on, slugs):
    owner = owner_of()
    own_statement(owner, last=LAST)
    own_statement(owner_of("Hill Council"), last=LAST)
    assert [row.slug for row in served(ids("GSE1"), on, owner.organisation_id)] == slugs
    assert "vale-council-2026" not in [row.slug for row in served(ids("GSE1"), on, None)]


def test_served_names_the_priorities_and_the_codes_that_serve_them():
    owner = owner_of()
    found = own_statement(owner, "Fair work", "Libraries")
    link(owner, found, 0, "open/outcome/T1O1", "open/outcome/T1O4")
    own = served(ids("GSE1", "GSE11", "ENV1"), FIRST, owner.organisation_id)[-1]
    assert (own.name, own.key_shown, own.how_many) == ("Council plan", "Council plan", 2)
    assert [(p.name, codes) for p, codes in own.priorities] == [("Fair work", ("GSE1", "GSE11"))]
    empty = served([], FIRST, owner.organisation_id)
    assert [row.priorities for row in empty] == [(), (), ()]


@pytest.mark.parametrize("codes", [["GSE1"], ["GSE1", "GSE2", "GSE11", "ENV1", "PLB1"]])
def test_served_takes_two_queries_however_many_measures(codes):
    owner = owner_of()
    link(owner, own_statement(owner), 0, "open/outcome/T1O1")
    wanted = ids(*codes)
    with CaptureQueriesContext(connection) as found:
        served(wanted, FIRST, owner.organisation_id)
    assert len(found) == 2


def test_a_measure_names_what_it_serves_to_those_who_may_read_it():
    owner = owner_of()
    link(owner, own_statement(owner), 1, "open/measure/ENV1")
    link(hill := owner_of("Hill"), own_statement(hill), 0, "open/measure/ENV1")
    (measure_id,) = ids("ENV1")
    found, unknown = served_by(owner, measure_id)
    own = [row for row in found if row.statement.level == "council"]
    assert [(row.statement.authority_name, row.priorities[0][0].name) for row in own] == [
        ("Vale Council", "Clean air")
    ]
    assert {row.statement.slug for row in found} >= {"national-2021", "wmca-objectives"}
    assert unknown == []
    others, _ = served_by(actor_for_role(Role.SUPPLIER_ADMIN), measure_id)
    assert {row.statement.level for row in others} == {"national", "regional"}


def test_a_purchase_may_name_regional_objectives_and_its_own_councils_priorities():
    owner = owner_of()
    own_statement(owner, last=LAST)
    own_statement(owner_of("Hill"), "Elsewhere")

    def codes(on):
        return [p.code for _, p in objectives_for(on, owner.organisation_id)]

    assert codes(date(2026, 3, 31)) == ["GSE", "PLB", "HSC", "ENV", "INN", "PLD"]
    assert codes(LAST)[6:] == ["VAL26-1", "VAL26-2"]
    assert len(codes(date(2027, 4, 1))) == 6
