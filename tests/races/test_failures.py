"""What may go wrong under the totals while people post: nothing is lost, nothing counts twice, nobody has to help.

Each test says that its attack bit: a transaction was really cut off, a message really went, one came twice.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from procurement.awards.models import Commitment
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import has_pending, pending_count
from reporting.rollups import services
from reporting.rollups.models import RollupRun
from reporting.rollups.rules import LEVELS
from reporting.rollups.services import sql
from reporting.rollups.services.drain import _take
from reporting.rollups.services.turns import CUBE_LOCK
from socialvalue.core.actor import SYSTEM
from socialvalue.core.jobs import enqueue_on_commit
from tests.factories.ledger import Promise, contract_with, measure
from tests.races.crew import (
    Cluster,
    Crew,
    Process,
    broker,
    holder_of_the_cube,
    outcome,
    pause,
    until,
    waiting_messages,
)
from tests.races.writing import Book, batch, check, post, writing

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

DRAIN = "reporting.rollups.tasks.drain"
SEED = 20261122
KILLS = 32
KILLS_A_WORKER = 7
FEWEST_CUT = 5
STOPS = 3


@pytest.fixture
def commitments() -> list[Commitment]:
    return made_commitments()


def made_commitments() -> list[Commitment]:
    """Six contracts of six authorities, in three themes."""
    measures = [measure(f"M{n}", theme_code=f"T{n % 3}") for n in range(8)]
    return [
        commitment
        for _ in range(6)
        for commitment in contract_with(*(Promise(one) for one in measures))[1]
    ]


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    yield cluster
    cluster.remove()


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    def aloud(sentence: str) -> None:
        with capsys.disabled():
            print(f"\n  {sentence}")

    return aloud


def strike(chance: random.Random) -> str | None:
    """Wait for a moment: any at all, or a little after a drain has begun to write. Gives the drain at work then."""
    if chance.random() < 0.3:
        pause(chance.uniform(0, 0.4))
    else:
        until(lambda: holder_of_the_cube(CUBE_LOCK), "a drain at work")
        pause(chance.uniform(0, 0.01))
    return holder_of_the_cube(CUBE_LOCK)


def test_workers_killed_at_random_moments(
    crew: Crew, commitments: list[Commitment], say: Callable[[str], None]
) -> None:
    """kill -9 to the processes that drain, and each time in a while to the whole worker."""
    chance = random.Random(SEED)  # noqa: S311 - attacks that can be made again
    kills = 0
    struck: list[str | None] = []
    crew.beat()
    with writing(commitments, seed=SEED) as books:
        while kills < KILLS:
            worker = crew.worker(children=2)
            for _ in range(KILLS_A_WORKER - 1):
                before = worker.children()
                struck.append(strike(chance))
                kills += bool(worker.kill_children())
                until(lambda: set(worker.children()) - set(before), "a new child")  # noqa: B023
            struck.append(strike(chance))
            worker.kill()
            kills += 1
        crew.worker(children=2)
        cut = [number for number in struck if number and outcome(number) == "aborted"]
    book = check(*books)
    say(f"seed {SEED}: {kills} kills, {len(cut)} drains cut off, {book.entries:,} entries, 0 wrong")
    assert kills >= KILLS
    assert len(cut) >= FEWEST_CUT


def test_control_taking_and_adding_in_two_transactions_loses_what_a_kill_cuts(
    commitments: list[Commitment],
) -> None:
    """The same kill against a drain that commits in between: and the comparison of cells with ledger finds it."""
    book = Book()
    post(book, batch(commitments, random.Random(SEED)))  # noqa: S311
    reading, writing_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        # In the child: a connection of its own; it ends by the kill.
        connection.connection = None
        with transaction.atomic():
            _take()
        os.write(writing_end, b"taken")
        signal.pause()
    assert os.read(reading, 5) == b"taken"
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    services.drain()
    assert not has_pending()
    assert services.reconcile().wrong > 0
    services.rebuild(actor=SYSTEM)
    check(book)


def test_a_lost_message_is_made_good_by_the_clock(
    crew: Crew, commitments: list[Commitment]
) -> None:
    book, chance = Book(), random.Random(SEED)  # noqa: S311
    for _ in range(5):
        post(book, batch(commitments, chance))
    assert waiting_messages() == 5
    broker().flushdb()
    crew.worker()
    enqueue_on_commit("reporting.rollups.tasks.reconcile")
    until(lambda: RollupRun.objects.filter(kind="reconcile", state="done").exists(), "another job")
    assert pending_count() == book.entries, "The worker works, and nobody told it of these."
    crew.beat()
    check(book)


def test_every_message_delivered_twice_to_two_workers(
    crew: Crew, commitments: list[Commitment], say: Callable[[str], None]
) -> None:
    """Four processes drain at once. Whoever added what a message announces would count it twice."""
    book, chance = Book(), random.Random(SEED)  # noqa: S311
    for _ in range(60):
        post(book, batch(commitments, chance))
    messages = broker().lrange("celery", 0, -1)
    assert len(messages) == 60
    broker().rpush("celery", *messages)
    workers = [crew.worker(children=2), crew.worker(children=2)]
    with writing(commitments, seed=SEED) as books:
        until(lambda: sum(worker.received(DRAIN) for worker in workers) >= 120, "every message")
        waited = until(_two_at_once, "two drains at once")
    check(book, *books)
    say(f"{sum(worker.received(DRAIN) for worker in workers)} messages, 60 of them twice, 0 wrong")
    assert waited


def _two_at_once() -> bool:
    """One changes the cells, another waits for its turn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE datname = current_database() AND locktype = 'advisory' AND objid = %s AND NOT granted",
            [CUBE_LOCK],
        )
        return bool(cursor.fetchone()[0])


