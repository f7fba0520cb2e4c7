"""Which editions an authority uses: those of its region, those it adopted, from their day on."""

from __future__ import annotations

from datetime import date

import pytest

from socialvalue.accounts.queries import organisation
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import RuleBroken
from tests.factories.adoption import adopted, ids, own_set, policy_owner, wmca_region
from tests.toms.frameworks.test_adoption_services.steps import (
    APRIL,
    NOW,
    TODAY,
    TOMORROW,
    last_deed,
    used,
)
from toms.frameworks import queries, services
from toms.frameworks.models import Adoption

pytestmark = pytest.mark.django_db


def test_until_somebody_adopts_the_open_edition_in_force_is_used():
    assert used() == ("open-2026-27", [])
    assert used(on=date(2026, 3, 31)) == ("open-2026", [])


def test_the_region_gives_its_authorities_their_edition_and_an_own_one_stands_before_it(owner):
    adopted(policy_owner("wmca"), "open-2026", APRIL, adopter=wmca_region())
    assert used() == used("birmingham") == ("open-2026", [])
    assert used(on=date(2026, 3, 31)) == ("open-2026", [])
    adopted(owner, "open-2026-27", TODAY)
    assert used() == ("open-2026-27", [])
    assert used(on=date(2026, 5, 31)) == ("open-2026", [])
    assert used("birmingham") == ("open-2026", [])


def test_a_main_edition_adopted_later_follows_the_first(owner):
    adopted(owner, "open-2026", APRIL)
    adopted(owner, "open-2026-27", TOMORROW)
    assert used() == ("open-2026", [])
    assert used(on=TOMORROW) == ("open-2026-27", [])


def test_beside_stands_beside(owner):
    own = own_set(organisation("warwickshire"))
    adopted(owner, own.slug, APRIL, is_main=False)
    assert used() == ("open-2026-27", ["county-2026"])
    assert used("birmingham") == ("open-2026-27", [])
    assert used(on=date(2026, 3, 31))[1] == []


def test_what_was_adopted_is_kept_and_recorded(owner):
    row = adopted(
        owner, "open-2026", TODAY, max_measures=6, measure_ids=ids("open-2026", "PLB1", "GSE1")
    )
    main = queries.in_use(owner.organisation_id, TODAY).main
    assert main.measure_ids == frozenset(ids("open-2026", "GSE1", "PLB1"))
    assert (main.max_measures, main.adoption_id, main.by_region) == (6, row.pk, False)
    assert (row.adopted_by_id, row.adopted_at) == (owner.user_id, NOW)
    deed, before, after = last_deed()
    assert (deed, before) == ("edition_adopted", {})
    assert after == {
        "edition": "open-2026",
        "from_on": "2026-06-01",
        "to_on": None,
        "is_main": True,
        "max_measures": 6,
        "measures": ["GSE1", "PLB1"],
        "reference": "Cabinet, item 7",
    }


def test_the_same_edition_from_the_same_day_is_refused(owner):
    adopted(owner, "open-2026", TODAY)
    with pytest.raises(RuleBroken, match="adopted from 1 June 2026 already"):
        adopted(owner, "open-2026", TODAY, is_main=False)
    adopted(owner, "open-2026", TOMORROW)
    adopted(policy_owner("birmingham"), "open-2026", TODAY)
    adopted(policy_owner("wmca"), "open-2026", TODAY, adopter=wmca_region())
    assert Adoption.objects.count() == 4


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"from_on": date(2026, 5, 31), "reference": " "}, "Name the decision"),
        ({"max_measures": 0}, "between 1 and 500"),
        ({"measure_ids": [999_999]}, "this edition only"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(owner, more, words):
    with pytest.raises(RuleBroken, match=words):
        adopted(owner, "open-2026", **{"from_on": TODAY} | more)
    assert Adoption.objects.count() == 0


def test_a_measure_of_another_edition_is_no_choice(owner):
    with pytest.raises(RuleBroken, match="this edition only"):
        adopted(owner, "open-2026", TODAY, measure_ids=ids("open-2026-27", "GSE1"))


def test_what_may_be_adopted(owner):
    """Published and readable; for a region, readable by everybody in it."""
    birmingham = organisation("birmingham")
    theirs = own_set(birmingham, slug="theirs", family="theirs")
    with pytest.raises(RuleBroken, match="from the list"):
        adopted(owner, theirs.slug, TODAY)
    adopted(policy_owner("birmingham"), theirs.slug, TODAY)
    lead = policy_owner("wmca")
    kept = own_set(organisation("wmca"), slug="kept", family="kept")
    with pytest.raises(RuleBroken, match="from the list"):
        adopted(lead, kept.slug, TODAY, adopter=wmca_region())
    shared = own_set(
        organisation("wmca"), slug="shared", family="shared", region_id=wmca_region().region_id
    )
    adopted(lead, shared.slug, TODAY, adopter=wmca_region())
    adopted(owner, shared.slug, TODAY, is_main=False)
    slugs = [row.slug for row in queries.adoptable_editions(owner)]
    assert slugs[:2] == ["open-2026-27", "open-2026"]
    assert "shared" in slugs
    assert not {"theirs", "kept"} & set(slugs)


def test_a_draft_is_not_adopted(owner):
    draft, _ = services.draft_edition(
        actor=SYSTEM,
        edition=services.EditionInput(
            {"slug": "open", "name": "Open", "owner": "Us", "licence": "Open", "about": ""},
            "open-draft", "Draft", APRIL, None, [], [], [], [],
        ),
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="from the list"):
        adopted(owner, draft.slug, TODAY)
