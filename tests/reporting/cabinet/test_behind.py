"""For any entries, corrections and memberships: the rows under a figure make it, to the penny."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.ledger.queries import ledger_position
from procurement.ledger.rules import reverse
from procurement.ledger.services import post_entries
from procurement.procurements.models import Procurement
from reporting.cabinet.queries import rows
from reporting.cabinet.rules.annex import VALUE, entry_tables
from reporting.cabinet.rules.behind import Entries, Rule, Sum, agrees, disagreements, sum_of_sheet
from reporting.cabinet.rules.content import figure_json
from reporting.figures.queries.reading import read
from reporting.figures.queries.scopes import council_scope, directorate_scope, region_scope
from reporting.figures.rules.definitions import FIGURES, Opens
from reporting.figures.rules.spans import Span
from reporting.rollups.services import drain
from socialvalue.accounts.models import RegionMembership
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.periods import FinancialYear
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.ledger import Promise, contract_with, latest, measure, posting, rate
from tests.factories.reporting import region_with

pytestmark = pytest.mark.django_db
BEGIN = date(2025, 4, 1)
MONTHS = [date(2025 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(-4, 15)]
PLACES = ("Roads", "Care")


@pytest.fixture
def world():
    """Two authorities, each with a contract in two directorates: a sum, a rate, and tonnes whose last figure counts."""
    promised = [
        measure("S1"),
        rate("R1"),
        measure("C1", theme_code="T2", unit="tCO2e"),
        latest("C2", theme_code="T2", unit="tCO2e"),
    ]
    authorities = [AuthorityFactory() for _ in range(2)]
    commitments = []
    for authority in authorities:
        for place in PLACES:
            contract, made = contract_with(*map(Promise, promised), authority=authority)
            Procurement.objects.filter(pk=contract.procurement_id).update(directorate=place)
            commitments += made
    region = region_with()
    return region, authorities, commitments


postings = st.lists(
    st.tuples(
        st.integers(0, 15),
        st.sampled_from(MONTHS),
        st.decimals(0, 1000, places=3),
        st.integers(-(10**8), 10**8),
        st.sampled_from(["post", "post", "correct"]),
    ),
    max_size=16,
)
stints = st.lists(
    st.tuples(st.integers(0, 1), st.integers(-100, 300), st.none() | st.integers(0, 200)),
    max_size=3,
    unique_by=lambda stint: stint[:2],
)


def _play(commitments, steps):
    posted = []
    for number, (which, period, quantity, pence, what) in enumerate(steps):
        with clock.at(datetime(2026, 5, 1, 11, tzinfo=UTC) + timedelta(minutes=number)):
            if what == "correct" and posted:
                entry = posted[which % len(posted)]
                made = [reverse(entry, f"any:{number}:correct", "A slip.")]
            else:
                made = [
                    posting(
                        commitments[which],
                        period=period,
                        quantity=quantity,
                        value_pence=pence,
                        denominator=Decimal(1000),
                        key=f"any:{number}",
                    )
                ]
            posted += post_entries(actor=SYSTEM, postings=made)
    drain()


def _told(reading):
    """Every figure that opens to entries, with the rows under it; and the entries."""
    position = ledger_position()
    found = rows.entries_json(reading, position)
    entries = Entries(found)
    figures = []
    for number, figure in enumerate(reading.figures(), start=1):
        if FIGURES[figure.name].opens != Opens.ENTRIES:
            continue
        row = {
            **figure_json(figure),
            "ref": f"F{number}",
            "is_used": True,
            "query": rows.query_json(reading, FIGURES[figure.name], position),
        }
        figures.append({**row, "rows": rows.rows_of(row, entries, [])})
    return {"figures": figures, "entries": found, "ledger_position": position}


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(belong=stints, steps=postings, quarter=st.none() | st.integers(1, 4))
def test_rows_make_their_figure_for_any_entries_of_council_directorate_and_region(
    world, belong, steps, quarter
):
    region, authorities, commitments = world
    point = transaction.savepoint()
    for index, first, length in belong:
        RegionMembership.objects.create(
            region=region,
            authority=authorities[index],
            status="constituent",
            from_on=BEGIN + timedelta(days=first),
            to_on=None if length is None else BEGIN + timedelta(days=first + length),
        )
    _play(commitments, steps)
    span = Span(FinancialYear(2025), quarter)
    author = actor_for_role(Role.REPORT_AUTHOR, authorities[0])
    analyst = actor_for_role(Role.REGIONAL_ANALYST, region.lead)
    scopes = [
        (author, council_scope(author, span)),
        (analyst, region_scope(analyst, span)),
        *((author, directorate_scope(author, span, place)) for place in PLACES),
    ]
    totals = []
    for actor, scope in scopes:
        content = _told(read(actor, scope))
        assert disagreements(content) == []
        shown = {row["name"]: row["value"] for row in content["figures"]}
        tables = {table.caption: table for table in entry_tables(content)}
        for name, sheet in (
            ("committed_total", "Committed entries"),
            ("claimed_total", "Claimed entries"),
            ("evidenced_total", "Evidenced entries"),
            ("verified_total", "Verified entries"),
        ):
            added = sum((row[VALUE] or Decimal(0) for row in tables[sheet].rows), Decimal(0))
            assert added == tables[sheet].total[VALUE] == Decimal(shown[name])
            # With counts only the same rows are there, without their pounds.
            bare = tables[sheet].counts_only()
            assert [row[0] for row in bare.rows] == [row[0] for row in tables[sheet].rows]
            assert "Value (£)" not in [column.heading for column in bare.columns]
        totals.append(Decimal(shown["committed_total"]))
    whole, _, *parts = totals
    assert sum(parts) == whole, "directorates add up to their authority"
    transaction.savepoint_rollback(point)


def test_a_region_tells_no_contract_and_no_supplier_of_its_members(world):
    region, authorities, commitments = world
    RegionMembership.objects.create(
        region=region, authority=authorities[0], status="constituent", from_on=BEGIN
    )
    _play(commitments, [(0, BEGIN, Decimal(5), 5_000, "post")])
    analyst = actor_for_role(Role.REGIONAL_ANALYST, region.lead)
    content = _told(read(analyst, region_scope(analyst, Span(FinancialYear(2025)))))
    (entry,) = Entries(content["entries"]).rows
    assert (entry.supplier_id, entry.contract_id, entry.commitment_id, entry.claim_id) == (
        None,
    ) * 4
    assert content["entries"]["contracts"] == content["entries"]["suppliers"] == {}
    committed = entry_tables(content)[0]
    assert authorities[0].name in committed.rows[0]
    supplier = commitments[0].contract.supplier.name
    assert supplier not in {str(cell) for row in committed.rows for cell in row}


def test_rows_after_the_position_and_rows_that_wait_are_not_behind_the_figures(world):
    _, authorities, commitments = world
    _play(commitments, [(0, BEGIN, Decimal(5), 5_000, "post")])
    author = actor_for_role(Role.REPORT_AUTHOR, authorities[0])
    scope = council_scope(author, Span(FinancialYear(2025)))
    before = ledger_position()
    post_entries(actor=SYSTEM, postings=[posting(commitments[0], value_pence=700)])
    reading = read(author, scope)
    assert len(rows.entries_json(reading, before)["rows"]) == 1
    assert len(rows.entries_json(reading, ledger_position())["rows"]) == 1, "it waits"
    drain()
    assert len(rows.entries_json(reading, before)["rows"]) == 1
    assert len(rows.entries_json(reading, ledger_position())["rows"]) == 2


def test_an_entry_names_the_figures_it_stands_under(world):
    _, authorities, commitments = world
    # Tonnes of two months whose last figure counts, and hours.
    _play(
        commitments,
        [
            (0, BEGIN, Decimal(5), 5_000, "post"),
            (3, date(2025, 5, 1), Decimal(7), 100, "post"),
            (3, date(2025, 6, 1), Decimal(9), 200, "post"),
        ],
    )
    author = actor_for_role(Role.REPORT_AUTHOR, authorities[0])
    content = _told(read(author, council_scope(author, Span(FinancialYear(2025)))))
    refs = {row["name"]: row["ref"] for row in content["figures"]}
    named = [row[1].split() for row in entry_tables(content)[0].rows]
    total, share, apart, tonnes = (
        refs[name]
        for name in (
            "committed_total",
            "verified_share",
            "committed_without_local_employment",
            "tco2e_committed",
        )
    )
    assert named == [[total, share, apart], [total, share, apart], [total, share, apart, tonnes]]
    told = next(row for row in content["figures"] if row["ref"] == tonnes)
    assert (Decimal(told["value"]), told["rows"]["count"]) == (9, 1)


# --- pure -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "value"),
    [
        (Sum(Rule.SUM, Decimal("1.50")), Decimal("1.50")),
        (Sum(Rule.SHARE, Decimal(1), Decimal(4)), Decimal(25)),
        (Sum(Rule.SHARE, Decimal(1), Decimal(0)), None),
        (Sum(Rule.MEAN, Decimal(30), Decimal(4)), Decimal("7.5")),
        (Sum(Rule.MEAN, Decimal(0), Decimal(0)), None),
    ],
)
def test_a_sum_a_share_and_a_mean(found, value):
    assert found.value == value


@given(
    rows_=st.lists(
        st.tuples(st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2)), max_size=20
    )
)
def test_a_sheet_adds_up_its_columns_and_counts_its_rows(rows_):
    kept = [["title", f"{part:f}", f"{whole:f}"] for part, whole in rows_]
    assert sum_of_sheet(Rule.SUM, kept, None, None) == Sum(Rule.SUM, Decimal(len(kept)))
    added = sum((part for part, _ in rows_), Decimal(0))
    whole = sum((whole for _, whole in rows_), Decimal(0))
    assert sum_of_sheet(Rule.SUM, kept, 1, None).total == added
    assert sum_of_sheet(Rule.SHARE, kept, 1, 2) == Sum(Rule.SHARE, added, whole)


def _figure(value, kind="money", **under):
    made = {"rule": "sum", "count": 1, "sum": "10.00", "of": None} | under
    return {"name": "x", "label": "X", "shown": "£10", "kind": kind, "value": value, "rows": made}


def test_a_figure_that_its_rows_do_not_make_is_told():
    assert agrees(_figure("10.00"))
    assert not agrees(_figure("10.01"))
    assert not agrees(_figure(None, kind="count"))
    assert agrees(_figure(None, kind="count", count=0))
    told = disagreements({"figures": [_figure("10.00"), _figure("10.01")]})
    assert told == ["X is £10, but its rows make 10.00."]


def test_a_directorate_without_contracts_has_nothing(world):
    _, authorities, commitments = world
    _play(commitments, [(0, BEGIN, Decimal(5), 5_000, "post")])
    author = actor_for_role(Role.REPORT_AUTHOR, authorities[0])
    scope = directorate_scope(author, Span(FinancialYear(2025)), "Parks")
    assert scope.contract_ids == ()
    reading = read(author, scope)
    assert reading.figure("committed_total").value == 0
    assert reading.figure("contracts_live").value == 0
    assert _told(reading)["entries"]["rows"] == []
