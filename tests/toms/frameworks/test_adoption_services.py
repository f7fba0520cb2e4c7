"""Adopting, changing, ending and taking back: who may, from when, and what never changes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.adoption import (
    adopted,
    edition,
    ids,
    load_sets,
    of,
    own_set,
    policy_owner,
    wmca_region,
)
from tests.factories.policies import load_law_and_policies
from toms.frameworks import queries, services
from toms.frameworks.models import AdoptedPack, Adoption
from toms.frameworks.rules import PackInput

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 6, 1), date(2026, 6, 2)
APRIL = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def world():
    load_law_and_policies()
    with clock.at(NOW):
        load_sets()
        yield


@pytest.fixture
def owner():
    return policy_owner()


def used(slug="warwickshire", on=TODAY):
    found = queries.in_use(organisation(slug).pk, on)
    return found.main.edition.slug, [row.edition.slug for row in found.beside]


def last_deed():
    return AuditRecord.objects.order_by("-id").values_list("deed", "before", "after").first()


def changed(actor, row, **more):
    values = {
        "expected_version": row.version,
        "from_on": row.from_on,
        "is_main": row.is_main,
        "max_measures": row.max_measures,
        "measure_ids": [m.pk for m in row.measures.all()],
        "reference": row.reference,
    } | more
    return services.change_adoption(actor=actor, adoption_id=row.pk, **values)


# --- adopting -----------------------------------------------------------------------------------


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


# --- who may ------------------------------------------------------------------------------------


def test_only_policy_owners_adopt_and_only_for_their_own():
    for role in sorted(BUYER_ROLES - {Role.POLICY_OWNER}):
        with pytest.raises(NotAllowed, match="policy owner"):
            adopted(actor_for_role(role, organisation("warwickshire")), "open-2026", TODAY)
    stranger = policy_owner("coventry")
    with pytest.raises(NotAllowed):
        adopted(stranger, "open-2026", TODAY, adopter=of(policy_owner()))
    for member in (policy_owner(), actor_for_role(Role.REGIONAL_ANALYST, organisation("wmca"))):
        with pytest.raises(NotAllowed, match="leads it"):
            adopted(member, "open-2026", TODAY, adopter=wmca_region())
    supplier = actor_for_role(Role.SUPPLIER_ADMIN)
    with pytest.raises(NotAllowed):
        adopted(supplier, "open-2026", TODAY)
    assert Adoption.objects.count() == 0


def every_deed(actor, row):
    known = {"actor": actor, "adoption_id": row.pk, "expected_version": row.version}
    yield lambda: changed(actor, row, max_measures=3)
    yield lambda: services.end_adoption(**known, to_on=date(2027, 1, 1))
    yield lambda: services.remove_adoption(**known)
    yield lambda: services.set_packs(**known, packs=[])


def test_nobody_else_touches_an_adoption(owner):
    row = adopted(owner, "open-2026", TOMORROW)
    for stranger in (policy_owner("birmingham"), actor_for_role(Role.SUPPLIER_ADMIN)):
        for deed in every_deed(stranger, row):
            with pytest.raises(NotVisible):
                deed()
    colleague = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("warwickshire"))
    for deed in every_deed(colleague, row):
        with pytest.raises(NotAllowed):
            deed()
    regional = adopted(policy_owner("wmca"), "open-2026", TOMORROW, adopter=wmca_region())
    for deed in every_deed(owner, regional):
        with pytest.raises(NotAllowed, match="leads it"):
            deed()
    assert {row.version for row in Adoption.objects.all()} == {1}


def test_who_was_second_is_told(owner):
    row = adopted(owner, "open-2026", TOMORROW, max_measures=5)
    changed(owner, row, max_measures=8, measure_ids=ids("open-2026", "GSE1"))
    for deed in every_deed(owner, row):
        with pytest.raises(Conflict, match="Somebody else changed this adoption"):
            deed()
    with pytest.raises(Conflict) as second:
        changed(owner, row, max_measures=3, measure_ids=[])
    assert second.value.changed == {
        "Most measures of one tender": ("8", "3"),
        "Measures": ("GSE1", "The whole edition"),
    }


# --- changing, ending, taking back --------------------------------------------------------------


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


# --- packs --------------------------------------------------------------------------------------


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


# --- what is adopted cannot be taken away ---------------------------------------------------------


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