def test_redis_flushed_while_people_post(
    crew: Crew, commitments: list[Commitment], say: Callable[[str], None]
) -> None:
    """Nobody who posts hears of it, and what the lost messages announced is drained."""
    chance = random.Random(SEED)  # noqa: S311
    worker = crew.worker(children=2)
    crew.beat()
    lost = 0
    with writing(commitments, seed=SEED) as books:
        for _ in range(6):
            worker.signal(signal.SIGSTOP)
            until(lambda: waiting_messages() > 3, "messages that wait")
            lost += waiting_messages()
            broker().flushdb()
            worker.signal(signal.SIGCONT)
            pause(chance.uniform(0, 0.5))
    book = check(*books)
    say(f"about {lost} messages lost, {book.entries:,} entries, 0 wrong")
    assert lost > 20


def test_the_database_stopped_at_once_while_postings_are_drained(
    cluster: Cluster, tmp_path: Path, say: Callable[[str], None]
) -> None:
    """It recovers; a posting whose answer was lost is sent again and refused by its key; the rest drains by itself."""
    crew = Crew(tmp_path)
    try:
        commitments = made_commitments()
        worker = crew.worker(children=2)
        crew.beat()
        cut = []
        with writing(commitments, seed=SEED) as books:
            for _ in range(STOPS):
                cut.append(_held_at_work(worker))
                cluster.stop_at_once()
                worker.signal(signal.SIGCONT)
                connection.close()
                cluster.start()
                until(_is_writing_again(books), "a writer who writes again")
            outcomes = [outcome(number) for number in cut]
        book = check(*books)
        say(
            f"{STOPS} stops, each with a drain cut off, {book.entries:,} entries, "
            f"{book.again} batches sent twice, 0 wrong"
        )
        assert outcomes == ["aborted"] * STOPS
    finally:
        crew.stop()


def _held_at_work(worker: Process) -> str:
    """The worker stopped where it stands, in the middle of a transaction that changes the cells: its number."""
    while True:
        until(lambda: holder_of_the_cube(CUBE_LOCK), "a drain at work")
        worker.signal(signal.SIGSTOP)
        # What it sent last is done before this is asked again.
        pause(0.05)
        if number := holder_of_the_cube(CUBE_LOCK):
            return number
        worker.signal(signal.SIGCONT)


def _is_writing_again(books: list[Book]) -> Callable[[], bool]:
    before = sum(book.entries for book in books)
    return lambda: sum(book.entries for book in books) > before


def test_totals_made_again_while_people_post(crew: Crew, commitments: list[Commitment]) -> None:
    crew.worker(children=2)
    crew.beat()
    with writing(commitments, seed=SEED) as books:
        runs = [services.rebuild(actor=SYSTEM).entries for _ in range(8)]
    book = check(*books)
    assert runs[0] < runs[-1] <= book.entries, "People posted between the first and the last."


def test_control_totals_made_of_every_entry_count_those_that_wait_twice(
    commitments: list[Commitment],
) -> None:
    book = Book()
    post(book, batch(commitments, random.Random(SEED)))  # noqa: S311
    sql.run([sql.insert(level, sql.LEDGER, "TRUE") for level in LEVELS])
    services.drain()
    assert services.reconcile().wrong > 0
    assert LedgerEntry.objects.count() == book.entries
    services.rebuild(actor=SYSTEM)
    check(book)
