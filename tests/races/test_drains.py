"""Postings and drains at the same time: nothing is lost, nothing is counted twice."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from procurement.ledger.queries import has_pending, sums
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from reporting.rollups import services
from reporting.rollups.models import Cell
from socialvalue.core.actor import SYSTEM
from tests.factories.ledger import Promise, contract_with, measure, posting

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def commitments():
    return contract_with(*(Promise(measure(f"M{n}", theme_code=f"T{n % 2}")) for n in range(6)))[1]


def in_cells() -> Decimal:
    return sum(Cell.objects.values_list("quantity", flat=True), Decimal(0))


def test_two_drains_at_once_count_everything_once(together, commitments) -> None:
    for number in range(40):
        post_entries(
            actor=SYSTEM, postings=[posting(row, key=f"{number}:{row.pk}") for row in commitments]
        )
    together(*[services.drain] * 4)
    services.drain()
    assert services.reconcile().differences == []
    assert in_cells() == Decimal(40 * len(commitments) * 10)


def test_writers_and_drains_together_lose_nothing(together, commitments) -> None:
    def write(name: str):
        def deed() -> None:
            for number in range(25):
                post_entries(
                    actor=SYSTEM,
                    postings=[posting(row, key=f"{name}:{number}:{row.pk}") for row in commitments],
                )

        return deed

    def drain_often() -> None:
        for _ in range(30):
            services.drain()

    together(
        write("a"), write("b"), drain_often, drain_often, lambda: services.rebuild(actor=SYSTEM)
    )
    services.drain()
    assert not has_pending()
    assert services.reconcile().differences == []
    assert in_cells() == Decimal(2 * 25 * len(commitments) * 10)


def test_control_a_watermark_of_ids_loses_what_commits_late(together, commitments) -> None:
    """What the feed is for: ids are given before they are seen, so "everything above the last id" misses rows."""
    written, drained = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            post_entries(actor=SYSTEM, postings=[posting(commitments[0], key="slow")])
            written.set()
            drained.wait(10)

    def consume() -> int:
        from procurement.ledger.models import LedgerEntry

        written.wait(10)
        post_entries(actor=SYSTEM, postings=[posting(commitments[1], key="fast")])
        last_seen = LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]
        services.drain()
        drained.set()
        return last_seen

    _, last_seen = together(slow, consume)
    from procurement.ledger.models import LedgerEntry

    assert (
        LedgerEntry.objects.filter(pk__gt=last_seen).count() == 0
    )  # a watermark would read nothing more
    assert in_cells() == Decimal(10)
    services.drain()
    assert in_cells() == Decimal(20)
    assert services.reconcile().wrong == 0


def test_a_drain_that_is_cut_off_leaves_nothing_and_loses_nothing(commitments) -> None:
    """The work is done and never committed."""
    post_entries(actor=SYSTEM, postings=[posting(row) for row in commitments])

    with transaction.atomic():
        services.drain()
        assert Cell.objects.exists()
        transaction.set_rollback(True)
    assert not Cell.objects.exists()
    services.drain()
    assert services.reconcile().wrong == 0
    assert sum(row.quantity for row in sums(basis=Basis.COMMITTED)) == in_cells()


def test_a_second_message_does_not_queue_behind_a_drain_that_is_waited_for(
    together, commitments
) -> None:
    """One works, one waits; the third goes home at once, and what it would have drained is drained."""
    post_entries(actor=SYSTEM, postings=[posting(commitments[0])])
    held, release = threading.Event(), threading.Event()

    def hold_the_cube() -> None:
        from reporting.rollups.services.turns import turn_at_cube

        with turn_at_cube():
            held.set()
            release.wait(20)

    def waiter() -> services.DrainResult:
        held.wait(10)
        return services.drain()

    def third() -> services.DrainResult:
        held.wait(10)
        _until_somebody_waits()
        result = services.drain()
        release.set()
        return result

    _, waited, went_home = together(hold_the_cube, waiter, third)
    assert (waited.entries, went_home.entries) == (1, 0)
    assert services.reconcile().wrong == 0


def _until_somebody_waits() -> None:
    for _ in range(2_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND wait_event_type = 'Lock' AND pg_sleep(0.005) IS NOT NULL"
            )
            if cursor.fetchone()[0]:
                return
    pytest.fail("Nobody waited for the cube.")
