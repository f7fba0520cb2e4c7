from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.procurements import queries, services
from procurement.procurements.models import LightTouchNote, Procurement, RouteDecision
from procurement.procurements.vocabulary import DecisionStage, ProcurementStatus
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import considered, procurement_of, values
from toms.imports.services import load_priorities

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()


@pytest.fixture
def officer():
    return actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("warwickshire"))


@pytest.fixture
def stranger():
    return actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))


def deeds(procurement):
    rows = AuditRecord.objects.filter(procurement_id=procurement.pk).order_by("id")
    return list(rows.values_list("deed", flat=True))


# --- entry ------------------------------------------------------------------------------------


def test_entering_decides_the_route_and_keeps_all_it_rests_on(officer):
    procurement = procurement_of(officer)
    decision = queries.latest_decision(procurement.pk)
    assert procurement.status == ProcurementStatus.ROUTED
    assert procurement.reference == f"SV-{procurement.created_at.year}-{procurement.pk:05d}"
    assert (procurement.owner_id, procurement.authority_id) == (
        officer.user_id,
        officer.organisation_id,
    )
    assert (decision.stage, decision.route, decision.crossed_line) == (
        "entry",
        "toms_mandatory",
        False,
    )
    assert (decision.net_amount, decision.gross_amount) == (Decimal("180000"), Decimal("216000"))
    assert (decision.compared_amount, decision.compared_basis) == (Decimal("216000"), "incl")
    assert decision.threshold.amount == Decimal("207720")
    assert decision.policy_version.policy.slug == "warwickshire-social-value-policy"
    assert decision.explanation.startswith("At £216,000 including VAT")
    assert decision.inputs == {
        "authority": "Warwickshire County Council",
        "category": "services",
        "amount": "180000.00",
        "basis": "excl",
        "amount_from": "estimate",
        "vat_kind": "unknown",
        "vat_rate_percent": None,
        "vat_rate_used_percent": "20",
        "amount_on_other_basis": None,
        "estimate_initial": None,
        "estimate_extensions": None,
        "estimate_options": None,
        "is_utilities": "no",
        "parts": None,
        "commenced_on": "2026-03-01",
        "policy": "Warwickshire County Council Social Value Policy, version 1",
        "bands_from": "West Midlands Combined Authority Social Value Policy, version 1",
        "policy_vat_basis": "excl",
        "threshold_regime": "PA2023",
        "threshold_amount": "207720.00",
        "threshold_vat_basis": "incl",
        "threshold_effective_from": "2026-01-01",
    }
    assert deeds(procurement) == ["procurement_created", "route_decided"]


def test_a_double_click_enters_one(officer):
    first = procurement_of(officer, submission_key="k1")
    again = procurement_of(officer, submission_key="k1")
    assert (again.pk, Procurement.objects.count(), RouteDecision.objects.count()) == (
        first.pk,
        1,
        1,
    )


def test_the_back_button_with_other_values_says_so_and_changes_nothing(officer):
    first = procurement_of(officer, submission_key="k1")
    with pytest.raises(Conflict, match=first.reference) as conflict:
        procurement_of(officer, submission_key="k1", estimate=Decimal("90000"))
    assert conflict.value.changed == {"Estimate": ("£180,000", "£90,000")}
    assert Procurement.objects.get().estimate == Decimal("180000")


def test_a_key_of_another_authority_tells_nothing(officer, stranger):
    procurement_of(officer, submission_key="k1")
    with pytest.raises(NotVisible):
        procurement_of(stranger, submission_key="k1")


@pytest.mark.parametrize("role", [Role.CONTRACT_MANAGER, Role.AUDITOR, Role.SUPPLIER_ADMIN])
def test_only_an_officer_enters(role):
    with pytest.raises(NotAllowed):
        procurement_of(actor_for_role(role))
    assert Procurement.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"estimate": Decimal("0")}, "estimate"),
        ({"estimate": Decimal("-1")}, "estimate"),
        ({"estimate": Decimal("100000000000")}, "estimate"),
        ({"estimate_basis": "maybe"}, "estimate_basis"),
        ({"vat_rate_percent": Decimal("101")}, "vat_rate_percent"),
        ({"category": "other"}, "category"),
        ({"cpv": "123"}, "cpv"),
        ({"directorate": "x" * 121}, "directorate"),
        ({"commenced_on": date(2010, 1, 1)}, "commenced_on"),
        ({"starts_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)}, "ends_on"),
    ],
)
def test_what_cannot_be_kept_names_the_field_and_leaves_nothing(officer, changes, field):
    with pytest.raises(RuleBroken) as broken:
        procurement_of(officer, **changes)
    assert broken.value.errors[0][0] == field
    assert (
        Procurement.objects.count(),
        AuditRecord.objects.filter(procurement_id__isnull=False).count(),
    ) == (0, 0)


