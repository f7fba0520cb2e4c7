"""Writing offers: draft, submit, replace. Until the opening nothing of it leaves the supplier's envelope.

No audit row tells of it before the bids are opened: the deeds stand in the envelope's own journal.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from procurement.bids.permissions import can_offer
from procurement.bids.queries import asked_of, offer_changes
from procurement.bids.queries.places import Place
from procurement.bids.rules import (
    Draft,
    OfferInput,
    Wrong,
    can_submit,
    content_hash,
    draft_text,
    is_same_offer,
    receipt_number,
    sealed_text,
    wrong_for_submission,
    wrong_with_line,
)
from procurement.bids.rules.keeping import wrong_to_keep
from procurement.bids.services.places import Held, hold_places, noted
from procurement.bids.vocabulary import BidDeed, OfferState
from procurement.tenders.queries import TenderView, tender_for_bidder
from procurement.tenders.services import lock_tender, london
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotVisible, RuleBroken

CHANGED_ELSEWHERE = (
    "This offer was changed while you were working on it, by somebody else at your organisation or by you in another "
    "window. What you typed is still on this page: compare it, then save again."
)
CHANGED_SINCE_CHECKED = (
    "This offer was changed after you opened this page, by somebody else at your organisation or by you in another "
    "window, so it was not submitted. Check it as it is now, then submit."
)
ARE_OPEN = "The bids of this tender are open. Offers are no longer taken."


@dataclass(frozen=True, slots=True)
class SavedOffer:
    """An offer as it stands after a deed of its supplier, for that supplier's eyes. ``status`` is an ``OfferState``."""

    pk: int
    tender_id: int
    supplier_id: int
    version: int
    status: str
    receipt: str
    content_hash: str
    submitted_at: datetime | None


# --- writing a draft ----------------------------------------------------------------------------


@transaction.atomic
def save_offer(
    *,
    actor: Actor,
    tender_id: int,
    offer: OfferInput,
    expected_version: int,
    page_key: str = "",
) -> SavedOffer:
    """Keep the draft, sealed. ``expected_version`` is 0 when nothing was saved before.

    Gaps are fine; numbers out of range are RuleBroken. Conflict when somebody else saved since the page was shown:
    it lists what differs, and the same content saved twice is one save. A page that sends its own ``page_key`` may go
    on from its own earlier saves. After the deadline nothing is kept.
    """
    lock_tender(tender_id=tender_id)
    view = _for_bidding(actor, tender_id)
    _check_open(view)
    _check_ids(view, offer)
    _check_ranges(view, offer)
    held, place = _hold(view)
    kept = place.draft
    if not _may_go_on(place, kept, expected_version, page_key):
        there = kept.offer if kept else OfferInput()
        if kept and is_same_offer(there, offer):
            return _saved(place)
        raise Conflict(
            CHANGED_ELSEWHERE, changed=offer_changes(view, there, offer) if kept else None
        )
    return _saved(
        _keep(actor, held, place, offer, expected_version=expected_version, page_key=page_key)
    )


def _may_go_on(place: Place, kept: Draft | None, expected_version: int, page_key: str) -> bool:
    """Nobody saved since the page was shown, or only this page itself did."""
    version = place.envelope.version
    if version == expected_version or kept is None:
        return version == expected_version
    is_own_page = bool(page_key) and kept.page_key == page_key
    return is_own_page and expected_version >= kept.page_from


def _keep(
    actor: Actor,
    held: Held,
    place: Place,
    offer: OfferInput,
    *,
    expected_version: int,
    page_key: str,
) -> Place:
    kept, envelope = place.draft, place.envelope
    goes_on = kept is not None and envelope.version != expected_version
    page_from = kept.page_from if goes_on and kept else expected_version
    if not envelope.version:
        envelope = noted(envelope, actor, BidDeed.STARTED, "An offer was started.")
    return held.put(
        replace(
            envelope,
            draft=draft_text(offer, page_key=page_key, page_from=page_from),
            state=envelope.state or OfferState.DRAFT.value,
            version=envelope.version + 1,
        )
    )


# --- submitting ---------------------------------------------------------------------------------


