"""Break down by: every line opens to rows that add up to it, and the lines to the authority's totals."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from procurement.deliveries.models import Claim
from procurement.ledger.models import LedgerEntry
from procurement.procurements.models import Procurement, RouteDecision
from reporting.dashboards.queries.boards import council_board
from reporting.dashboards.queries.breakdown import breakdown, measures_to_choose
from reporting.figures.rules.breakdown import DIMENSIONS
from reporting.figures.rules.spans import Span
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import FinancialYear
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.cabinet import CLAIMED, NOW, Reported, reported
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of
from tests.factories.reporting import browser, drilled_pounds, rows_of
from toms.frameworks.models import Measure
from toms.priorities.models import Priority, PrioritySet

pytestmark = pytest.mark.django_db
SPAN = Span(FinancialYear(2025))
EARLY = date(2025, 6, 30)


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


@dataclass
class World:
    """One authority with three contracts that differ in everything, beside a neighbour's."""

    authority: Organisation
    contracts: list[Reported] = field(default_factory=list)

    @property
    def author(self):
        return self.contracts[0].author


def priority(name: str, code: str, first: date, last: date | None) -> Priority:
    found, _ = PrioritySet.objects.get_or_create(
        slug=name.lower(),
        defaults={
            "name": name, "level": "national", "source": "Us", "valid_from": first, "valid_to": last,
        },
    )  # fmt: skip
    return Priority.objects.create(priority_set=found, code=code, name=f"{name} {code}", position=1)


def route(contract: Reported, pattern: RouteDecision, *routes: str) -> None:
    """Decisions on the procurement of this contract, the last of which holds."""
    for one in routes:
        pattern.pk = None
        pattern._state.adding = True
        pattern.procurement_id = contract.contract.procurement_id
        pattern.route = one
        pattern.save()


@pytest.fixture
def world():
    found = World(AuthorityFactory())
    found.contracts = [reported(found.authority, verified=str(hours)) for hours in (60, 44, 20)]
    load_law_and_policies()
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, found.authority)
    pattern = RouteDecision.objects.filter(procurement=procurement_of(officer)).get()
    route(found.contracts[0], pattern, "light_touch", "toms_mandatory")
    route(found.contracts[1], pattern, "toms_advised")
    facts = [("People", True, None, date(2025, 1, 1)), ("Places & roads", False, False, date(2024, 1, 1)),
             ("", None, None, date(2023, 1, 1))]  # fmt: skip
    for contract, (directorate, is_sme, is_vcse, commenced_on) in zip(
        found.contracts, facts, strict=True
    ):
        Organisation.objects.filter(pk=contract.supplier.pk).update(is_sme=is_sme, is_vcse=is_vcse)
        Procurement.objects.filter(pk=contract.contract.procurement_id).update(
            directorate=directorate, commenced_on=commenced_on
        )
    districts = ["CV21", "B4", ""]
    for contract, district in zip(found.contracts, districts, strict=True):
        Claim.objects.filter(contract=contract.contract).update(postcode_district=district)
    Measure.objects.filter(code="M1").update(objectives=["JOBS", "SKILLS", "NAT1"])
    Measure.objects.filter(code="C1").update(objectives=["NAT1", "NAT2"])
    priority("First", "NAT1", date(2023, 6, 1), date(2024, 12, 31))
    priority("Second", "NAT2", date(2025, 1, 1), None)
    priority("Second", "NAT1", date(2025, 1, 1), None)
    # A neighbour with the same measures, directorate and district, which must be on no line.
    neighbour = reported()
    Procurement.objects.filter(pk=neighbour.contract.procurement_id).update(directorate="People")
    Claim.objects.filter(contract=neighbour.contract).update(postcode_district="CV21")
    return found


def verified(found) -> dict[str, Decimal]:
    return {line.label: line.verified for line in found.lines}


EXPECTED = {
    "directorate": {"People": 750, "Places & roads": 550, "No directorate recorded": 250},
    "size": {"SME": 750, "Neither SME nor VCSE": 550, "Not stated": 250},
    "route": {"TOMs mandatory": 750, "TOMs advised": 550, "No route decided": 250},
    "place": {"CV21": 750, "B4": 550, "No district given": 250},
    "theme": {"Theme T1": 1550, "Theme T2": 0},
    "objective": {"JOBS": 1550, "SKILLS": 1550, "No objective named": 0},
    "national-priority": {
        "First NAT1": 550, "Second NAT1": 750, "Second NAT2": 0, "None of these priorities": 250,
    },
    "measure": {"M1 Measure M1": 1550, "C1 Measure C1": 0},
}  # fmt: skip


