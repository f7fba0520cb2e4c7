"""The two dashboards: figures, drill-down, periods, counts only, downloads, and who may see them."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from procurement.ledger.vocabulary import Basis
from reporting.dashboards.forms import SpanForm
from reporting.dashboards.queries.boards import council_board
from reporting.dashboards.queries.region import region_board
from reporting.figures.rules.positions import Bases
from reporting.figures.rules.spans import Span
from reporting.rollups.models import Cell, ThemeCell
from reporting.rollups.services import drain
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import FinancialYear
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_for_role
from tests.factories.cabinet import CLAIMED, NOW, Q1, reported
from tests.factories.deliveries import claim
from tests.factories.ledger import Promise, contract_with, measure, posting, rate
from tests.factories.reporting import browser, drilled_pounds, region_with, rows_of

pytestmark = pytest.mark.django_db
SPAN = Span(FinancialYear(2025))
TABLES = ("themes", "quarters", "measures", "figures", "contracts", "records", "routes")


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def main(page: bytes) -> str:
    text = page.decode()
    return text[text.index("<main") : text.index("</main>")]


def test_the_council_dashboard_shows_the_three_figures_apart():
    world = reported()
    page = main(browser(world.author).get("/dashboard/?year=2025-26").content)
    for shown in ("£11,000", "£1,350", "£750"):
        assert shown in page
    assert "6 October 2025, 14:05:07" in page
    assert "Every ledger entry is in these figures." in page


def test_entries_that_wait_are_counted_beside_the_figures():
    from procurement.ledger.services import post_entries

    world = reported()
    post_entries(actor=world.manager, postings=[posting(world.commitments[0])])
    page = main(browser(world.author).get("/dashboard/").content)
    assert "1 ledger entry waits to be added to these figures." in page


def test_every_figure_of_every_line_opens_to_rows_that_add_up_to_it():
    world = reported()
    reported()
    client = browser(world.author)
    board = council_board(world.author, SPAN)
    lines = [*board.themes, board.theme_total, *board.quarters, board.quarter_total]
    cells = [cell for line in lines for cell in line.cells if cell.entries]
    assert len(cells) > 10
    for cell in cells:
        assert drilled_pounds(client, cell.href) == cell.pounds, cell.meaning
    for line in board.measures:
        for cell in line.cells:
            if cell.entries:
                assert drilled_pounds(client, cell.href) == (cell.pounds or 0), line.label


def test_a_quarter_and_the_year_before():
    world = reported()
    client = browser(world.author)
    first = main(client.get("/dashboard/?year=2025-26&quarter=1").content)
    assert "£2,750" in first
    assert "Compared with 2024 to 2025, quarter 1" in first
    second = council_board(world.author, Span(FinancialYear(2025), 2))
    assert [cell.pounds for cell in second.theme_total.cells] == [Decimal(2750), 0, 0, 0]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("year=abc", "Select a financial year from the list"),
        ("year=1066-67", "Select a financial year from the list"),
        ("quarter=9", "Select a quarter from 1 to 4"),
        ("year=2025-27&quarter=-1", "Select a quarter from 1 to 4"),
    ],
)
def test_a_period_that_cannot_be_read_gets_a_sentence(query, message):
    answer = browser(reported().author).get(f"/dashboard/?{query}")
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert "There is a problem" in answer.content.decode()


@pytest.mark.parametrize("asked", [{}, {"year": ""}, {"year": "2025-26"}])
def test_the_list_of_years_shows_the_year_that_the_figures_are_of(asked):
    """An address can ask for counts only or a past date and name no year."""
    form = SpanForm({"counts": "1", **asked}, today=NOW.date())
    assert form.span == Span(FinancialYear(2025))
    assert form["year"].value() == "2025-26"


def test_counts_only_hides_every_pound_and_is_kept_in_links():
    world = reported()
    client = browser(world.author)
    page = main(client.get("/dashboard/?year=2025-26&counts=1").content)
    words = page.replace("Show pounds as well", "")
    assert "£" not in words
    assert 'name="counts" value="1"' in page
    assert "counts=1" in re.findall(r'href="(/dashboard/themes.csv[^"]*)"', page)[0]
    for table in TABLES:
        assert (
            "£" not in client.get(f"/dashboard/{table}.csv?year=2025-26&counts=1").content.decode()
        )


def test_counts_only_writes_out_the_unit_of_a_quantity_of_money_in_files():
    supplier, authority = SupplierFactory(), AuthorityFactory()
    _, (share,) = contract_with(
        Promise(measure("P1", unit="£"), quantity=Decimal(500), unit_value=Decimal(1)),
        authority=authority,
        supplier=supplier,
    )
    with clock.at(CLAIMED):
        claimant = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, supplier)
        claim(claimant, share, quantity=Decimal(100), quarter=Q1)
    drain()
    client = browser(actor_for_role(Role.REPORT_AUTHOR, authority))
    (row,) = rows_of(client.get("/dashboard/measures.csv?year=2025-26").content)
    assert row["Unit"] == "£"
    (row,) = rows_of(client.get("/dashboard/measures.csv?year=2025-26&counts=1").content)
    assert row["Unit"] == "pounds"
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get("/dashboard/all.xlsx?year=2025-26&counts=1").content)
    )
    cells = [
        cell
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    ]
    assert "pounds" in cells
    assert not [cell for cell in cells if "£" in str(cell)]


def test_downloads_hold_what_the_page_shows():
    world = reported()
    client = browser(world.author)
    board = council_board(world.author, SPAN)
    for table in TABLES:
        rows = rows_of(client.get(f"/dashboard/{table}.csv?year=2025-26").content)
        assert len(rows) == len(board.tables[table].rows)
    themes = rows_of(client.get("/dashboard/themes.csv?year=2025-26").content)
    assert sum(Decimal(row["Verified (£)"]) for row in themes) == Decimal("750.00")
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get("/dashboard/all.xlsx?year=2025-26").content)
    )
    assert len(book.sheet_names) == len(TABLES)
    assert client.get("/dashboard/secrets.csv").status_code == 404


def test_contracts_behind_are_listed_with_word_and_numbers():
    world = reported()
    page = main(browser(world.manager).get("/dashboard/?year=2025-26").content)
    assert world.contract.title in page
    assert "Behind" in page
    assert "On track: 90% or more." in page


def test_one_authority_never_sees_anothers_figures():
    other = reported(verified="77")
    mine = actor_for_role(Role.POLICY_OWNER)
    page = browser(mine).get("/dashboard/?year=2025-26").content.decode()
    assert "£962.50" not in page
    assert other.contract.title not in page
    assert "No social value in this period yet" in page


def test_who_may_open_them():
    world = reported()
    assert Client().get("/dashboard/").status_code == 302
    assert browser(world.claimant).get("/dashboard/").status_code == 403
    assert browser(world.author).get("/region/").status_code == 403
    assert browser(world.claimant).get("/dashboard/themes.csv").status_code == 403
    assert browser(world.author).get("/region/all.xlsx").status_code == 403


def test_the_same_number_of_queries_for_one_contract_and_for_many():
    world = reported()
    client = browser(world.author)
    client.get("/dashboard/?year=2025-26")
    cache.clear()  # a body that was drawn before is kept
    with CaptureQueriesContext(connection) as one:
        client.get("/dashboard/?year=2025-26")
    for _ in range(2):
        reported(world.authority)
    cache.clear()  # a body that was drawn before is kept
    with CaptureQueriesContext(connection) as many:
        client.get("/dashboard/?year=2025-26")
    assert len(many) == len(one)


# --- region -----------------------------------------------------------------------------------


def test_region_is_the_sum_of_its_members():
    first, second, stranger = reported(verified="60"), reported(verified="44"), reported()
    region = region_with(
        (first.authority, "2020-01-01", None), (second.authority, "2020-01-01", None)
    )
    analyst = actor_for_role(Role.REGIONAL_ANALYST, region.lead)
    found = region_board(analyst, SPAN)
    parts = {line.label: [cell.pounds for cell in line.cells] for line in found.members}
    assert parts[first.authority.name] == [
        Decimal(11000),
        Decimal(1350),
        Decimal(1350),
        Decimal(750),
    ]
    assert parts[second.authority.name] == [
        Decimal(11000),
        Decimal(1150),
        Decimal(1150),
        Decimal(550),
    ]
    assert parts[region.lead.name] == [0, 0, 0, 0]
    assert stranger.authority.name not in parts
    total = [cell.pounds for cell in found.member_total.cells]
    assert total == [sum(row[n] for row in parts.values()) for n in range(len(Basis))]
    assert [cell.pounds for cell in found.board.theme_total.cells] == total
    assert found.silent == (region.lead.name,)


def test_months_outside_a_membership_are_beside_the_total_not_in_it():
    """A member from 1 July: what it verified in quarter 1 is shown apart, and total and rest make the whole."""
    joined = reported()
    region = region_with((joined.authority, "2025-07-01", None))
    analyst = actor_for_role(Role.REGIONAL_ANALYST, region.lead)
    found = region_board(analyst, SPAN)
    inside = [cell.pounds for cell in found.member_total.cells]
    assert inside == [Decimal(8250), 0, 0, 0]
    note = found.outside[0]
    assert note.name == joined.authority.name
    assert note.pence == Bases(275000, 135000, 135000, 75000)
    page = main(browser(analyst).get("/region/?year=2025-26").content)
    assert "member from 1 July 2025" in page
    assert "£2,750 committed, £1,350 claimed, £1,350 evidenced and £750 verified" in page


def test_an_authority_that_left_and_came_back_is_counted_once():
    member = reported()
    region = region_with(
        (member.authority, "2020-01-01", "2025-05-15"), (member.authority, "2025-06-01", None)
    )
    found = region_board(actor_for_role(Role.REGIONAL_ANALYST, region.lead), SPAN)
    assert [line.label for line in found.members].count(member.authority.name) == 1
    assert found.member_total.cells[0].pounds == Decimal(11000)


def test_regional_figures_open_to_the_rows_of_the_members():
    first, second, stranger = reported(), reported(), reported()
    region = region_with(
        (first.authority, "2025-07-01", None), (second.authority, "2020-01-01", None)
    )
    analyst = actor_for_role(Role.REGIONAL_ANALYST, region.lead)
    client = browser(analyst)
    found = region_board(analyst, SPAN)
    lines = [*found.members, found.member_total, *found.board.themes]
    for cell in [cell for line in lines for cell in line.cells if cell.entries]:
        assert drilled_pounds(client, cell.href) == cell.pounds, cell.meaning
    assert (
        stranger.contract.title not in client.get(found.member_total.cells[0].href).content.decode()
    )


def test_a_long_regional_page_is_folded_and_nothing_is_left_out_of_it():
    """Many members without entries fold into one line, a few stand in it; the page says all their names."""
    members = [AuthorityFactory(name=f"Quiet Council {n}") for n in range(4)]
    region = region_with(
        (reported().authority, "2020-01-01", None),
        *((member, "2020-01-01", None) for member in members),
    )
    analyst = actor_for_role(Role.REGIONAL_ANALYST, region.lead)
    page = main(browser(analyst).get("/region/?year=2025-26").content)
    silent = page[page.index("No entries in this period from 5 members</span>") :]
    names = silent[: silent.index("</details>")]
    assert all(member.name in names for member in members)


def test_the_regional_page_its_downloads_and_counts_only():
    member = reported()
    region = region_with((member.authority, "2020-01-01", None))
    client = browser(actor_for_role(Role.REGIONAL_ANALYST, region.lead))
    page = main(client.get("/region/?year=2025-26").content)
    assert "What is not in the total" in page
    assert "No entries in this period from 1 member: Lead Combined Authority." in page
    counts = main(client.get("/region/?year=2025-26&counts=1").content)
    assert "£" not in counts
    rows = rows_of(client.get("/region/members.csv?year=2025-26").content)
    assert sum(Decimal(row["Verified (£)"]) for row in rows) == Decimal("750.00")
    assert client.get("/region/all.xlsx").status_code == 200
    assert client.get("/region/?region=elsewhere").status_code == 404


def test_a_member_does_not_see_the_regions_page():
    member = reported()
    region_with((member.authority, "2020-01-01", None))
    analyst = actor_for_role(Role.REGIONAL_ANALYST, member.authority)
    assert browser(analyst).get("/region/").status_code == 403
    with pytest.raises(NotVisible):
        region_board(analyst, SPAN, "region")


def test_the_same_number_of_queries_for_one_member_and_for_many():
    member = reported()
    region = region_with((member.authority, "2020-01-01", None))
    client = browser(actor_for_role(Role.REGIONAL_ANALYST, region.lead))
    client.get("/region/?year=2025-26")
    cache.clear()  # a body that was drawn before is kept
    with CaptureQueriesContext(connection) as one:
        client.get("/region/?year=2025-26")
    for _ in range(2):
        authority = AuthorityFactory()
        reported(authority)
        region.memberships.create(authority=authority, status="constituent", from_on="2020-01-01")
    cache.clear()  # a body that was drawn before is kept
    with CaptureQueriesContext(connection) as many:
        client.get("/region/?year=2025-26")
    assert len(many) == len(one)


def test_theme_cells_and_measure_cells_say_the_same():
    reported()
    drain()
    assert sum(Cell.objects.values_list("value_pence", flat=True)) == sum(
        ThemeCell.objects.values_list("value_pence", flat=True)
    )


def test_the_targets_of_a_rate_are_not_added_up_and_the_page_says_so():
    supplier, authority = SupplierFactory(), AuthorityFactory()
    _, (share,) = contract_with(
        Promise(rate("R7"), quantity=Decimal(60), unit_value=None),
        authority=authority,
        supplier=supplier,
    )
    with clock.at(CLAIMED):
        claimant = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, supplier)
        claim(claimant, share, quantity=Decimal(46), denominator=Decimal(50), quarter=Q1)
    drain()
    (line,) = council_board(actor_for_role(Role.REPORT_AUTHOR, authority), SPAN).measures
    assert [(cell.quantity, cell.absent) for cell in line.cells] == [
        (None, "Target in each contract"),
        (Decimal(92), "Not reported"),
        (Decimal(92), "Not reported"),
        (None, "Not reported"),
    ]
    page = main(
        browser(actor_for_role(Role.REPORT_AUTHOR, authority))
        .get("/dashboard/?year=2025-26")
        .content
    )
    assert "Target in each contract" in page


@pytest.mark.parametrize("asked", ["year=abc", "quarter=9", "year=9999-00"])
def test_a_file_of_a_period_that_cannot_be_read_is_not_found(asked):
    client = browser(reported().author)
    with clock.at(NOW):
        assert client.get(f"/dashboard/themes.csv?{asked}").status_code == 404
        assert client.get(f"/dashboard/all.xlsx?{asked}").status_code == 404
        assert client.get(f"/dashboard/?{asked}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("year=2025-26", "2025-26"),
        ("year=2025-26&quarter=2", "2025-26-quarter-2"),
        ("year=2025-26&at=2025-10-05", "2025-26-as-at-2025-10-05"),
    ],
)
def test_a_file_is_named_by_its_period_and_its_past_date(asked, name):
    """Two downloads of one table never have one name, unless they are of the same."""
    world = reported()
    region = region_with((world.authority, "2020-01-01", None))
    council, analyst = (
        browser(world.author),
        browser(actor_for_role(Role.REGIONAL_ANALYST, region.lead)),
    )
    for client, path, wanted in (
        (council, "/dashboard/themes.csv", f"dashboard-themes-{name}.csv"),
        (council, "/dashboard/all.xlsx", f"dashboard-{name}.xlsx"),
        (council, "/dashboard/by/supplier.csv", f"by-supplier-{name}.csv"),
        (council, "/figures/contracts_live.csv", f"contracts_live-{name}.csv"),
        (analyst, "/region/members.csv", f"region-members-{name}.csv"),
        (analyst, "/region/all.xlsx", f"region-{name}.xlsx"),
    ):
        answer = client.get(f"{path}?{asked}")
        assert f'filename="{wanted}"' in answer["Content-Disposition"], path


def test_every_sheet_says_when_its_figures_were_right():
    world = reported()
    content = browser(world.author).get("/dashboard/all.xlsx?year=2025-26").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        last = book.get_sheet_by_name(name).to_python()[-1][0]
        assert last == (
            "Figures as at 6 October 2025, 14:05:07. Every ledger entry is in these figures."
        )
