"""Figures come from the cells, each once, and open to ledger rows that add up to them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.deliveries.models import Claim
from procurement.verifications.services import correct_claim
from reporting.figures.queries.reading import figure, read
from reporting.figures.queries.scopes import council_scope, region_scope
from reporting.figures.rules.spans import Span
from reporting.rollups.services import drain
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import FinancialYear
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, YEAR, reported
from tests.factories.reporting import browser, drilled_pounds

pytestmark = pytest.mark.django_db
SPAN = Span(FinancialYear.parse(YEAR))


def of(actor, name, span=SPAN):
    with clock.at(NOW):
        return figure(name, actor=actor, scope=council_scope(actor, span))


def test_figures_of_a_year():
    """£22,000 over eight quarters: £11,000 a year. 60 hours at £12.50 verified, 2 tonnes at £300 claimed."""
    world = reported()
    values = {
        name: of(world.author, name).value
        for name in (
            "committed_total",
            "claimed_total",
            "verified_total",
            "verified_share",
            "tco2e_committed",
            "tco2e_verified",
            "contracts_live",
            "commitments_count",
        )
    }
    assert values == {
        "committed_total": Decimal("11000.00"),
        "claimed_total": Decimal("1350.00"),
        "verified_total": Decimal("750.00"),
        "verified_share": Decimal(75000) / 11000,
        "tco2e_committed": Decimal(20),
        "tco2e_verified": None,
        "contracts_live": Decimal(1),
        "commitments_count": Decimal(3),
    }


def test_a_correction_moves_the_figure_and_the_old_year_has_none():
    world = reported()
    claim = Claim.objects.get(commitment=world.commitments[0])
    with clock.at(NOW):
        correct_claim(
            actor=world.manager, claim_id=claim.pk, quantity=Decimal(40), reason="Counted twice."
        )
        drain()
    assert of(world.author, "verified_total").value == Decimal("500.00")
    assert of(world.author, "verified_total", SPAN.earlier()).value == 0


def test_every_ledger_figure_opens_to_rows_that_add_up_to_the_penny():
    world = reported()
    reported()  # another authority's rows, which must not be among them
    client = browser(world.author)
    with clock.at(NOW):
        reading = read(world.author, council_scope(world.author, SPAN))
        found = {
            row.name: (row.value, drilled_pounds(client, row.opens_url))
            for row in reading.figures()
            if row.kind == "money" and row.opens_url
        }
    assert "verified_total" in found
    assert {name: rows for name, (_, rows) in found.items()} == {
        name: value for name, (value, _) in found.items()
    }


def test_an_unknown_figure_is_not_found():
    world = reported()
    with pytest.raises(NotVisible, match="no figure called 'profit'"):
        of(world.author, "profit")


@pytest.mark.parametrize("role", [Role.SUPPLIER_ADMIN, Role.SUPPLIER_CONTRIBUTOR])
def test_a_supplier_has_no_council_figures(role):
    with pytest.raises(NotVisible):
        council_scope(actor_for_role(role), SPAN)


def test_nobody_has_figures_of_a_region_their_organisation_does_not_lead():
    with pytest.raises(NotVisible):
        region_scope(actor_for_role(Role.REGIONAL_ANALYST), SPAN)


def test_the_glossary_explains_every_figure_and_counts_only_hides_pounds():
    world = reported()
    client = browser(world.author)
    with clock.at(NOW):
        page = client.get("/figures/").content.decode()
        counts = client.get("/figures/?counts=1").content.decode()
    assert "{committed_total}" in page
    assert "£11,000" in page
    assert "{committed_total}" not in counts
    assert "£" not in counts
    assert browser(world.claimant).get("/figures/").status_code == 403
