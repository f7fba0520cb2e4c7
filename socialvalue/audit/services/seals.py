"""Making the daily seal: what was written since the one before, under one digest that names the one before."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from django.db import IntegrityError, connection, transaction

from socialvalue.audit.models import DailySeal, SealMarks
from socialvalue.audit.queries.seals import (
    SealedSource,
    digest_of,
    ends_of_chain,
    newest_seal,
    sealed_sources,
)
from socialvalue.audit.rules import Part, PartDigest, Seal, part_told, seal_digest
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed

SEALED_FROM = time(2)
"""The hour in London from which a day is sealed."""
PATIENCE = "3s"
"""How long writers are waited for. Whoever writes meanwhile waits too, so it is short; the job comes again."""


def seal_day(*, actor: Actor) -> Seal | None:
    """Seal everything written since the last seal; once a day, from two in the morning. The seal, or None before then.

    Twice on one day is once: the seal of the day is given back. On PostgreSQL it waits until nobody is writing in a
    table, so that no row with a lower number comes after its seal; OperationalError when somebody writes for long.
    """
    if not actor.is_system:
        raise NotAllowed("Seals are made by the system.")
    now = clock.now()
    if now.astimezone(clock.LONDON).time() < SEALED_FROM:
        return None
    before = newest_seal()
    if before and before.day >= clock.today():
        return before
    ends = ends_of_chain()
    made = [_part(source, ends.get(source.name, 0)) for source in sealed_sources()]
    seal = Seal(
        number=before.number + 1 if before else 1,
        day=clock.today(),
        made_at=now,
        parts=tuple(part for part, _ in made),
        previous_digest=before.digest if before else "",
    )
    seal = replace(seal, digest=seal_digest(seal))
    try:
        _keep(seal, made)
    except IntegrityError:
        # Another worker sealed the same day in the meantime.
        return newest_seal()
    return seal


def _part(source: SealedSource, after_id: int) -> tuple[Part, PartDigest]:
    last_id = max(_settled_id(source), after_id)
    digest = digest_of(source, after_id, last_id, source.columns)
    part = Part(source.name, source.columns, after_id, last_id, digest.count, digest.hexdigest())
    return part, digest


@transaction.atomic
def _settled_id(source: SealedSource) -> int:
    """The highest number below which nothing can come any more.

    SQLite has one writer at a time, so every lower number is there. On PostgreSQL numbers are given out before their
    transactions end: the lock is granted when every writer of the table has finished. One table at a time, and let go
    at once: who holds two would stand in the way of a deed that writes in both.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            cursor.execute("SELECT audit_wait_for_writers(%s)", [source.table])
    return source.newest_id()


@transaction.atomic
def _keep(seal: Seal, made: list[tuple[Part, PartDigest]]) -> None:
    DailySeal.objects.create(
        number=seal.number,
        day=seal.day,
        made_at=seal.made_at,
        parts=[part_told(part) for part in seal.parts],
        previous_digest=seal.previous_digest,
        digest=seal.digest,
    )
    for part, digest in made:
        if digest.count:
            SealMarks.objects.create(
                number=seal.number, source=part.source, marks=bytes(digest.marks)
            )
