"""For any members, entries, corrections and order of arrival: the totals are what a replay of the ledger says."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import visible_entries
from procurement.ledger.rules import reverse
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from reporting.figures.queries.positions import positions
from reporting.figures.queries.scopes import council_scope, region_scope
from reporting.figures.rules.positions import AuthorityCell, total_pence
from reporting.figures.rules.spans import Span
from reporting.rollups.services import drain
from socialvalue.accounts.models import RegionMembership
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.periods import FinancialYear, month_of
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.ledger import Promise, contract_with, latest, measure, posting, rate
from tests.factories.reporting import region_with

pytestmark = pytest.mark.django_db
SPAN = Span(FinancialYear(2025))
BEGIN = date(2025, 4, 1)
MONTHS = [date(2024 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(30)]
MEMBERS = 3


@pytest.fixture
def world():
    """Three authorities with a sum, a rate and a latest figure in two themes, and the people who read them."""
    measures = [measure("S1"), rate("R1"), latest("L1"), measure("S2", theme_code="T2")]
    authorities = [AuthorityFactory() for _ in range(MEMBERS)]
    commitments = [
        commitment
        for authority in authorities
        for commitment in contract_with(*map(Promise, measures), authority=authority)[1]
    ]
    region = region_with()
    return (
        region,
        authorities,
        commitments,
        actor_for_role(Role.REGIONAL_ANALYST, region.lead),
        [actor_for_role(Role.REPORT_AUTHOR, authority) for authority in authorities],
    )


days = st.integers(-200, 900).map(lambda n: BEGIN + timedelta(days=n))
members = st.lists(
    st.tuples(
        st.integers(0, MEMBERS - 1), days, st.none() | st.integers(0, 500), st.integers(0, 3)
    ),
    max_size=5,
    unique_by=lambda stint: stint[:2],
)
postings = st.lists(
    st.tuples(
        st.integers(0, 11),
        st.sampled_from(MONTHS),
        st.decimals(0, 1000, places=3),
        st.integers(-(10**8), 10**8),
        st.sampled_from(["post", "post", "post", "correct", "drain"]),
        st.integers(0, 700),
    ),
    max_size=14,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(stints=members, steps=postings, asked=st.integers(0, 720))
def test_region_is_its_members_in_their_months_and_any_day_can_be_read_again(
    world, stints, steps, asked
):
    region, authorities, commitments, analyst, authors = world
    point = transaction.savepoint()
    for index, first, length, chance in stints:
        RegionMembership.objects.create(
            region=region,
            authority=authorities[index],
            status="constituent",
            from_on=first,
            to_on=None if length is None else first + timedelta(days=length),
            # One such time is enough: all of the authority is withheld then.
            is_withheld=chance == 0,
        )
    withheld = {authorities[index].pk for index, _, _, chance in stints if chance == 0}
    _play(commitments, steps)
    day = BEGIN + timedelta(days=asked)
    scope = region_scope(analyst, SPAN)
    assert withheld.isdisjoint(scope.authority_ids)
    assert not visible_entries(analyst).filter(authority_id__in=withheld).exists()
    for at in (None, day):
        entries = _entries(at)
        found = positions(scope.as_at(at))
        inside = Counter()
        outside = Counter()
        for entry in entries:
            if (
                SPAN.first <= entry.period <= SPAN.last
                and entry.authority_id in scope.authority_ids
            ):
                kept = _belongs(region, entry.authority_id, entry.period)
                (inside if kept else outside)[entry.basis, entry.authority_id] += entry.value_pence
        assert _pence(found.now.authorities) == _without_nought(inside)
        assert _pence(found.outside.authorities) == _without_nought(outside)
        for basis in Basis.values:
            by_theme = sum(c.value_pence for c in found.now.money if c.basis == basis)
            by_measure = sum(c.value_pence for c in found.now.cells if c.basis == basis)
            parts = sum(pence for key, pence in inside.items() if key[0] == basis)
            assert by_theme == by_measure == parts
        _assert_nothing_is_lost(scope, withheld, found, authors, at)
        for author in authors:
            own = positions(council_scope(author, SPAN, at)).now
            for basis in Basis.values:
                assert sum(c.value_pence for c in own.money if c.basis == basis) == sum(
                    e.value_pence
                    for e in entries
                    if e.basis == basis
                    and e.authority_id == author.organisation_id
                    and SPAN.first <= e.period <= SPAN.last
                )
            _assert_quantities(own.cells, author.organisation_id, entries)
    transaction.savepoint_rollback(point)


def _assert_nothing_is_lost(scope, withheld, found, authors, at):
    """Councils added up are the region's total, what lies outside a membership, and what is withheld."""
    members = {member.id for member in scope.members}
    for basis in Basis.values:
        councils = {
            author.organisation_id: total_pence(
                positions(council_scope(author, SPAN, at)).now, basis
            )
            for author in authors
            if author.organisation_id in members
        }
        kept_back = sum(pence for key, pence in councils.items() if key in withheld)
        outside = sum(c.value_pence for c in found.outside.authorities if c.basis == basis)
        assert sum(councils.values()) == total_pence(found.now, basis) + outside + kept_back


def _play(commitments, steps):
    posted = []
    for number, (which, period, quantity, pence, what, after) in enumerate(steps):
        moment = datetime.combine(BEGIN, datetime.min.time(), UTC) + timedelta(days=after, hours=11)
        with clock.at(moment):
            if what == "drain":
                drain()
            elif what == "correct" and posted:
                key = f"any:{number}:correct"
                entry = posted[which % len(posted)]
                posted += post_entries(actor=SYSTEM, postings=[reverse(entry, key, "A slip.")])
            else:
                posted += post_entries(
                    actor=SYSTEM,
                    postings=[
                        posting(
                            commitments[which],
                            period=period,
                            quantity=quantity,
                            value_pence=pence,
                            denominator=Decimal(1000),
                            key=f"any:{number}",
                        )
                    ],
                )
    drain()


def _entries(at):
    """Every entry, or those posted by the end of a day: by hand, in Python."""
    found = LedgerEntry.objects.order_by("id")
    if at is None:
        return list(found)
    return [e for e in found if e.posted_at.astimezone(clock.LONDON).date() <= at]


def _belongs(region, authority_id, month):
    return any(
        month_of(stint.from_on) <= month and (stint.to_on is None or month <= stint.to_on)
        for stint in region.memberships.filter(authority_id=authority_id)
    )


def _pence(cells: list[AuthorityCell]):
    return _without_nought({(c.basis, c.authority_id): c.value_pence for c in cells})


def _without_nought(sums):
    return {key: pence for key, pence in sums.items() if pence}


def _assert_quantities(cells, authority_id, entries):
    """A sum is the sum; the latest is that of the last month; a rate keeps both its parts."""
    for found in cells:
        own = [
            e
            for e in entries
            if (e.authority_id, e.measure_id, e.basis)
            == (authority_id, found.measure_id, found.basis)
            and SPAN.first <= e.period <= SPAN.last
        ]
        assert found.entries == len(own)
        if own[0].measure.aggregation == "last":
            last = max(e.period for e in own)
            assert found.quantity == sum(e.quantity for e in own if e.period == last)
        else:
            assert found.quantity == sum(e.quantity for e in own)
        assert found.denominator == sum(e.denominator or 0 for e in own)
