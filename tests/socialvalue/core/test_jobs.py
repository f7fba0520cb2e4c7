"""Jobs that run in this process: on commit, in order, and not at all when the transaction is taken back."""

from __future__ import annotations

import pytest
from django.db import transaction

from reporting.rollups import queries as rollups
from socialvalue.core.jobs import enqueue_on_commit, run_inline


@pytest.mark.django_db(transaction=True)
def test_inside_the_block_a_job_runs_here_when_the_transaction_commits():
    with run_inline(), transaction.atomic():
        enqueue_on_commit("reporting.rollups.tasks.reconcile")
        assert rollups.last_reconcile() is None
    found = rollups.last_reconcile()
    assert found is not None


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_taken_back_starts_no_job():
    with run_inline(), transaction.atomic():
        enqueue_on_commit("reporting.rollups.tasks.reconcile")
        transaction.set_rollback(True)
    assert rollups.last_reconcile() is None


@pytest.mark.django_db(transaction=True)
def test_an_error_of_a_job_comes_out_of_the_commit():
    with run_inline(), pytest.raises(TypeError), transaction.atomic():
        enqueue_on_commit("reporting.rollups.tasks.reconcile", "one argument too many")


@pytest.mark.django_db
def test_an_unknown_job_is_refused_at_once():
    with run_inline(), pytest.raises(KeyError):
        enqueue_on_commit("reporting.rollups.tasks.no_such_job")
