"""Evidenced beside claimed: a part of it on every line, today and on any past day, with £ and with counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from procurement.deliveries import services
from reporting.dashboards.queries.boards import council_board
from reporting.dashboards.queries.breakdown import breakdown
from reporting.dashboards.queries.region import region_board
from reporting.figures.queries.reading import figure
from reporting.figures.queries.scopes import council_scope
from reporting.figures.rules.breakdown import DIMENSIONS
from reporting.figures.rules.spans import Span
from reporting.rollups.services import drain, reconcile
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.periods import FinancialYear
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, Q1, Reported, reported
from tests.factories.deliveries import evidence
from tests.factories.reporting import browser, drilled_pounds, region_with, rows_of

pytestmark = pytest.mark.django_db
SPAN = Span(FinancialYear(2025))
SENT = datetime(2025, 7, 10, 9, tzinfo=UTC)
SHOWN = datetime(2025, 7, 20, 9, tzinfo=UTC)
CLAIMED, EVIDENCED, VERIFIED = 1, 2, 3


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


@pytest.fixture
def world() -> Reported:
    """Of £1,350 claimed with a file £750 is verified. 8 hours (£100) came without, and 4 of them (£50) a file later."""
    found = reported()
    keys = []
    for number in range(2):
        with clock.at(SENT):
            sent = services.submit_claim(
                actor=found.claimant,
                commitment_id=found.commitments[0].pk,
                quarter=Q1,
                quantity=Decimal(4),
                submission_key=f"bare-{number}",
            )
            keys.append(sent.pk)
    with clock.at(SHOWN):
        file = evidence(found.claimant, found.contract)
        services.attach_evidence(actor=found.claimant, claim_id=keys[0], evidence_ids=[file.pk])
    drain()
    return found


def pounds(line) -> list[Decimal]:
    return [cell.pounds for cell in line.cells]


def test_it_is_what_of_the_claimed_has_something_to_show(world):
    total = council_board(world.author, SPAN).theme_total
    assert pounds(total) == [Decimal(11000), Decimal(1450), Decimal(1400), Decimal(750)]
    assert [cell.entries for cell in total.cells][CLAIMED:] == [4, 3, 1]
    found = figure("evidenced_total", actor=world.author, scope=council_scope(world.author, SPAN))
    assert (found.value, found.label) == (Decimal(1400), "Social value evidenced")
    assert drilled_pounds(browser(world.author), found.opens_url) == Decimal(1400)


@pytest.mark.parametrize("at", [None, date(2025, 7, 15), date(2025, 7, 20)])
def test_on_no_line_is_it_more_than_is_claimed(world, at):
    reported()
    board = council_board(world.author, SPAN, at=at)
    lines = [*board.themes, board.theme_total, *board.quarters, board.quarter_total]
    for slug in DIMENSIONS:
        found = breakdown(world.author, SPAN, slug, at=at)
        lines += [*found.lines, found.total]
    for line in lines:
        cells = line.cells
        assert cells[EVIDENCED].pounds <= cells[CLAIMED].pounds, line.label
        assert cells[EVIDENCED].entries <= cells[CLAIMED].entries, line.label
    for row in board.measures:
        of_measure = [cell.quantity or 0 for cell in row.cells]
        assert of_measure[EVIDENCED] <= of_measure[CLAIMED], row.label


@pytest.mark.parametrize(
    ("day", "evidenced"),
    [
        (date(2025, 7, 2), 0),
        (date(2025, 7, 3), 1350),
        (date(2025, 7, 19), 1350),
        (date(2025, 7, 20), 1400),
        (date(2025, 10, 5), 1400),
    ],
)
def test_a_past_day_shows_what_there_was_to_show_by_then(world, day, evidenced):
    client = browser(world.author)
    total = council_board(world.author, SPAN, at=day).theme_total
    assert total.cells[EVIDENCED].pounds == evidenced
    assert drilled_pounds(client, total.cells[EVIDENCED].href) == evidenced


def test_every_figure_of_it_opens_to_its_rows(world):
    client = browser(world.author)
    board = council_board(world.author, SPAN)
    for line in (*board.themes, *board.quarters, board.theme_total):
        cell = line.cells[EVIDENCED]
        assert drilled_pounds(client, cell.href) == cell.pounds, line.label


def test_with_counts_only_it_is_entries_and_no_pound(world):
    page = browser(world.author).get("/dashboard/?year=2025-26&counts=1").content.decode()
    assert "Evidenced (entries)" in page
    assert "Social value evidenced" not in page
    assert "£1,400" not in page
    rows = rows_of(browser(world.author).get("/dashboard/themes.csv?year=2025-26&counts=1").content)
    assert [row["Evidenced (entries)"] for row in rows] == ["2", "1"]


def test_the_page_and_its_files_have_it_between_claimed_and_verified(world):
    client = browser(world.author)
    page = client.get("/dashboard/?year=2025-26").content.decode()
    assert page.index("Social value claimed") < page.index("Social value evidenced")
    assert page.index("Social value evidenced") < page.index("Social value verified")
    rows = rows_of(client.get("/dashboard/quarters.csv?year=2025-26").content)
    assert [row["Evidenced (£)"] for row in rows] == ["1400.00", "0.00", "0.00", "0.00"]
    measures = rows_of(client.get("/dashboard/measures.csv?year=2025-26").content)
    assert [(row["Claimed (quantity)"], row["Evidenced (quantity)"]) for row in measures][:2] == [
        ("68.000", "64.000"),
        ("2.000", "2.000"),
    ]


def test_a_region_adds_its_members_up_and_its_parts_are_the_whole(world):
    region = region_with((world.authority, "2021-04-01", None))
    analyst = actor_for_role(Role.REGIONAL_ANALYST, region.lead)
    found = region_board(analyst, SPAN)
    assert pounds(found.member_total)[EVIDENCED] == Decimal(1400)
    assert sum(line.cells[EVIDENCED].pounds for line in found.members) == Decimal(1400)
    assert sum(line.cells[EVIDENCED].pounds for line in found.counting.parts) == Decimal(1400)


def test_it_never_changes_without_an_entry_so_the_cells_are_the_ledger(world):
    assert not reconcile().differences
    late = NOW + timedelta(days=20 * 365)
    with clock.at(late):
        services.remove_old_evidence(actor=SYSTEM)
        before = council_board(world.author, SPAN).theme_total.cells[EVIDENCED].pounds
        drain()
        after = council_board(world.author, SPAN).theme_total.cells[EVIDENCED].pounds
        assert not reconcile().differences
    # What is verified had evidence; the rest has nothing to show any more.
    assert (before, after) == (1400, 750)
