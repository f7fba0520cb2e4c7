"""What needs somebody at a supplier now: claims sent back, what is due, tenders that close."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from procurement.bids import queries as bids
from procurement.deliveries import queries as deliveries
from reporting.home.queries.agreeing import plan_panels
from reporting.home.queries.putting_right import remedy_panels
from reporting.home.rules import (
    Errand,
    Landing,
    NumberTile,
    Panel,
    deadline_words,
    due_words,
    panel,
)
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.periods import uk_date


def supplier_landing(actor: Actor) -> Landing:
    """Returned claims first, then what is due, then open invitations by deadline."""
    today, now = clock.today(), clock.now()
    inbox = deliveries.inbox(actor, today)
    invitations = [row for row in bids.my_bids(actor) if row.is_open]
    due = [
        (part.contract, row)
        for part in inbox.contracts
        for row in part.due
        if row.status in ("overdue", "due", "at_risk", "not_due")
    ]
    due.sort(key=lambda pair: (pair[1].due_on, pair[0].id, pair[1].commitment.id))
    late = sum(row.is_overdue for _, row in due)
    inbox_url, bids_url = reverse("procurement:deliveries:inbox"), reverse("procurement:bids:list")
    return Landing(
        heading="What needs you now",
        caption=actor.organisation_name,
        tiles=(
            NumberTile(
                "Sent back to you",
                str(inbox.returned_count),
                "claims to mend",
                inbox_url,
                inbox.returned_count > 0,
            ),
            NumberTile("Overdue", str(late), "deliveries not reported", inbox_url, late > 0),
            NumberTile(
                "Open invitations", str(len(invitations)), "tenders you can bid for", bids_url
            ),
            NumberTile(
                "With the authority",
                str(inbox.waiting_count),
                "claims waiting for a decision",
                f"{inbox_url}?show=waiting",
            ),
        ),
        panels=(
            *plan_panels(actor),
            *remedy_panels(actor),
            _returned(inbox, inbox_url),
            panel(
                "Due to report",
                [
                    Errand(
                        f"{row.commitment.measure.label}, {contract.title}",
                        _update_url(contract.id, row),
                        row.status,
                        f"{contract.authority_name}. {due_words(row.due_on, today)}",
                    )
                    for contract, row in due
                ],
                more_url=inbox_url,
                more_text="See everything that is due",
                empty="Nothing is due now. What you promised for the quarter shows here when it begins.",
            ),
            panel(
                "Invitations, nearest deadline first",
                [
                    Errand(
                        row.title,
                        reverse("procurement:bids:offer", args=[row.tender_id]),
                        row.status,
                        _about(row, now),
                    )
                    for row in sorted(invitations, key=lambda row: (row.deadline_at, row.tender_id))
                ],
                more_url=bids_url,
                more_text="See all invitations",
                empty="No tender you are invited to is open. An authority invites you; you see it here at once.",
            ),
        ),
    )


def _update_url(contract_id: int, row: deliveries.DueRow) -> str:
    """The commitment on the page of its quarter."""
    page = reverse("procurement:deliveries:update", args=[contract_id, row.quarter.isoformat()])
    return f"{page}#row-{row.commitment.id}"


def _about(row: bids.MyBid, now: datetime) -> str:
    """Until when, and what happened since: to the tender, and to an offer that was submitted."""
    said = [f"{row.authority_name}. {deadline_words(row.deadline_at, now)}"]
    if row.amended_at is not None:
        since = ", after you submitted" if row.is_amended_since else ""
        said.append(f"Amended {uk_date(row.amended_at.astimezone(clock.LONDON))}{since}")
    if row.status == "in_progress":  # submitted, and changed since
        said.append(row.status_label)
    return ". ".join(said)


def _returned(inbox: deliveries.Inbox, url: str) -> Panel:
    errands = tuple(
        Errand(
            f"{row.commitment.measure.label}: {row.shown_quantity}",
            reverse("procurement:deliveries:claim_edit", args=[row.id]),
            "returned",
            f"{row.authority_name}: {row.decision_reason}",
        )
        for row in inbox.returned
    )
    return Panel(
        "Sent back to you",
        errands,
        inbox.returned_count - len(errands),
        url,
        "See all claims sent back",
        "No claim was sent back to you.",
    )
