"""The regional dashboard in the region's own measures: the parts are the sum of the authorities, to the penny."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from procurement.ledger.services import post_entries
from reporting.dashboards.queries.region import region_board
from reporting.figures.rules.spans import Span
from reporting.rollups.services import drain
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.periods import FinancialYear
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.cabinet import NOW
from tests.factories.crosswalk import adopted, edition_of
from tests.factories.ledger import Promise, contract_with, edition, measure, posting
from tests.factories.reporting import browser, drilled_pounds, region_with, rows_of
from toms.frameworks.models import Edition, Measure
from toms.priorities.services import map_measure

pytestmark = pytest.mark.django_db
SPAN = Span(FinancialYear(2025))


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def world(*, map_some: bool = True):
    """A member that committed in three measures of another set; the region counts one, leaves one out."""
    member = AuthorityFactory(slug="member", name="Member Council")
    region = region_with((member, "2020-01-01", None))
    own = edition_of("regional", "regional-1", [("R1", "Days given", "days")])
    adopted(own, region=region)
    measures = [measure(code) for code in ("H1", "H2", "H3")]
    Edition.objects.filter(pk=edition().pk).update(
        status="published", published_at=NOW, checksum="0" * 64
    )
    commit(member, measures)
    if map_some:
        owner = actor_for_role(Role.POLICY_OWNER, region.lead)
        put = {"actor": owner, "region_id": region.pk}
        map_measure(
            **put, source_id=measures[0].pk, target_id=own.measures.get().pk,
            factor=Decimal("0.5"), reason="Half a day each.",
        )  # fmt: skip
        map_measure(**put, source_id=measures[1].pk, target_id=None, reason="Ours alone.")
    return region, member, actor_for_role(Role.REGIONAL_ANALYST, region.lead)


def commit(member, measures):
    _, rows = contract_with(*(Promise(row) for row in measures), authority=member)
    post_entries(
        actor=SYSTEM,
        postings=[
            posting(row, quantity=Decimal(10), value_pence=10_001 + place)
            for place, row in enumerate(rows)
        ],
    )
    drain()


def committed(lines):
    return {line.label: line.cells[0].pounds for line in lines}


def test_the_parts_are_the_sum_of_the_authorities_and_open_to_their_rows():
    _, _, analyst = world()
    found = region_board(analyst, SPAN)
    counting = found.counting
    assert committed(counting.parts) == {
        "In the regional measures": Decimal("100.01"),
        "Not mapped": Decimal("100.03"),
        "Deliberately not counted": Decimal("100.02"),
    }
    for place in range(len(counting.total.cells)):
        total = counting.total.cells[place]
        assert total.pounds == sum(line.cells[place].pounds for line in counting.parts)
        assert total.pounds == found.member_total.cells[place].pounds
        assert total.entries == sum(line.cells[place].entries for line in counting.parts)
    client = browser(analyst)
    for line in (*counting.parts, counting.total):
        for cell in line.cells:
            if cell.entries:
                assert drilled_pounds(client, cell.href) == cell.pounds, cell.meaning


def test_quantities_are_in_the_regional_unit_and_the_rest_is_listed_with_its_authorities():
    _, _, analyst = world()
    counting = region_board(analyst, SPAN).counting
    (line,) = counting.regional
    assert (line.label, line.unit, line.cells[0].quantity) == ("R1 Days given", "days", 5)
    assert "H1 Measure H1 (hours × 0.5 = days" in line.note
    assert [(row.label, row.theme, row.note) for row in counting.beside] == [
        ("H3 Measure H3", "Member Council", "Not mapped"),
        ("H2 Measure H2", "Member Council", "Deliberately not counted: Ours alone."),
    ]
    client = browser(analyst)
    for row in (*counting.regional, *counting.beside):
        assert drilled_pounds(client, row.cells[0].href) == row.cells[0].pounds
        assert row.cells[1].entries == 0


def test_the_page_and_its_files_say_so():
    _, _, analyst = world()
    client = browser(analyst)
    page = client.get("/region/?year=2025-26").content.decode()
    for words in (
        "In the regional measures",
        "Not in the regional measures",
        "£100.03",
        "Ours alone",
    ):
        assert words in page
    # What is in no regional quantity is said beside the total too.
    beside = page[page.index('id="not-in-total"') :]
    assert "2 measures of authorities count in no regional measure" in beside
    assert '<a class="govuk-link" href="#not-in-regional">' in beside
    # The regional measures are folded, so that a phone is not three times as long; paper shows them.
    folded = page[page.index("By regional measure: 1 measure</span>") :]
    assert "R1 Days given" in folded[: folded.index("</details>")]
    assert '<div class="sv-prints"><details' in page
    parts = rows_of(client.get("/region/counted.csv?year=2025-26").content)
    assert sum(Decimal(row["Committed (£)"]) for row in parts) == Decimal("300.06")
    rest = rows_of(client.get("/region/beside.csv?year=2025-26").content)
    assert [(row["Measure"], row["Authorities"]) for row in rest] == [
        ("H3 Measure H3", "Member Council"), ("H2 Measure H2", "Member Council"),
    ]  # fmt: skip
    regional = rows_of(client.get("/region/measures.csv?year=2025-26").content)
    assert [(row["Measure"], row["Committed (quantity)"]) for row in regional] == [
        ("R1 Days given", "5.000")
    ]
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get("/region/all.xlsx?year=2025-26").content)
    )
    assert len(book.sheet_names) == 8
    counts = client.get("/region/?year=2025-26&counts=1").content.decode()
    main = counts[counts.index("<main") : counts.index("</main>")]
    assert "£" not in main.replace("Show pounds as well", "")


def test_without_any_decision_everything_is_listed_and_the_total_is_the_same():
    _, _, analyst = world(map_some=False)
    found = region_board(analyst, SPAN)
    assert found.counting.regional == ()
    assert len(found.counting.beside) == 3
    assert found.counting.total.cells[0].pounds == Decimal("300.06")


def test_as_many_queries_for_many_measures_as_for_few():
    _, member, analyst = world()
    client = browser(analyst)
    client.get("/region/?year=2025-26")
    cache.clear()  # a body that was drawn before is kept
    with CaptureQueriesContext(connection) as few:
        client.get("/region/?year=2025-26")
    more = edition_of("more", "more-1", [(f"X{n}", f"More {n}", "hours") for n in range(6)])
    commit(member, list(Measure.objects.filter(edition=more)))
    cache.clear()  # a body that was drawn before is kept
    with CaptureQueriesContext(connection) as many:
        page = client.get("/region/?year=2025-26").content.decode()
    assert "X5 More 5" in page
    assert len(many) == len(few)
