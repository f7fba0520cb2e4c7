from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.procurements import queries, services
from procurement.procurements.queries import ProcurementFilter
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import ANONYMOUS
from socialvalue.core.errors import NotVisible
from tests.factories.accounts import actor_for_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()


@pytest.fixture
def officer():
    return actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("warwickshire"))


@pytest.fixture
def three(officer):
    return (
        procurement_of(
            officer,
            title="Benches",
            estimate=Decimal("40000"),
            directorate="Places",
            cpv="50000000",
        ),
        procurement_of(
            officer, title="Buses", estimate=Decimal("60000"), commenced_on=date(2026, 4, 1)
        ),
        procurement_of(officer, title="Books", estimate=Decimal("900000"), directorate="People"),
    )


def titles(actor, **wanted):
    return [row.title for row in queries.procurement_list(actor, ProcurementFilter(**wanted))]


def test_the_newest_commencement_comes_first(officer, three):
    assert titles(officer) == ["Buses", "Books", "Benches"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"q": "BENCH"}, ["Benches"]),
        ({"q": "5000"}, ["Benches"]),
        ({"q": "nothing"}, []),
        ({"route": "light_touch"}, ["Benches"]),
        ({"route": "toms_advised"}, ["Buses"]),
        ({"route": "toms_mandatory"}, ["Books"]),
        ({"status": "routed", "sort": "title"}, ["Benches", "Books", "Buses"]),
        ({"status": "awarded"}, []),
        ({"directorate": "Places"}, ["Benches"]),
        ({"sort": "-estimate"}, ["Books", "Buses", "Benches"]),
        ({"sort": "estimate"}, ["Benches", "Buses", "Books"]),
        ({"sort": "password"}, ["Buses", "Books", "Benches"]),
        ({"source": "notice"}, []),
        ({"crossed": True}, []),
    ],
)
def test_filters_and_sorts(officer, three, wanted, expected):
    assert titles(officer, **wanted) == expected


def test_crossing_a_line_can_be_found(officer, three):
    services.change_procurement(
        actor=officer, procurement_id=three[0].pk, expected_version=1, estimate=Decimal("50000")
    )
    assert titles(officer, crossed=True) == ["Benches"]


def test_nobody_else_sees_any_of_it(three):
    coventry = accounts.organisation("coventry")
    for actor in (
        actor_for_role(Role.PROCUREMENT_OFFICER, coventry),
        actor_for_role(Role.REGIONAL_ANALYST, accounts.organisation("wmca")),
        actor_for_role(Role.SUPPLIER_ADMIN),
        ANONYMOUS,
    ):
        assert titles(actor) == []
        assert queries.directorates(actor) == []
        with pytest.raises(NotVisible):
            queries.procurement_for(actor, three[0].pk)


def test_the_table_has_every_row_of_the_filter(officer, three):
    wanted = ProcurementFilter(status="routed")
    table = queries.procurement_table(officer, wanted)
    assert len(table.rows) == queries.procurement_list(officer, wanted).count() == 3
    assert {row[1] for row in table.rows} == {"Benches", "Buses", "Books"}


def test_counts_by_route_name_every_route(three):
    warwickshire, coventry = (
        accounts.organisation(slug).pk for slug in ("warwickshire", "coventry")
    )
    assert queries.counts_by_route([warwickshire]) == {
        "light_touch": 1, "toms_advised": 1, "toms_mandatory": 1,
    }  # fmt: skip
    assert queries.counts_by_route([warwickshire], first=date(2026, 4, 1))["light_touch"] == 0
    assert queries.counts_by_route([warwickshire], last=date(2026, 3, 31))["toms_advised"] == 0
    assert sum(queries.counts_by_route([coventry]).values()) == 0


def test_a_brief_knows_the_latest_route(three):
    brief = queries.procurement_brief(three[2].pk)
    assert (brief.route, brief.authority_name, brief.estimate) == (
        "toms_mandatory", "Warwickshire County Council", Decimal("900000"),
    )  # fmt: skip
    with pytest.raises(NotVisible):
        queries.procurement_brief(0)
