"""The note of a light-touch procurement, finished once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.procurements import services
from procurement.procurements.models import LightTouchNote, RouteDecision
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.procurements import procurement_of
from tests.procurement.procurements.test_services.steps import deeds, finish

pytestmark = pytest.mark.django_db


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


@pytest.mark.owner
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
