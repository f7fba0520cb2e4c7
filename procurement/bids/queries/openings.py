"""Who opened the bids of a tender, when, and what they found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import slugify

from procurement.bids.models import BidOpening
from procurement.bids.permissions import can_open, can_read
from procurement.bids.queries.opened import SealState, seal_state
from procurement.bids.rules.records import record_hash
from procurement.procurements.queries import procurement_brief
from procurement.procurements.vocabulary import ProcurementStatus
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.documents import Document, Grid, Paragraph
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.periods import uk_moment


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One bid as the record of its opening names it."""

    bidder: str
    receipt: str
    content_hash: str
    submitted_at: datetime
    submitted_by: str


@dataclass(frozen=True, slots=True)
class OpeningInfo:
    """An opening. Until a second person has confirmed it there are no lines and no hash."""

    first_name: str
    first_at: datetime
    first_by_id: int
    second_name: str = ""
    second_at: datetime | None = None
    lines: tuple[OpeningLine, ...] = ()
    record_hash: str = ""
    is_whole: bool = True
    """The record still has the hash that was written beside it."""

    @property
    def is_done(self) -> bool:
        return self.second_at is not None


@dataclass(frozen=True, slots=True)
class StartedOpening:
    """An opening that one person has started and this person can confirm."""

    tender_id: int
    procurement_id: int
    title: str
    reference: str
    first_name: str
    first_at: datetime


@dataclass(frozen=True, slots=True)
class OpeningRecord:
    """The page of an opening: where it stands, and what the actor can do about it."""

    seal: SealState
    opening: OpeningInfo | None
    can_start: bool
    can_confirm: bool


def opening_of(tender_id: int) -> OpeningInfo | None:
    """The opening of a tender's bids; None while nobody has started one. The caller has shown the visibility."""
    found = (
        BidOpening.objects.filter(tender_id=tender_id)
        .select_related("first_by", "second_by")
        .first()
    )
    if found is None:
        return None
    return OpeningInfo(
        str(found.first_by),
        found.first_at,
        found.first_by_id,
        str(found.second_by or ""),
        found.second_at,
        tuple(
            OpeningLine(
                row["bidder"],
                row["receipt"],
                row["content_hash"],
                datetime.fromisoformat(row["submitted_at"]),
                row["submitted_by"],
            )
            for row in found.record
        ),
        found.record_hash,
        not found.record_hash or record_hash(found.record) == found.record_hash,
    )


def openings_to_confirm(actor: Actor) -> list[StartedOpening]:
    """Openings at the actor's authority that somebody else started, oldest first; none for who may not open bids."""
    if not can_open(actor, actor.organisation_id or 0):
        return []
    rows = (
        BidOpening.objects.filter(
            second_at__isnull=True, tender__procurement__authority_id=actor.organisation_id
        )
        .exclude(first_by_id=actor.user_id)
        .exclude(tender__procurement__status=ProcurementStatus.WITHDRAWN)
        .select_related("tender__procurement", "first_by")
        .order_by("first_at", "pk")
    )
    return [
        StartedOpening(
            row.tender_id,
            row.tender.procurement_id,
            row.tender.procurement.title,
            row.tender.procurement.reference,
            str(row.first_by),
            row.first_at,
        )
        for row in rows
    ]


def opening_record(actor: Actor, procurement_id: int) -> OpeningRecord:
    """Where the opening of a procurement's bids stands. NotVisible outside the authority or before publication;
    NotAllowed for people of the authority who may not read bids."""
    seal = seal_state(actor, procurement_id)
    if not (can_read(actor, seal.authority_id) or can_open(actor, seal.authority_id)):
        raise NotAllowed(
            "The opening of bids is shown to procurement officers, evaluators, approvers and auditors."
        )
    opening = opening_of(seal.tender_id)
    may = seal.can_open and not seal.is_sealed and not seal.is_opened
    return OpeningRecord(
        seal,
        opening,
        can_start=may and opening is None,
        can_confirm=may
        and opening is not None
        and not opening.is_done
        and opening.first_by_id != actor.user_id,
    )


def opening_document(actor: Actor, procurement_id: int) -> tuple[str, Document]:
    """The record as a document, with its file's name. Errors as ``opening_record``; NotVisible before the opening."""
    found = opening_record(actor, procurement_id).opening
    if found is None or found.second_at is None:
        raise NotVisible("The bids of this procurement have not been opened yet.")
    brief = procurement_brief(procurement_id)
    rows = [
        (row.bidder, _by(row.submitted_at, row.submitted_by), row.receipt, row.content_hash)
        for row in found.lines
    ]
    grid = Grid(
        "Bids opened",
        ("Bidder", "Submitted", "Receipt", "Content hash (SHA-256)"),
        rows,
        widths=(22, 26, 18, 28),
    )
    document = Document(
        title="Record of the opening of bids",
        subtitle=f"{brief.title} – {brief.authority_name}",
        facts=[
            ("Reference", brief.reference),
            ("Started", _by(found.first_at, found.first_name)),
            ("Confirmed", _by(found.second_at, found.second_name)),
            ("Bids opened", str(len(rows))),
            ("Hash of this record", found.record_hash),
        ],
        blocks=[
            grid if rows else Paragraph("Nobody has bid."),
            Paragraph(
                "Each content was held against the hash on its receipt before it was opened. "
                "The hash of this record is the SHA-256 of its lines as canonical JSON."
            ),
        ],
        notice="Demonstration data" if brief.is_demonstration else "",
    )
    return f"opening-{slugify(brief.reference)}", document


def _by(at: datetime, who: str) -> str:
    when = f"{uk_moment(at.astimezone(LONDON))}, UK time"
    return f"{when}, by {who}" if who else when
