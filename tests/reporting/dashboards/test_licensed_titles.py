"""A set of measures under an authority's own licence: its people read the titles, the region and the public do not."""

from __future__ import annotations

import html
import io
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from python_calamine import CalamineWorkbook

from procurement.action_plans.services import start_plan
from procurement.ledger import queries as ledger
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from procurement.verifications.services import verify_claim
from reporting.dashboards.queries.breakdown import breakdown
from reporting.dashboards.queries.region import region_board
from reporting.figures.rules.spans import Span
from reporting.open_data.services import choose_public
from reporting.rollups.services import drain
from reporting.showcase.queries.facts import facts_of
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.periods import FinancialYear
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import CLAIMED, NOW, Q1, STARTED, reported
from tests.factories.crosswalk import edition_of
from tests.factories.deliveries import claim
from tests.factories.ledger import Promise, contract_with, posting
from tests.factories.reporting import browser, region_with
from toms.frameworks.models import Edition, Measure
from toms.frameworks.vocabulary import Aggregation
from toms.priorities.services import map_measure

pytestmark = pytest.mark.django_db
SPAN = Span(FinancialYear(2025))
CANARY = "Quetzal feathers"
TELLING = "title withheld, it is held under another authority's licence"
IN_PUBLIC = "title not shown, it is held under an authority's licence"
ROWS = (
    ("QF-1", f"{CANARY} counted", "kg"),
    ("QF-2", f"{CANARY} as a share", "%", Aggregation.RATIO),
    ("QF-3", f"{CANARY} at the last look", "kg", Aggregation.LAST),
)


@pytest.fixture(autouse=True)
def _clock():
    cache.clear()
    with clock.at(NOW):
        yield


@pytest.fixture
def told():
    return _told("the authority's")


def _told(whose: str):
    """A member that reports in measures of its own beside a shared one, its region, and both publish."""
    world = reported()
    region = region_with((world.authority, "2020-01-01", None))
    edition_of("shared", "shared-1", [("S1", "Shared", "kg")])
    holder = {"the authority's": world.authority, "the region's": region.lead, "open": None}[whose]
    mine = edition_of(
        "licensed",
        "licensed-1",
        ROWS,
        holder=holder,
        region=region if holder == region.lead else None,
    )
    promises = [
        Promise(row, unit_value=Decimal("12.50") if row.aggregation == Aggregation.SUM else None)
        for row in Measure.objects.filter(edition=mine).order_by("code")
    ]
    contract, commitments = contract_with(
        *promises, authority=world.authority, supplier=world.supplier
    )
    with clock.at(STARTED):
        start_plan(actor=SYSTEM, contract_id=contract.pk)
    post_entries(
        actor=SYSTEM,
        postings=[
            posting(commitments[1], quantity=Decimal(40), denominator=Decimal(80), value_pence=0)
        ],
    )
    with clock.at(CLAIMED):
        weighed = claim(world.claimant, commitments[0], quantity=Decimal(4), quarter=Q1)
        verify_claim(actor=world.manager, claim_id=weighed.pk, expected_version=weighed.version)
    drain()
    for kind, whose, slug in (
        ("region", region.lead, region.slug),
        ("authority", world.authority, world.authority.slug),
    ):
        choose_public(
            actor=actor_for_role(Role.DIRECTORATE_MANAGER, whose), kind=kind, own_slug=slug,
            intro="", licence="ogl-3", data_note="", expected_version=0,
        )  # fmt: skip
    return region, world, mine, contract


def whole(client: Client, addresses: list[str]) -> str:
    texts = []
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        if address.partition("?")[0].endswith(".xlsx"):
            book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
            texts += [
                str(book.get_sheet_by_index(n).to_python()) for n in range(len(book.sheet_names))
            ]
        else:
            texts.append(html.unescape(answer.content.decode()))
    return "\n".join(texts)


def region_addresses(mine: Edition) -> list[str]:
    ids = Measure.objects.filter(edition=mine).order_by("code").values_list("pk", flat=True)
    asked = "&".join(f"measure={pk}" for pk in ids)
    return [
        "/region/?year=2025-26",
        "/region/?year=2025-26&at=2025-10-01",
        "/region/?year=2025-26&counts=1",
        "/region/late/?year=2025-26",
        "/region/all.xlsx?year=2025-26",
        *(
            f"/region/{table}.csv?year=2025-26"
            for table in ("themes", "figures", "measures", "members", "counted", "beside")
        ),
        *(f"/ledger/?basis={basis}" for basis in Basis.values),
        *(f"/ledger/?basis={basis}&{asked}" for basis in Basis.values),
        *(f"/ledger/entries.csv?basis={basis}" for basis in Basis.values),
        *(f"/ledger/entries.xlsx?basis={basis}" for basis in Basis.values),
        "/ledger/?basis=committed&outcome=licensed/licensed-1-t/O",
        "/ledger/second-opinion/?basis=committed",
        "/ledger/second-opinion.csv?basis=committed",
        f"/measures/crosswalk/{ids[0]}/",
        "/measures/crosswalk/",
    ]


