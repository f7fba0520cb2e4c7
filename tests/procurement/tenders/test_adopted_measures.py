"""A tender asks from the editions its authority uses; what was started, promised or reported never changes."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps

from procurement.policies.queries import measure_codes, theme_names
from procurement.tenders import services
from procurement.tenders.models import TenderRequirement
from procurement.tenders.queries import (
    measure_catalogue,
    missing_for_publication,
    requirements_of,
    tender_overview,
)
from procurement.tenders.rules import Asked, Most, RequirementInput, not_in_use, too_many
from procurement.tenders.vocabulary import TenderDeed
from reporting.cabinet.services import freeze_report
from reporting.rollups.services import drain
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.adoption import adopted, ids, own_set, policy_owner
from tests.factories.cabinet import NOW as REPORTED
from tests.factories.cabinet import draft, reported
from tests.factories.tenders import NOW, World, load_everything, measure_id, started
from tests.procurement.tenders.test_views import client_of, text, url
from toms.frameworks.rules import PackInput
from toms.frameworks.services import change_adoption, end_adoption, set_packs

OPEN = "open-2026"
BEFORE = date(2026, 2, 1)
"""The procurements of these tests commenced on 1 March 2026."""


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW):
        yield


def world_using(slug: str = OPEN, *, cpv: str = "", beside: str = "", **more) -> World:
    """A tender of an authority that adopted an edition before it started."""
    load_everything()
    owner = policy_owner("birmingham")
    if slug != OPEN or beside:
        own_set(organisation("birmingham"))
    adopted(owner, slug, BEFORE, **more)
    if beside:
        adopted(owner, beside, BEFORE, is_main=False)
    return started(cpv=cpv)


def choose(world, *measures, version=None):
    return services.choose_measures(
        actor=world.officer,
        tender_id=world.tender.pk,
        expected_version=version or world.refresh().version,
        requirements=[RequirementInput(pk) for pk in measures],
    )


def asked_codes(world):
    return [row.measure.code for row in requirements_of(world.tender.pk)]


def change(owner, row, **more):
    row.refresh_from_db()
    return change_adoption(
        actor=owner,
        adoption_id=row.pk,
        expected_version=row.version,
        **{
            "from_on": row.from_on,
            "is_main": row.is_main,
            "max_measures": row.max_measures,
            "measure_ids": [],
            "reference": row.reference,
        }
        | more,
    )


# --- the sentences --------------------------------------------------------------------------------


def test_what_is_wrong_with_a_choice_in_words():
    one, two, three = Asked("A1 One", 1, True), Asked("A2 Two", 1, False), Asked("B1", 2, True)
    assert not_in_use([one, two, three]) == [
        "A2 Two is not among the measures your organisation uses now. Untick it."
    ]
    assert too_many([one, two, three], [Most(3), Most(1, 2, "County set")]) == []
    assert too_many([one, two, three], [Most(1), Most(1, 1, "Open")]) == [
        "Untick 2: 3 are chosen, and your organisation lets a tender ask for at most 1 measure.",
        "Untick 1 of Open: 2 are chosen, and your organisation lets a tender ask for at most "
        "1 measure of Open.",
    ]


# --- the start ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_tender_starts_with_the_edition_in_use_on_the_day_it_commenced():
    load_everything()
    own = own_set(organisation("birmingham"))
    owner = policy_owner("birmingham")
    adopted(owner, own.slug, date(2026, 3, 1))
    adopted(owner, OPEN, date(2026, 3, 2))
    assert started().tender.edition.slug == own.slug
    # another authority of the region is not touched by it
    assert started(authority="coventry").tender.edition.slug == OPEN


@pytest.mark.django_db
def test_an_edition_adopted_since_offers_itself_while_nothing_is_chosen():
    world = world_using()
    own = own_set(organisation("birmingham"))
    page = text(client_of(world.officer).get(url(world, "measures")))
    assert "Use County set, 2026" not in page
    adopted(policy_owner("birmingham"), own.slug, date(2026, 3, 1))
    assert world.refresh().edition.slug == OPEN
    client = client_of(world.officer)
    assert "Use County set, 2026" in text(client.get(url(world, "measures")))
    with pytest.raises(Conflict):
        services.use_edition(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.tender.version + 1,
        )
    sent = client.post(url(world, "use_edition"), {"version": world.tender.version})
    assert sent.headers["Location"] == url(world, "measures")
    assert world.refresh().edition.slug == own.slug
    last = AuditRecord.objects.order_by("-id").first()
    assert (last.deed, last.before, last.after) == (
        TenderDeed.EDITION_TAKEN,
        {"edition": "Open measures 2026"},
        {"edition": "County set, 2026"},
    )
    assert "Use County set" not in text(client.get(url(world, "measures")))


@pytest.mark.django_db
def test_a_choice_of_measures_keeps_the_edition_it_was_made_from():
    world = world_using()
    choose(world, measure_id("GSE1"))
    own = own_set(organisation("birmingham"))
    adopted(policy_owner("birmingham"), own.slug, date(2026, 3, 1))
    assert tender_overview(world.officer, world.procurement.pk).newer_edition is None
    with pytest.raises(RuleBroken, match="keeps its edition"):
        services.use_edition(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.refresh().version,
        )
    assert (world.tender.edition.slug, asked_codes(world)) == (OPEN, ["GSE1"])
    with pytest.raises(RuleBroken, match="editions only"):
        choose(world, *ids(own.slug, "CTY1"))


@pytest.mark.django_db
def test_only_who_prepares_the_tender_changes_its_edition():
    world = world_using()
    own = own_set()
    adopted(policy_owner("birmingham"), own.slug, date(2026, 3, 1))
    known = {"tender_id": world.tender.pk, "expected_version": world.tender.version}
    with pytest.raises(NotVisible):
        services.use_edition(
            actor=actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")), **known
        )
    with pytest.raises(NotAllowed):
        services.use_edition(actor=policy_owner("birmingham"), **known)


# --- the sub-set and the maximum ------------------------------------------------------------------


@pytest.mark.django_db
def test_only_the_subset_is_offered_and_only_it_is_taken():
    load_everything()
    world = world_using(measure_ids=ids(OPEN, "GSE1", "PLB1", "HSC1"))
    catalogue = measure_catalogue(world.officer, world.procurement.pk)
    assert [row.code for row in catalogue.measures] == ["GSE1", "HSC1", "PLB1"]
    assert len(catalogue.themes) == 3
    choose(world, measure_id("PLB1"), measure_id("GSE1"))
    with pytest.raises(RuleBroken, match=r"ENV1 .* is not among the measures") as error:
        choose(world, measure_id("PLB1"), measure_id("ENV1"))
    assert error.value.errors[0][0] == "measures"
    assert asked_codes(world) == ["PLB1", "GSE1"]


@pytest.mark.django_db
def test_at_most_so_many_and_nothing_ticked_is_lost():
    world = world_using(max_measures=2)
    chosen = [str(measure_id(code)) for code in ("GSE1", "PLB1", "HSC1")]
    client = client_of(world.officer)
    page = client.post(url(world, "measures"), {"version": 1, "measures": chosen})
    assert page.status_code == 422
    assert "Untick 1: 3 are chosen" in text(page)
    assert page.context["form"].ticked == chosen
    assert TenderRequirement.objects.count() == 0
    saved = client.post(url(world, "measures"), {"version": 1, "measures": chosen[:2]})
    assert saved.headers["Location"] == url(world, "details")
    assert "at most 2" in text(client.get(url(world, "measures")))


@pytest.mark.django_db
def test_a_draft_is_held_to_a_subset_that_changed_and_says_which():
    world = world_using()
    choose(world, measure_id("GSE1"), measure_id("ENV1"))
    owner = policy_owner("birmingham")
    row = apps.get_model("toms", "Adoption").objects.get()
    change(owner, row, measure_ids=ids(OPEN, "GSE1", "PLB1"))
    assert asked_codes(world) == ["GSE1", "ENV1"]
    labels = [row.label for row in missing_for_publication(world.refresh())]
    assert any("ENV1" in label and "Untick it" in label for label in labels)
    client = client_of(world.officer)
    page = text(client.get(url(world, "measures")))
    assert "No longer in use: untick these" in page
    assert "no longer among the measures your organisation uses" in page
    both = [str(measure_id("GSE1")), str(measure_id("ENV1"))]
    version = world.refresh().version
    again = client.post(url(world, "measures"), {"version": version, "measures": both})
    assert again.status_code == 422
    assert again.context["form"].ticked == both
    client.post(url(world, "measures"), {"version": version, "measures": both[:1]})
    assert asked_codes(world) == ["GSE1"]
    assert not any("Untick" in row.label for row in missing_for_publication(world.refresh()))


@pytest.mark.django_db
def test_a_maximum_that_was_lowered_stands_before_publication():
    world = world_using()
    choose(world, *[measure_id(code) for code in ("GSE1", "PLB1", "HSC1")])
    row = apps.get_model("toms", "Adoption").objects.get()
    change(policy_owner("birmingham"), row, max_measures=1)
    labels = [row.label for row in missing_for_publication(world.refresh())]
    assert labels[0].startswith("Untick 2: 3 are chosen") or any(
        label.startswith("Untick 2: 3 are chosen") for label in labels
    )


# --- beside ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_measures_of_an_edition_beside_are_asked_for_too_and_named():
    world = world_using(beside="county-2026", cpv="45230000")
    (county,) = ids("county-2026", "CTY1")
    catalogue = measure_catalogue(world.officer, world.procurement.pk)
    assert {"GSE1", "CTY1", "CTY2"} <= {row.code for row in catalogue.measures}
    assert catalogue.suggested.slug == "county-2026--roads"
    assert catalogue.suggested.name == "Roads (County set, 2026)"
    choose(world, measure_id("GSE1"), county)
    rows = requirements_of(world.tender.pk)
    assert [row.label for row in rows][1] == "CTY1 Deeds of kind CTY1 (County set, 2026)"
    assert rows[0].edition_name == ""
    client = client_of(world.officer)
    for name in ("measures", "details", "task_list"):
        assert "County set, 2026" in text(client.get(url(world, name)))


@pytest.mark.django_db
def test_an_edition_beside_has_a_maximum_of_its_own():
    world = world_using(beside="county-2026")
    row = apps.get_model("toms", "Adoption").objects.get(is_main=False)
    change(policy_owner("birmingham"), row, max_measures=1)
    county = ids("county-2026", "CTY1", "CTY2")
    with pytest.raises(RuleBroken, match="Untick 1 of County set, 2026"):
        choose(world, measure_id("GSE1"), *county)
    choose(world, measure_id("GSE1"), measure_id("PLB1"), county[0])


@pytest.mark.django_db
def test_what_is_not_in_use_is_neither_taken_nor_named():
    """A measure of somebody else's licensed set could be sent by its number: its words are not told."""
    world = world_using()
    theirs = own_set(organisation("coventry"))
    (secret,) = ids(theirs.slug, "CTY1")
    with pytest.raises(RuleBroken) as error:
        choose(world, secret)
    assert "CTY1" not in error.value.message
    with pytest.raises(Conflict) as second:
        choose(world, secret, version=world.tender.version + 5)
    assert "CTY1" not in str(second.value.changed)


