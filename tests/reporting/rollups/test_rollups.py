"""The cells say what the ledger says: after any postings, corrections, order of arrival, and number of drains."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.ledger import queries as ledger
from procurement.ledger.models import PendingPosting
from procurement.ledger.rules import Stretch, reverse
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from reporting.rollups import queries, services
from reporting.rollups.models import (
    Cell,
    CommitmentTotal,
    ContractCell,
    CubeVersion,
    RollupRun,
    ThemeCell,
)
from reporting.rollups.rules import LEVELS
from reporting.rollups.vocabulary import RunKind, RunState
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotAllowed
from tests.factories.accounts import actor_for_role
from tests.factories.ledger import Promise, contract_with, measure, posting

pytestmark = [pytest.mark.django_db, pytest.mark.owner]

MODELS = {
    "cell": Cell,
    "theme cell": ThemeCell,
    "commitment total": CommitmentTotal,
    "contract cell": ContractCell,
}


@pytest.fixture
def commitments():
    """Two authorities, two measures of one theme and one of another."""
    first, second, third = measure("M1"), measure("M2"), measure("M3", theme_code="T2")
    _, ours = contract_with(Promise(first), Promise(second), Promise(third))
    _, theirs = contract_with(Promise(first), Promise(third))
    return [*ours, *theirs]


def assert_cells_equal_ledger() -> None:
    """Every level against sums taken by another road: the ORM, straight from the rows."""
    for level in LEVELS:
        expected = {}
        by = tuple(key for key in level.keys if key != "basis")
        for basis in Basis:
            for row in ledger.sums(basis=basis, by=by):
                sums = {
                    "quantity": row.quantity,
                    "denominator": row.denominator,
                    "value_pence": row.value_pence,
                    "entries": row.entries,
                }
                expected[(basis.value, *row.key)] = tuple(sums[name] for name in level.sums)
        found = {
            (row["basis"], *(row[key] for key in by)): tuple(row[name] for name in level.sums)
            for row in MODELS[level.name].objects.values()
        }
        assert found == expected, level.name


def test_a_drain_fills_all_four_levels(commitments) -> None:
    one = commitments[0]
    post_entries(
        actor=SYSTEM,
        postings=[
            posting(one, quantity=Decimal("1.5"), value_pence=1_875),
            posting(one, quantity=Decimal("0.001"), value_pence=1),
        ],
    )
    assert queries.freshness().pending == 2
    done = services.drain()
    assert (done.postings, done.entries) == (1, 2)
    authority = one.contract.authority_id
    april = [Stretch((authority,), date(2025, 4, 1), date(2025, 4, 1))]
    cells = queries.measure_sums(april, ("basis", "measure_id"))
    assert [(c.key, c.quantity, c.value_pence, c.entries) for c in cells] == [
        (("committed", one.measure_id), Decimal("1.501"), 1_876, 2)
    ]
    themes = queries.theme_sums(april, ("basis", "theme_id"))
    assert [(c.key, c.value_pence) for c in themes] == [
        (("committed", one.measure.outcome.theme_id), 1_876)
    ]
    assert queries.commitment_totals([one.pk], Basis.COMMITTED)[one.pk].quantity == Decimal("1.501")
    assert (
        queries.contract_totals([one.contract_id], Basis.COMMITTED)[one.contract_id].value_pence
        == 1_876
    )
    assert queries.freshness().pending == 0


def test_each_basis_has_its_own_cells_and_what_was_never_posted_is_not_nought(commitments) -> None:
    one = commitments[0]
    post_entries(actor=SYSTEM, postings=[posting(one)])
    services.drain()
    assert queries.commitment_totals([one.pk], Basis.CLAIMED) == {}
    ever = [Stretch((one.contract.authority_id,), date.min, date.max)]
    assert [sums.key for sums in queries.theme_sums(ever, ("basis",))] == [("committed",)]


def test_the_first_and_last_day_of_a_period_count(commitments) -> None:
    one = commitments[0]
    post_entries(actor=SYSTEM, postings=[posting(one, period=date(2025, 6, 1))])
    services.drain()

    def found(first: date, last: date) -> int:
        stretch = Stretch((one.contract.authority_id,), first, last)
        return len(queries.measure_sums([stretch], ("basis", "measure_id")))

    assert found(date(2025, 6, 1), date(2025, 6, 1)) == 1
    assert found(date(2025, 6, 2), date(2025, 6, 30)) == 0
    assert found(date(2025, 4, 1), date(2025, 5, 31)) == 0


def test_an_empty_sweep_writes_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert services.drain() == services.DrainResult(0, 0)
    assert RollupRun.objects.count() == 0
    assert not CubeVersion.objects.exists()


def test_a_drain_run_again_changes_nothing(commitments) -> None:
    post_entries(actor=SYSTEM, postings=[posting(row) for row in commitments])
    services.drain()
    version = queries.cube_version()
    services.drain()
    services.drain()
    assert_cells_equal_ledger()
    assert queries.cube_version() == version
    assert RollupRun.objects.filter(kind=RunKind.DRAIN).count() == 1


def test_a_feed_larger_than_a_batch_is_drained_whole(commitments, monkeypatch) -> None:
    monkeypatch.setattr(import_module("reporting.rollups.services.drain"), "IDS_A_BATCH", 5)
    for _ in range(4):
        post_entries(actor=SYSTEM, postings=[posting(row) for row in commitments[:3]])
    done = services.drain()
    assert (done.postings, done.entries) == (4, 12)
    assert RollupRun.objects.filter(kind=RunKind.DRAIN).count() == 4
    assert_cells_equal_ledger()


def test_a_correction_takes_the_old_figure_out(commitments) -> None:
    one = commitments[0]
    (entry,) = post_entries(
        actor=SYSTEM, postings=[posting(one, quantity=Decimal(10), value_pence=100)]
    )
    services.drain()
    post_entries(
        actor=SYSTEM,
        postings=[
            reverse(entry, "test:reversal", "Counted twice."),
            posting(one, quantity=Decimal(4), value_pence=40, reason="Counted twice."),
        ],
    )
    services.drain()
    total = queries.commitment_totals([one.pk], Basis.COMMITTED)[one.pk]
    assert (total.quantity, total.value_pence, total.entries) == (Decimal(4), 40, 3)
    assert_cells_equal_ledger()


QUANTITIES = st.decimals("-99999999", "99999999", places=3, allow_nan=False, allow_infinity=False)
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("post"),
            st.lists(
                st.tuples(
                    st.integers(0, 4),
                    st.integers(0, 2),
                    QUANTITIES,
                    st.integers(-(10**11), 10**11),
                    QUANTITIES,
                ),
                min_size=1,
                max_size=6,
            ),
        ),
        st.tuples(st.just("correct"), st.integers(0, 30)),
        st.tuples(st.just("drain"), st.none()),
        st.tuples(st.just("rebuild"), st.none()),
        st.tuples(st.just("shuffle"), st.none()),
    ),
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_happens_cells_equal_the_recomputed_ledger(commitments, steps) -> None:
    months = [date(2025, 4, 1), date(2025, 7, 1), date(2026, 1, 1)]
    point = transaction.savepoint()
    posted = []
    for what, detail in steps:
        if what == "post":
            posted += post_entries(
                actor=SYSTEM,
                postings=[
                    posting(
                        commitments[c],
                        period=months[m],
                        quantity=q,
                        value_pence=pence,
                        denominator=d,
                    )
                    for c, m, q, pence, d in detail
                ],
            )
        elif what == "correct" and posted:
            entry = posted[detail % len(posted)]
            key = f"test:correct:{len(posted)}"
            posted += post_entries(actor=SYSTEM, postings=[reverse(entry, key, "A slip.")])
        elif what == "shuffle":
            _deliver_in_reverse()
        elif what == "rebuild":
            services.rebuild(actor=SYSTEM)
        else:
            services.drain()
        assert services.reconcile().differences == []
    services.drain()
    services.drain()
    assert_cells_equal_ledger()
    assert services.reconcile().wrong == 0
    transaction.savepoint_rollback(point)


def _deliver_in_reverse() -> None:
    """The feed as if the postings had arrived the other way round."""
    rows = list(PendingPosting.objects.order_by("-pk").values_list("entry_ids", "posted_at"))
    PendingPosting.objects.all().delete()
    for ids, at in rows:
        PendingPosting.objects.create(entry_ids=ids, posted_at=at)


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_a_tampered_cell_is_found_and_named_and_mended_by_a_rebuild(commitments, level) -> None:
    post_entries(actor=SYSTEM, postings=[posting(row) for row in commitments])
    services.drain()
    row = MODELS[level.name].objects.order_by("pk").first()
    MODELS[level.name].objects.filter(pk=row.pk).update(value_pence=row.value_pence + 1)
    result = services.reconcile()
    assert result.wrong == 1
    (found,) = result.differences
    assert found.level == level.name
    assert found.key[level.keys[0]] == str(getattr(row, level.keys[0]))
    assert found.in_cube["value_pence"] == found.in_ledger["value_pence"] + 1
    assert queries.last_reconcile().wrong_cells == 1
    assert not queries.last_reconcile().holds
    services.rebuild(actor=SYSTEM)
    assert services.reconcile().wrong == 0
    assert queries.last_reconcile().holds


@pytest.mark.parametrize("column", ["quantity", "denominator", "entries"])
def test_every_sum_of_a_cell_is_compared(commitments, column) -> None:
    post_entries(actor=SYSTEM, postings=[posting(commitments[0])])
    services.drain()
    cell = Cell.objects.get()
    step = Decimal("0.001") if column != "entries" else 1
    Cell.objects.update(**{column: getattr(cell, column) + step})
    assert [found.level for found in services.reconcile().differences] == ["cell"]


def test_a_cell_that_should_not_be_there_and_one_that_is_missing(commitments) -> None:
    post_entries(actor=SYSTEM, postings=[posting(commitments[0])])
    services.drain()
    ThemeCell.objects.all().delete()
    Cell.objects.create(
        basis="verified", authority_id=1, measure_id=1, period=date(2025, 4, 1),
        quantity=0, denominator=0, value_pence=0, entries=0,
    )  # fmt: skip
    found = {row.level: row for row in services.reconcile().differences}
    assert set(found) == {"cell", "theme cell"}
    assert found["cell"].in_ledger is None
    assert found["theme cell"].in_cube is None


def test_entries_in_the_feed_are_not_a_difference(commitments) -> None:
    post_entries(actor=SYSTEM, postings=[posting(commitments[0])])
    assert services.reconcile().wrong == 0
    services.rebuild(actor=SYSTEM)
    assert Cell.objects.count() == 0
    services.drain()
    assert_cells_equal_ledger()


def test_a_run_that_was_cut_off_is_closed_by_the_next_of_its_kind(commitments) -> None:
    dead = RollupRun.objects.create(
        kind=RunKind.REBUILD, state=RunState.RUNNING, started_at=clock.now()
    )
    other = RollupRun.objects.create(
        kind=RunKind.RECONCILE, state=RunState.RUNNING, started_at=clock.now()
    )
    services.rebuild(actor=SYSTEM)
    dead.refresh_from_db()
    other.refresh_from_db()
    assert (dead.state, dead.error) == (RunState.FAILED, "Cut off before it ended.")
    assert other.state == RunState.RUNNING


def test_a_failing_drain_leaves_a_run_with_its_error_and_loses_nothing(commitments) -> None:
    post_entries(actor=SYSTEM, postings=[posting(commitments[0])])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reporting_cell RENAME TO reporting_cell_away")
    try:
        with pytest.raises(Exception, match="reporting_cell"):
            services.drain()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE reporting_cell_away RENAME TO reporting_cell")
    run = RollupRun.objects.get()
    assert (run.state, "reporting_cell" in run.error) == (RunState.FAILED, True)
    services.drain()
    assert_cells_equal_ledger()


@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite plans by the rules of the query, not by old counts.",
)
def test_a_burst_is_taken_at_once_though_the_database_thinks_the_feed_empty() -> None:
    """The feed is empty most of its time, so that is what the planner was told last."""

    def wait(rows: int) -> None:
        feed = [PendingPosting(entry_ids=[0], posted_at=clock.now()) for _ in range(rows)]
        PendingPosting.objects.bulk_create(feed)

    wait(9_000)
    PendingPosting.objects.filter(pk__lt=PendingPosting.objects.latest("pk").pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE procurement_pendingposting")
        cursor.execute("SET LOCAL statement_timeout = '5s'")
    wait(1_999)
    assert services.drain().postings == 2_000


def test_old_drains_that_went_well_are_forgotten_by_the_nightly_run() -> None:
    now = clock.now()
    for days, state in ((31, "done"), (29, "done"), (31, "failed")):
        at = now - timedelta(days=days)
        RollupRun.objects.create(kind=RunKind.DRAIN, state=state, started_at=at, ended_at=at)
    services.reconcile()
    kept = (
        RollupRun.objects.filter(kind=RunKind.DRAIN).order_by("pk").values_list("state", flat=True)
    )
    assert list(kept) == ["done", "failed"]


@pytest.mark.parametrize("role", [Role.PROCUREMENT_OFFICER, Role.SUPPLIER_ADMIN, Role.AUDITOR])
def test_a_rebuild_is_not_for_everybody(role) -> None:
    with pytest.raises(NotAllowed):
        services.rebuild(actor=actor_for_role(role))
    assert RollupRun.objects.count() == 0


def test_the_command_drains_rebuilds_and_verifies(commitments, capsys) -> None:
    post_entries(actor=SYSTEM, postings=[posting(row) for row in commitments])
    call_command("rollup", "--json")
    assert capsys.readouterr().out == '{"postings": 1, "entries": 5}\n'
    call_command("rollup", "--verify")
    assert capsys.readouterr().out == "cells: 16\nwrong: 0\n"
    Cell.objects.filter(pk=Cell.objects.order_by("pk").first().pk).update(value_pence=1)
    with pytest.raises(CommandError) as stopped:
        call_command("rollup", "--verify")
    assert stopped.value.returncode == 1
    shown = capsys.readouterr()
    assert shown.out == "cells: 16\nwrong: 1\n"
    assert "cell of authority" in shown.err
    assert "value_pence=12500" in shown.err
    call_command("rollup", "--rebuild")
    assert capsys.readouterr().out == "Rebuilt from 5 entries.\n"
    call_command("rollup", "--verify", "--json")
    assert capsys.readouterr().out == '{"cells": 16, "wrong": 0, "differences": []}\n'