def public_addresses(region, world) -> list[str]:
    names = ("figures", "themes", "quarters", "measures")
    return [
        address
        for slug in (region.slug, world.authority.slug)
        for address in (
            f"/open/{slug}/?year=2025-26",
            f"/open/{slug}/?year=2025-26&counts=1",
            f"/open/{slug}/all.xlsx?year=2025-26",
            f"/open/{slug}/all.json?year=2025-26",
            *(f"/open/{slug}/{name}.csv?year=2025-26" for name in names),
        )
    ]


def analyst_of(region):
    return browser(actor_for_role(Role.REGIONAL_ANALYST, region.lead))


def test_no_page_and_no_file_of_the_region_tells_a_title(told):
    region, _world, mine, _contract = told
    text = whole(analyst_of(region), region_addresses(mine))
    assert CANARY not in text
    assert "QF-1 title withheld" in text
    assert f"QF-2 {TELLING}: " in text


def test_no_public_page_and_no_public_file_tells_a_title(told):
    region, world, _mine, _contract = told
    text = whole(Client(), public_addresses(region, world))
    assert CANARY not in text
    assert f"QF-1 {IN_PUBLIC}" in text


def test_its_own_people_read_them_everywhere(told):
    """So that the searches above look for what is there."""
    _region, world, _mine, _contract = told
    client = browser(actor_for_role(Role.AUDITOR, world.authority))
    for address in (
        "/dashboard/?year=2025-26",
        "/dashboard/measures.csv?year=2025-26",
        "/ledger/?basis=committed",
        "/ledger/entries.csv?basis=committed",
    ):
        assert CANARY in whole(client, [address]), address
    author = world.author
    assert any(CANARY in line.label for line in breakdown(author, SPAN, "measure").lines)


@pytest.mark.parametrize("whose", ["open", "the region's"])
def test_an_open_set_and_the_regions_own_are_told(whose):
    region, world, _mine, _contract = _told(whose)
    analyst = actor_for_role(Role.REGIONAL_ANALYST, region.lead)
    assert any(CANARY in view.label for view in region_board(analyst, SPAN).board.measures)
    client = Client()
    assert CANARY in whole(client, [f"/open/{region.slug}/measures.csv?year=2025-26"])
    # What the region holds is no title of the council's own page; an open set is everybody's.
    of_council = whole(client, [f"/open/{world.authority.slug}/measures.csv?year=2025-26"])
    assert (CANARY in of_council) == (whose == "open")


def test_a_title_is_not_found_by_trying_words(told):
    region, world, _mine, _contract = told
    analyst = actor_for_role(Role.REGIONAL_ANALYST, region.lead)
    asked = ledger.EntryFilters(basis=Basis.COMMITTED, text="quetzal")
    assert not ledger.entries_for(analyst, asked).exists()
    assert ledger.entries_for(actor_for_role(Role.AUDITOR, world.authority), asked).exists()
    by_code = ledger.EntryFilters(basis=Basis.COMMITTED, text="QF-1")
    assert ledger.entries_for(analyst, by_code).exists()


def test_a_public_story_tells_the_code_and_the_authority_the_title(told):
    _region, _world, _mine, contract = told
    in_public = facts_of([contract.pk], public=True)[contract.pk].figures
    assert [figure.label for figure in in_public if figure.unit == "kg"] == [f"QF-1 {IN_PUBLIC}"]
    inside = facts_of([contract.pk], public=False)[contract.pk].figures
    assert f"{CANARY} counted" in [figure.label for figure in inside]


def test_the_record_of_the_crosswalk_has_the_code_only(told):
    region, _world, mine, _contract = told
    owner = actor_for_role(Role.POLICY_OWNER, region.lead)
    source = Measure.objects.get(edition=mine, code="QF-1")
    map_measure(
        actor=owner, region_id=region.pk, source_id=source.pk, target_id=None, reason="Too rare."
    )
    text = whole(analyst_of(region), [f"/measures/crosswalk/{source.pk}/"])
    assert "QF-1 deliberately counts in no regional measure. Too rare." in text
    assert CANARY not in text