@transaction.atomic
def submit_bid(
    *,
    actor: Actor,
    tender_id: int,
    offer: OfferInput | None = None,
    expected_version: int | None = None,
) -> SavedOffer:
    """Seal the offer and give a receipt. Without ``offer`` the saved draft is submitted.

    Before the deadline only; a later submission replaces the earlier one. The same content submitted again is the
    same submission: same receipt, same time. RuleBroken lists everything incomplete; Conflict when the draft is not
    the one that ``expected_version`` showed.
    """
    lock_tender(tender_id=tender_id)
    view = _for_bidding(actor, tender_id)
    now = _check_open(view)
    held, place = _hold(view)
    offer = _offer_to_submit(place, offer)
    earlier = place.sealed
    if earlier is not None and is_same_offer(offer, earlier):
        return _saved(place)
    if expected_version is not None and place.envelope.version != expected_version:
        raise Conflict(CHANGED_SINCE_CHECKED)
    _check_ids(view, offer)
    asked = [asked_of(row) for row in view.requirements]
    questions = [(row.id, row.text) for row in view.questions]
    _refuse(wrong_for_submission(asked, questions, offer) + wrong_to_keep(offer))
    return _saved(_seal(actor, held, place, offer, now))


def _offer_to_submit(place: Place, offer: OfferInput | None) -> OfferInput:
    if offer is not None:
        return offer
    draft = place.draft
    if draft is None:
        raise RuleBroken("Write your offer first, then submit it.")
    return draft.offer


def _seal(actor: Actor, held: Held, place: Place, offer: OfferInput, now: datetime) -> Place:
    envelope = place.envelope
    text = sealed_text(
        offer,
        tender_id=envelope.tender_id,
        supplier_id=envelope.supplier_id,
        salt=secrets.token_hex(16),
    )
    if not envelope.version:
        envelope = noted(envelope, actor, BidDeed.STARTED, "An offer was started.")
    is_replacement = envelope.is_submitted
    envelope = replace(
        envelope,
        state=OfferState.SUBMITTED.value,
        draft=draft_text(offer, page_key="", page_from=envelope.version),
        sealed=text,
        content_hash=content_hash(text),
        receipt=receipt_number(secrets.token_bytes(10)),
        submitted_at=now,
        submitted_by=actor.user_id,
        submitter=actor.name,
        version=envelope.version + 1,
    )
    deed = BidDeed.REPLACED if is_replacement else BidDeed.SUBMITTED
    sentence = "An offer was replaced." if is_replacement else "An offer was submitted."
    return held.put(noted(envelope, actor, deed, sentence))


# --- guards -------------------------------------------------------------------------------------


def _hold(view: TenderView) -> tuple[Held, Place]:
    held = hold_places(view.tender_id)
    if held.is_opened:
        raise RuleBroken(ARE_OPEN)
    return held, held.place_of(view.supplier_id)


def _saved(place: Place) -> SavedOffer:
    held = place.envelope
    if place.bid_id is None:
        raise NotVisible
    return SavedOffer(
        place.bid_id,
        held.tender_id,
        held.supplier_id,
        held.version,
        held.state,
        held.receipt,
        held.content_hash,
        held.submitted_at,
    )


def _for_bidding(actor: Actor, tender_id: int) -> TenderView:
    """The tender, for people of a supplier that is invited. NotVisible for everybody else."""
    view = tender_for_bidder(actor, tender_id)
    if not can_offer(actor, actor.organisation_id):
        raise NotVisible
    return view


def _check_open(view: TenderView) -> datetime:
    """The moment, when it is before the deadline."""
    now = clock.now()
    if view.is_withdrawn:
        raise RuleBroken(
            "The authority has withdrawn this procurement. Offers are no longer taken."
        )
    if not can_submit(deadline_at=view.deadline_at, now=now):
        raise RuleBroken(
            f"The deadline was {london(view.deadline_at)}. Offers can no longer be saved or submitted. "
            "What was submitted before then stands."
        )
    if view.status != TenderStatus.PUBLISHED:
        raise RuleBroken(ARE_OPEN)
    return now


def _check_ids(view: TenderView, offer: OfferInput) -> None:
    """Lines and answers must belong to this tender, once each."""
    asked = {row.id for row in view.requirements}
    questions = {row.id for row in view.questions}
    lines = [row.requirement_id for row in offer.lines]
    answers = [row.question_id for row in offer.answers]
    if not (set(lines) <= asked and set(answers) <= questions):
        raise RuleBroken(
            "This offer answers something that the tender does not ask. Load the page again."
        )
    if len(lines) != len(set(lines)) or len(answers) != len(set(answers)):
        raise RuleBroken("Each measure and each question can be answered once only.")


def _check_ranges(view: TenderView, offer: OfferInput) -> None:
    wrong: list[Wrong] = []
    for row in view.requirements:
        wrong += wrong_with_line(asked_of(row), offer.line(row.id))
    _refuse(wrong)


def _refuse(wrong: Sequence[Wrong]) -> None:
    if wrong:
        raise RuleBroken(
            wrong[0].message,
            field=wrong[0].name,
            more=[(row.name, row.message) for row in wrong[1:]],
        )
