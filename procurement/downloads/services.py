"""A long table is asked for by a person and written by a job.

A job may be killed at any moment and started again by the clock. It takes its row by a compare and set, so of two
messages one finds nothing to do.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q

from procurement.downloads.models import LongFile
from procurement.downloads.queries import actor_of, old_files
from procurement.downloads.rules import GIVEN_UP_AFTER, MOST_WAITING, SILENT_FOR
from procurement.downloads.vocabulary import LIVE, DownloadDeed, FileStatus, LongList
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, DomainError, NotAllowed, RuleBroken
from socialvalue.core.jobs import enqueue_on_commit
from socialvalue.core.purging import Purge
from socialvalue.core.sheets import to_xlsx
from socialvalue.core.stores import store_errors
from socialvalue.core.tables import Table

logger = logging.getLogger(__name__)
TableOf = Callable[[Actor, str], Table]
"""The table of a room, as this person may see it, by the filters of its list."""
NO_SEAT = "The person who asked for this no longer works for your organisation here."
BROKEN = "This service could not write the file. Make it again, or ask whoever runs the service."
CUT_OFF = "It was stopped again and again before it was written. Narrow the list and make it again."


def ask_file(
    *, actor: Actor, what: LongList, name: str, asked: str, rows: int, counts_only: bool = False
) -> LongFile:
    """Have a long list written as an Excel file, narrowed by ``asked``: the filters in its address.

    Asked twice it is one file while it is written. RuleBroken for more than a few at once, NotAllowed for whoever acts
    for no organisation.
    """
    if actor.organisation_id is None:
        raise NotAllowed("Only somebody who acts for an organisation can ask for a file.")
    mine = LongFile.objects.filter(
        asked_by_id=actor.person_id, organisation_id=actor.organisation_id, status__in=LIVE
    )
    same = mine.filter(what=what, asked_hash=_hash(asked), counts_only=counts_only)
    if found := same.first():
        return found
    if mine.count() >= MOST_WAITING:
        raise RuleBroken(f"{MOST_WAITING} files of yours are being written. Wait for one of them.")
    try:
        with transaction.atomic():
            return _ask(actor, what, name, asked, rows, counts_only=counts_only)
    except IntegrityError as error:
        # The same button pressed twice in one instant: the other one's file is ours.
        if found := same.first():
            return found
        raise Conflict("The same was asked for a moment ago. Press the button again.") from error


def _hash(asked: str) -> str:
    return hashlib.sha256(asked.encode()).hexdigest()


def _ask(
    actor: Actor, what: LongList, name: str, asked: str, rows: int, *, counts_only: bool
) -> LongFile:
    file = LongFile.objects.create(
        what=what,
        asked=asked,
        asked_hash=_hash(asked),
        name=name,
        rows=rows,
        counts_only=counts_only,
        organisation_id=actor.organisation_id or 0,
        asked_by_id=actor.person_id,
        asked_at=clock.now(),
    )
    record(
        actor=actor,
        deed=DownloadDeed.FILE_ASKED,
        sentence=f"Asked for the file {name}.xlsx with {rows:,} rows.",
        target=file,
        after={"rows": rows},
    )
    _enqueue(file.pk, what)
    return file


def _enqueue(file_id: int, what: str) -> None:
    """The job of the room whose list it is."""
    if what == LongList.CLAIMS:
        enqueue_on_commit("procurement.deliveries.tasks.write_claims", file_id)
    else:
        enqueue_on_commit("procurement.ledger.tasks.write_entries", file_id)


# --- the life of a job ----------------------------------------------------------------------------


def write_file(*, actor: Actor, file_id: int, table_of: TableOf) -> None:
    """Write what was asked for, in the name of whoever asked and as they may see it now.

    NotAllowed for a person: people ask, jobs write. Does nothing when it is written, or another worker is at it.
    """
    if not actor.is_system:
        raise NotAllowed("Long files are written by a job.")
    file = _claim(file_id)
    if file is None:
        return
    try:
        _write(file, table_of)
    except DomainError as error:
        _finish(file, FileStatus.FAILED, problem=error.message[:500])
    except OperationalError:
        # A database that is away is left to the clock, which starts the job again.
        raise
    except Exception:
        # A job that ends in silence leaves the person looking at a page that never moves.
        logger.exception("The file %s could not be written.", file.pk)
        _finish(file, FileStatus.FAILED, problem=BROKEN)


def _write(file: LongFile, table_of: TableOf) -> None:
    person = actor_of(file)
    if person is None:
        raise NotAllowed(NO_SEAT)
    table = table_of(person, file.asked)
    LongFile.objects.filter(pk=file.pk).update(rows=len(table.rows), started_at=clock.now())
    content = to_xlsx(table.counts_only() if file.counts_only else table, tell=_teller(file.pk))
    file.file.save(f"{file.name}.xlsx", ContentFile(content), save=False)
    kept, rows = file.file.name or "", len(table.rows)
    if not _finish(file, FileStatus.READY, done=rows, rows=rows, file=kept, size=len(content)):
        # Another worker was thought needed, and was first.
        file.file.storage.delete(kept)


def _claim(file_id: int) -> LongFile | None:
    now = clock.now()
    free = Q(status=FileStatus.WAITING) | Q(
        status=FileStatus.WRITING, started_at__lt=now - SILENT_FOR
    )
    taken = LongFile.objects.filter(free, pk=file_id).update(
        status=FileStatus.WRITING, started_at=now, done=0
    )
    return LongFile.objects.select_related("asked_by").get(pk=file_id) if taken else None


def _teller(file_id: int) -> Callable[[int], object]:
    """Says how far the job is, and that it lives."""
    rows = LongFile.objects.filter(pk=file_id, status=FileStatus.WRITING)
    return lambda done: rows.update(done=done, started_at=clock.now())


def _finish(row: LongFile, status: FileStatus, **changes: str | int) -> int:
    return LongFile.objects.filter(pk=row.pk, status=FileStatus.WRITING).update(
        status=status, finished_at=clock.now(), **changes
    )


@transaction.atomic
def restart_silent_files(*, actor: Actor) -> int:
    """Start again the jobs that fell silent: their worker was killed, or a message was lost. How many were started.

    One that was asked for long ago and never ended is given up. NotAllowed for a person: the clock does it.
    """
    if not actor.is_system:
        raise NotAllowed("Jobs that fell silent are started again by the clock.")
    now = clock.now()
    silent = LongFile.objects.filter(
        Q(status=FileStatus.WAITING, asked_at__lt=now - SILENT_FOR)
        | Q(status=FileStatus.WRITING, started_at__lt=now - SILENT_FOR)
    )
    silent.filter(asked_at__lt=now - GIVEN_UP_AFTER).update(
        status=FileStatus.FAILED, problem=CUT_OFF, finished_at=now
    )
    found = list(silent.order_by("pk").values_list("pk", "what"))
    for pk, what in found:
        logger.warning("The file %s has fallen silent and is started again.", pk)
        _enqueue(pk, what)
    return len(found)


def remove_old_files(*, actor: Actor) -> int:
    """Remove the files whose time is over, each by itself; how many. NotAllowed for a person: the clock does it."""
    if not actor.is_system:
        raise NotAllowed("Old files are removed by the clock.")
    removed = 0
    for row in old_files():
        try:
            if row.file:
                row.file.delete(save=False)
            row.delete()
            removed += 1
        except store_errors():
            logger.exception("The file %s could not be removed from the store.", row.pk)
    return removed


PURGES = (
    Purge(
        "long_files",
        "long lists written as files",
        lambda: old_files().count(),
        remove_old_files,
    ),
)
