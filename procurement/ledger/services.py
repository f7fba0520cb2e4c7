"""The one door to the ledger. Entries are added, never changed: a correction is a new entry that names the old one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from procurement.events import entries_posted
from procurement.ledger.models import LedgerEntry, PendingPosting
from procurement.ledger.rules import Posting, check_posting, in_rows
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict


@transaction.atomic
def post_entries(*, actor: Actor, postings: Sequence[Posting]) -> list[LedgerEntry]:
    """Write the entries and, in the same transaction, the feed rows from which the totals are rolled up.

    Called by the service whose deed is posted, which has asked whether the actor may do it and records it in the
    audit. Raises RuleBroken for a posting that cannot stand, Conflict when one of the keys is posted already.
    """
    if not postings:
        return []
    for posting in postings:
        check_posting(posting)
    entries = _insert(actor, postings)
    ids = sorted(entry.pk for entry in entries)
    # The database's own time: how far the totals are behind is measured in real time, also when the clock is held.
    PendingPosting.objects.bulk_create(
        PendingPosting(entry_ids=part, posted_at=Now()) for part in in_rows(ids)
    )
    entries_posted.send(sender=LedgerEntry, entry_ids=ids)
    return entries


def _insert(actor: Actor, postings: Sequence[Posting]) -> list[LedgerEntry]:
    at = clock.now()
    rows = [_row(posting) for posting in postings]
    for row in rows:
        row.posted_at = at
        row.posted_by_id = actor.user_id
    try:
        with transaction.atomic():
            return LedgerEntry.objects.bulk_create(rows, batch_size=1_000)
    except IntegrityError as error:
        keys = [posting.posting_key for posting in postings]
        if len(set(keys)) < len(keys) or LedgerEntry.objects.filter(posting_key__in=keys).exists():
            raise Conflict("This was posted already. Open the page again to see it.") from error
        raise


def _row(posting: Posting) -> LedgerEntry:
    return LedgerEntry(
        basis=posting.basis,
        authority_id=posting.authority_id,
        supplier_id=posting.supplier_id,
        edition_id=posting.edition_id,
        theme_id=posting.theme_id,
        measure_id=posting.measure_id,
        contract_id=posting.contract_id,
        commitment_id=posting.commitment_id,
        claim_id=posting.claim_id,
        verification_id=posting.verification_id,
        period=posting.period,
        quantity=posting.quantity,
        denominator=posting.denominator,
        value_pence=posting.value_pence,
        corrects_id=posting.corrects_id,
        reason=posting.reason,
        posting_key=posting.posting_key,
    )
