"""Removes what has had its time, and the addresses of somebody who is forgotten. By the clock and by the platform."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from procurement.deliveries.models import ClaimUpload, Confirmation, Delegation
from procurement.deliveries.queries import expired
from procurement.deliveries.services.evidence import clear_loose_evidence, remove_old_evidence
from procurement.deliveries.vocabulary import ConfirmationAnswer
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.purging import Purge, only_the_clock, removed_address


@transaction.atomic
def remove_old_drafts(*, actor: Actor) -> int:
    """Drafts of claims that nobody saved for a long time; how many."""
    only_the_clock(actor)
    return expired.old_drafts().delete()[0]


@transaction.atomic
def remove_upload_files(*, actor: Actor) -> int:
    """The spreadsheets themselves; how many. What they came to stays: counts, fingerprint, claims."""
    only_the_clock(actor)
    removed = 0
    for row in expired.old_upload_files().select_for_update(of=("self",)):
        for stored in (row.file, row.answer):
            if stored.name:
                # The row can come back when the transaction breaks off; a file could not.
                transaction.on_commit(partial(stored.storage.delete, stored.name), robust=True)
        ClaimUpload.objects.filter(pk=row.pk).update(file="", answer="")
        removed += 1
    return removed


@transaction.atomic
def remove_contributions(*, actor: Actor) -> int:
    """Figures handed in by a link that became no claim; how many."""
    only_the_clock(actor)
    return expired.old_contributions().delete()[0]


@transaction.atomic
def remove_link_addresses(*, actor: Actor) -> int:
    """Addresses of links that no longer work; how many. The site and what it handed in stay."""
    only_the_clock(actor)
    return _without_address(expired.old_link_addresses())


@transaction.atomic
def remove_confirmation_addresses(*, actor: Actor) -> int:
    """Addresses of groups that were asked; how many. The group, its answer and its words stay."""
    only_the_clock(actor)
    return _without_address(expired.old_confirmation_addresses())


def _without_address(rows: QuerySet[Delegation] | QuerySet[Confirmation]) -> int:
    removed = 0
    for pk in list(rows.values_list("pk", flat=True)):
        removed += rows.model.objects.filter(pk=pk).update(email=removed_address(pk))
    return removed


@transaction.atomic
def forget_person(*, actor: Actor, user_id: int, email: str) -> None:
    """The address of somebody who is erased, on links and questions that were sent to it. Those that work stop."""
    del actor, user_id
    now = clock.now()
    sent = expired.addressed_to(email)
    # Of an answer that was given only the address changes: its link works no more.
    waiting = sent["confirmations"].filter(answer=ConfirmationAnswer.WAITING)
    for working in (sent["links"], waiting):
        working.filter(expires_at__gt=now).update(expires_at=now)
    for rows in sent.values():
        _without_address(rows)


PURGES = (
    Purge(
        "loose_evidence",
        "evidence files that became part of no claim",
        lambda: expired.loose_evidence().count(),
        clear_loose_evidence,
    ),
    Purge(
        "evidence",
        "evidence files at the end of their time",
        lambda: expired.old_evidence().count(),
        remove_old_evidence,
    ),
    Purge(
        "claim_drafts",
        "drafts of claims",
        lambda: expired.old_drafts().count(),
        remove_old_drafts,
    ),
    Purge(
        "claim_files",
        "spreadsheets of claims",
        lambda: expired.old_upload_files().count(),
        remove_upload_files,
    ),
    Purge(
        "handed_in_figures",
        "figures handed in that became no claim",
        lambda: expired.old_contributions().count(),
        remove_contributions,
    ),
    Purge(
        "link_addresses",
        "addresses of links that no longer work",
        lambda: expired.old_link_addresses().count(),
        remove_link_addresses,
    ),
    Purge(
        "confirmation_addresses",
        "addresses of groups that were asked to confirm",
        lambda: expired.old_confirmation_addresses().count(),
        remove_confirmation_addresses,
    ),
)
