from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.tenders import services
from procurement.tenders.models import (
    TenderInvitation,
    TenderQuestion,
    TenderRequirement,
)
from procurement.tenders.queries import requirements_of
from procurement.tenders.rules import QuestionInput, RequirementInput
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.procurements import procurement_of
from tests.factories.tenders import (
    NOW,
    QUESTIONS,
    asked,
    load_everything,
    measure_id,
    started,
)
from toms.frameworks.queries import measure_infos

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW):
        yield


def deeds():
    return list(AuditRecord.objects.order_by("id").values_list("deed", flat=True))


# --- start --------------------------------------------------------------------------------------


def test_starting_freezes_edition_and_place_and_starts_once():
    world = started()
    tender = world.tender
    assert (tender.status, tender.place, tender.edition.slug) == (
        "draft",
        "birmingham",
        "open-2026",
    )
    again = services.start_tender(actor=world.officer, procurement_id=world.procurement.pk)
    assert again.pk == tender.pk
    assert deeds().count("tender_started") == 1


def test_light_touch_has_no_tender():
    load_everything()
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("birmingham"))
    small = procurement_of(officer, estimate=Decimal("49999.99"))
    with pytest.raises(RuleBroken, match="light-touch"):
        services.start_tender(actor=officer, procurement_id=small.pk)
    advised = procurement_of(officer, estimate=Decimal("50000.00"), title="On the line")
    assert services.start_tender(actor=officer, procurement_id=advised.pk).status == "draft"


def test_another_authority_sees_nothing_and_other_roles_may_not():
    world = started()
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    with pytest.raises(NotVisible):
        services.start_tender(actor=stranger, procurement_id=world.procurement.pk)
    for role in sorted(BUYER_ROLES - {Role.PROCUREMENT_OFFICER}):
        colleague = actor_for_role(role, world.authority)
        with pytest.raises(NotAllowed):
            services.invite_supplier(
                actor=colleague, tender_id=world.tender.pk, supplier_id=world.suppliers[0].pk
            )
    with pytest.raises(NotVisible):
        services.invite_supplier(
            actor=world.bidder, tender_id=world.tender.pk, supplier_id=world.suppliers[0].pk
        )


# --- measures -----------------------------------------------------------------------------------


def choose(world, requirements, version=None):
    return services.choose_measures(
        actor=world.officer,
        tender_id=world.tender.pk,
        expected_version=version or world.refresh().version,
        requirements=requirements,
    )


def test_chosen_measures_keep_order_and_what_is_asked():
    world = started()
    choose(
        world, [asked("PLB1"), asked("GSE1", is_mandatory=True, minimum_quantity=Decimal("2.5"))]
    )
    rows = requirements_of(world.tender.pk)
    assert [(r.measure.code, r.is_mandatory, r.minimum_quantity) for r in rows] == [
        ("PLB1", False, None),
        ("GSE1", True, Decimal("2.5")),
    ]
    assert rows[0].unit_value.amount == 1
    assert rows[1].unit_value.place == "birmingham"
    assert deeds()[-1] == "measures_chosen"


def test_picking_again_keeps_what_was_said_about_those_that_stay():
    world = started()
    choose(world, [asked("GSE1", is_mandatory=True, guidance="Young people first."), asked("PLB1")])
    services.pick_measures(
        actor=world.officer,
        tender_id=world.tender.pk,
        expected_version=world.refresh().version,
        measure_ids=[measure_id("GSE1"), measure_id("HSC1")],
    )
    assert [
        (r.measure.code, r.is_mandatory, r.guidance) for r in requirements_of(world.tender.pk)
    ] == [("GSE1", True, "Young people first."), ("HSC1", False, "")]


def test_a_measure_that_is_not_in_the_edition_is_refused():
    world = started()
    with pytest.raises(RuleBroken):
        choose(world, [RequirementInput(999_999)])
    assert TenderRequirement.objects.count() == 0


def label_of(code):
    return measure_infos([measure_id(code)])[measure_id(code)].label


def test_who_says_something_else_about_a_measure_sees_both():
    world = started()
    old = world.tender.version
    choose(world, [asked("GSE1", minimum_quantity=Decimal("2.50")), asked("PLB1")])
    with pytest.raises(Conflict) as second:
        choose(
            world,
            [asked("PLB1"), asked("GSE1", minimum_quantity=Decimal(3), guidance="Young people.")],
            version=old,
        )
    assert second.value.changed == {
        label_of("GSE1"): (
            "Asked for, at least 2.5",
            "Asked for, at least 3. Guidance: Young people.",
        )
    }


def test_who_ticks_second_sees_which_measures_differ():
    world = started()
    old = world.tender.version
    choose(world, [asked("GSE1", is_mandatory=True), asked("PLB1")])
    with pytest.raises(Conflict) as second:
        services.pick_measures(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=old,
            measure_ids=[measure_id("GSE1"), measure_id("HSC1")],
        )
    assert second.value.changed == {
        label_of("PLB1"): ("Asked for", "Not asked for"),
        label_of("HSC1"): ("Not asked for", "Asked for"),
    }