def test_the_same_day_is_a_contract_of_one_day(officer):
    day = date(2026, 5, 1)
    assert procurement_of(officer, starts_on=day, ends_on=day).ends_on == day


def test_a_demonstration_authority_marks_what_it_enters(officer):
    organisation = accounts.organisation("warwickshire")
    assert procurement_of(officer).is_demonstration is False
    type(organisation).objects.filter(pk=organisation.pk).update(is_demonstration=True)
    assert procurement_of(officer).is_demonstration is True


# --- change -----------------------------------------------------------------------------------


def change(actor, procurement, **fields):
    return services.change_procurement(
        actor=actor, procurement_id=procurement.pk, expected_version=procurement.version, **fields
    )


def test_a_new_value_is_decided_again_and_both_decisions_stay(officer):
    procurement = procurement_of(officer)
    changed = change(officer, procurement, estimate=Decimal("49999.99"))
    assert changed.version == procurement.version + 1
    decisions = queries.decisions_of(officer, procurement.pk)
    assert [(d.stage, d.route, d.crossed_line) for d in decisions] == [
        ("change", "light_touch", True),
        ("entry", "toms_mandatory", False),
    ]
    assert deeds(procurement)[-2:] == ["procurement_changed", "route_decided"]
    audit = AuditRecord.objects.get(deed="procurement_changed")
    assert (audit.before, audit.after) == ({"estimate": "180000.00"}, {"estimate": "49999.99"})


def test_a_new_title_is_not_decided_again(officer):
    procurement = procurement_of(officer)
    change(officer, procurement, title="Grounds maintenance, north")
    assert RouteDecision.objects.count() == 1


def test_the_same_values_again_change_nothing(officer):
    procurement = procurement_of(officer)
    unchanged = change(officer, procurement, **values())
    assert (unchanged.version, RouteDecision.objects.count()) == (1, 1)


def test_two_people_saving_the_second_sees_what_is_there_now(officer):
    procurement = procurement_of(officer)
    change(officer, procurement, title="Theirs")
    with pytest.raises(Conflict, match="Somebody else saved") as conflict:
        change(officer, procurement, title="Mine")
    assert conflict.value.changed == {"Title": ("Theirs", "Mine")}
    with pytest.raises(Conflict) as conflict:
        change(
            officer,
            procurement,
            title="Theirs",
            category="works",
            estimate=Decimal("90000.50"),
            estimate_basis="incl",
            vat_rate_percent=Decimal("17.5"),
        )
    assert conflict.value.changed == {
        "Category": ("Services", "Works"),
        "Estimate": ("£180,000", "£90,000.50"),
        "VAT basis": ("Excluding VAT", "Including VAT"),
        "VAT rate": ("Nothing", "17.5%"),
    }
    assert Procurement.objects.get().title == "Theirs"


def test_a_change_that_cannot_be_routed_changes_nothing(officer):
    procurement = procurement_of(officer)
    with pytest.raises(RuleBroken), transaction.atomic():
        change(officer, procurement, commenced_on=date(2010, 1, 1))
    procurement.refresh_from_db()
    assert (procurement.commenced_on, procurement.version) == (date(2026, 3, 1), 1)


def test_after_publication_nothing_changes(officer):
    procurement = procurement_of(officer)
    considered(officer, procurement)
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    procurement.refresh_from_db()
    with pytest.raises(RuleBroken, match="out to tender"):
        change(officer, procurement, title="Other")