def test_what_stands_on_which_line(world):
    found = {slug: verified(breakdown(world.author, SPAN, slug)) for slug in EXPECTED}
    assert found == EXPECTED


@pytest.mark.parametrize("at", [None, EARLY, date(2025, 7, 3)])
def test_the_total_is_the_dashboards_and_lines_add_up_to_it(world, at):
    board = council_board(world.author, SPAN, at=at)
    totals = [(cell.pounds, cell.entries) for cell in board.theme_total.cells]
    for slug in DIMENSIONS:
        found = breakdown(world.author, SPAN, slug, at=at)
        assert [(cell.pounds, cell.entries) for cell in found.total.cells] == totals, slug
        added = [
            tuple(
                sum(getattr(line.cells[n], name) for line in found.lines)
                for name in ("pounds", "entries")
            )
            for n in range(len(totals))
        ]
        if found.dimension.overlaps:
            assert all(lines >= whole for lines, whole in zip(added, totals, strict=True)), slug
        else:
            assert added == totals, slug


@pytest.mark.parametrize(
    ("chosen", "at"), [("", None), ("", date(2025, 7, 3)), ("M1", None), ("M1", date(2025, 7, 3))]
)
def test_every_figure_opens_to_entries_that_add_up_to_it(world, at, chosen):
    client = browser(world.author)
    measure = next((m for m in measures_to_choose(world.author) if m.code == chosen), None)
    assert (measure is not None) == bool(chosen)
    for slug in DIMENSIONS:
        found = breakdown(world.author, SPAN, slug, at=at, measure=measure)
        cells = [cell for line in (*found.lines, found.total) for cell in line.cells]
        assert any(cell.entries for cell in cells)
        for cell in cells:
            assert drilled_pounds(client, cell.href) == cell.pounds, (slug, cell.meaning)
            assert len(cell.href) < 300


def test_of_one_measure_quantities_stand_beside_the_pounds(world):
    measure = next(m for m in measures_to_choose(world.author) if m.code == "M1")
    found = breakdown(world.author, SPAN, "directorate", measure=measure)
    people = next(line for line in found.lines if line.label == "People")
    assert [cell.quantity for cell in people.cells] == [
        "400 hours",
        "60 hours",
        "60 hours",
        "60 hours",
    ]
    assert [cell.quantity for cell in found.total.cells] == [
        "1,200 hours",
        "124 hours",
        "124 hours",
        "124 hours",
    ]
    mixed = breakdown(world.author, SPAN, "directorate")
    assert {cell.quantity for line in mixed.lines for cell in line.cells} == {""}


def test_a_line_says_in_words_what_the_ledger_is_narrowed_to(world):
    client = browser(world.author)
    words = {
        "directorate": ("People", "Directorate"),
        "size": ("SME", "Size of the supplier"),
        "route": ("TOMs mandatory", "Route"),
        "place": ("CV21", "Place"),
        "objective": ("JOBS", "Objective"),
        "national-priority": ("First NAT1", "National priority"),
        "outcome": ("Outcome", "Outcome"),
    }
    for slug, (label, key) in words.items():
        found = breakdown(world.author, SPAN, slug)
        line = next(line for line in found.lines if line.label == label)
        page = client.get(line.cells[-1].href).content.decode()
        assert re.search(rf"<dt[^>]*>\s*{key}\s*</dt>", page), slug
        assert label in page


def test_filters_of_an_address_stay_when_the_ledger_is_searched(world):
    line = breakdown(world.author, SPAN, "directorate").lines[0]
    page = browser(world.author).get(line.cells[-1].href).content.decode()
    assert 'name="directorate" value="People"' in page


def test_a_supplier_cannot_try_out_what_an_authority_keeps_to_itself(world):
    """The same address narrows nothing of another's: no entry says whether the guess was right."""
    supplier = browser(world.contracts[0].claimant)
    for asked in ("directorate=People", "directorate=-", "route=toms_mandatory", "route=-"):
        answer = supplier.get(f"/ledger/entries.csv?basis=verified&{asked}")
        assert rows_of(answer.content) == []
    own = supplier.get("/ledger/entries.csv?basis=verified&place=CV21")
    assert len(rows_of(own.content)) == 1


@pytest.mark.parametrize(
    "asked", ["size=huge", "route=x", "outcome=x", "outcome=a/b", "priority=x", "priority=99999999"]
)
def test_a_cut_that_there_is_not_has_no_entries(world, asked):
    client = browser(world.author)
    assert client.get(f"/ledger/?basis=verified&{asked}").status_code == 200
    assert rows_of(client.get(f"/ledger/entries.csv?basis=verified&{asked}").content) == []


