"""What no bid could do: offer above 100% or a yes twice over; earn points where nothing is valued."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from procurement.tenders import services
from procurement.tenders.queries import requirements_of
from procurement.tenders.rules import RequirementChange, beyond_unit
from socialvalue.accounts.models import User
from socialvalue.core import clock
from socialvalue.core.errors import RuleBroken
from tests.factories.tenders import NOW, asked, measure_id, prepared, published

SHARE, YES = "ENV5", "ENV6"


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW):
        yield


@pytest.mark.parametrize(
    ("unit", "most", "beyond"),
    [("%", "100", "100.001"), ("yes/no", "1", "1.001"), ("statement", "1", "2")],
)
def test_the_edge_of_each_unit(unit, most, beyond):
    assert beyond_unit(unit, Decimal(most)) == ""
    assert "can be offered by nobody" in beyond_unit(unit, Decimal(beyond))
    assert beyond_unit(unit, None) == ""
    assert beyond_unit("staff hours", Decimal(1_000_000)) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("which", ["minimum_quantity", "maximum_quantity"])
@pytest.mark.parametrize(("code", "most", "beyond"), [(SHARE, 100, 101), (YES, 1, 2)])
def test_a_draft_asks_for_nothing_that_cannot_be_offered(which, code, most, beyond):
    world = prepared()

    def choose(number):
        services.choose_measures(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.refresh().version,
            requirements=[asked(code, **{which: Decimal(number)})],
        )

    with pytest.raises(RuleBroken, match="can be offered by nobody"):
        choose(beyond)
    assert len(requirements_of(world.tender.pk)) == 3
    choose(most)
    assert getattr(requirements_of(world.tender.pk)[0], which) == most


@pytest.mark.django_db
def test_the_page_says_it_at_the_box_and_keeps_what_was_typed():
    world = prepared(codes=[SHARE])
    client = Client()
    client.force_login(User.objects.get(pk=world.officer.user_id))
    box = f"minimum_{measure_id(SHARE)}"
    sent = client.post(
        reverse("procurement:tenders:details", args=[world.procurement.pk]),
        {"version": world.tender.version, box: "150"},
    )
    form = sent.context["form"]
    assert sent.status_code == 422
    assert form.errors[box] == ["A share cannot be more than 100%: 150 can be offered by nobody."]
    assert form[box].value() == "150"


@pytest.mark.django_db
def test_an_amendment_asks_for_nothing_that_cannot_be_offered():
    world = published(codes=[SHARE])
    row = requirements_of(world.tender.pk)[0]

    def amend(number):
        services.amend_tender(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.refresh().version,
            reason="More is wanted.",
            requirements={row.id: RequirementChange(False, Decimal(number))},
        )

    with pytest.raises(RuleBroken, match="can be offered by nobody"):
        amend("100.001")
    assert world.refresh().amendments == 0
    amend("100")
    assert requirements_of(world.tender.pk)[0].minimum_quantity == 100


# --- points that nobody can earn -------------------------------------------------------------------

WARNED = "No bid can earn the 50 points for quantity"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("codes", "more", "is_warned"),
    [
        ([SHARE, YES], {}, True),
        ([SHARE, "PLB1"], {}, False),
        ([SHARE, "INN1"], {}, False),
        (
            [(SHARE, {"weight_percent": Decimal(60)}), (YES, {"weight_percent": Decimal(40)})],
            {},
            False,
        ),
        ([SHARE], {"quantitative": Decimal(0)}, False),
    ],
)
def test_points_that_nobody_can_earn_are_pointed_out(codes, more, is_warned):
    world = prepared(codes=codes, **more)
    client = Client()
    client.force_login(User.objects.get(pk=world.officer.user_id))
    for name in ("task_list", "details", "publish"):
        page = client.get(reverse(f"procurement:tenders:{name}", args=[world.procurement.pk]))
        assert (WARNED in page.content.decode()) is is_warned
