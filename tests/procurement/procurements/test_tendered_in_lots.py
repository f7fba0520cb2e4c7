"""Each lot by itself: a procurement of its own that goes the way of the whole and is counted once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.procurements import queries, services
from procurement.procurements.rules import LotInput
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.services import start_tender
from procurement.threads.queries import stages
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role, actor_of, user_with_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import considered, procurement_of
from toms.imports.services import load_measure_set

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
def whole(officer):
    found = procurement_of(officer, title="Grounds", cpv="77310000")
    considered(officer, found)
    services.set_lots(actor=officer, procurement_id=found.pk, expected_version=1, lots=TWO)
    return found


def in_lots(officer, whole):
    return services.tender_in_lots(actor=officer, procurement_id=whole.pk)


def test_every_lot_goes_the_way_of_the_whole(officer, whole):
    north, south = in_lots(officer, whole)
    assert (south.title, south.estimate) == ("South (lot 2 of Grounds)", D("49999"))
    assert (south.status, south.category, south.cpv) == ("routed", "services", "77310000")
    decision = queries.latest_decision(south.pk)
    # £49,999 alone would be light touch; together they are above the statutory threshold.
    assert (decision.route, decision.compared_amount) == ("toms_mandatory", D(216000))
    assert decision.explanation.endswith(
        f"It is lot 2 of {whole.reference}: the whole decides, not its own value."
    )
    whole.refresh_from_db()
    assert whole.status == ProcurementStatus.DIVIDED
    assert queries.part_of(south.pk).label == "Lot 2 of 2"
    assert queries.part_of(whole.pk) is None
    assert [line.procurement_id for line in queries.lots_of(officer, whole.pk).lines] == [
        north.pk,
        south.pk,
    ]


def test_a_lot_has_a_tender_of_its_own_and_the_whole_has_none(officer, whole):
    load_measure_set(actor=SYSTEM)
    north, _ = in_lots(officer, whole)
    assert start_tender(actor=officer, procurement_id=north.pk).procurement_id == north.pk
    with pytest.raises(RuleBroken):
        start_tender(actor=officer, procurement_id=whole.pk)


def test_what_was_considered_for_the_whole_counts_for_its_lots(officer, whole):
    _, south = in_lots(officer, whole)
    assert queries.consideration_missing(south.pk) is False
    assert queries.consideration_of(officer, south.pk).latest is not None


def test_without_the_record_for_the_whole_a_lot_lacks_it_too(officer):
    bare = procurement_of(officer)
    services.set_lots(actor=officer, procurement_id=bare.pk, expected_version=1, lots=TWO)
    north, _ = in_lots(officer, bare)
    assert queries.consideration_missing(north.pk) is True
    considered(officer, north)
    assert queries.consideration_missing(north.pk) is True, "it belongs to the whole"


def test_it_is_counted_once(officer, whole):
    home = whole.authority_id
    before = queries.counts_by_route([home])
    in_lots(officer, whole)
    after = queries.counts_by_route([home])
    assert before["toms_mandatory"] == 1
    assert after["toms_mandatory"] == 2, "two lots, and not the whole beside them"


def test_lots_are_no_sign_of_splitting(officer, whole):
    _, south = in_lots(officer, whole)
    assert queries.aggregation_of(officer, south.pk) is None
    later = procurement_of(officer, title="Grounds again", cpv="77310000", estimate=D(40000))
    together = queries.aggregation_of(officer, later.pk)
    assert together is not None
    assert [row.reference for row in together.others] == [whole.reference]


def test_the_value_of_a_lot_does_not_change_on_its_own(officer, whole):
    _, south = in_lots(officer, whole)
    with pytest.raises(RuleBroken, match="does not change") as raised:
        services.change_procurement(
            actor=officer, procurement_id=south.pk, expected_version=1, estimate=D(10)
        )
    assert raised.value.errors[0][0] == "estimate"
    changed = services.change_procurement(
        actor=officer, procurement_id=south.pk, expected_version=1, title="South, renamed"
    )
    assert changed.title == "South, renamed"


def test_a_lot_is_not_divided_again_nor_the_whole_twice(officer, whole):
    _, south = in_lots(officer, whole)
    with pytest.raises(RuleBroken, match="lot itself"):
        services.set_lots(
            actor=officer,
            procurement_id=south.pk,
            expected_version=1,
            lots=[LotInput("A", D(40000)), LotInput("B", D(9999))],
        )
    with pytest.raises(Conflict):
        in_lots(officer, whole)


def test_lots_that_no_longer_add_up_are_mended_first(officer, whole):
    services.change_procurement(
        actor=officer, procurement_id=whole.pk, expected_version=2, estimate=D(190000)
    )
    with pytest.raises(RuleBroken, match="less than the estimate"):
        in_lots(officer, whole)
    undivided = procurement_of(officer)
    with pytest.raises(RuleBroken, match="Divide it into lots first"):
        in_lots(officer, undivided)


def test_who_may(officer, whole):
    with pytest.raises(NotAllowed):
        in_lots(actor_for_role(Role.AUDITOR, accounts.organisation("warwickshire")), whole)
    with pytest.raises(NotVisible):
        in_lots(actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry")), whole)


def test_the_pages_lead_from_one_to_the_other(client, user, officer, whole):
    client.force_login(user)
    address = reverse("procurement:procurements:lots", args=[whole.pk])
    assert "Tender each lot by itself" in client.get(address).content.decode()
    done = client.post(reverse("procurement:procurements:tender_in_lots", args=[whole.pk]))
    thread = reverse("procurement:threads:procurement", args=[whole.pk])
    assert (done.status_code, done["Location"]) == (302, thread)
    page = client.get(thread).content.decode()
    line = queries.lots_of(officer, whole.pk).lines[1]
    lot = reverse("procurement:threads:procurement", args=[line.procurement_id])
    assert f'href="{lot}"' in page
    assert "Each lot is a procurement of its own" in page
    view = stages(officer, whole.pk)
    assert view.next_deed is None
    assert {stage.state.value for stage in view.stages} == {"done", "skipped"}
    page = client.get(lot).content.decode()
    assert f'<a class="govuk-link" href="{thread}">{whole.reference}</a>' in page
    assert "Lot 2 of 2" in page