def test_who_sets_the_scoring_second_sees_what_is_there_now():
    world = started()
    scoring = {"actor": world.officer, "tender_id": world.tender.pk, "expected_version": 1}
    services.set_scoring(
        **scoring,
        weighting_kind="weighted",
        weighting_percent=Decimal("12.5"),
        quantitative_percent=Decimal(50),
    )
    with pytest.raises(Conflict) as second:
        services.set_scoring(
            **scoring,
            weighting_kind="weighted",
            weighting_percent=Decimal(20),
            quantitative_percent=Decimal("50.00"),
        )
    assert second.value.changed == {"Weighting of the whole award": ("12.5%", "20%")}
    with pytest.raises(Conflict) as second:
        services.set_scoring(
            **scoring,
            weighting_kind="pass_fail",
            weighting_percent=Decimal(20),
            quantitative_percent=Decimal(40),
        )
    assert second.value.changed == {
        "How social value counts": ("Weighted score", "Pass or fail"),
        "Weighting of the whole award": ("12.5%", "Nothing"),
        "Share of the social value score for quantities": ("50%", "40%"),
    }
    assert world.refresh().weighting_percent == Decimal("12.5")


def test_place_and_questions_second():
    world = started()
    old = world.tender.version
    choose(world, [asked("GSE1")])
    common = {"actor": world.officer, "tender_id": world.tender.pk, "expected_version": old}
    with pytest.raises(Conflict) as second:
        services.set_place(**common, place="")
    assert second.value.changed == {"Place": ("Birmingham", "Nothing")}
    services.set_questions(
        actor=world.officer,
        tender_id=world.tender.pk,
        expected_version=world.refresh().version,
        questions=[QuestionInput("How?", "", Decimal(60)), QuestionInput("Who?", "", Decimal(40))],
    )
    with pytest.raises(Conflict) as second:
        services.set_questions(**common, questions=[QuestionInput("How?", "Detail.")])
    assert second.value.changed == {
        "Question 1": ("How? (60%)", "How? (100%). A good answer covers: Detail."),
        "Question 2": ("Who? (40%)", "Nothing"),
    }


def test_a_stale_version_is_a_conflict_and_changes_nothing():
    world = started()
    old = world.tender.version
    choose(world, [asked("GSE1")])
    with pytest.raises(Conflict) as second:
        choose(world, [asked("PLB1", is_mandatory=True)], version=old)
    assert second.value.changed == {
        label_of("GSE1"): ("Asked for", "Not asked for"),
        label_of("PLB1"): ("Not asked for", "Every bid must offer it"),
    }
    assert [r.measure.code for r in requirements_of(world.tender.pk)] == ["GSE1"]


def test_localised_measures_have_no_value_until_a_place_is_set():
    world = started(authority="warwickshire")
    choose(world, [asked("GSE1"), asked("HSC1")])
    local, general = requirements_of(world.tender.pk)
    assert (local.unit_value, local.awaits_place, general.awaits_place) == (None, True, False)
    version = world.refresh().version
    act = {"actor": world.officer, "tender_id": world.tender.pk}
    with pytest.raises(RuleBroken):
        services.set_place(**act, expected_version=version, place="atlantis")
    services.set_place(**act, expected_version=version, place="stratford-on-avon")
    assert requirements_of(world.tender.pk)[0].unit_value.place == "stratford-on-avon"


# --- scoring and questions ----------------------------------------------------------------------


def test_scoring_is_held_to_the_range_of_the_decision():
    world = started()
    act = {
        "actor": world.officer,
        "tender_id": world.tender.pk,
        "quantitative_percent": Decimal(50),
    }
    version = world.tender.version
    for percent in ("4.99", "30.01"):
        with pytest.raises(RuleBroken):
            services.set_scoring(
                **act,
                expected_version=version,
                weighting_kind="weighted",
                weighting_percent=Decimal(percent),
            )
    tender = services.set_scoring(
        **act, expected_version=version, weighting_kind="weighted", weighting_percent=Decimal(5)
    )
    assert (tender.weighting_percent, tender.version) == (Decimal(5), version + 1)
    tender = services.set_scoring(
        **act,
        expected_version=tender.version,
        weighting_kind="pass_fail",
        weighting_percent=Decimal(17),
    )
    assert (tender.weighting_kind, tender.weighting_percent) == ("pass_fail", None)


def test_questions_are_replaced_together_or_not_at_all():
    world = started()
    act = {"actor": world.officer, "tender_id": world.tender.pk}
    services.set_questions(**act, expected_version=world.tender.version, questions=QUESTIONS)
    with pytest.raises(RuleBroken, match="add to 90"):
        services.set_questions(
            **act,
            expected_version=world.refresh().version,
            questions=[QuestionInput("One?", "", Decimal(90))],
        )
    assert list(TenderQuestion.objects.values_list("weight_percent", flat=True)) == [60, 40]


# --- suppliers ----------------------------------------------------------------------------------


def test_inviting_twice_is_one_invitation_and_removing_takes_it_away():
    world = started()
    act = {"actor": world.officer, "tender_id": world.tender.pk}
    for _ in range(2):
        services.invite_supplier(**act, supplier_id=world.suppliers[0].pk)
    assert TenderInvitation.objects.count() == 1
    services.remove_invitation(**act, supplier_id=world.suppliers[0].pk)
    services.remove_invitation(**act, supplier_id=world.suppliers[0].pk)
    assert TenderInvitation.objects.count() == 0
    assert deeds()[-2:] == ["supplier_invited", "invitation_removed"]
    with pytest.raises(RuleBroken):
        services.invite_supplier(**act, supplier_id=world.authority.pk)