def test_as_many_queries_for_many_lines_as_for_one(world):
    client = browser(world.author)

    def queries() -> dict[str, int]:
        found = {}
        for slug in DIMENSIONS:
            with CaptureQueriesContext(connection) as asked:
                client.get(f"/dashboard/by/{slug}/?year=2025-26")
            found[slug] = len(asked)
        return found

    queries()
    few = queries()
    for number in range(3):
        more = reported(world.authority)
        Procurement.objects.filter(pk=more.contract.procurement_id).update(
            directorate=f"More {number}"
        )
    assert queries() == few


def test_the_files_have_every_line_and_the_total(world):
    client = browser(world.author)
    rows = rows_of(client.get("/dashboard/by/directorate.csv?year=2025-26").content)
    assert {row["Directorate"]: Decimal(row["Verified (£)"]) for row in rows} == EXPECTED[
        "directorate"
    ]
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get("/dashboard/by/measure.xlsx?year=2025-26").content)
    )
    sheet = book.get_sheet_by_index(0).to_python()
    assert sheet[0][:2] == ["Measure", "Unit"]
    assert len(sheet) == 5


def test_counts_only_has_no_pounds_on_the_page_or_in_the_files(world):
    client = browser(world.author)
    for slug in DIMENSIONS:
        page = client.get(f"/dashboard/by/{slug}/?year=2025-26&counts=1").content.decode()
        text = page[page.index("<main") : page.index("</main>")]
        assert "£" not in text.replace("Show pounds as well", ""), slug
        assert "entries" in text
        answer = client.get(f"/dashboard/by/{slug}.csv?year=2025-26&counts=1").content.decode()
        assert "£" not in answer


def test_lines_are_sorted_and_paged_and_the_total_stays(world, monkeypatch):
    client = browser(world.author)
    address = "/dashboard/by/directorate/?year=2025-26&sort="
    for sort, order in (("verified", ["No directorate", "Places", "People<"]),
                        ("-verified", ["People<", "Places", "No directorate"])):  # fmt: skip
        page = client.get(address + sort).content.decode()
        page = page[page.index("<tbody") : page.index("</tbody>")]
        places = [page.index(label.replace("People<", "People ").strip()) for label in order]
        assert places == sorted(places)
    monkeypatch.setattr("reporting.dashboards.views.boards.LINES_A_PAGE", 2)
    second = client.get(f"{address}&page=2").content.decode()
    table = second[second.index("<tbody") : second.index("</tfoot>")]
    assert "No directorate recorded" in table
    assert "People" not in table
    assert "£1,550" in table


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("measure=999999", "Select a measure from the list"),
        ("year=1066-67", "Select a financial year from the list"),
        ("at-day=1&at-month=1&at-year=2099", "Enter a date that is not in the future"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_and_no_file(world, asked, message):
    client = browser(world.author)
    page = client.get(f"/dashboard/by/theme/?{asked}")
    assert page.status_code == 200
    assert message in page.content.decode()
    assert client.get(f"/dashboard/by/theme.csv?{asked}").status_code == 404


def test_there_is_nothing_to_break_down_by_anything_else(world):
    assert browser(world.author).get("/dashboard/by/ward/").status_code == 404
    assert browser(world.author).get("/dashboard/by/ward.csv").status_code == 404
    with pytest.raises(NotVisible, match="broken down by 'ward'"):
        breakdown(world.author, SPAN, "ward")


def test_a_supplier_is_told_that_the_page_is_not_for_it(world):
    client = browser(world.contracts[0].claimant)
    assert client.get("/dashboard/by/theme/").status_code == 403
    assert client.get("/dashboard/by/theme.csv").status_code == 403


def test_the_dashboard_leads_to_every_breakdown_of_the_same_period(world):
    page = browser(world.author).get("/dashboard/?year=2025-26&quarter=1").content.decode()
    for slug in DIMENSIONS:
        assert f'href="/dashboard/by/{slug}/?year=2025-26&amp;quarter=1"' in page


def test_one_address_carries_no_list_of_contracts(world):
    for slug in ("directorate", "size", "route", "place", "objective", "national-priority"):
        for line in breakdown(world.author, SPAN, slug).lines:
            asked = parse_qs(urlsplit(line.cells[0].href).query)
            assert not {"contract", "commitment", "claim", "measure"} & set(asked)


def test_entries_of_before_are_all_there_is_at_a_past_date(world):
    assert LedgerEntry.objects.filter(posted_at__gte=CLAIMED).exists()
    found = breakdown(world.author, SPAN, "place", at=EARLY)
    assert [(line.label, line.verified) for line in found.lines] == [("No district given", 0)]
