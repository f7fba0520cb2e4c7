"""An authority that withholds its figures: nothing on a page or in a file of the region shows them or lets one subtract
them."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from python_calamine import CalamineWorkbook

from procurement.ledger import queries as ledger
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from reporting.dashboards.queries.boards import council_board
from reporting.dashboards.queries.region import region_board
from reporting.figures.rules.spans import Span
from reporting.open_data.services import choose_public
from reporting.rollups.services import drain
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.services import choose_region_sees
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.periods import FinancialYear
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.cabinet import NOW, reported
from tests.factories.ledger import Promise, contract_with, measure, posting
from tests.factories.reporting import browser, region_with, rows_of

pytestmark = pytest.mark.django_db
SPAN = Span(FinancialYear(2025))
BEFORE_CHOICE = "2025-08-01"


@pytest.fixture(autouse=True)
def _clock():
    cache.clear()
    with clock.at(NOW):
        yield


@pytest.fixture
def told():
    """Three members with other amounts each; the second withholds, was outside the region for a quarter, reports in a
    measure of its own, and its supplier owes updates."""
    worlds = [reported(verified=verified) for verified in ("60", "44", "28")]
    for world, name in zip(worlds, ("Ashby", "Secrecy", "Clifton"), strict=True):
        Organisation.objects.filter(pk=world.authority.pk).update(
            name=f"{name} Council", tile_code=name[:3].upper(), tile_column=len(name), tile_row=0
        )
    hidden = worlds[1]
    _, (own,) = contract_with(
        Promise(measure("ZQ-9", theme_code="TZ", unit="hidden-units")), authority=hidden.authority
    )
    post_entries(
        actor=SYSTEM,
        postings=[
            posting(own, period=date(2025, 7, 1), quantity=Decimal(777), value_pence=7_654_321)
        ],
    )
    drain()
    region = region_with(
        (worlds[0].authority, "2020-01-01", None),
        (hidden.authority, "2025-07-01", None),
        (worlds[2].authority, "2020-01-01", None),
    )
    analyst = actor_for_role(Role.REGIONAL_ANALYST, region.lead)
    return region, worlds, hidden, analyst


def withhold(region, hidden):
    region.memberships.filter(authority=hidden.authority).update(is_withheld=True)


def everything(client) -> str:
    """Every page and file of the region an analyst can open, with the ledger under it."""
    texts = []
    for address in (
        "/region/?year=2025-26",
        f"/region/?year=2025-26&at={BEFORE_CHOICE}",
        "/region/?year=2024-25",
        "/region/?year=2026-27",
        "/region/?year=2025-26&quarter=1",
        "/region/?year=2025-26&counts=1",
        "/region/late/?year=2025-26",
        "/region/comparison/?year=2025-26",
        "/region/comparison/values.csv?year=2025-26",
        "/region/targets/?year=2025-26",
        "/region/targets/parts.csv?year=2025-26",
        *(
            f"/region/{table}.csv?year=2025-26"
            for table in [
                "themes",
                "quarters",
                "figures",
                "measures",
                "members",
                "counted",
                "beside",
                "late",
            ]
        ),
        *(f"/ledger/?basis={basis}" for basis in Basis.values),
        *(f"/ledger/entries.csv?basis={basis}" for basis in Basis.values),
        "/ledger/second-opinion/?basis=committed",
    ):
        answer = client.get(address)
        assert answer.status_code in (200, 404), (address, answer.status_code)
        text = answer.content.decode()
        texts.append(text[text.find("<main") :] if "<main" in text else text)
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get("/region/all.xlsx?year=2025-26").content)
    )
    for number in range(len(book.sheet_names)):
        texts.append(str(book.get_sheet_by_index(number).to_python()))
    return "\n".join(texts)


def figures_of(hidden) -> set[str]:
    """What must be nowhere: the withheld council's own sums as they would be written, its contracts, its measure."""
    return {
        hidden.contract.title,
        hidden.contract.reference,
        hidden.supplier.name,
        "ZQ-9",
        "hidden-units",
        "76,543.21",
        "76543.21",
        "7654321",
        "777",
    }


def test_its_figures_are_in_the_total_before_it_withholds_them(told):
    """So that the search below can find what it looks for."""
    _region, _worlds, hidden, analyst = told
    text = everything(browser(analyst))
    assert {words for words in figures_of(hidden) if words in text} >= {
        hidden.contract.title,
        hidden.supplier.name,
        "76,543.21",
        "ZQ-9",
    }
    board = region_board(analyst, SPAN)
    assert board.outside[0].name == "Secrecy Council"


def test_nothing_of_it_is_on_any_page_or_in_any_file_but_its_name(told):
    region, _worlds, hidden, analyst = told
    withhold(region, hidden)
    text = everything(browser(analyst))
    for words in figures_of(hidden):
        assert not re.search(rf"(?<![\d,.]){re.escape(words)}(?![\d])", text), words
    assert "Secrecy Council withholds its figures from the region." in text
    assert "withheld" in text  # on its tile
    assert "Secrecy Council (withheld)" in text