def test_another_authority_cannot_see_change_withdraw_or_finish(officer, stranger):
    procurement = procurement_of(officer, estimate=Decimal("100"))
    for deed in (
        lambda: queries.procurement_for(stranger, procurement.pk),
        lambda: queries.decisions_of(stranger, procurement.pk),
        lambda: change(stranger, procurement, title="Mine"),
        lambda: services.withdraw_procurement(
            actor=stranger, procurement_id=procurement.pk, reason="x"
        ),
        lambda: services.mark_published(actor=stranger, procurement_id=procurement.pk),
        lambda: finish(stranger, procurement),
        lambda: services.decide_again(
            actor=stranger, procurement_id=procurement.pk, stage=DecisionStage.CHANGE
        ),
    ):
        with pytest.raises(NotVisible):
            deed()


def test_a_colleague_without_the_role_may_see_but_not_change(officer):
    procurement = procurement_of(officer, estimate=Decimal("100"))
    auditor = actor_for_role(Role.AUDITOR, accounts.organisation("warwickshire"))
    assert queries.procurement_for(auditor, procurement.pk) == procurement
    for deed in (
        lambda: change(auditor, procurement, title="Mine"),
        lambda: services.withdraw_procurement(
            actor=auditor, procurement_id=procurement.pk, reason="x"
        ),
        lambda: finish(auditor, procurement),
    ):
        with pytest.raises(NotAllowed):
            deed()


# --- moves ------------------------------------------------------------------------------------


def test_the_stages_in_order_with_a_decision_at_publication_and_award(officer):
    procurement = procurement_of(officer, estimate=Decimal("40000"))
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    services.mark_evaluating(actor=officer, procurement_id=procurement.pk)
    awarded = services.mark_awarded(
        actor=officer, procurement_id=procurement.pk, award_value=Decimal("62400"), award_basis="excl",
        awarded_on=date(2026, 6, 1),
    )  # fmt: skip
    assert (awarded.status, awarded.award_value, awarded.awarded_on) == (
        "awarded", Decimal("62400"), date(2026, 6, 1),
    )  # fmt: skip
    decisions = queries.decisions_of(officer, procurement.pk)
    assert [(d.stage, d.route, d.crossed_line) for d in decisions] == [
        ("award", "toms_advised", True),
        ("publication", "light_touch", False),
        ("entry", "light_touch", False),
    ]
    assert services.mark_complete(actor=officer, procurement_id=procurement.pk).status == "complete"


@pytest.mark.parametrize("value", ["0", "-1", "100000000000"])
def test_an_absurd_award_moves_nothing(officer, value):
    procurement = procurement_of(officer)
    considered(officer, procurement)
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    services.mark_evaluating(actor=officer, procurement_id=procurement.pk)
    with pytest.raises(RuleBroken, match="estimate must be"):
        services.mark_awarded(
            actor=officer, procurement_id=procurement.pk, award_value=Decimal(value), award_basis="excl",
            awarded_on=date(2026, 6, 1),
        )  # fmt: skip
    procurement.refresh_from_db()
    assert (procurement.status, procurement.award_value) == ("evaluating", None)


@pytest.mark.parametrize("move", ["mark_evaluating", "mark_complete"])
def test_a_stage_cannot_be_skipped(officer, move):
    procurement = procurement_of(officer)
    with pytest.raises(Conflict, match="being prepared"):
        getattr(services, move)(actor=officer, procurement_id=procurement.pk)
    procurement.refresh_from_db()
    assert procurement.status == "routed"


def test_publishing_twice_is_a_conflict_and_decides_once(officer):
    procurement = procurement_of(officer)
    considered(officer, procurement)
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    with pytest.raises(Conflict):
        services.mark_published(actor=officer, procurement_id=procurement.pk)
    assert RouteDecision.objects.filter(stage="publication").count() == 1


def test_withdrawing_keeps_the_reason(officer):
    procurement = procurement_of(officer)
    services.withdraw_procurement(
        actor=officer, procurement_id=procurement.pk, reason=" No budget "
    )
    procurement.refresh_from_db()
    assert procurement.status == "withdrawn"
    assert AuditRecord.objects.get(deed="procurement_withdrawn").after["reason"] == "No budget"
    with pytest.raises(RuleBroken, match="cannot be withdrawn"):
        services.withdraw_procurement(actor=officer, procurement_id=procurement.pk, reason="again")


