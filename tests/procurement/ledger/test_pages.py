"""The rows under a figure: who sees which, what they add up to, and the file that holds exactly them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.ledger import queries
from procurement.ledger.queries import EntryFilters
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from reporting.rollups.services import drain
from socialvalue.accounts.models import Region, RegionMembership
from socialvalue.accounts.queries import actor_for
from socialvalue.accounts.vocabulary import OrganisationKind, Role
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS, SYSTEM
from tests.factories.accounts import AuthorityFactory, actor_for_role, user_with_role
from tests.factories.deliveries import claim, world
from tests.factories.ledger import Promise, contract_with, measure, posting, rate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_august():
    with clock.at(datetime(2025, 8, 15, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def two():
    """Two authorities with an entry each, of different suppliers, for the same measure."""
    found = []
    for number in (1, 2):
        contract, (commitment,) = contract_with(Promise(measure("M1")))
        post_entries(actor=SYSTEM, postings=[posting(commitment, value_pence=100 * number)])
        found.append(contract)
    return found


ALL = EntryFilters(basis=Basis.COMMITTED)


def values(actor, filters=ALL) -> list[int]:
    return [entry.value_pence for entry in queries.entries_for(actor, filters)]


def test_a_buyer_sees_the_entries_of_its_own_authority_only(two) -> None:
    ours, theirs = two
    assert values(actor_for_role(Role.AUDITOR, ours.authority)) == [100]
    assert values(actor_for_role(Role.AUDITOR, theirs.authority)) == [200]


def test_a_supplier_sees_its_own_entries_only(two) -> None:
    assert values(actor_for_role(Role.SUPPLIER_ADMIN, two[0].supplier)) == [100]


def test_nobody_signed_out_and_no_filter_gets_another_authority(two) -> None:
    ours, theirs = two
    assert values(ANONYMOUS) == []
    actor = actor_for_role(Role.AUDITOR, ours.authority)
    asked = EntryFilters(basis=Basis.COMMITTED, authority_ids=(theirs.authority_id,))
    assert values(actor, asked) == []
    asked = EntryFilters(basis=Basis.COMMITTED, contract_ids=(theirs.pk,))
    assert values(actor, asked) == []
    assert queries.filters_in_words(actor, asked) == [("Contract", "None that you can see")]


@pytest.fixture
def lead(two):
    """The first authority was a member from April to June 2025; the second never."""
    lead = AuthorityFactory(kind=OrganisationKind.COMBINED_AUTHORITY)
    region = Region.objects.create(slug="r", name="R", lead=lead)
    RegionMembership.objects.create(
        region=region, authority=two[0].authority, status="constituent",
        from_on=date(2025, 4, 15), to_on=date(2025, 6, 30),
    )  # fmt: skip
    return lead


def test_a_regional_analyst_sees_members_entries_of_their_months_without_their_source(
    two, lead
) -> None:
    commitment = two[0].commitments.get()
    late = posting(commitment, period=date(2025, 7, 1), value_pence=7)
    post_entries(actor=SYSTEM, postings=[late])
    analyst = actor_for_role(Role.REGIONAL_ANALYST, lead)
    assert values(analyst) == [100]
    (row,) = queries.entry_rows(analyst, queries.entries_for(analyst, ALL))
    assert row.may_open is False
    (own,) = queries.entry_rows(
        actor_for_role(Role.AUDITOR, two[1].authority),
        queries.entries_for(actor_for_role(Role.AUDITOR, two[1].authority), ALL),
    )
    assert own.may_open is True


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REPORT_AUTHOR])
def test_the_lead_without_the_analysts_role_sees_no_member(two, lead, role) -> None:
    assert values(actor_for_role(role, lead)) == []


def test_the_page_shows_one_basis_with_its_count_and_sum(client, two) -> None:
    client.force_login(user_with_role(Role.AUDITOR, two[0].authority))
    page = client.get(reverse("procurement:ledger:entries"), {"basis": "committed"})
    assert page.status_code == 200
    assert page.context["totals"].count == 1
    text = page.content.decode()
    assert "Committed entries" in text
    assert two[0].title in text
    assert two[1].title not in text
    empty = client.get(reverse("procurement:ledger:entries"))
    assert empty.context["basis"] == Basis.VERIFIED
    assert "No entries match" in empty.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "basis=all",
        "theme=x",
        "from=yesterday",
        "year=2025-99",
        "measure=1&measure=-2",
        "measure=1,x",
        "authority=²",
    ],
)
def test_an_address_that_cannot_be_read_says_so_and_shows_nothing(client, two, query) -> None:
    client.force_login(user_with_role(Role.AUDITOR, two[0].authority))
    page = client.get(f"{reverse('procurement:ledger:entries')}?{query}")
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert two[0].title not in page.content.decode()
    assert client.get(f"/ledger/entries.csv?{query}").status_code == 404


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("from=2025-04-01&to=2025-04-30", True),
        ("from=2025-04&to=2025-04", True),
        ("from=2025-04-02", False),
        ("to=2025-03-31", False),
        ("year=2025-26", True),
        ("year=", True),
    ],
)
def test_the_period_of_a_figure_opens_to_its_rows(client, two, query, seen) -> None:
    client.force_login(user_with_role(Role.AUDITOR, two[0].authority))
    page = client.get(f"/ledger/?basis=committed&{query}")
    assert page.context["totals"].count == int(seen)


def test_several_measures_can_be_named(client) -> None:
    contract, commitments = contract_with(*(Promise(measure(code)) for code in ("M1", "M2", "M3")))
    post_entries(actor=SYSTEM, postings=[posting(row) for row in commitments])
    client.force_login(user_with_role(Role.AUDITOR, contract.authority))
    ids = "&".join(f"measure={row.measure_id}" for row in commitments[:2])
    joined = f"measure={commitments[0].measure_id},{commitments[1].measure_id}"
    for asked in (ids, joined):
        assert client.get(f"/ledger/?basis=committed&{asked}").context["totals"].count == 2


def test_while_entries_wait_the_rows_say_that_a_figure_can_differ(client, two) -> None:
    client.force_login(user_with_role(Role.AUDITOR, two[0].authority))
    sentence = "2 ledger entries wait to be added to the figures of the dashboards."
    assert sentence in client.get("/ledger/?basis=committed").content.decode()
    past = "/ledger/?basis=committed&at=2025-08-14"
    assert "to be added to the figures" not in client.get(past).content.decode()
    drain()
    assert (
        "to be added to the figures" not in client.get("/ledger/?basis=committed").content.decode()
    )


@pytest.mark.parametrize("count", [50, 51])
def test_the_file_holds_every_filtered_row_and_no_other(client, two, count) -> None:
    commitment = two[0].commitments.get()
    more = [posting(commitment, quantity=Decimal(n), value_pence=n) for n in range(1, count)]
    post_entries(actor=SYSTEM, postings=more)
    client.force_login(user_with_role(Role.AUDITOR, two[0].authority))
    page = client.get("/ledger/?basis=committed")
    assert page.context["page"].paginator.count == count
    file = client.get("/ledger/entries.csv?basis=committed")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert len(rows) == count
    assert sum(Decimal(row["Value (£)"]) for row in rows) == page.context["totals"].value
    assert {row["Authority"] for row in rows} == {two[0].authority.name}
    book = client.get("/ledger/entries.xlsx?basis=committed")
    assert book.content.startswith(b"PK")


def test_totals_add_quantities_of_one_unit_and_keep_rates_apart() -> None:
    contract, (hours, share) = contract_with(
        Promise(measure("M1")), Promise(rate("R1"), quantity=Decimal(50), unit_value=None)
    )
    post_entries(
        actor=SYSTEM,
        postings=[
            posting(hours, quantity=Decimal("1.5")),
            posting(hours, quantity=Decimal("2.25")),
            posting(share, quantity=Decimal(1), denominator=Decimal(3), value_pence=0),
            posting(share, quantity=Decimal(1), denominator=Decimal(5), value_pence=0),
        ],
    )
    actor = actor_for_role(Role.AUDITOR, contract.authority)
    totals = queries.entry_totals(actor, queries.entries_for(actor, ALL))
    assert [unit.shown for unit in totals.units] == ["3.75 hours", "R1 Measure R1: 25.0% (2 of 8)"]


def test_a_penny_moved_between_quarters_is_shown_in_the_sum() -> None:
    contract, (hours,) = contract_with(Promise(measure("M1"), unit_value=Decimal("0.333")))
    post_entries(actor=SYSTEM, postings=[posting(hours, quantity=Decimal(1), value_pence=34)])
    actor = actor_for_role(Role.AUDITOR, contract.authority)
    (row,) = queries.entry_rows(actor, queries.entries_for(actor, ALL))
    assert row.value == Decimal("0.34")
    assert row.working_lines[-1] == ("Moved so that the quarters add up to the commitment", "£0.01")


def test_as_many_queries_for_one_row_as_for_many(client, two, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(user_with_role(Role.AUDITOR, two[0].authority))
    client.get("/ledger/?basis=committed")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/ledger/?basis=committed")
    post_entries(actor=SYSTEM, postings=[posting(two[0].commitments.get()) for _ in range(30)])
    with CaptureQueriesContext(connection) as many:
        client.get("/ledger/?basis=committed")
    assert len(many) == len(one)


def test_a_row_opens_to_its_claim(client) -> None:
    w = world()
    sent = claim(w.claimant, w.hours)
    client.force_login(user_with_role(Role.AUDITOR, w.authority))
    page = client.get("/ledger/?basis=claimed").content.decode()
    assert reverse("procurement:deliveries:claim", args=[sent.pk]) in page


def test_a_person_without_a_seat_is_refused(client) -> None:
    from tests.factories.accounts import UserFactory

    user = UserFactory()
    assert actor_for(user).roles == frozenset()
    client.force_login(user)
    assert client.get("/ledger/").status_code == 403
    client.logout()
    assert client.get("/ledger/").status_code == 302
