"""A licensed edition goes again, until it is used."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from socialvalue.accounts.models import Region
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import RuleBroken
from tests.factories.imports import apply, imported, owner, ready
from tests.factories.ledger import Promise, contract_with
from toms.frameworks import queries as frameworks
from toms.frameworks.models import Adoption, Edition, Framework, Measure
from toms.imports import services as imports
from toms.priorities.models import CodeAlias, MeasureMapping
from toms.proxies.queries.exporting import value_rows

pytestmark = pytest.mark.django_db


def test_it_is_undone_until_it_is_used():
    actor = owner()
    kept = imported(actor)
    imports.undo_import(actor=actor, import_id=kept.pk)
    assert (Edition.objects.count(), Measure.objects.count(), Framework.objects.count()) == (
        0,
        0,
        0,
    )
    again = apply(actor, ready(actor))
    assert again.edition_slug == kept.edition_slug


def test_an_edition_in_use_stays():
    actor = owner()
    kept = imported(actor)
    contract_with(Promise(Measure.objects.filter(edition_id=kept.edition_id).first()))
    with pytest.raises(RuleBroken, match="in use"):
        imports.undo_import(actor=actor, import_id=kept.pk)
    kept.refresh_from_db()
    assert (kept.status, kept.edition_id is not None) == ("applied", True)
    assert frameworks.measure_count(kept.edition_id) == 12
    assert len(value_rows(kept.edition_id)) == 9


def test_an_adopted_edition_stays_and_says_who_keeps_it():
    actor = owner()
    kept = imported(actor)
    adoption = Adoption.objects.create(
        authority_id=actor.organisation_id, edition_id=kept.edition_id,
        from_on=date(2026, 4, 1), adopted_at=clock.now(),
    )  # fmt: skip
    adoption.measures.set(Measure.objects.filter(edition_id=kept.edition_id)[:2])
    with pytest.raises(RuleBroken, match="in use, so it stays: a council or a region adopted it"):
        imports.undo_import(actor=actor, import_id=kept.pk)
    assert adoption.measures.count() == 2
    assert frameworks.measure_count(kept.edition_id) == 12
    adoption.delete()
    assert imports.undo_import(actor=actor, import_id=kept.pk).status == "undone"


def test_an_edition_in_a_crosswalk_stays_and_says_so():
    actor = owner()
    kept = imported(actor)
    mapping = MeasureMapping.objects.create(
        region=Region.objects.create(slug="fenland", name="Fenland", lead_id=actor.organisation_id),
        source=Measure.objects.filter(edition_id=kept.edition_id).first(),
        reason="Counted nowhere else.", decided_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="so it stays: a crosswalk of a region maps its measures"):
        imports.undo_import(actor=actor, import_id=kept.pk)
    mapping.delete()
    assert imports.undo_import(actor=actor, import_id=kept.pk).status == "undone"


def test_a_family_that_a_priority_names_stays_without_its_edition():
    actor = owner()
    kept = imported(actor)
    family = kept.edition.framework
    CodeAlias.objects.create(framework=family, code="ZQ1", family="Another", alias="NT1")
    assert imports.undo_import(actor=actor, import_id=kept.pk).status == "undone"
    assert Framework.objects.filter(pk=family.pk).exists()
    assert not family.editions.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE toms_edition SET label = 'x'",
        "UPDATE toms_edition SET status = 'draft', published_at = NULL",
        "UPDATE toms_edition SET withdrawn_at = '2026-01-01', label = 'x'",
        "UPDATE toms_measure SET title = 'x'",
        "DELETE FROM toms_proxy",
        "DELETE FROM toms_measure",
    ],
)
def test_a_licensed_edition_does_not_change_even_by_sql(sql):
    imported(owner())
    with (
        pytest.raises(IntegrityError, match="does not change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE toms_edition SET withdrawn_at = NULL",
        "UPDATE toms_measure SET title = 'x'",
        "UPDATE toms_proxy SET amount = 1",
        "UPDATE toms_theme SET name = 'x'",
    ],
)
def test_a_withdrawn_edition_only_goes(sql):
    kept = imported(owner())
    Edition.objects.filter(pk=kept.edition_id).update(withdrawn_at="2026-01-01T00:00:00Z")
    with (
        pytest.raises(IntegrityError, match="does not change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_an_open_edition_is_never_withdrawn():
    imports.load_measure_set(actor=SYSTEM)
    with (
        pytest.raises(IntegrityError, match="does not change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE toms_edition SET withdrawn_at = '2026-01-01'")
