"""A number given out before a seal and committed after it would stand under no seal: the seal waits for its writer."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection, transaction

from socialvalue.audit.models import AuditRecord, DailySeal
from socialvalue.audit.queries.seals import verify_seals
from socialvalue.audit.services import record, seal_day
from socialvalue.audit.services import seals as sealing
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import AuthorityFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="SQLite has one writer at a time: no number is given out before another is there.",
    ),
]
NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)


def write(sentence: str) -> int:
    with transaction.atomic():
        record(actor=SYSTEM, deed="tested", sentence=sentence, target=AuthorityFactory())
    return AuditRecord.objects.get(sentence=sentence).pk


class SlowWriter(threading.Thread):
    """Writes a deed, and ends its transaction when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.has_written, self.may_end = threading.Event(), threading.Event()

    def run(self) -> None:
        try:
            with transaction.atomic():
                record(actor=SYSTEM, deed="tested", sentence="Slow.", target=self.target)
                self.has_written.set()
                self.may_end.wait(30)
        finally:
            connection.close()


@pytest.fixture
def writer():
    made = SlowWriter()
    made.target = AuthorityFactory()
    made.start()
    assert made.has_written.wait(30)
    yield made
    made.may_end.set()
    made.join()


def seal_elsewhere(found: list) -> threading.Thread:
    def run() -> None:
        try:
            with clock.at(NOON):
                found.append(seal_day(actor=SYSTEM))
        except OperationalError as error:
            found.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def is_waited_for() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE datname = current_database() AND mode = 'ShareLock' AND NOT granted"
        )
        return bool(cursor.fetchone()[0])


def test_a_seal_waits_for_who_is_writing(writer):
    later = write("Later, and quicker.")
    found: list = []
    thread = seal_elsewhere(found)
    for _ in range(10_000):
        if is_waited_for():
            break
    assert DailySeal.objects.count() == 0
    writer.may_end.set()
    thread.join(30)
    writer.join(30)
    slow = AuditRecord.objects.get(sentence="Slow.").pk
    assert slow < later
    part = next(part for part in found[0].parts if part.source == "deeds")
    assert part.count == AuditRecord.objects.count()
    assert verify_seals().fault is None


def test_the_control_without_waiting_the_row_stands_under_no_seal(writer, monkeypatch):
    monkeypatch.setattr(sealing, "_settled_id", lambda source: source.newest_id())
    write("Later, and quicker.")
    with clock.at(NOON):
        seal_day(actor=SYSTEM)
    writer.may_end.set()
    writer.join(30)
    found = verify_seals().fault
    assert found is not None
    assert found.row_id == AuditRecord.objects.get(sentence="Slow.").pk


def test_who_writes_for_long_is_not_held_up_for_long(writer, monkeypatch):
    monkeypatch.setattr(sealing, "PATIENCE", "50ms")
    with clock.at(NOON), pytest.raises(OperationalError, match="lock timeout"):
        seal_day(actor=SYSTEM)
    assert DailySeal.objects.count() == 0
    write("Meanwhile.")