@pytest.mark.django_db
def test_who_ticks_second_sees_measures_of_every_edition_in_use():
    world = world_using(beside="county-2026")
    (county,) = ids("county-2026", "CTY1")
    old = world.tender.version
    choose(world, measure_id("GSE1"))
    with pytest.raises(Conflict) as second:
        choose(world, measure_id("GSE1"), county, version=old)
    assert second.value.changed == {"CTY1 Deeds of kind CTY1": ("Not asked for", "Asked for")}


# --- packs ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_adopters_own_packs_are_offered_by_the_longest_beginning():
    world = world_using(cpv="85311100")
    owner = policy_owner("birmingham")
    row = apps.get_model("toms", "Adoption").objects.get()
    set_packs(
        actor=owner,
        adoption_id=row.pk,
        expected_version=row.version,
        packs=[
            PackInput("Care", ("85",), tuple(ids(OPEN, "GSE1"))),
            PackInput("Home care", ("8531",), tuple(ids(OPEN, "PLB1", "HSC1"))),
        ],
    )
    catalogue = measure_catalogue(world.officer, world.procurement.pk)
    assert [pack.name for pack in catalogue.packs] == ["Care", "Home care"]
    assert (catalogue.suggested.name, catalogue.is_suggested_by_cpv) == ("Home care", True)