def test_a_page_that_was_drawn_before_the_choice_is_not_shown_after_it(told):
    region, _worlds, hidden, analyst = told
    client = browser(analyst)
    assert "£76,543.21" in client.get("/region/?year=2025-26").content.decode()
    manager = actor_for_role(Role.DIRECTORATE_MANAGER, hidden.authority)
    choose_region_sees(
        actor=manager,
        region_slug=region.slug,
        is_withheld=True,
        in_benchmark=False,
        expected_version=1,
    )
    page = client.get("/region/?year=2025-26").content.decode()
    assert "76,543.21" not in page
    assert "Secrecy Council withholds its figures" in page


def test_totals_are_those_of_a_region_in_which_it_reports_nothing(told):
    """Any figure that differed could be subtracted: theme, quarter, measure, what lies outside, what is late."""
    region, _worlds, hidden, analyst = told
    withhold(region, hidden)
    with_it = region_board(analyst, SPAN)
    region.memberships.filter(authority=hidden.authority).delete()
    without = region_board(analyst, SPAN)
    for name, table in with_it.board.tables.items():
        assert table == without.board.tables[name], name
    assert with_it.board.tiles == without.board.tiles
    assert with_it.outside == without.outside == ()
    assert with_it.late == without.late
    assert with_it.silent == without.silent
    assert with_it.counting == without.counting
    assert (with_it.withheld, without.withheld) == (("Secrecy Council",), ())


def test_councils_added_up_are_total_outside_and_withheld(told):
    region, worlds, hidden, analyst = told
    region.memberships.filter(authority=worlds[2].authority).update(from_on="2025-07-01")
    withhold(region, hidden)
    found = region_board(analyst, SPAN)
    councils = {
        world.authority.pk: [
            cell.pounds for cell in council_board(world.author, SPAN).theme_total.cells
        ]
        for world in worlds
    }
    for n, basis in enumerate(Basis.values):
        outside = sum(Decimal(getattr(note.pence, basis)) / 100 for note in found.outside)
        kept_back = councils[hidden.authority.pk][n]
        whole = found.member_total.cells[n].pounds + outside + kept_back
        assert whole == sum(row[n] for row in councils.values()), basis
        # The part that is not mapped stands beside, inside the total.
        assert sum(line.cells[n].pounds for line in found.counting.parts) == (
            found.member_total.cells[n].pounds
        )


def test_the_analyst_opens_none_of_its_entries_even_by_its_address(told):
    region, _worlds, hidden, analyst = told
    withhold(region, hidden)
    for basis in Basis.values:
        asked = ledger.EntryFilters(basis=basis, authority_ids=(hidden.authority.pk,))
        assert not ledger.entries_for(analyst, asked).exists()
        assert ledger.filters_in_words(analyst, asked) == [("Authority", "None that you can see")]
    assert "ZQ-9" not in [row.code for row in ledger.filter_choices(analyst).measures]
    own = actor_for_role(Role.AUDITOR, hidden.authority)
    asked = ledger.EntryFilters(basis=Basis.COMMITTED, measure_ids=())
    assert ledger.entries_for(own, asked).exists()


def test_it_withholds_from_one_region_only(told):
    region, _worlds, hidden, _analyst = told
    withhold(region, hidden)
    other_lead = AuthorityFactory(kind="combined_authority", slug="other-lead", name="Other Lead")
    other = type(region).objects.create(slug="other", name="Other Region", lead=other_lead)
    other.memberships.create(
        authority=hidden.authority, status="non_constituent", from_on="2020-01-01"
    )
    found = region_board(actor_for_role(Role.REGIONAL_ANALYST, other_lead), SPAN)
    assert found.withheld == ()
    assert found.member_total.cells[0].pounds > 0


def test_the_regions_public_page_leaves_it_out_and_says_so(told):
    region, worlds, hidden, _analyst = told
    manager = actor_for_role(Role.DIRECTORATE_MANAGER, region.lead)
    choose_public(
        actor=manager, kind="region", own_slug="region", intro="", licence="ogl-3", data_note="",
        expected_version=0,
    )  # fmt: skip
    for world in worlds:
        choose_public(
            actor=actor_for_role(Role.DIRECTORATE_MANAGER, world.authority), kind="authority",
            own_slug=world.authority.slug, intro="", licence="ogl-3", data_note="",
            expected_version=0,
        )  # fmt: skip
    client = Client()
    files = [f"/open/region/{name}.csv?year=2025-26" for name in ("figures", "themes", "measures")]
    pages = ["/open/region/?year=2025-26", *files]
    before = [client.get(address).content.decode() for address in pages]
    assert any("ZQ-9" in text for text in before)
    withhold(region, hidden)
    after = [client.get(address).content.decode() for address in pages]
    assert "Secrecy Council is not in these totals: it withholds its figures" in after[0]
    assert not any("ZQ-9" in text or "76,543" in text or "76543" in text for text in after)
    region.memberships.filter(authority=hidden.authority).delete()
    assert [client.get(address).content.decode() for address in files] == after[1:]


def test_the_council_itself_loses_nothing(told):
    region, _worlds, hidden, _analyst = told
    before = council_board(hidden.author, SPAN)
    withhold(region, hidden)
    assert council_board(hidden.author, SPAN).tables == before.tables


def test_rows_of_the_members_file_name_only_who_shares(told):
    region, _worlds, hidden, analyst = told
    withhold(region, hidden)
    rows = rows_of(browser(analyst).get("/region/members.csv?year=2025-26").content)
    names = [row["Authority"] for row in rows]
    assert "Secrecy Council" not in names
    assert {"Ashby Council", "Clifton Council"} <= set(names)
