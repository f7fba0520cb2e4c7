"""The bidder's list of invitations, with where its own offers stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import Fernet

from procurement.bids.models import Bid
from procurement.bids.queries.offers import is_changed_since, read_draft, read_sealed
from procurement.bids.rules import (
    bidder_state,
)
from procurement.bids.vocabulary import BidStatus
from procurement.tenders.queries import (
    invitations_for,
    seal_keys,
)
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


SORTS = ("deadline", "title", "authority", "status")


def with_changes(bids: Iterable[Bid]) -> set[int]:
    """Tenders for which a submitted offer was changed since, in one query for the keys."""
    submitted = [bid for bid in bids if bid.status == BidStatus.SUBMITTED]
    keys = seal_keys([bid.tender_id for bid in submitted])
    found = set()
    for bid in submitted:
        fernet = Fernet(keys[bid.tender_id])
        if is_changed_since(read_draft(bid, fernet), read_sealed(bid, fernet)):
            found.add(bid.tender_id)
    return found


def my_bids(actor: Actor, *, search: str = "", status: str = "", sort: str = "") -> list[MyBid]:
    """Every tender the actor's supplier is invited to, with its own offer's state.

    ``search`` looks in title, reference and authority; ``status`` is ``open`` or ``closed``; ``sort`` one of
    ``SORTS``, with ``-`` in front for the other way round. Without it: open ones first, nearest deadline first.
    """
    invitations = invitations_for(actor)
    now = clock.now()
    bids = {
        bid.tender_id: bid
        for bid in Bid.objects.filter(
            supplier_id=actor.organisation_id, tender_id__in=[row.tender_id for row in invitations]
        )
    }
    changed = with_changes(bids.values())
    rows = []
    for invitation in invitations:
        bid = bids.get(invitation.tender_id)
        is_open = (
            invitation.status == TenderStatus.PUBLISHED
            and not invitation.is_withdrawn
            and now < invitation.deadline_at
        )
        key, label = bidder_state(
            bid.status if bid else None,
            is_open=is_open,
            has_changes=invitation.tender_id in changed,
        )
        if invitation.is_withdrawn:
            key, label = "withdrawn", "Withdrawn by the authority"
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
                bid.receipt if bid else "",
                bid.submitted_at if bid else None,
            )
        )
    return _sorted([row for row in rows if _matches(row, search, status)], sort)


def _matches(row: MyBid, search: str, status: str) -> bool:
    text = f"{row.title} {row.reference} {row.authority_name}".lower()
    wanted = {"open": row.is_open, "closed": not row.is_open}.get(status, True)
    return wanted and search.strip().lower() in text


def _sorted(rows: list[MyBid], sort: str) -> list[MyBid]:
    def by_deadline(row: MyBid) -> tuple[object, ...]:
        # Those that can still be worked on come first, the nearest deadline on top.
        stamp = row.deadline_at.timestamp()
        return (not row.is_open, stamp if row.is_open else -stamp, row.tender_id)

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


def my_bids_table(rows: Sequence[MyBid]) -> Table:
    """The list as it is downloaded."""
    return Table(
        "Invitations",
        [
            Column("Reference"),
            Column("Title", width=50),
            Column("Authority", width=30),
            Column("Deadline (UK time)", "date"),
            Column("Your offer", width=30),
            Column("Submitted", "date"),
            Column("Receipt"),
        ],
        [
            (
                row.reference,
                row.title,
                row.authority_name,
                row.deadline_at.astimezone(clock.LONDON).replace(tzinfo=None),
                row.status_label,
                row.submitted_at.astimezone(clock.LONDON).replace(tzinfo=None)
                if row.submitted_at
                else None,
                row.receipt,
            )
            for row in rows
        ],
    )