# --- the policy's rules ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_rules_of_a_policy_name_what_may_be_asked_for():
    world_using(beside="county-2026", measure_ids=ids_after_load("GSE1", "PLB1"))
    here, there = organisation("birmingham").pk, organisation("coventry").pk
    on = date(2026, 3, 2)
    assert measure_codes(on, here) == {"GSE1", "PLB1", "CTY1", "CTY2"}
    assert theme_names(on, here)["county"] == "Matters of the county"
    assert len(measure_codes(on, there)) == 52
    assert "county" not in theme_names(on, there)


def ids_after_load(*codes):
    load_everything()
    return ids(OPEN, *codes)


# --- nothing else changes -------------------------------------------------------------------------

ROOMS = ("procurement", "reporting")


def everything():
    """Every row of every table of procurement and reporting, by value."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for app in ROOMS
        for model in apps.get_app_config(app).get_models()
    }


@pytest.mark.django_db
def test_switching_the_adopted_edition_changes_no_promise_delivery_entry_or_report():
    load_everything()
    authority = organisation("birmingham")
    with clock.at(REPORTED):
        world = reported(authority)
        report = draft(world.author)
        freeze_report(actor=world.author, report_id=report.pk)
    owner = policy_owner("birmingham")
    drain()
    before = everything()
    assert all(
        before[f"procurement.{name}"] for name in ("Commitment", "Claim", "LedgerEntry", "Tender")
    )
    assert before["reporting.CabinetReport"][0]["frozen_at"]
    row = adopted(owner, OPEN, date(2025, 1, 1), max_measures=1, measure_ids=ids(OPEN, "GSE1"))
    own = own_set(authority)
    adopted(owner, own.slug, date(2025, 4, 1))
    change(owner, row, measure_ids=ids(OPEN, "PLB1"))
    end_adoption(actor=owner, adoption_id=row.pk, expected_version=2, to_on=date(2026, 3, 2))
    drain()
    assert everything() == before
