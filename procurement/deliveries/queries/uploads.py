"""Files of claims that were sent: for their supplier and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from procurement.deliveries.models import Claim, ClaimUpload
from procurement.deliveries.vocabulary import ClaimStatus, UploadStatus
from socialvalue.accounts.permissions import is_supplier
from socialvalue.accounts.queries import actor_in, seats_of
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import from_pence

DECIDED = (ClaimStatus.VERIFIED, ClaimStatus.RETURNED, ClaimStatus.REJECTED)
LOOKS = {
    UploadStatus.CHECKING: "in_progress",
    UploadStatus.FAULTY: "returned",
    UploadStatus.READY: "evaluated",
    UploadStatus.POSTING: "in_progress",
    UploadStatus.POSTED: "finished",
    UploadStatus.UNDOING: "in_progress",
    UploadStatus.UNDONE: "taken_back",
}
"""Keys of the status component, where they are not those of the status."""
RUNNING = (UploadStatus.CHECKING, UploadStatus.POSTING, UploadStatus.UNDOING)


@dataclass(frozen=True, slots=True)
class UploadView:
    """A file that was sent, as its page and the list show it."""

    id: int
    name: str
    status: str
    version: int
    contract_id: int | None
    contract_title: str
    size: int
    sha256: str
    rows: int
    done: int
    faults: int
    problem: str
    preview: dict[str, Any]
    uploaded_at: datetime
    uploaded_by: str
    sent_at: datetime | None
    sent_by: str
    undone_at: datetime | None
    undone_by: str
    has_answer: bool
    decided: int

    @property
    def status_label(self) -> str:
        return UploadStatus(self.status).label

    @property
    def look(self) -> str:
        return LOOKS.get(UploadStatus(self.status), self.status)

    @property
    def problems(self) -> list[list[str]]:
        """The first faults: the cell, and what is wrong with it."""
        return list(self.preview.get("problems", ()))

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING

    @property
    def may_send(self) -> bool:
        return self.status == UploadStatus.READY

    @property
    def may_drop(self) -> bool:
        return self.status in (UploadStatus.READY, UploadStatus.FAULTY, UploadStatus.FAILED)

    @property
    def may_undo(self) -> bool:
        return self.status == UploadStatus.POSTED and not self.decided

    @property
    def pence(self) -> int:
        return sum(part["pence"] for part in self.preview.get("contracts", ()))

    @property
    def value(self) -> Decimal:
        return from_pence(self.pence)

    @property
    def contracts(self) -> list[dict[str, Any]]:
        """The sums with their £ as pounds; None for what is counted and not valued."""
        return [
            part
            | {
                "value": from_pence(part["pence"]),
                "measures": [
                    row
                    | {
                        "value": None if row["pence"] is None else from_pence(row["pence"]),
                        "lines": [tuple(line) for line in row.get("working", ())],
                    }
                    for row in part["measures"]
                ],
            }
            for part in self.preview.get("contracts", ())
        ]


def visible_uploads(actor: Actor) -> QuerySet[ClaimUpload]:
    """Files of the actor's supplier: nobody else sees one, the authority sees the claims that it becomes."""
    if not is_supplier(actor):
        return ClaimUpload.objects.none()
    return ClaimUpload.objects.filter(supplier_id__in=actor.organisation_ids)


def uploads_of(actor: Actor, contract_id: int | None = None) -> list[UploadView]:
    """The newest 50 files, without what they come to."""
    rows = visible_uploads(actor).defer("preview")
    if contract_id is not None:
        rows = rows.filter(contract_id=contract_id)
    people = rows.select_related("contract", "uploaded_by", "sent_by", "undone_by")
    return [_view(row, decided=0, preview={}) for row in people[:50]]


def upload_view(actor: Actor, upload_id: int) -> UploadView:
    """One file with what it comes to. NotVisible for anybody but its supplier."""
    rows = visible_uploads(actor).select_related("contract", "uploaded_by", "sent_by", "undone_by")
    row = rows.filter(pk=upload_id).first()
    if row is None:
        raise NotVisible
    decided = 0
    if row.status == UploadStatus.POSTED:
        decided = Claim.objects.filter(upload_id=row.pk, status__in=DECIDED).count()
    return _view(row, decided=decided, preview=row.preview or {})


def _view(row: ClaimUpload, *, decided: int, preview: dict[str, Any]) -> UploadView:
    return UploadView(
        id=row.pk,
        name=row.name,
        status=row.status,
        version=row.version,
        contract_id=row.contract_id,
        contract_title=row.contract.title if row.contract else "",
        size=row.size,
        sha256=row.sha256,
        rows=row.rows,
        done=row.done,
        faults=row.faults,
        problem=row.problem,
        preview=preview,
        uploaded_at=row.uploaded_at,
        uploaded_by=str(row.uploaded_by),
        sent_at=row.sent_at,
        sent_by=str(row.sent_by or ""),
        undone_at=row.undone_at,
        undone_by=str(row.undone_by or ""),
        has_answer=bool(row.answer),
        decided=decided,
    )


def upload_file(actor: Actor, upload_id: int, *, answer: bool) -> tuple[str, bytes]:
    """The name and bytes of a file as it was sent, or of the supplier's copy with what is to be mended."""
    row = visible_uploads(actor).filter(pk=upload_id).first()
    if row is None or (answer and not row.answer):
        raise NotVisible
    try:
        with (row.answer if answer else row.file).open("rb") as stored:
            return row.name, stored.read()
    except FileNotFoundError as error:
        raise NotVisible("This file is no longer in the store. Send it again.") from error


def actor_of(upload: ClaimUpload) -> Actor | None:
    """Whoever did the last thing with the file, as they are allowed today; None when they work there no more."""
    person = upload.undone_by or upload.sent_by or upload.uploaded_by
    for seat in seats_of(person.pk):
        actor = actor_in(person, seat)
        if upload.supplier_id in actor.organisation_ids:
            return actor if is_supplier(actor) else None
    return None
