"""Cost of overseeing, shortfalls and remedies as figures, each opening to exactly the rows it counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procurement.procurements.models import Procurement
from procurement.remedies.models import OversightCost, Shortfall
from procurement.remedies.services import (
    approve_remedy,
    propose_remedy,
    record_cost,
    remove_cost,
)
from procurement.remedies.vocabulary import RemedyKind
from reporting.figures.queries.proofs import proof
from reporting.figures.queries.reading import read
from reporting.figures.queries.scopes import council_scope, directorate_scope
from reporting.figures.rules.spans import Span
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.periods import FinancialYear
from tests.factories import remedies
from tests.factories.accounts import actor_for_role
from tests.factories.reporting import browser, rows_of

pytestmark = pytest.mark.django_db
YEAR = Span(FinancialYear(2025))


@pytest.fixture
def world():
    """20 hours short in November 2025; £215 of overseeing in May for the contract, £40 in September for no contract."""
    found = remedies.short()
    Procurement.objects.filter(pk=found.contract.procurement_id).update(directorate="Roads")
    with clock.at(remedies.NOW):
        record_cost(
            actor=found.manager,
            contract_id=found.contract.pk,
            month=date(2025, 5, 1),
            what="Visits",
            hours=Decimal(10),
            rate=Decimal("21.50"),
        )
        record_cost(
            actor=found.manager, month=date(2025, 9, 1), what="Training", amount=Decimal(40)
        )
        remedies.raised(found)
    return found


def values(actor, scope):
    with clock.at(remedies.NOW):
        reading = read(actor, scope)
        return {
            name: (reading.figure(name).shown, reading.figure(name).beside)
            for name in ("oversight_cost", "shortfalls_count", "shortfalls_unfinished")
        }


def test_of_a_year_a_quarter_and_a_directorate(world):
    author = actor_for_role(Role.REPORT_AUTHOR, world.authority)
    whole = values(author, council_scope(author, YEAR))
    assert whole == {
        "oversight_cost": ("£255", "2 recorded costs, 10 hours"),
        "shortfalls_count": ("1", ""),
        "shortfalls_unfinished": ("1", "of 1 shortfall in the period"),
    }
    first = values(author, council_scope(author, Span(YEAR.year, 1)))
    assert first["oversight_cost"] == ("£215", "1 recorded cost, 10 hours")
    assert first["shortfalls_count"] == ("0", ""), "it was raised in quarter 3"
    assert values(author, council_scope(author, Span(YEAR.year, 3)))["shortfalls_count"][0] == "1"
    roads = values(author, directorate_scope(author, YEAR, "Roads"))
    assert roads["oversight_cost"][0] == "£215", "what belongs to no contract is of no directorate"
    care = values(author, directorate_scope(author, YEAR, "Care"))
    assert care["oversight_cost"] == ("not reported", "")
    assert care["shortfalls_count"][0] == "0"


def test_a_removed_cost_and_another_authority_do_not_count(world):
    author = actor_for_role(Role.REPORT_AUTHOR, world.authority)
    row = OversightCost.objects.get(what="Training")
    with clock.at(remedies.NOW):
        remove_cost(actor=world.manager, cost_id=row.pk)
    assert values(author, council_scope(author, YEAR))["oversight_cost"][0] == "£215"
    stranger = actor_for_role(Role.REPORT_AUTHOR)
    assert values(stranger, council_scope(stranger, YEAR)) == {
        "oversight_cost": ("not reported", ""),
        "shortfalls_count": ("0", ""),
        "shortfalls_unfinished": ("0", "of 0 shortfalls in the period"),
    }


def test_a_price_is_no_social_value_and_stays_with_counts_only(world):
    author = actor_for_role(Role.REPORT_AUTHOR, world.authority)
    with clock.at(remedies.NOW):
        figures = read(author, council_scope(author, YEAR)).figures(money=False)
    named = {row.name: row for row in figures}
    assert named["oversight_cost"].is_price
    assert not named["oversight_cost"].is_money
    assert "remedies_due" in named
    assert "verified_total" not in named


@pytest.mark.parametrize(
    ("name", "total"),
    [("oversight_cost", Decimal(255)), ("shortfalls_count", 1), ("remedies_due", Decimal(0))],
)
def test_each_opens_to_its_rows(world, name, total):
    author = actor_for_role(Role.REPORT_AUTHOR, world.authority)
    with clock.at(remedies.NOW):
        found = proof(author, name, YEAR)
        assert found.table.total[-1] == total
        assert len(found.table.links) == len(found.table.rows)
        client = browser(author)
        assert client.get(found.figure.opens_url).status_code == 200
        address = found.figure.opens_url.replace(f"/{name}/", f"/{name}.csv")
        assert len(rows_of(client.get(address).content)) == found.how_many


def test_a_directorates_figure_opens_to_the_rows_of_that_directorate(world):
    author = actor_for_role(Role.REPORT_AUTHOR, world.authority)
    with clock.at(remedies.NOW):
        reading = read(author, directorate_scope(author, YEAR, "Roads"))
        client = browser(author)
        page = client.get(reading.figure("oversight_cost").opens_url).content.decode()
        assert "Visits" in page
        assert "Training" not in page
        entries = reading.figure("verified_total").opens_url
        assert "directorate=Roads" in entries
        assert client.get(entries).status_code == 200


def test_a_remedy_counts_in_the_period_of_its_approval(world):
    author = actor_for_role(Role.REPORT_AUTHOR, world.authority)
    with clock.at(remedies.NOW):
        remedies.with_terms(world)
        row = Shortfall.objects.get()
        made = propose_remedy(
            actor=world.manager,
            shortfall_id=row.pk,
            expected_version=row.version,
            kind=RemedyKind.SERVICE_CREDIT,
            reason="Not recovered.",
        )
    with clock.at(datetime(2026, 1, 5, 9, tzinfo=UTC)):
        approve_remedy(actor=world.approver, decision_id=made.pk)
        due = read(author, council_scope(author, Span(YEAR.year, 4))).figure("remedies_due")
        before = read(author, council_scope(author, Span(YEAR.year, 3))).figure("remedies_due")
    # 10% of the £250 that is missing.
    assert (due.shown, due.beside) == ("£25", "1 of 1 remedy")
    assert (before.shown, before.beside) == ("£0", "0 of 0 remedies")
