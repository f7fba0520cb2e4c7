"""The bidder's list of invitations, with where its own offers stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procurement.bids.queries.places import Place, own_places
from procurement.bids.rules import OfferInput, bidder_state, is_amended_since
from procurement.bids.rules.progress import progress_of
from procurement.tenders.queries import Wording, amended_last, invitations_for, wordings_of
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.tables import Column, Table


@dataclass(frozen=True, slots=True)
class MyBid:
    """One invitation with where the actor's own offer stands."""

    tender_id: int
    reference: str
    title: str
    authority_name: str
    deadline_at: datetime
    is_open: bool
    status: str
    status_label: str
    receipt: str
    submitted_at: datetime | None
    progress: str = ""
    """``4 of 6 measures, 3 of 3 answers``, while it can be worked on."""
    lot: str = ""
    """``Lot 2 of 3``; empty where the tender stands alone."""
    whole: str = ""
    """What it is a lot of."""
    amended_at: datetime | None = None
    """When the authority amended the tender last; None when it never did."""
    is_amended_since: bool = False
    """It did so after this offer was submitted, and the offer can still be replaced."""


SORTS = ("deadline", "title", "authority", "status")


def my_bids(actor: Actor, *, search: str = "", status: str = "", sort: str = "") -> list[MyBid]:
    """Every tender the actor's supplier is invited to, with its own offer's state.

    ``search`` looks in title, reference and authority; ``status`` is ``open`` or ``closed``; ``sort`` one of
    ``SORTS``, with ``-`` in front for the other way round. Without it: open ones first, nearest deadline first.
    """
    invitations = invitations_for(actor)
    now = clock.now()
    places = own_places({row.tender_id: row.supplier_id for row in invitations})
    wordings = wordings_of([row.tender_id for row in invitations])
    amended = amended_last([row.tender_id for row in invitations])
    rows = []
    for invitation in invitations:
        place = places[invitation.tender_id]
        is_open = (
            invitation.status == TenderStatus.PUBLISHED
            and not invitation.is_withdrawn
            and now < invitation.deadline_at
        )
        key, label = bidder_state(
            place.state,
            is_open=is_open,
            is_opened=place.is_opened,
            has_changes=place.has_changes,
        )
        if invitation.is_withdrawn:
            key, label = "withdrawn", "Withdrawn by the authority"
        amended_at, submitted_at = amended.get(invitation.tender_id), place.envelope.submitted_at
        rows.append(
            MyBid(
                invitation.tender_id,
                invitation.reference,
                invitation.title,
                invitation.authority_name,
                invitation.deadline_at,
                is_open,
                key,
                label,
                place.envelope.receipt,
                submitted_at,
                _progress(place, wordings[invitation.tender_id]) if is_open else "",
                invitation.part_of.label if invitation.part_of else "",
                invitation.part_of.whole_title if invitation.part_of else "",
                amended_at,
                is_open and submitted_at is not None and is_amended_since(submitted_at, amended_at),
            )
        )
    return _sorted([row for row in rows if _matches(row, search, status)], sort)


def _progress(place: Place, wording: Wording) -> str:
    draft = place.draft
    offer = draft.offer if draft else place.sealed
    return progress_of(
        offer or OfferInput(),
        requirements=wording.codes,
        mandatory=wording.mandatory,
        questions=wording.questions,
    ).words


def _matches(row: MyBid, search: str, status: str) -> bool:
    text = f"{row.title} {row.whole} {row.reference} {row.authority_name}".lower()
    wanted = {"open": row.is_open, "closed": not row.is_open}.get(status, True)
    return wanted and search.strip().lower() in text


def _sorted(rows: list[MyBid], sort: str) -> list[MyBid]:
    def by_deadline(row: MyBid) -> tuple[object, ...]:
        # Those that can still be worked on come first, the nearest deadline on top.
        stamp = row.deadline_at.timestamp()
        # Lots of one whole that close together stand together, in their order.
        return (
            not row.is_open,
            stamp if row.is_open else -stamp,
            row.whole,
            row.lot,
            row.tender_id,
        )

    keys = {
        "deadline": lambda row: (row.deadline_at, row.tender_id),
        "title": lambda row: (row.title.lower(), row.tender_id),
        "authority": lambda row: (row.authority_name.lower(), row.tender_id),
        "status": lambda row: (row.status_label, row.tender_id),
    }
    name = sort.removeprefix("-")
    if name not in keys:
        return sorted(rows, key=by_deadline)
    return sorted(rows, key=keys[name], reverse=sort.startswith("-"))


def _in_london(moment: datetime | None) -> datetime | None:
    return moment.astimezone(clock.LONDON).replace(tzinfo=None) if moment else None


def my_bids_table(rows: Sequence[MyBid]) -> Table:
    """The list as it is downloaded."""
    return Table(
        "Invitations",
        [
            Column("Reference"),
            Column("Title", width=50),
            Column("Authority", width=30),
            Column("Deadline (UK time)", "date"),
            Column("Lot"),
            Column("Your offer", width=30),
            Column("Filled in", width=30),
            Column("Submitted", "date"),
            Column("Receipt"),
            Column("Tender amended", "date"),
        ],
        [
            (
                row.reference,
                row.title,
                row.authority_name,
                _in_london(row.deadline_at),
                f"{row.lot}: {row.whole}" if row.lot else "",
                row.status_label,
                row.progress,
                _in_london(row.submitted_at),
                row.receipt,
                _in_london(row.amended_at),
            )
            for row in rows
        ],
    )
