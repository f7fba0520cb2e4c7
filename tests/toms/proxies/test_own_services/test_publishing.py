"""An authority's own measures are published once, adopted beside the main edition, and followed by a new version."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from socialvalue.accounts.models import Region, RegionMembership
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_for_role
from tests.toms.proxies.test_own_services.steps import (
    THEME,
    VALUE,
    measure,
    publish,
    started,
    version_of,
    write,
)
from toms.frameworks import queries as frameworks
from toms.imports.services import load_shipped_sets
from toms.proxies.queries import own as queries
from toms.proxies.queries import unit_value
from toms.proxies.services import discard_own_version, remove_own_measure

pytestmark = pytest.mark.django_db


def test_what_is_missing_is_named_and_stops_publication(owner):
    version = write(owner, started(owner), measure(evidence="", counting_rule=""))
    assert queries.lacks(owner, version) == [
        "WCC1 needs a counting rule.", "WCC1 needs the evidence that proves it.",
    ]  # fmt: skip
    with pytest.raises(RuleBroken, match="counting rule"):
        publish(owner, version)
    assert version_of(owner).edition.is_draft


def test_a_draft_is_nowhere_but_with_its_writer(owner, county):
    version = write(owner, started(owner))
    assert "own-warwickshire-1" not in {row.slug for row in frameworks.edition_infos(owner)}
    assert frameworks.in_use(county.pk, clock.today()).beside == ()
    with pytest.raises(NotVisible):
        frameworks.measure(version.edition.slug, "WCC1")


def test_publishing_adopts_it_beside_the_main_edition(owner, county):
    version = write(owner, started(owner), measure(kind="proxy"), VALUE)
    begins = clock.today() + timedelta(days=10)
    version = publish(owner, version, begins, reference="Cabinet, 9 March 2027")
    assert not version.edition.is_draft
    assert version.edition.valid_from == begins
    assert version.edition.checksum == version.seen
    assert frameworks.in_use(county.pk, begins - timedelta(days=1)).beside == ()
    used = frameworks.in_use(county.pk, begins)
    assert used.main.edition.slug == "open-2026"
    assert [row.edition.slug for row in used.beside] == ["own-warwickshire-1"]
    assert frameworks.in_use(AuthorityFactory().pk, begins).beside == ()
    found = frameworks.measure("own-warwickshire-1", "WCC1")
    assert unit_value(found, place="rugby", on=begins).amount == VALUE.amount
    with pytest.raises(NotVisible):
        frameworks.edition_info(actor_for_role(Role.POLICY_OWNER), "own-warwickshire-1")
    with pytest.raises(NotVisible):
        frameworks.edition_info(
            actor_for_role(Role.SUPPLIER_ADMIN, SupplierFactory()), "own-warwickshire-1"
        )


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE toms_measure SET title = 'x'",
        "DELETE FROM toms_measure",
        "UPDATE toms_proxy SET amount = 1",
        "DELETE FROM toms_proxy",
        "UPDATE toms_theme SET name = 'x'",
        "UPDATE toms_outcome SET name = 'x'",
        "DELETE FROM toms_doublecountingpair",
        "UPDATE toms_edition SET label = 'x'",
        "DELETE FROM toms_edition",
    ],
)
def test_the_database_refuses_any_change_after_publication(owner, sql):
    version = write(owner, started(owner), measure(kind="proxy"), VALUE)
    version = publish(owner, write(owner, version, measure("WCC2", partners=("WCC1",))))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert version_of(owner).seen == version.seen


def test_what_is_published_is_not_written_again(owner):
    draft = write(owner, started(owner))
    version = publish(owner, draft)
    pk = version.lines[0].id
    for deed in (
        lambda: publish(owner, draft),
        lambda: publish(owner, version),
        lambda: write(owner, version, measure("WCC2")),
        lambda: write(owner, version, measure(title="Other"), pk=pk),
        lambda: remove_own_measure(
            actor=owner, edition_id=version.edition.id, expected=version.seen, measure_id=pk
        ),
        lambda: discard_own_version(
            actor=owner, edition_id=version.edition.id, expected=version.seen
        ),
    ):
        with pytest.raises(Conflict, match="published"):
            deed()


def test_a_first_day_is_today_or_later(owner):
    version = write(owner, started(owner))
    with pytest.raises(RuleBroken, match="today or later"):
        publish(owner, version, clock.today() - timedelta(days=1))
    assert publish(owner, version, clock.today()).edition.valid_from == clock.today()


def test_a_new_version_is_a_copy_that_follows_by_its_day(owner, county):
    said = measure(kind="proxy", additionality={"deadweight": "0.27"})
    version = write(owner, started(owner), said, VALUE)
    version = write(owner, version, measure("WCC2", partners=("WCC1",)))
    one = publish(owner, version)
    two = started(owner)
    assert two.edition.slug == "own-warwickshire-2"
    assert [(row.measure, row.value) for row in two.lines] == [
        (row.measure, row.value) for row in one.lines
    ]
    assert queries.lacks(owner, two) == [
        "It says the same as version 1. Change a measure, or discard the draft."
    ]
    two = write(owner, two, measure("WCC3"))
    with pytest.raises(RuleBroken, match="after"):
        publish(owner, two, one.edition.valid_from)
    begins = clock.today() + timedelta(days=30)
    publish(owner, two, begins)
    for day, slug in ((begins - timedelta(days=1), one.edition.slug), (begins, two.edition.slug)):
        assert [row.edition.slug for row in frameworks.in_use(county.pk, day).beside] == [slug]
    states = [line.state for line in queries.own_shelf(owner, clock.today()).lines]
    assert states == ["planned", "in_use"]
    assert [line.state for line in queries.own_shelf(owner, begins).lines] == [
        "in_use",
        "published",
    ]


def test_only_the_lead_offers_to_its_region(owner, county):
    lead = AuthorityFactory(slug="lead", name="Lead Authority")
    region = Region.objects.create(slug="midlands", name="Midlands", lead=lead)
    RegionMembership.objects.create(region=region, authority=county, from_on=date(2020, 1, 1))
    version = write(owner, started(owner))
    with pytest.raises(NotAllowed):
        publish(owner, version, region_id=region.pk)
    lead_owner = actor_for_role(Role.POLICY_OWNER, lead)
    offered = write(lead_owner, started(lead_owner), measure("LA1"))
    offered = publish(lead_owner, offered, region_id=region.pk)
    assert offered.region_name == "Midlands"
    assert frameworks.edition_info(owner, "own-lead-1").slug == "own-lead-1"
    assert frameworks.in_use(county.pk, clock.today()).beside == ()
    outside = actor_for_role(Role.POLICY_OWNER)
    with pytest.raises(NotVisible):
        frameworks.edition_info(outside, "own-lead-1")


def test_themes_follow_the_edition_in_use(owner):
    version = write(owner, started(owner))
    load_shipped_sets(actor=SYSTEM)
    owns = queries.owner_of(owner)
    later = date(2027, 1, 1)
    choices = queries.own_themes(owns, version.edition.id, later)
    slugs = [theme.slug for theme in choices]
    assert len(slugs) == len(set(slugs))
    mine = next(theme for theme in choices if theme.slug == THEME)
    assert "Warmer homes" in [name for _, name in mine.outcomes]
