"""Deciding how measures count in the region: who may, what is refused, what is kept of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.factories.crosswalk import NOW, TODAY, adopted, edition_of, world
from toms.imports.services import load_aliases, load_measure_set
from toms.priorities import queries
from toms.priorities.models import CodeAlias, MeasureMapping
from toms.priorities.services import (
    accept_suggestions,
    map_measure,
    put_aliases,
    unmap_measure,
)
from toms.priorities.vocabulary import Counted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def put(found, code, target, actor=None, **more):
    return map_measure(
        actor=actor or found.owner,
        region_id=found.region.pk,
        source_id=found.id(code),
        target_id=found.id(target) if target else None,
        **more,
    )


def standing(found, code):
    return queries.targets(found.region.pk, TODAY, [found.id(code)])[found.id(code)]


def test_a_measure_is_mapped_changed_and_opened_again_and_each_is_kept():
    found = world()
    row = put(found, "C1", "R1")
    assert (row.version, row.factor, row.decided_by_id) == (1, 1, found.owner.user_id)
    assert standing(found, "C1").target_id == found.id("R1")
    put(found, "C1", None, reason="Counted by the region already.", expected_version=1)
    assert standing(found, "C1").standing == Counted.EXCLUDED
    unmap_measure(
        actor=found.owner, region_id=found.region.pk, source_id=found.id("C1"), expected_version=2
    )
    assert standing(found, "C1").standing == Counted.NOT_MAPPED
    deeds = AuditRecord.objects.filter(target_type="measure", target_id=found.id("C1"))
    assert [row.deed for row in deeds.order_by("id")] == [
        "measure_mapped", "measure_excluded", "measure_unmapped",
    ]  # fmt: skip
    changed = deeds.get(deed="measure_excluded")
    assert changed.before == {"counts_as": "R1 Jobs", "factor": "1", "reason": ""}
    assert changed.after["counts_as"] == ""
    assert deeds.get(deed="measure_unmapped").after == {}


def test_hours_are_counted_in_days_at_the_rate_that_was_given():
    found = world()
    with pytest.raises(RuleBroken, match="turns hours into days"):
        put(found, "C2", "R2")
    with pytest.raises(RuleBroken, match="where the conversion comes from"):
        put(found, "C2", "R2", factor=Decimal("0.133333333"))
    row = put(
        found, "C2", "R2", factor=Decimal("0.133333333"), reason="A working day is 7.5 hours."
    )
    assert row.factor == Decimal("0.133333333")
    assert standing(found, "C2").factor == Decimal("0.133333333")
    (kept,) = AuditRecord.objects.filter(deed="measure_mapped")
    assert "hours × 0.133333333 = days" in kept.sentence


@pytest.mark.parametrize(
    ("code", "target", "field"),
    [("C3", "R1", "target"), ("C1", "R3", "target"), ("C1", None, "reason"), ("C1", "C4", "target")],
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_says_what_to_mend(code, target, field):
    found = world()
    with pytest.raises(RuleBroken) as broken:
        put(found, code, target)
    assert broken.value.errors[0][0] == field
    assert not MeasureMapping.objects.exists()


def test_a_rate_goes_to_a_rate_and_a_regional_measure_nowhere():
    found = world()
    put(found, "C3", "R3")
    with pytest.raises(RuleBroken, match="counts as itself"):
        put(found, "R1", "R4")


def test_who_may_not():
    found = world()
    analyst = actor_for_role(Role.REGIONAL_ANALYST, found.region.lead)
    for actor in (analyst, found.reader):
        with pytest.raises(NotAllowed):
            put(found, "C1", "R1", actor=actor)
    supplier = actor_for_role(Role.SUPPLIER_ADMIN, SupplierFactory())
    for actor in (found.stranger, supplier):
        with pytest.raises(NotVisible):
            put(found, "C1", "R1", actor=actor)
        with pytest.raises(NotVisible):
            accept_suggestions(actor=actor, region_id=found.region.pk, pairs=[])
    with pytest.raises(NotAllowed):
        accept_suggestions(actor=found.reader, region_id=found.region.pk, pairs=[])
    assert not MeasureMapping.objects.exists()


def test_a_measure_held_by_an_authority_of_no_region_of_ours_is_not_there():
    found = world()
    secret = edition_of(
        "secret", "secret-1", [("S1", "Secret", "hours")],
        holder=actor_org(found.stranger),
    )  # fmt: skip
    with pytest.raises(NotVisible):
        map_measure(
            actor=found.owner, region_id=found.region.pk,
            source_id=secret.measures.get().pk, target_id=None, reason="Mine now.",
        )  # fmt: skip


def actor_org(actor):
    from socialvalue.accounts.models import Organisation

    return Organisation.objects.get(pk=actor.organisation_id)


def test_a_stale_page_is_a_conflict_and_changes_nothing():
    found = world()
    put(found, "C1", "R1")
    with pytest.raises(Conflict):
        put(found, "C1", None, reason="I did not see it.")
    with pytest.raises(Conflict):
        put(found, "C1", None, reason="Nor this.", expected_version=2)
    with pytest.raises(Conflict):
        put(found, "C4", "R4", expected_version=1)
    with pytest.raises(Conflict):
        unmap_measure(
            actor=found.owner, region_id=found.region.pk, source_id=found.id("C1"),
            expected_version=7,
        )  # fmt: skip
    with pytest.raises(NotVisible):
        unmap_measure(
            actor=found.owner, region_id=found.region.pk, source_id=found.id("C4"),
            expected_version=1,
        )  # fmt: skip
    assert standing(found, "C1").target_id == found.id("R1")


def test_suggestions_are_accepted_together_and_never_twice():
    found = world()
    assert standing(found, "C4").standing == Counted.NOT_MAPPED
    pairs = [(found.id("C4"), found.id("R4"))]
    accept = {"actor": found.owner, "region_id": found.region.pk}
    with pytest.raises(RuleBroken):
        accept_suggestions(**accept, pairs=[])
    with pytest.raises(Conflict):
        accept_suggestions(**accept, pairs=[*pairs, (found.id("C1"), found.id("R1"))])
    assert not MeasureMapping.objects.exists()
    assert accept_suggestions(**accept, pairs=pairs) == 1
    assert standing(found, "C4").target_id == found.id("R4")
    with pytest.raises(Conflict):
        accept_suggestions(**accept, pairs=pairs)


def test_a_mapping_follows_the_region_to_its_next_edition():
    found = world()
    put(found, "C1", "R1")
    newer = edition_of("regional", "regional-2", [("R1", "Jobs reworded", "FTE-years")])
    adopted(newer, region=found.region, from_on=TODAY)
    moved = standing(found, "C1")
    assert moved.standing == Counted.MAPPED
    assert moved.target_id == newer.measures.get().pk
    old = standing(found, "R1")
    assert (old.standing, old.target_id) == (Counted.CARRIED, newer.measures.get().pk)
    assert standing(found, "R2").standing == Counted.NOT_MAPPED


def test_codes_of_other_families_are_loaded_once_and_corrected():
    load_aliases(actor=SYSTEM)
    assert not CodeAlias.objects.exists()  # the framework they belong to is not loaded
    load_measure_set(actor=SYSTEM)
    kept = load_aliases(actor=SYSTEM)
    before = list(CodeAlias.objects.order_by("pk").values_list())
    assert load_aliases(actor=SYSTEM) == kept == len(before)
    assert list(CodeAlias.objects.order_by("pk").values_list()) == before
    one = {
        "framework": "open", "family": "National TOMs",
        "aliases": [{"code": "GSE1", "alias": "NT1", "certainty": "Checked."}],
    }  # fmt: skip
    assert put_aliases(actor=SYSTEM, families=[one]) == 1
    assert CodeAlias.objects.get().certainty == "Checked."
    with pytest.raises(NotAllowed):
        put_aliases(actor=world().owner, families=[one])


def test_the_shipped_codes_are_bare_and_of_measures_there_are():
    import json

    from toms.imports.services.loading import ALIASES, OPEN_SET

    data = json.loads(ALIASES.read_text())
    known = {row["code"] for row in json.loads(OPEN_SET.read_text())["measures"]}
    for family in data["families"]:
        for row in family["aliases"]:
            assert set(row) == {"code", "alias", "certainty"}
            assert row["code"] in known
            assert row["alias"].isalnum()
            assert len(row["alias"]) <= 5
            assert row["certainty"] == (
                "From memory of the published codes; not checked against the licensed text."
            )
