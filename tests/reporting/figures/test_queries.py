"""Figures come from the cells, each once, and open to ledger rows that add up to them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from procurement.deliveries.models import Claim
from procurement.ledger.services import post_entries
from procurement.procurements.models import Procurement as ProcurementModel
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.verifications.services import correct_claim
from reporting.dashboards.queries.boards import council_board
from reporting.figures.queries.positions import position_by_authority, positions
from reporting.figures.queries.reading import figure, read
from reporting.figures.queries.scopes import council_scope, directorate_scope, region_scope
from reporting.figures.rules import benchmark
from reporting.figures.rules.counted import COUNTED_FIGURES
from reporting.figures.rules.spans import Span
from reporting.rollups.services import drain
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import FinancialYear
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.cabinet import NOW, YEAR, reported
from tests.factories.ledger import Promise, contract_with, latest, posting
from tests.factories.procurements import procurement_of
from tests.factories.reporting import browser, drilled_pounds, rows_of
from tests.factories.tenders import NOW as TENDERS_NOW
from tests.factories.tenders import published

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
            "evidenced_total",
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
        "evidenced_total": Decimal("1350.00"),
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
            if row.kind == "money" and row.opens_url.startswith("/ledger/")
        }
    assert "verified_total" in found
    assert {name: rows for name, (_, rows) in found.items()} == {
        name: value for name, (value, _) in found.items()
    }


def test_the_last_figure_of_a_directorate_is_that_of_its_own_contracts():
    authority = AuthorityFactory()
    for name, quantity in (("Roads", 3), ("Parks", 5)):
        contract, (commitment,) = contract_with(Promise(latest("L1")), authority=authority)
        ProcurementModel.objects.filter(pk=contract.procurement_id).update(directorate=name)
        post_entries(actor=SYSTEM, postings=[posting(commitment, quantity=Decimal(quantity))])
    with clock.at(NOW):
        drain()
        author = actor_for_role(Role.REPORT_AUTHOR, authority)
        scope = directorate_scope(author, SPAN, "Roads")
        whole = positions(scope).now
        shares = position_by_authority(scope, whole.measures)
    assert [cell.quantity for cell in whole.cells] == [3]
    assert [cell.quantity for cell in shares[authority.pk].cells] == [3]


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
    # The comparison is a figure too, though no report names it.
    assert benchmark.LABEL in page
    assert benchmark.COMPUTATION in page
    assert '<a class="govuk-link" href="#committed_total">' in page
    assert benchmark.LABEL not in counts
    assert "{committed_total}" not in counts
    of_prices = re.compile(r'<dd class="govuk-summary-list__value sv-price">.*?</dd>', re.DOTALL)
    assert "Cost of overseeing" in counts
    assert "£" not in of_prices.sub("", counts), "what things cost is no social value"
    assert browser(world.claimant).get("/figures/").status_code == 403


def shown_by(client, row):
    """What the page behind a figure adds up to, read from the download of that very page."""
    assert client.get(row.opens_url).status_code == 200
    address = urlsplit(row.opens_url)
    if address.path == reverse("procurement:ledger:entries"):
        export = reverse("procurement:ledger:export", args=["csv"])
        rows = rows_of(client.get(f"{export}?{address.query}").content)
        if row.kind == "money":
            return sum((Decimal(one["Value (£)"] or 0) for one in rows), Decimal(0))
        return sum((Decimal(one["Quantity"]) for one in rows), Decimal(0)) if rows else None
    answer = client.get(f"{address.path.rstrip('/')}.csv?{address.query}")
    assert answer.status_code == 200
    rows = rows_of(answer.content)
    if row.name == "average_weighting":
        asked = [Decimal(one["Weighting (%)"]) for one in rows]
        return sum(asked, Decimal(0)) / len(asked) if asked else None
    parts = {
        "routes_followed_share": ("Counts as followed", "Can be judged"),
        "delivery_share": ("Verified to date (£)", "Planned to date (£)"),
    } | dict.fromkeys(
        ("local_value_share", "sme_value_share", "vcse_value_share"),
        ("Contract value counted (£)", "Contract value without VAT (£)"),
    )
    if row.name in parts:
        part, total = (sum(Decimal(one[name]) for one in rows) for name in parts[row.name])
        is_known = row.name != "local_value_share" or any(
            one["Local"] != "Not known" for one in rows
        )
        return part * 100 / total if total and is_known else None
    if row.name == "social_value_asked_share":
        asking = sum(one["Asks for social value"] == "Yes" for one in rows)
        return Decimal(asking) * 100 / len(rows) if rows else None
    if row.name == "forecast_total":
        seen = sum(int(one["With a forecast"]) for one in rows)
        return sum(Decimal(one["Forecast (£)"]) for one in rows) if seen else None
    if row.name == "oversight_cost":
        return sum(Decimal(one["Cost (£)"]) for one in rows) if rows else None
    column = {"commitments_count": "Commitments", "commitments_on_track": "On track"}.get(row.name)
    if column:
        return sum((Decimal(one[column]) for one in rows), Decimal(0))
    return Decimal(len(rows))


def begun_procurements():
    """One that asks for social value, one that does not, and three that no figure of 2025-26 may count."""
    world = published()
    rows = [
        (ProcurementStatus.ROUTED, date(2025, 4, 1)),
        (ProcurementStatus.WITHDRAWN, date(2025, 6, 1)),
        (ProcurementStatus.DRAFT, date(2025, 6, 1)),
        (ProcurementStatus.ROUTED, date(2025, 3, 31)),
    ]
    with clock.at(TENDERS_NOW):
        for number, (status, day) in enumerate(rows):
            made = procurement_of(world.officer, title=f"Other {number}")
            ProcurementModel.objects.filter(pk=made.pk).update(status=status, commenced_on=day)
    return world


def what_figures_say_and_show(actor, span):
    """Every figure that opens, by name: its value, and what the opened page adds up to."""
    client = browser(actor)
    reading = read(actor, council_scope(actor, span))
    # A share is a quotient of two figures that are walked by themselves.
    rows = [row for row in reading.figures() if row.opens_url and row.name != "verified_share"]
    assert {row.name for row in rows} >= {definition.name for definition in COUNTED_FIGURES}
    return (
        {row.name: row.value for row in rows},
        {row.name: shown_by(client, row) for row in rows},
    )


@pytest.mark.parametrize("span", [SPAN, Span(SPAN.year, 1), SPAN.earlier()])
def test_every_figure_opens_to_a_page_that_adds_up_to_it(span):
    world = reported()
    reported()  # another authority's rows, which must not be counted
    with clock.at(NOW):
        said, shown = what_figures_say_and_show(world.author, span)
    assert shown == said


@pytest.mark.parametrize("quarter", [None, 1, 4])
def test_figures_of_procurements_open_to_those_procurements_only(quarter):
    world = begun_procurements()
    span = Span(SPAN.year, quarter)
    with clock.at(TENDERS_NOW):
        said, shown = what_figures_say_and_show(world.officer, span)
    assert shown == said
    if quarter is None:
        assert (said["procurements_count"], said["procurements_with_social_value"]) == (2, 1)
        assert said["average_weighting"] is not None


@pytest.mark.parametrize("quarter", [None, 1, 3, 4])
def test_every_count_by_route_opens_to_the_procurements_it_counts(quarter):
    world = begun_procurements()
    client = browser(world.officer)
    with clock.at(TENDERS_NOW):
        found = council_board(world.officer, Span(SPAN.year, quarter)).routes
        assert (found == ()) == (quarter == 3)
        for row in found:
            shown = {}
            for name, url in row.urls.items():
                page = client.get(url)
                assert page.status_code == 200
                assert row.line.route in page.content.decode() or row.is_total
                address = urlsplit(url)
                answer = client.get(f"{address.path.rstrip('/')}.csv?{address.query}")
                shown[name] = rows_of(answer.content)
            assert len(shown["procurements_count"]) == row.line.begun
            assert len(shown["procurements_with_social_value"]) == row.line.asks
            assert len(shown["social_value_asked_share"]) == row.line.begun
            given = [Decimal(one["Weighting (%)"]) for one in shown["average_weighting"]]
            mean = sum(given, Decimal(0)) / len(given) if given else None
            assert row.line.weighting == mean
        if quarter is None:
            assert [row.is_total for row in found] == [False] * (len(found) - 1) + [True]
            assert sum(row.line.begun for row in found[:-1]) == found[-1].line.begun == 2
            link = next(iter(found[0].urls.values()))
            assert (
                "&amp;".join(link.split("&"))
                in client.get("/dashboard/?year=2025-26").content.decode()
            )


@pytest.mark.parametrize(
    "address",
    [
        "/figures/procurements_count/?route=scenic",
        "/figures/contracts_live/?route=light_touch",
        "/figures/nothing/",
        "/figures/verified_total/",
        "/figures/contracts_live/?year=2025",
        "/figures/contracts_live/?year=0000-01",
        "/figures/contracts_live/?year=9999-00",
        "/figures/contracts_live/?quarter=5",
        "/figures/contracts_live/?quarter=x",
        "/figures/contracts_live.csv?quarter=5",
    ],
)
def test_a_list_that_is_not_there_is_not_found(address):
    assert browser(reported().author).get(address).status_code == 404


def test_a_supplier_cannot_open_the_rows_of_a_figure():
    client = browser(reported().claimant)
    assert client.get("/figures/contracts_live/").status_code == 403
    assert client.get("/figures/contracts_live.xlsx").status_code == 403


@pytest.mark.parametrize(
    ("name", "shown"), [("forecast_total", "£6,000"), ("delivery_share", "£750")]
)
def test_the_rows_of_a_figure_made_of_pounds_show_none_where_only_counts_are_shown(name, shown):
    client = browser(reported().author)
    with clock.at(NOW):
        whole = client.get(f"/figures/{name}/?year=2025-26").content.decode()
        page = client.get(f"/figures/{name}/?year=2025-26&counts=1").content.decode()
        rows = client.get(f"/figures/{name}.csv?year=2025-26&counts=1").content.decode()
    assert shown in whole
    assert "£" not in page[page.index("<main") : page.index("</main>")]
    assert "£" not in rows
    assert "not shown while you see counts only" in page


def test_counts_that_no_page_asks_for_are_not_read(django_assert_num_queries):
    """A report that names one figure does not pay for the forecast of every contract."""
    world = reported()
    with clock.at(NOW):
        reading = read(world.author, council_scope(world.author, SPAN))
        with django_assert_num_queries(0):
            reading.figure("committed_total")
        reading.figure("contracts_live")
        with django_assert_num_queries(0):
            reading.figure("delivery_share")
