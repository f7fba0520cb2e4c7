"""Entries under another edition, measure by measure: the totals of the list, and nothing is changed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import EntryFilters, entries_for, entry_totals, ledger_opinion
from procurement.ledger.rules import reverse as reversal
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import AuthorityFactory, actor_for_role, user_with_role
from tests.factories.ledger import Promise, contract_with, measure, posting, rate
from tests.procurement.awards.test_second_opinion import NEW, edition, publish, put, snapshot
from toms.frameworks.queries import EditionInfo, MeasureInfo
from toms.priorities.queries.reviewing import Reviewer
from toms.priorities.rules.opinions import Counterpart, Terms, ValuedRow
from toms.proxies.queries import UnitValue, UnitValueRow

pytestmark = pytest.mark.django_db
D = Decimal
COMMITTED = EntryFilters(basis=Basis.COMMITTED)
URL = "procurement:ledger:second_opinion"


@pytest.fixture
def w():
    """One authority: six entries of a measure that is valued again, two of one without a counterpart, a rate."""
    contract, (hours, lost, share) = contract_with(
        Promise(measure("M1"), attribution=D(50)),
        Promise(measure("M2")),
        Promise(rate("R1"), unit_value=None),
    )
    there = edition()
    put(there, "M1", everywhere="0.333333333")
    publish(there, measure("M1").edition)
    rows = [
        posting(hours, quantity=D("1.5") + n, value_pence=937 + n, period=date(2025 + n % 2, 6, 1))
        for n in range(6)
    ]
    rows += [posting(lost, value_pence=4_444), posting(lost, value_pence=1)]
    rows += [posting(share, quantity=D(30), denominator=D(50), value_pence=0)]
    post_entries(actor=SYSTEM, postings=rows)
    return contract


def manager(contract):
    return actor_for_role(Role.CONTRACT_MANAGER, contract.authority)


def look(contract, slug=NEW, filters=COMMITTED, actor=None, **terms):
    return ledger_opinion(actor or manager(contract), filters, slug, Terms(**terms))


def row(found, code):
    return next(row for row in found.rows if row.measure.code == code)


def test_rows_are_rounded_one_by_one_and_then_added(w):
    found = row(look(w), "M1")
    # 1.5, 2.5 … 6.5 times a third, half of each: 25, 42, 58, 75, 92 and 108 pence.
    assert found.other == D("4.00")
    assert found.quantity == D(24)
    assert found.value == D("56.37")
    assert found.difference == D("-52.37")
    assert "24 hours in 6 entries: × £0.333333333 × 50%. Newer source, 2026 prices" in [
        line.text for line in found.working_lines
    ]


def test_totals_are_those_of_the_list_of_entries(w):
    found = look(w)
    listed = entry_totals(manager(w), entries_for(manager(w), COMMITTED))
    assert (found.totals.value_pence, found.totals.rows) == (listed.value_pence, listed.count)
    assert found.totals.comparable_pence == 5637
    assert row(found, "M2").why_not.startswith("No counterpart in")
    assert row(found, "R1").quantity is None
    assert [kept.measure.code for kept in found.without_counterpart] == ["M2", "R1"]


def test_the_same_edition_differs_by_nothing_though_a_penny_was_moved(w):
    found = look(w, slug="measures-of-tests")
    assert [kept.difference for kept in found.rows] == [D(0), D(0), None]
    assert found.totals.difference_pence == 0


def test_a_reversal_takes_out_exactly_what_it_put_in(w):
    entry = LedgerEntry.objects.order_by("pk").first()
    before = look(w).totals
    post_entries(actor=SYSTEM, postings=[reversal(entry, "r:1", "Posted twice")])
    after = look(w).totals
    assert before.other_pence - after.other_pence == 25
    assert before.value_pence - after.value_pence == entry.value_pence


def test_later_entries_are_discounted_by_their_year_of_the_contract(w):
    # 2025 is year 0 (1.5, 3.5, 5.5), 2026 is year 1 at 100% a year (2.5, 4.5, 6.5 are halved).
    found = row(look(w, is_discounted=True, rate=D(1)), "M1")
    assert found.other == D("0.25") + D("0.58") + D("0.92") + D("0.21") + D("0.37") + D("0.54")


def test_one_basis_at_a_time_and_only_what_is_filtered(w):
    assert look(w, filters=EntryFilters(basis=Basis.VERIFIED)).rows == []
    found = look(w, filters=replace(COMMITTED, first=date(2026, 1, 1)))
    assert (found.totals.rows, row(found, "M1").quantity) == (3, D("13.5"))


def test_only_what_the_actor_sees(w, client):
    other = AuthorityFactory()
    assert look(w, actor=actor_for_role(Role.AUDITOR, other)).rows == []
    supplier = actor_for_role(Role.SUPPLIER_ADMIN, w.supplier)
    assert look(w, actor=supplier).totals.rows == 9
    client.force_login(user_with_role(Role.AUDITOR, other))
    page = client.get(reverse(URL), {"basis": "committed", "authority": w.authority_id})
    assert page.status_code == 200
    assert page.context["found"].rows == []
    assert b"M1 Measure M1" not in page.content


def test_an_edition_that_may_not_be_read_is_not_there(w, client):
    held = edition("held", framework="held", holder=AuthorityFactory())
    publish(held)
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    assert client.get(reverse(URL), {"basis": "committed", "edition": "held"}).status_code == 404


def test_looking_changes_nothing(w, client):
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    before = snapshot()
    asked = {"basis": "committed", "deadweight": "10", "discount": "on"}
    assert client.get(reverse(URL), asked).status_code == 200
    after = snapshot()
    assert {name for name in before if before[name] != after[name]} == set()


def test_the_page_keeps_the_lists_filters_and_the_list_leads_to_it(w, client):
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    asked = {"basis": "committed", "measure": str(measure("M1").pk)}
    listed = client.get(reverse("procurement:ledger:entries"), asked)
    assert f"{reverse(URL)}?basis=committed" in listed.content.decode()
    page = client.get(reverse(URL), asked)
    assert ("measure", asked["measure"]) in page.context["kept"]
    assert [kept.measure.code for kept in page.context["found"].rows] == ["M1"]
    assert b"Nothing is changed: this is another view of the same deliveries." in page.content
    hidden = client.get(reverse(URL), asked | {"counts": "1"}).content.decode()
    assert "£56.37" in page.content.decode()
    assert "£56.37" not in hidden


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_holds_the_same(w, client, form):
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    url = reverse("procurement:ledger:second_opinion_export", args=[form])
    answer = client.get(url, {"basis": "committed"})
    assert answer.status_code == 200
    if form == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        (m1,) = [cells for cells in rows if cells[0] == "M1"]
        assert {"56.37", "4.00", "-52.37"} <= {*m1}


def test_as_many_queries_for_one_entry_as_for_many(w):
    actor = manager(w)

    def queries(filters) -> int:
        with CaptureQueriesContext(connection) as asked:
            ledger_opinion(actor, filters, NEW, Terms())
        return len(asked)

    one = queries(replace(COMMITTED, measure_ids=(measure("M1").pk,)))
    assert one == queries(COMMITTED)
    assert one < 15


INFO = MeasureInfo(
    1, "A", "A", "", "hours", ("hours",), "proxy", "sum", "", "", "", "", "", (), False, 1, 1, "T", "t", "O", "A",
)  # fmt: skip
THERE = replace(INFO, id=2, edition_id=2)
quantities = st.decimals(D(0), D(10**8), places=3)


def reviewer(amount: Decimal) -> Reviewer:
    held = UnitValueRow(UnitValue(amount, "S", "2026", "", "M"), date(2026, 4, 1), None)
    named = EditionInfo(2, "b", "B", "f", "F", "Us", "MIT", "", date(2026, 4, 1), None)
    return Reviewer(named, Terms(), {1: INFO, 2: THERE}, {1: Counterpart(2)}, {2: [held]})


def valued(quantity: Decimal) -> ValuedRow:
    return ValuedRow("k", 1, quantity, date(2026, 4, 1), D(1), 100)


@given(quantities, st.integers(0, 1000), st.decimals(D(0), D(10**4), places=2))
def test_whole_pence_are_linear_in_quantity(quantity, times, amount):
    looks = reviewer(amount.quantize(D("0.01")))
    whole = quantity.to_integral_value()
    one = looks.compared(valued(whole)).other_pence
    assert looks.compared(valued(whole * times)).other_pence == one * times


@given(quantities, st.decimals(D(0), D(10**4), places=9))
def test_the_fast_figure_is_the_one_of_the_working(quantity, amount):
    found = reviewer(amount).line(valued(quantity))
    assert found.compared.other_pence == found.working.value_pence
    assert found.compared.other_pence == -reviewer(amount).compared(valued(-quantity)).other_pence
