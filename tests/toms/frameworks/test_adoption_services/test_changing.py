"""An adoption is changed, ended and taken back, and what a tender rests on stays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from socialvalue.accounts.queries import organisation
from socialvalue.core import clock
from socialvalue.core.errors import RuleBroken
from tests.factories.adoption import adopted, edition, ids, own_set
from tests.toms.frameworks.test_adoption_services.steps import (
    APRIL,
    TODAY,
    TOMORROW,
    changed,
    last_deed,
    used,
)
from toms.frameworks import queries, services
from toms.frameworks.models import Adoption

pytestmark = pytest.mark.django_db


def test_before_it_begins_everything_may_change(owner):
    row = adopted(owner, "open-2026", TOMORROW)
    row = changed(
        owner, row, from_on=date(2026, 7, 1), is_main=False, max_measures=4,
        measure_ids=ids("open-2026", "GSE1"), reference="Cabinet, item 8",
    )  # fmt: skip
    assert (row.from_on, row.is_main, row.max_measures, row.version) == (
        date(2026, 7, 1), False, 4, 2,
    )  # fmt: skip
    deed, before, after = last_deed()
    assert deed == "adoption_changed"
    assert before["measures"] == "The whole edition"
    assert after == {
        "from_on": "2026-07-01",
        "is_main": False,
        "max_measures": 4,
        "measures": ["GSE1"],
        "reference": "Cabinet, item 8",
    }


def test_once_begun_the_day_and_the_place_stay(owner):
    row = adopted(owner, "open-2026", TODAY)
    for more, field in (({"from_on": TOMORROW}, "from_on"), ({"is_main": False}, "is_main")):
        with pytest.raises(RuleBroken, match="It has begun") as error:
            changed(owner, row, **more)
        assert error.value.errors[0][0] == field
    row = changed(owner, row, max_measures=9, measure_ids=ids("open-2026", "GSE1", "GSE2"))
    assert (row.max_measures, row.measures.count()) == (9, 2)
    row = changed(owner, row, measure_ids=[])
    assert queries.in_use(owner.organisation_id, TODAY).main.measure_ids is None


def test_nothing_changed_is_no_deed(owner):
    row = adopted(owner, "open-2026", TODAY)
    changed(owner, row)
    assert last_deed()[0] == "edition_adopted"


def test_changing_to_a_day_that_is_taken(owner):
    adopted(owner, "open-2026", TOMORROW)
    row = adopted(owner, "open-2026", date(2026, 7, 1))
    with pytest.raises(RuleBroken, match="already"):
        changed(owner, row, from_on=TOMORROW)


def test_it_ends_and_what_came_before_holds_again(owner):
    adopted(owner, "open-2026", APRIL)
    row = adopted(owner, "open-2026-27", TODAY)
    known = {"actor": owner, "adoption_id": row.pk}
    row = services.end_adoption(**known, expected_version=1, to_on=TOMORROW)
    assert (row.to_on, row.version) == (TOMORROW, 2)
    assert last_deed() == ("adoption_ended", {"to_on": None}, {"to_on": "2026-06-02"})
    assert used(on=TOMORROW) == ("open-2026-27", [])
    assert used(on=date(2026, 6, 3)) == ("open-2026", [])
    with clock.at(datetime(2026, 6, 3, 9, tzinfo=UTC)):
        with pytest.raises(RuleBroken, match="It ended on 2 June 2026 already"):
            services.end_adoption(**known, expected_version=2, to_on=date(2026, 8, 1))
        with pytest.raises(RuleBroken, match="so it does not change"):
            changed(owner, row, max_measures=3)
        with pytest.raises(RuleBroken, match="so it does not change"):
            services.set_packs(**known, expected_version=2, packs=[])


def test_a_last_day_is_taken_away_again(owner):
    adopted(owner, "open-2026", APRIL)
    row = adopted(owner, "open-2026-27", TODAY)
    known = {"actor": owner, "adoption_id": row.pk}
    services.end_adoption(**known, expected_version=1, to_on=TOMORROW)
    row = services.end_adoption(**known, expected_version=2, to_on=None)
    assert (row.to_on, row.version) == (None, 3)
    assert last_deed() == ("adoption_changed", {"to_on": "2026-06-02"}, {"to_on": None})
    assert used(on=date(2026, 6, 3)) == ("open-2026-27", [])


def test_only_what_has_not_begun_is_taken_back(owner):
    begun, coming = adopted(owner, "open-2026", TODAY), adopted(owner, "open-2026-27", TOMORROW)
    with pytest.raises(RuleBroken, match="End it instead"):
        services.remove_adoption(actor=owner, adoption_id=begun.pk, expected_version=1)
    services.remove_adoption(actor=owner, adoption_id=coming.pk, expected_version=1)
    assert [row.pk for row in Adoption.objects.all()] == [begun.pk]
    deed, before, after = last_deed()
    assert (deed, before["edition"], after) == ("adoption_removed", "open-2026-27", {})


def test_an_adopted_edition_is_not_undone(owner):
    own = own_set(organisation("warwickshire"))
    adopted(owner, own.slug, TODAY, is_main=False)
    with pytest.raises(RuleBroken, match="adopted it"):
        take_back(owner, own)


def take_back(owner, own):
    with transaction.atomic():
        services.withdraw_edition(actor=owner, edition_id=own.pk)
        services.remove_withdrawn(actor=owner, edition_id=own.pk)


def test_a_tender_keeps_its_edition_whatever_is_adopted_since(owner):
    """``in_use`` of an edition: as it is adopted on the day, else whole and without a limit."""
    adopted(owner, "open-2026", APRIL, max_measures=5, measure_ids=ids("open-2026", "GSE1"))
    adopted(owner, "open-2026-27", TODAY, max_measures=3)
    where = owner.organisation_id
    kept = queries.in_use(where, TODAY, edition_id=edition("open-2026").pk).main
    assert (kept.edition.slug, kept.max_measures, len(kept.measure_ids)) == ("open-2026", 5, 1)
    before = queries.in_use(where, date(2026, 3, 31), edition_id=edition("open-2026-27").pk).main
    assert (before.edition.slug, before.max_measures, before.measure_ids) == (
        "open-2026-27", None, None,
    )  # fmt: skip
