"""The whole road with a real worker: a claim is sent here, the worker drains it there, and the cell says so."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from procurement.ledger.vocabulary import Basis
from procurement.verifications.services import verify_claim
from reporting.rollups import queries, services
from reporting.rollups.models import RollupRun
from tests.factories.deliveries import World, claim, world

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 60


@pytest.fixture
def worker(tmp_path):
    """A Celery worker of our own, on the database of these tests and the broker of this run."""
    name = connection.settings_dict["NAME"]
    head, _, query = os.environ["DATABASE_URL"].partition("?")
    address = head.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")
    log = (tmp_path / "worker.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "socialvalue.celery", "worker",
         "--pool=solo", "--loglevel=INFO", "--without-gossip", "--without-mingle"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address, "SV_VAR": str(settings.VAR), "SV_ENV": "test"},
        stdout=log,
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        wait_until(
            lambda: b" ready." in Path(log.name).read_bytes(), "the worker is ready", process
        )
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def wait_until(condition: Callable[[], bool], what: str, process: subprocess.Popen) -> None:
    """Ask again until it is so; fail with a sentence when it takes too long or the worker has gone."""
    last = time.monotonic() + LONGEST_SECONDS
    while not condition():
        assert process.poll() is None, "The worker has ended."
        assert time.monotonic() < last, f"Waited {LONGEST_SECONDS} seconds for: {what}."
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.02)")


def verified(w: World) -> Decimal | None:
    found = queries.commitment_totals([w.hours.pk], Basis.VERIFIED).get(w.hours.pk)
    return found.quantity if found else None


def test_a_posting_is_in_the_cells_after_its_commit_without_anybody_asking(worker) -> None:
    w = world()
    sent = claim(w.claimant, w.hours, quantity=Decimal("7.5"))
    verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    wait_until(lambda: verified(w) == Decimal("7.5"), "the verified cell", worker)
    wait_until(lambda: queries.freshness().is_current, "an empty feed", worker)
    assert services.reconcile().wrong == 0
    assert RollupRun.objects.filter(state="failed").count() == 0
    run = RollupRun.objects.filter(kind="drain").first()
    assert run.lag_ms is not None


@pytest.fixture(autouse=True)
def _on_postgres_with_a_broker():
    if connection.vendor != "postgresql":
        pytest.skip(
            "A worker shares PostgreSQL with the test; SQLite's test database lives in this process."
        )
