"""The packs of an adopted edition: cut to the subset, or an authority's own."""

from __future__ import annotations

import pytest

from socialvalue.core.errors import RuleBroken
from tests.factories.adoption import adopted, edition, ids
from tests.toms.frameworks.test_adoption_services.steps import TODAY, changed, last_deed
from toms.frameworks import queries, services
from toms.frameworks.models import AdoptedPack
from toms.frameworks.rules import PackInput

pytestmark = pytest.mark.django_db


def packs_now(owner):
    return queries.in_use(owner.organisation_id, TODAY).main.packs()


def test_the_editions_packs_are_cut_to_the_subset(owner):
    whole = {pack.slug: pack for pack in queries.packs_of(edition("open-2026").pk)}
    some = ids("open-2026", "GSE1", "PLB1")
    adopted(owner, "open-2026", TODAY, measure_ids=some)
    found = {pack.slug: pack for pack in packs_now(owner)}
    assert set(found) == {slug for slug, pack in whole.items() if set(pack.measure_ids) & set(some)}
    for slug, pack in found.items():
        assert pack.measure_ids == tuple(pk for pk in whole[slug].measure_ids if pk in some)


def test_own_packs_stand_in_place_of_the_editions(owner):
    row = adopted(owner, "open-2026", TODAY)
    care = PackInput(" Home care ", ("85", "8531"), tuple(ids("open-2026", "PLB1", "GSE1")))
    row = services.set_packs(actor=owner, adoption_id=row.pk, expected_version=1, packs=[care])
    (pack,) = packs_now(owner)
    assert (pack.slug, pack.name, pack.cpv_prefixes) == ("home-care", "Home care", ("85", "8531"))
    assert pack.measure_ids == tuple(ids("open-2026", "GSE1", "PLB1"))
    assert last_deed() == (
        "adopted_packs_set",
        {"packs": []},
        {
            "packs": [
                {"name": "Home care", "cpv_prefixes": ["85", "8531"], "measures": ["GSE1", "PLB1"]}
            ]
        },
    )
    services.set_packs(actor=owner, adoption_id=row.pk, expected_version=row.version, packs=[])
    assert AdoptedPack.objects.count() == 0
    assert len(packs_now(owner)) == len(queries.packs_of(edition("open-2026").pk))


def test_packs_keep_to_the_subset_and_the_subset_to_the_packs(owner):
    row = adopted(owner, "open-2026", TODAY, measure_ids=ids("open-2026", "GSE1", "PLB1"))
    known = {"actor": owner, "adoption_id": row.pk}
    outside = PackInput("Care", ("85",), tuple(ids("open-2026", "HSC1")))
    with pytest.raises(RuleBroken, match="sub-set only"):
        services.set_packs(**known, expected_version=1, packs=[outside])
    inside = PackInput("Care", ("85",), tuple(ids("open-2026", "GSE1")))
    row = services.set_packs(**known, expected_version=1, packs=[inside])
    with pytest.raises(RuleBroken, match="The pack Care holds GSE1, which is not ticked"):
        changed(owner, row, measure_ids=ids("open-2026", "PLB1"))
    row.refresh_from_db()
    assert (row.measures.count(), row.version) == (2, 2)
