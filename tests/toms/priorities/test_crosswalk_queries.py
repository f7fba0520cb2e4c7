"""The crosswalk of a region: every measure its members use, each once, for those who may read it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_for_role
from tests.factories.crosswalk import NOW, TODAY, adopted, edition_of, world
from toms.frameworks import queries as frameworks
from toms.priorities import queries
from toms.priorities.services import map_measure
from toms.priorities.vocabulary import Counted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def read(found, actor=None):
    return queries.crosswalk(actor or found.owner, found.region.pk, TODAY)


def put(found, code, target, **more):
    map_measure(
        actor=found.owner, region_id=found.region.pk, source_id=found.id(code),
        target_id=found.id(target) if target else None, **more,
    )  # fmt: skip


def test_every_measure_in_use_is_there_once_and_what_is_not_mapped_first():
    found = world()
    put(found, "C1", "R1")
    put(found, "C5", None, reason="Too few to count.")
    rows = read(found).rows
    assert [(row.measure.code, row.standing) for row in rows] == [
        ("C2", Counted.NOT_MAPPED),
        ("C3", Counted.NOT_MAPPED),
        ("C4", Counted.NOT_MAPPED),
        ("C1", Counted.MAPPED),
        ("C5", Counted.EXCLUDED),
    ]
    assert {row.authorities for row in rows} == {("Member Council",)}
    assert read(found).counts == {"not_mapped": 3, "mapped": 1, "carried": 0, "excluded": 1}
    assert rows[3].target.code == "R1"


def test_only_what_may_be_asked_for_and_only_of_members_on_the_day():
    found = world()
    other = edition_of("other", "other-1", [("X1", "One", "hours"), ("X2", "Two", "hours")])
    adopted(other, authority=found.member, is_main=False, only=["X2"])
    elsewhere = edition_of("elsewhere", "elsewhere-1", [("E1", "One", "hours")])
    adopted(elsewhere, authority=AuthorityFactory(slug="far", name="Far Council"), is_main=False)
    codes = {row.measure.code for row in read(found).rows}
    assert "X2" in codes
    assert not codes & {"X1", "E1"}


def test_an_older_edition_of_the_regions_own_set_is_carried_by_code():
    found = world()
    older = edition_of("regional", "regional-0", [("R1", "Jobs", "FTE-years"), ("R2", "Old", "hours")])  # fmt: skip
    adopted(older, authority=found.member)
    standings = {
        row.measure.code: row.standing
        for row in read(found).rows
        if row.edition.slug == "regional-0"
    }
    assert standings == {"R1": Counted.CARRIED, "R2": Counted.NOT_MAPPED}


def test_a_suggestion_is_stated_to_who_decides_and_applied_by_nobody():
    found = world()
    row = next(row for row in read(found).rows if row.measure.code == "C4")
    assert row.suggested.target.code == "R4"
    assert [row.measure.code for row in read(found).suggestions] == ["C4"]
    assert row.standing == Counted.NOT_MAPPED
    assert not any(row.suggested for row in read(found, found.reader).rows)


def test_who_reads_it():
    found = world()
    assert len(read(found, found.reader).rows) == 5
    assert not read(found, found.reader).region.can_map
    assert not read(found, actor_for_role(Role.REGIONAL_ANALYST, found.region.lead)).region.can_map
    for actor in (found.stranger, actor_for_role(Role.SUPPLIER_ADMIN, SupplierFactory())):
        assert queries.regions_read(actor, TODAY) == []
        with pytest.raises(NotVisible):
            read(found, actor)
        with pytest.raises(NotVisible):
            queries.crosswalk_measure(actor, found.region.pk, found.id("C1"), TODAY)


def test_a_licensed_title_is_withheld_from_the_other_members():
    found = world(holder=True)
    neighbour = AuthorityFactory(slug="neighbour", name="Neighbour Council")
    found.region.memberships.create(authority=neighbour, status="constituent", from_on="2020-01-01")
    other = actor_for_role(Role.PROCUREMENT_OFFICER, neighbour)
    assert {row.measure.title for row in read(found, other).rows} == {
        "title withheld, it is held under another authority's licence"
    }
    page = queries.crosswalk_measure(other, found.region.pk, found.id("C1"), TODAY)
    assert page.row.measure.title.startswith("title withheld")
    assert "New jobs" in {row.measure.title for row in read(found).rows}
    assert "New jobs" in {row.measure.title for row in read(found, found.reader).rows}


def test_one_measure_with_what_was_decided_and_by_whom():
    found = world()
    before = queries.crosswalk_measure(found.owner, found.region.pk, found.id("C1"), TODAY)
    assert before.mapping is None
    assert before.history == ()
    put(found, "C1", "R1", reason="The same thing.")
    page = queries.crosswalk_measure(found.reader, found.region.pk, found.id("C1"), TODAY)
    assert (page.mapping.target_id, page.mapping.version) == (found.id("R1"), 1)
    assert page.mapping.decided_by == found.owner.name
    assert "C1 New jobs counts as R1 Jobs" in page.history[0].sentence
    own = queries.crosswalk_measure(found.owner, found.region.pk, found.id("R1"), TODAY)
    assert own.is_own


def test_members_use_what_in_use_says_of_each():
    found = world()
    quiet = AuthorityFactory(slug="quiet", name="Quiet Council")
    found.region.memberships.create(authority=quiet, status="constituent", from_on="2020-01-01")
    ids = [found.region.lead_id, found.member.pk, quiet.pk]
    together = frameworks.in_use_of_members(found.region.pk, ids, TODAY)
    assert together == {key: frameworks.in_use(key, TODAY) for key in ids}


def test_targets_answer_every_measure_once_whatever_the_region_uses():
    found = world()
    put(found, "C1", "R1")
    ids = [found.id(code) for code in ("C1", "C2", "C3", "C4", "C5", "R1", "R2", "R3", "R4")]
    answer = queries.targets(found.region.pk, TODAY, [*ids, 10**9])
    assert set(answer) == set(ids)
    assert sum(row.counts for row in answer.values()) == 5


def test_as_many_queries_for_many_as_for_one():
    found = world()

    def count(what):
        with CaptureQueriesContext(connection) as caught:
            what()
        return len(caught)

    ids = list(range(1, 10**3))

    def both():
        return (
            count(lambda: read(found)),
            count(lambda: queries.targets(found.region.pk, TODAY, ids)),
        )

    put(found, "C1", "R1")
    before = both()
    for code in ("C3", "C4"):
        put(found, code, {"C3": "R3", "C4": "R4"}[code])
    for number in range(3):
        authority = AuthorityFactory()
        found.region.memberships.create(
            authority=authority, status="constituent", from_on="2020-01-01"
        )
        adopted(found.council, authority=authority, is_main=False, only=["C5"] if number else [])
    assert both() == before
