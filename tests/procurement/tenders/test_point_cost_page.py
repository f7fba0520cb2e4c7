"""The page that tries a tender's scoring on example bids."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.tenders import services
from procurement.tenders.models import Tender
from socialvalue.accounts.models import User
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.tenders import NOW, published, started

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW):
        yield


def weighted(world, **more):
    return services.set_scoring(
        actor=world.officer, tender_id=world.tender.pk, expected_version=world.tender.version,
        weighting_kind="weighted", weighting_percent=Decimal(10), quantitative_percent=Decimal(60), **more,
    )  # fmt: skip


def test_target_and_formula_go_together():
    world = started()
    tender = weighted(world, formula="target", target_value=Decimal(150_000))
    assert (tender.formula, tender.target_value) == ("target", Decimal(150_000))
    world.tender = tender
    tender = weighted(world, formula="share_of_price", target_value=Decimal(150_000))
    assert (tender.formula, tender.target_value) == ("share_of_price", None)
    world.tender = tender
    for more, field in (
        ({"formula": "target"}, "target_value"),
        ({"formula": "target", "target_value": Decimal(0)}, "target_value"),
        ({"formula": "lottery"}, "formula"),
    ):
        with pytest.raises(RuleBroken) as broken:
            weighted(world, **more)
        assert broken.value.errors[0][0] == field


def test_a_published_formula_never_changes():
    bench = published()
    with pytest.raises(Conflict):
        weighted(bench, formula="target", target_value=Decimal(1))
    with pytest.raises(Exception, match="published tender does not change"):
        Tender.objects.filter(pk=bench.tender.pk).update(formula="share_of_price")


def address(world) -> str:
    return reverse("procurement:tenders:point_cost", args=[world.procurement.pk])


def test_the_page_begins_with_an_answer(client):
    world = started()
    weighted(world)
    client.force_login(User.objects.get(pk=world.officer.user_id))
    page = client.get(address(world))
    assert page.status_code == 200
    assert "Who wins at which weighting" in page.content.decode()
    assert [row.name for row in page.context["found"].gaps] == ["Bid A", "Bid B", "Bid C"]


def row(n: int, name: str, price: str, social: str) -> dict[str, str]:
    fields = {"name": name, "price": price, "social_value": social, "mark": "", "quality": "0"}
    return {f"bids-{n}-{key}": value for key, value in fields.items()}


def sent(*rows: dict[str, str], price_share: str = "100") -> dict[str, str]:
    many = str(len(rows))
    found = {"price_share": price_share, "bids-TOTAL_FORMS": many, "bids-INITIAL_FORMS": many}
    for one in rows:
        found |= one
    return found


def test_two_bids_by_hand(client):
    """The saved split holds before a question is written: 24 and 60. Prices score 100 and 90. Equal at 21.74%."""
    world = started()
    weighted(world)
    client.force_login(User.objects.get(pk=world.officer.user_id))
    page = client.get(
        address(world), sent(row(0, "Cheap", "£900", "40"), row(1, "Dear", "1,000", "100"))
    )
    assert page.context["found"].crossings == (Decimal("21.74"),)
    assert "21.74%" in page.content.decode()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client):
    world = started()
    weighted(world)
    client.force_login(User.objects.get(pk=world.officer.user_id))
    page = client.get(
        address(world), sent(row(0, "Cheap", "nine hundred", "40"), price_share="lots")
    )
    body = page.content.decode()
    assert "nine hundred" in body
    assert "lots" in body
    assert "There is a problem" in body
    assert "found" not in page.context
    twice = client.get(address(world), sent(row(0, "A", "1", "1"), row(1, "a", "2", "2")))
    assert "a name of its own" in twice.content.decode()


def test_another_row_is_no_error(client):
    world = started()
    weighted(world)
    client.force_login(User.objects.get(pk=world.officer.user_id))
    page = client.get(address(world), sent(row(0, "A", "1", "1")) | {"bids-add": "1"})
    body = page.content.decode()
    assert 'name="bids-1-name"' in body
    assert "There is a problem" not in body


def test_there_is_no_page_without_points(client):
    world = started()
    client.force_login(User.objects.get(pk=world.officer.user_id))
    assert client.get(address(world)).status_code == 404
    services.set_scoring(
        actor=world.officer, tender_id=world.tender.pk, expected_version=world.tender.version,
        weighting_kind="pass_fail", weighting_percent=None, quantitative_percent=Decimal(60),
    )  # fmt: skip
    assert client.get(address(world)).status_code == 404


def test_where_price_counts_nothing_any_price_would_do(client):
    world = started()
    weighted(world)
    client.force_login(User.objects.get(pk=world.officer.user_id))
    page = client.get(address(world), sent(row(0, "Only", "900", "40"), price_share="0"))
    assert page.context["found"].gaps[0].gap is None
    assert "Any price</td>" in page.content.decode()


def test_counts_only_withholds_the_target(client):
    world = started()
    weighted(world, formula="target", target_value=Decimal(150_000))
    client.force_login(User.objects.get(pk=world.officer.user_id))
    told = reverse("procurement:tenders:scoring", args=[world.procurement.pk])
    assert "£150,000 of social value" in client.get(told).content.decode()
    counted = client.get(told, {"counts": "1"}).content.decode()
    assert "the target, (£ not shown) of social value" in counted
    assert "£150,000" not in counted
