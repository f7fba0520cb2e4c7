"""The files that a person asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from procurement.downloads.models import LongFile
from procurement.downloads.permissions import can_see
from procurement.downloads.vocabulary import LIVE, FileStatus
from socialvalue.accounts.queries import actor_in, seats_of
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.purging import days_kept, kept_since
from socialvalue.core.stores import store_errors

if TYPE_CHECKING:
    from django.db.models import QuerySet

LOOKS = {
    FileStatus.WAITING: "not_started",
    FileStatus.WRITING: "in_progress",
    FileStatus.READY: "completed",
    FileStatus.FAILED: "missed",
}


@dataclass(frozen=True, slots=True)
class FileView:
    """How far a file is, and until when it is kept."""

    id: int
    name: str
    status: str
    status_label: str
    look: str
    rows: int
    done: int
    size: int
    problem: str
    asked_at: datetime
    kept_until: datetime | None
    counts_only: bool

    @property
    def is_at_work(self) -> bool:
        return self.status in LIVE

    @property
    def is_ready(self) -> bool:
        return self.status == FileStatus.READY


def files_of(actor: Actor) -> QuerySet[LongFile]:
    """The person's own, for the organisation acted for, latest first."""
    own = LongFile.objects.filter(
        asked_by_id=actor.user_id or 0, organisation_id=actor.organisation_id or 0
    )
    return own.order_by("-pk")


def old_files() -> QuerySet[LongFile]:
    """Those whose time is over. Read by the clock alone, for nobody in particular."""
    return LongFile.objects.filter(finished_at__lt=kept_since("long_files")).order_by("pk")


def file_view(actor: Actor, file_id: int) -> FileView:
    """NotVisible for somebody else's."""
    return view_of(_file(actor, file_id))


def view_of(row: LongFile) -> FileView:
    status = FileStatus(row.status)
    return FileView(
        id=row.pk,
        name=f"{row.name}.xlsx",
        status=row.status,
        status_label=str(status.label),
        look=LOOKS[status],
        rows=row.rows,
        done=row.done,
        size=row.size,
        problem=row.problem,
        asked_at=row.asked_at,
        kept_until=row.finished_at + timedelta(days=days_kept("long_files"))
        if row.finished_at
        else None,
        counts_only=row.counts_only,
    )


def file_content(actor: Actor, file_id: int) -> tuple[str, bytes]:
    """Name and bytes. NotVisible for somebody else's, and while there is nothing to give."""
    row = _file(actor, file_id)
    if row.status != FileStatus.READY:
        raise NotVisible("The file is not written yet.")
    try:
        with row.file.open("rb") as kept:
            return f"{row.name}.xlsx", kept.read()
    except store_errors() as error:
        raise NotVisible("The file is not kept any more. Make it again from its list.") from error


def _file(actor: Actor, file_id: int) -> LongFile:
    row = LongFile.objects.filter(pk=file_id).first()
    if row is None or not can_see(actor, row):
        raise NotVisible
    return row


def actor_of(row: LongFile) -> Actor | None:
    """Whoever asked, as they are allowed today; None when they work there no more."""
    for seat in seats_of(row.asked_by_id):
        if seat.organisation_id == row.organisation_id:
            return actor_in(row.asked_by, seat)
    return None
