"""Lots: they add up, each with its own route; the total decides."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from procurement.procurements import queries, services
from procurement.procurements.models import ProcurementLot
from procurement.procurements.rules import LotInput
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role, actor_of, user_with_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import considered, procurement_of

pytestmark = pytest.mark.django_db
D = Decimal
TWO = [LotInput("North", D(130001)), LotInput("South", D("49999"))]


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()


@pytest.fixture
def user():
    return user_with_role(Role.PROCUREMENT_OFFICER, accounts.organisation("warwickshire"))


@pytest.fixture
def officer(user):
    return actor_of(user)


@pytest.fixture
def procurement(officer):
    return procurement_of(officer)


def divide(actor, procurement, lots=TWO, version=1):
    return services.set_lots(
        actor=actor, procurement_id=procurement.pk, expected_version=version, lots=lots
    )


def test_each_lot_has_its_own_route_and_the_total_decides(officer, procurement):
    divide(officer, procurement)
    lots = queries.lots_of(officer, procurement.pk)
    assert [(lot.number, lot.title, lot.route) for lot in lots.lines] == [
        (1, "North", "toms_advised"),
        (2, "South", "light_touch"),
    ]
    assert (lots.total, lots.wrong) == (D(180000), "")
    assert lots.lines[1].gross == D("59998.80")
    assert lots.deciding == (
        "The total decides, not the value of a lot: £216,000 including VAT, so every lot goes the way of the whole "
        "(TOMs mandatory)."
    )
    assert AuditRecord.objects.filter(deed="lots_set").count() == 1


@pytest.mark.parametrize(
    ("second", "route"), [("49999.99", "light_touch"), ("50000", "toms_advised")]
)
def test_a_lot_is_routed_on_both_sides_of_the_edge(officer, procurement, second, route):
    divide(officer, procurement, [LotInput("A", 180000 - D(second)), LotInput("B", D(second))])
    assert queries.lots_of(officer, procurement.pk).lines[1].route == route


def test_a_lot_of_several_vat_rates_is_turned_in_proportion(officer):
    found = procurement_of(officer, estimate_other=D(198000))
    divide(officer, found)
    assert queries.lots_of(officer, found.pk).lines[0].gross == D("143001.10")


def test_a_changed_estimate_says_that_the_lots_no_longer_add_up(client, user, officer, procurement):
    divide(officer, procurement)
    services.change_procurement(
        actor=officer, procurement_id=procurement.pk, expected_version=2, estimate=D(190000)
    )
    said = "The lots add up to £180,000. That is £10,000 less than the estimate of £190,000."
    assert queries.lots_of(officer, procurement.pk).wrong == said
    client.force_login(user)
    thread = reverse("procurement:threads:procurement", args=[procurement.pk])
    assert said in client.get(thread).content.decode()


def test_dividing_again_replaces_and_none_leaves_it_undivided(officer, procurement):
    divide(officer, procurement)
    divide(officer, procurement, [LotInput("A", D(90000)), LotInput("B", D(90000))], version=2)
    assert list(procurement.lots.values_list("title", flat=True)) == ["A", "B"]
    assert divide(officer, procurement, [], version=3) == []
    assert not queries.lots_of(officer, procurement.pk)


@pytest.mark.parametrize(
    "lots", [[LotInput("One", D(180000))], [LotInput("A", D(1)), LotInput("B", D(2))]]
)
def test_what_does_not_add_up_changes_nothing(officer, procurement, lots):
    divide(officer, procurement)
    with pytest.raises(RuleBroken):
        divide(officer, procurement, lots, version=2)
    assert list(procurement.lots.values_list("title", flat=True)) == ["North", "South"]


def test_two_people_the_second_is_told(officer, procurement):
    divide(officer, procurement)
    with pytest.raises(Conflict):
        divide(officer, procurement, [], version=1)
    assert procurement.lots.count() == 2


def test_who_may_divide_and_until_when(officer, procurement):
    with pytest.raises(NotAllowed):
        divide(actor_for_role(Role.AUDITOR, accounts.organisation("warwickshire")), procurement)
    with pytest.raises(NotVisible):
        divide(
            actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry")), procurement
        )
    considered(officer, procurement)
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    with pytest.raises(RuleBroken, match="no longer change"):
        divide(officer, procurement, version=2)


@pytest.mark.parametrize("wrong", [{"number": 1}, {"number": 3, "estimate": D(0)}])
def test_the_database_holds_its_part(officer, procurement, wrong):
    divide(officer, procurement)
    values = {"procurement": procurement, "number": 3, "title": "X", "estimate": D(1), **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcurementLot.objects.create(**values)


# --- the page ---------------------------------------------------------------------------------


def address(procurement):
    return reverse("procurement:procurements:lots", args=[procurement.pk])


def rows(*lots, version="1", **more):
    sent = {
        "lots-TOTAL_FORMS": str(len(lots)),
        "lots-INITIAL_FORMS": "0",
        "version": version,
        **more,
    }
    for number, (title, amount) in enumerate(lots):
        sent |= {f"lots-{number}-title": title, f"lots-{number}-estimate": amount}
    return sent


def test_the_page_says_by_how_much_and_keeps_what_was_typed(client, user, procurement):
    client.force_login(user)
    assert len(client.get(address(procurement)).context["form"].forms) == 2
    wrong = client.post(address(procurement), rows(("North", "100,000"), ("South", "79,000")))
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "The lots add up to £179,000. That is £1,000 less than the estimate of £180,000." in page
    assert 'value="79,000"' in page
    done = client.post(address(procurement), rows(("North", "100,000"), ("South", "80,000")))
    assert done.status_code == 302
    assert procurement.lots.count() == 2
    page = client.get(address(procurement)).content.decode()
    assert "The total decides" in page
    assert 'value="100,000"' in page


def test_a_row_is_added_without_a_script(client, user, procurement):
    client.force_login(user)
    sent = rows(("North", "1"), ("South", "2"), **{"lots-add": "1"})
    again = client.post(address(procurement), sent)
    assert len(again.context["form"].forms) == 3
    assert 'value="North"' in again.content.decode()
    assert procurement.lots.count() == 0


def test_a_conflict_keeps_what_was_typed(client, user, officer, procurement):
    divide(officer, procurement)
    client.force_login(user)
    late = client.post(address(procurement), rows(("Mine", "100,000"), ("Other", "80,000")))
    assert late.status_code == 409
    assert 'value="Mine"' in late.content.decode()


@pytest.mark.parametrize(("slug", "role", "status"), [
    ("coventry", Role.PROCUREMENT_OFFICER, 404), ("warwickshire", Role.AUDITOR, 403),
])  # fmt: skip
def test_others_do_not_open_it(client, procurement, slug, role, status):
    client.force_login(user_with_role(role, accounts.organisation(slug)))
    assert client.get(address(procurement)).status_code == status
    assert client.post(address(procurement), rows(("A", "1"), ("B", "2"))).status_code == status