def test_withdrawing_needs_a_reason(officer):
    procurement = procurement_of(officer)
    with pytest.raises(RuleBroken, match="Say why"):
        services.withdraw_procurement(actor=officer, procurement_id=procurement.pk, reason="  ")


def test_a_decision_never_changes(officer):
    procurement_of(officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        RouteDecision.objects.update(route="light_touch")
    with pytest.raises(IntegrityError), transaction.atomic():
        RouteDecision.objects.all().delete()


# --- light touch ------------------------------------------------------------------------------


def finish(actor, procurement, **more):
    load_priorities(actor=_system())
    facts = {
        "considered": "Asked two local workshops.",
        "objectives": ["PLB"],
        "quotations_sought": 3,
        "local_quotations": 2,
        "chosen_supplier": "A workshop",
        "chosen_value": Decimal("12000"),
        "is_local_or_sme": None,
        "agreed": "",
    }
    return services.finish_light_touch(
        actor=actor, procurement_id=procurement.pk, **{**facts, **more}
    )


def _system():
    from socialvalue.core.actor import SYSTEM

    return SYSTEM


def test_finishing_the_note_completes_the_procurement(officer):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    note = finish(officer, procurement)
    procurement.refresh_from_db()
    assert procurement.status == "complete"
    assert (note.objectives, note.finished_by_id, note.is_local_or_sme) == (
        ["PLB"],
        officer.user_id,
        None,
    )
    assert deeds(procurement)[-3:] == [
        "procurement_moved",
        "light_touch_note_finished",
        "route_decided",
    ]


def test_a_note_is_finished_once(officer):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    finish(officer, procurement)
    with pytest.raises(Conflict, match="finished already"):
        finish(officer, procurement, chosen_value=Decimal("1"))
    assert LightTouchNote.objects.get().chosen_value == Decimal("12000")
    with pytest.raises(IntegrityError), transaction.atomic():
        LightTouchNote.objects.update(considered="changed")


@pytest.mark.parametrize(("estimate", "fits"), [("49999.99", True), ("50000", False)])
def test_only_the_light_touch_route_has_a_note(officer, estimate, fits):
    procurement = procurement_of(officer, estimate=Decimal(estimate))
    if fits:
        assert finish(officer, procurement).procurement_id == procurement.pk
        return
    with pytest.raises(RuleBroken, match="not on the light-touch route"):
        finish(officer, procurement)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"considered": " "}, "considered"),
        ({"quotations_sought": 0, "local_quotations": 0}, "quotations_sought"),
        ({"local_quotations": 4}, "local_quotations"),
        ({"local_quotations": -1}, "local_quotations"),
        ({"chosen_supplier": ""}, "chosen_supplier"),
        ({"chosen_value": Decimal("-0.01")}, "chosen_value"),
        ({"chosen_value": Decimal("0")}, "chosen_value"),
        ({"objectives": ["NOPE"]}, "objectives"),
    ],
)
def test_a_note_that_does_not_hold_names_the_field(officer, changes, field):
    procurement = procurement_of(officer, estimate=Decimal("12500"))
    with pytest.raises(RuleBroken) as broken:
        finish(officer, procurement, **changes)
    assert broken.value.errors[0][0] == field
    procurement.refresh_from_db()
    assert procurement.status == "routed"


@pytest.mark.parametrize(("value", "crossed"), [("49999.99", False), ("50000", True)])
def test_a_quotation_across_the_line_is_decided_again_and_flagged(officer, value, crossed):
    procurement = procurement_of(officer, estimate=Decimal(40000))
    services.finish_light_touch(
        actor=officer,
        procurement_id=procurement.pk,
        considered="Local suppliers were asked.",
        objectives=[],
        quotations_sought=3,
        local_quotations=2,
        chosen_supplier="Local Joinery",
        chosen_value=Decimal(value),
        is_local_or_sme=True,
        agreed="",
    )
    first, last = RouteDecision.objects.filter(procurement=procurement).order_by("id")
    assert (first.route, first.stage) == ("light_touch", "entry")
    assert last.stage == "award"
    assert last.route == ("toms_advised" if crossed else "light_touch")
    assert last.crossed_line is crossed
