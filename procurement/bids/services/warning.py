"""Letters before the deadline to whoever has not submitted everything. They hold counts and never content.

That everybody was looked at is on record; who got a letter is not: it would tell who has bid.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from procurement.bids.models import BidWarning
from procurement.bids.queries.places import Place, places_of
from procurement.bids.rules import OfferInput, is_amended_since
from procurement.bids.rules.envelopes import EnvelopeBroken
from procurement.bids.rules.progress import FIRST, Progress, progress_of, warning_due
from procurement.bids.vocabulary import BidDeed, WarningKind
from procurement.tenders.queries import (
    ClosingTender,
    Wording,
    invited_to,
    last_amended_at,
    tenders_closing,
    wordings_of,
)
from procurement.tenders.services import london
from socialvalue.accounts.queries import people_of
from socialvalue.accounts.vocabulary import SUPPLIER_ROLES
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.letters import post_unqueued

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Missing:
    """What a letter says of one supplier's offer."""

    progress: Progress
    is_submitted: bool
    has_changes: bool
    is_amended: bool


def warn_before_deadlines(*, actor: Actor) -> list[WarningKind]:
    """Warn of every deadline that is 7 days, 24 hours or 1 hour away, or less; each once.

    A run that comes late sends the nearest warning only. Returns the kinds that were sent, a tender each.
    """
    sent = []
    for tender in tenders_closing(clock.now(), FIRST):
        try:
            kind = _warn(actor, tender)
        except EnvelopeBroken:
            # The opening will say so to people; the suppliers of other tenders are warned all the same.
            logger.exception("No warning for tender %s: an envelope cannot be read.", tender.id)
            continue
        if kind is not None:
            sent.append(kind)
    return sent


@transaction.atomic
def _warn(actor: Actor, tender: ClosingTender) -> WarningKind | None:
    now = clock.now()
    kind = warning_due(deadline_at=tender.deadline_at, known_since=tender.known_since, now=now)
    claimed = _claim(tender, kind) if kind else None
    if kind is None or claimed is None:
        return None
    missing = _missing(tender)
    people = people_of(list(missing), *sorted(SUPPLIER_ROLES))
    for supplier_id, one in missing.items():
        for person in people.get(supplier_id, []):
            post_unqueued(person.email, "deadline_near", _context(tender, one))
    record(
        actor=actor,
        deed=BidDeed.WARNED,
        sentence=f"Invited suppliers that had not submitted everything were reminded: {kind.label.lower()}.",
        target=claimed,
        procurement_id=tender.procurement_id,
    )
    return kind


def _claim(tender: ClosingTender, kind: WarningKind) -> BidWarning | None:
    """The row of this warning when this run is the one that sends it; None when another did."""
    try:
        with transaction.atomic():
            return BidWarning.objects.create(
                tender_id=tender.id,
                kind=kind,
                deadline_at=tender.deadline_at,
                sent_at=clock.now(),
            )
    except IntegrityError:
        return None


def _missing(tender: ClosingTender) -> dict[int, Missing]:
    """By supplier, what is missing; whoever submitted and changed nothing since is not there."""
    places = places_of(tender.id)
    wording = wordings_of([tender.id])[tender.id]
    amended_at = last_amended_at(tender.id)
    found = {}
    for invited in invited_to(tender.id):
        place = places.get(invited.supplier_id)
        at = place.envelope.submitted_at if place else None
        is_amended = at is not None and is_amended_since(at, amended_at)
        has_changes = place is not None and place.has_changes
        if at is None or has_changes or is_amended:
            progress = _progress(place, wording)
            found[invited.supplier_id] = Missing(progress, at is not None, has_changes, is_amended)
    return found


def _progress(place: Place | None, wording: Wording) -> Progress:
    draft = place.draft if place else None
    offer = draft.offer if draft else (place.sealed if place else None)
    return progress_of(
        offer or OfferInput(),
        requirements=wording.codes,
        mandatory=wording.mandatory,
        questions=wording.questions,
    )


def _context(tender: ClosingTender, missing: Missing) -> dict[str, object]:
    return {
        "tender_id": tender.id,
        "title": tender.title,
        "reference": tender.reference,
        "authority": tender.authority_name,
        "deadline": london(tender.deadline_at),
        "words": missing.progress.words,
        "lacks": missing.progress.lacks,
        "is_submitted": missing.is_submitted,
        "has_changes": missing.has_changes,
        "is_amended": missing.is_amended,
    }
