"""What waits while contracts are delivered."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse

from procurement.deliveries import queries as deliveries
from procurement.duties import queries as duties
from reporting.figures.queries.reading import Reading
from reporting.figures.rules.tables import TRACK_WORDS
from reporting.home.rules import (
    Errand,
    NumberTile,
    Panel,
    panel,
)
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.periods import uk_date


def claim_tiles(actor: Actor) -> list[NumberTile]:
    count = deliveries.claims_awaiting(actor).count()
    url = reverse("procurement:verifications:queue")
    note = "claims from suppliers" if count else "Nothing waits for you"
    return [NumberTile("Awaiting verification", str(count), note, url, count > 0)]


def claims_panel(actor: Actor) -> Panel:
    today = clock.today()
    waiting = deliveries.claims_awaiting(actor)
    count = waiting.count()
    errands = [
        Errand(
            f"{row.commitment.measure.label}: {row.shown_quantity}",
            reverse("procurement:verifications:decide", args=[row.id]),
            "awaiting_verification",
            f"{row.supplier_name}, {row.contract.title}. Sent {uk_date(day_of(row.submitted_at))}, "
            f"{(today - day_of(row.submitted_at)).days} days ago",
        )
        for row in deliveries.claim_rows(waiting[:5])
    ]
    return Panel(
        "Claims to verify, oldest first",
        tuple(errands),
        max(count - len(errands), 0),
        reverse("procurement:verifications:queue"),
        "See all claims that wait",
        "No claim waits for you. Suppliers send theirs each quarter.",
    )


def day_of(moment: datetime) -> date:
    """The day in London."""
    return moment.astimezone(clock.LONDON).date()


def behind_panel(reading: Reading) -> Panel:
    errands = [
        Errand(
            row.title,
            reverse("procurement:awards:contract", args=[row.contract_id]),
            row.track.value,
            f"{row.supplier_name}. {TRACK_WORDS[row.track]}: "
            f"{row.on_track} of {len(row.commitments)} commitments on track",
        )
        for row in reading.contracts
        if row.needs_attention
    ]
    return panel(
        "Contracts behind or at risk",
        errands,
        more_url=reverse("reporting:dashboards:council") + "#attention",
        more_text="See them on the dashboard",
        empty="No contract is behind or at risk today.",
    )


def duty_tiles(actor: Actor) -> list[NumberTile]:
    counts = duties.duty_counts(actor)
    url = reverse("procurement:duties:list")
    late = counts.overdue > 0
    return [
        NumberTile(
            "Duties overdue",
            str(counts.overdue),
            f"{counts.within_30} more due in 30 days",
            f"{url}?window=overdue" if late else url,
            late,
        )
    ]
