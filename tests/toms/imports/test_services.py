"""Loading the open measure set: once, published, fixed."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from toms.frameworks import queries
from toms.imports.services import OPEN_SET, load_measure_set, load_priorities
from toms.priorities.queries import regional_objectives, sets_in_force
from toms.proxies.queries import places, unit_value, unit_values

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    load_measure_set(actor=SYSTEM)
    return queries.edition("open-2026")


def test_it_is_loaded_once(edition):
    again = load_measure_set(actor=SYSTEM)
    assert not again.is_new
    assert len(queries.measures_of(edition.pk)) == again.measures >= 30


def test_only_the_platform_loads():
    with pytest.raises(NotAllowed):
        load_measure_set(actor=Actor(user_id=1))
    with pytest.raises(NotAllowed):
        load_priorities(actor=Actor(user_id=1))


def test_other_content_needs_another_name(edition, tmp_path):
    data = json.loads(OPEN_SET.read_text())
    data["measures"][0]["title"] = "Something else"
    changed = tmp_path / "open.json"
    changed.write_text(json.dumps(data))
    with pytest.raises(RuleBroken, match="new edition slug"):
        load_measure_set(actor=SYSTEM, source=changed)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE toms_measure SET title = 'x'",
        "DELETE FROM toms_measure",
        "UPDATE toms_proxy SET amount = 1",
        "DELETE FROM toms_proxy",
        "UPDATE toms_theme SET name = 'x'",
        "UPDATE toms_outcome SET name = 'x'",
        "UPDATE toms_edition SET label = 'x'",
        "UPDATE toms_edition SET status = 'draft', published_at = NULL",
        "INSERT INTO toms_theme (edition_id, code, slug, name, about, position) "
        "SELECT id, 'X', 'x', 'x', '', 99 FROM toms_edition",
    ],
)
def test_a_published_edition_does_not_change_even_by_sql(edition, sql):
    with (
        pytest.raises(IntegrityError, match="does not change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_measures_come_in_reading_order(edition):
    codes = [measure.code for measure in queries.measures_of(edition.pk)]
    assert codes.index("GSE2") < codes.index("GSE10")


def test_a_local_job_has_the_value_of_its_place_and_none_elsewhere(edition):
    job = queries.measure("open-2026", "GSE1")
    day = date(2026, 1, 1)
    assert unit_value(job, place="birmingham", on=day).amount == Decimal(30180)
    assert unit_value(job, place="coventry", on=day).amount == Decimal(33063)
    assert unit_value(job, place="", on=day) is None
    assert unit_value(job, place="warwickshire", on=day) is None
    assert "warwick" in places(edition.pk)


def test_carbon_follows_the_year(edition):
    carbon = next(
        m for m in queries.measures_of(edition.pk) if m.unit == "tCO2e" and m.kind == "proxy"
    )
    assert unit_value(carbon, place="", on=date(2025, 6, 1)).amount == Decimal(260)
    assert unit_value(carbon, place="", on=date(2026, 6, 1)).amount == Decimal(264)


def test_values_of_many_measures_take_one_query(edition, django_assert_num_queries):
    measures = queries.measures_of(edition.pk)
    with django_assert_num_queries(1):
        found = unit_values(measures, place="birmingham", on=date(2026, 1, 1))
    assert set(found) == {measure.id for measure in measures}
    for measure in measures:
        if measure.kind == "pound_for_pound":
            assert found[measure.id].amount == 1
        if measure.kind in ("record_only", "negotiated"):
            assert found[measure.id] is None
        if measure.kind == "proxy":
            assert found[measure.id].amount > 0


def test_the_longest_cpv_prefix_decides_the_pack(edition):
    packs = {pack.slug: pack for pack in queries.packs_of(edition.pk)}
    for pack in packs.values():
        for prefix in pack.cpv_prefixes:
            found = queries.pack_for_cpv(edition.pk, prefix.ljust(8, "0"))
            assert found.slug == pack.slug or any(
                len(other) > len(prefix) for other in found.cpv_prefixes
            )
    assert queries.pack_for_cpv(edition.pk, "").slug == "any-contract"


def test_double_counting_is_symmetric(edition):
    first, second = (queries.measure("open-2026", code) for code in ("GSE1", "GSE1a"))
    pairs = queries.double_counting_pairs([second.id, first.id])
    assert [(a.code, b.code) for a, b in pairs] == [("GSE1", "GSE1a")]
    assert queries.double_counting_pairs([first.id]) == []


def test_an_unknown_measure_is_not_visible(edition):
    with pytest.raises(NotVisible):
        queries.measure("open-2026", "NOPE")
    with pytest.raises(NotVisible):
        queries.edition("nope")


def test_priorities_are_dated():
    load_priorities(actor=SYSTEM)
    load_priorities(actor=SYSTEM)
    assert len(regional_objectives(date(2026, 1, 1))) == 6
    before = {found.slug for found in sets_in_force(date(2023, 1, 1))}
    after = {found.slug for found in sets_in_force(date(2026, 1, 1))}
    assert before != after
