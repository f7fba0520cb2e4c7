"""Writing offers: draft, submit, replace; and opening them after the deadline.

Content is written to the database encrypted only, until ``open_bids``. No audit row holds any of it, and none of
them names the procurement before the bids are opened: the history a buyer reads must not tell who has bid.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from django.db import IntegrityError, transaction
from django.db.models import F

from procurement.bids.models import Bid, OfferAnswer, OfferLine
from procurement.bids.permissions import WHY_NOT_OPEN, can_offer, can_open
from procurement.bids.queries import asked_of, fernet_of, offer_changes, read_draft, read_sealed
from procurement.bids.rules import (
    AnswerInput,
    Draft,
    LineInput,
    OfferInput,
    Wrong,
    can_submit,
    content_hash,
    draft_text,
    is_same_offer,
    may_open_at,
    receipt_number,
    sealed_offer,
    sealed_text,
    wrong_for_submission,
    wrong_with_line,
)
from procurement.bids.vocabulary import BidDeed, BidStatus
from procurement.tenders.permissions import can_see
from procurement.tenders.queries import (
    TenderView,
    requirements_of,
    tender_brief,
    tender_for_bidder,
)
from procurement.tenders.services import lock_tender, london
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken

__all__ = ["AnswerInput", "LineInput", "OfferInput"]

CHANGED_ELSEWHERE = (
    "Somebody else at your organisation changed this offer while you were working on it. "
    "What you typed is still on this page: compare it, then save again."
)
CHANGED_SINCE_CHECKED = (
    "Somebody else at your organisation changed this offer after you opened this page, so it was not submitted. "
    "Check it as it is now, then submit."
)


# --- writing a draft ----------------------------------------------------------------------------


@transaction.atomic
def save_offer(
    *,
    actor: Actor,
    tender_id: int,
    offer: OfferInput,
    expected_version: int,
    page_key: str = "",
) -> Bid:
    """Keep the draft, encrypted. ``expected_version`` is 0 when nothing was saved before.

    Gaps are fine; numbers out of range are RuleBroken. Conflict when somebody else saved since the page was shown:
    it lists what differs, and the same content saved twice is one save. A page that sends its own ``page_key`` may go
    on from its own earlier saves. After the deadline nothing is kept.
    """
    view = _for_bidding(actor, tender_id)
    _check_open(view)
    _check_ids(view, offer)
    _check_ranges(view, offer)
    bid, fernet = _bid_of(actor, tender_id), fernet_of(tender_id)
    if bid is None:
        if expected_version != 0:
            raise Conflict(CHANGED_ELSEWHERE)
        return _start(actor, tender_id, offer, fernet, page_key)
    kept = read_draft(bid, fernet)
    there = kept.offer if kept else OfferInput()
    if not _may_go_on(bid, kept, expected_version, page_key):
        if is_same_offer(there, offer):
            return bid
        raise Conflict(CHANGED_ELSEWHERE, changed=offer_changes(view, there, offer))
    return _keep(bid, kept, offer, fernet, expected_version=expected_version, page_key=page_key)


def _may_go_on(bid: Bid, kept: Draft | None, expected_version: int, page_key: str) -> bool:
    """Nobody saved since the page was shown, or only this page itself did."""
    if bid.version == expected_version or kept is None:
        return bid.version == expected_version
    is_own_page = bool(page_key) and kept.page_key == page_key
    return is_own_page and expected_version >= kept.page_from


def _start(actor: Actor, tender_id: int, offer: OfferInput, fernet: Fernet, page_key: str) -> Bid:
    if actor.organisation_id is None:
        raise NotVisible
    try:
        with transaction.atomic():
            bid = Bid.objects.create(
                tender_id=tender_id,
                supplier_id=actor.organisation_id,
                draft_content=_encrypt(fernet, draft_text(offer, page_key=page_key, page_from=0)),
            )
    except IntegrityError as error:  # two people of one supplier started at the same moment
        raise Conflict(CHANGED_ELSEWHERE) from error
    record(actor=actor, deed=BidDeed.STARTED, sentence="An offer was started.", target=bid)
    return bid


def _keep(
    bid: Bid,
    kept: Draft | None,
    offer: OfferInput,
    fernet: Fernet,
    *,
    expected_version: int,
    page_key: str,
) -> Bid:
    goes_on = kept is not None and bid.version != expected_version
    page_from = kept.page_from if goes_on and kept else expected_version
    text = draft_text(offer, page_key=page_key, page_from=page_from)
    changed = (
        Bid.objects.filter(pk=bid.pk, version=bid.version)
        .exclude(status=BidStatus.OPENED)
        .update(draft_content=_encrypt(fernet, text), version=F("version") + 1)
    )
    if not changed:
        raise Conflict(CHANGED_ELSEWHERE)
    bid.refresh_from_db()
    return bid


# --- submitting ---------------------------------------------------------------------------------


@transaction.atomic
def submit_bid(
    *,
    actor: Actor,
    tender_id: int,
    offer: OfferInput | None = None,
    expected_version: int | None = None,
) -> Bid:
    """Seal the offer and give a receipt. Without ``offer`` the saved draft is submitted.

    Before the deadline only; a later submission replaces the earlier one. The same content submitted again is the
    same submission: same receipt, same time. RuleBroken lists everything incomplete; Conflict when the draft is not
    the one that ``expected_version`` showed.
    """
    lock_tender(tender_id=tender_id)
    view = _for_bidding(actor, tender_id)
    now = _check_open(view)
    fernet = fernet_of(tender_id)
    bid = _bid_of(actor, tender_id)
    offer = _offer_to_submit(bid, offer, fernet)
    earlier = read_sealed(bid, fernet) if bid else None
    if bid is not None and earlier is not None and is_same_offer(offer, earlier):
        return bid
    if expected_version is not None and (bid.version if bid else 0) != expected_version:
        raise Conflict(CHANGED_SINCE_CHECKED)
    _check_ids(view, offer)
    asked = [asked_of(row) for row in view.requirements]
    _refuse(wrong_for_submission(asked, [(row.id, row.text) for row in view.questions], offer))
    return _seal(actor, tender_id, bid, offer, fernet, now)


def _offer_to_submit(bid: Bid | None, offer: OfferInput | None, fernet: Fernet) -> OfferInput:
    if offer is not None:
        return offer
    draft = read_draft(bid, fernet) if bid else None
    if draft is None:
        raise RuleBroken("Write your offer first, then submit it.")
    return draft.offer


def _seal(
    actor: Actor,
    tender_id: int,
    bid: Bid | None,
    offer: OfferInput,
    fernet: Fernet,
    now: datetime,
) -> Bid:
    if actor.organisation_id is None:
        raise NotVisible
    if bid is None:
        bid = _start(actor, tender_id, offer, fernet, "")
    is_replacement = bid.status == BidStatus.SUBMITTED
    text = sealed_text(
        offer,
        tender_id=tender_id,
        supplier_id=actor.organisation_id,
        salt=secrets.token_hex(16),
    )
    changed = Bid.objects.filter(
        pk=bid.pk, version=bid.version, status__in=[BidStatus.DRAFT, BidStatus.SUBMITTED]
    ).update(
        status=BidStatus.SUBMITTED,
        draft_content=_encrypt(fernet, draft_text(offer, page_key="", page_from=bid.version)),
        sealed_content=_encrypt(fernet, text),
        content_hash=content_hash(text),
        receipt=receipt_number(secrets.token_bytes(10)),
        submitted_at=now,
        submitted_by_id=actor.user_id,
        version=F("version") + 1,
    )
    if not changed:
        raise Conflict(CHANGED_ELSEWHERE)
    bid.refresh_from_db()
    record(
        actor=actor,
        deed=BidDeed.REPLACED if is_replacement else BidDeed.SUBMITTED,
        sentence="An offer was replaced." if is_replacement else "An offer was submitted.",
        target=bid,
        after={"receipt": bid.receipt, "content_hash": bid.content_hash},
    )
    return bid


# --- guards -------------------------------------------------------------------------------------


def _for_bidding(actor: Actor, tender_id: int) -> TenderView:
    """The tender, for people of a supplier that is invited. NotVisible for everybody else."""
    view = tender_for_bidder(actor, tender_id)
    if not can_offer(actor, actor.organisation_id):
        raise NotVisible
    return view


def _bid_of(actor: Actor, tender_id: int) -> Bid | None:
    return (
        Bid.objects.select_for_update(of=("self",))
        .filter(tender_id=tender_id, supplier_id=actor.organisation_id)
        .first()
    )


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


def _encrypt(fernet: Fernet, text: str) -> str:
    return fernet.encrypt(text.encode()).decode()


# --- opening ------------------------------------------------------------------------------------


@transaction.atomic
def open_bids(*, actor: Actor, tender_id: int) -> list[Bid]:
    """Open every submitted bid of a tender, from its deadline on. Opening twice changes nothing.

    Each content is decrypted, held against the hash on its receipt and written out as price, lines and answers.
    RuleBroken before the deadline, or when a content does not match its receipt; then none is opened.
    """
    brief = tender_brief(tender_id)
    if not can_see(actor, brief.authority_id):
        raise NotVisible
    if not can_open(actor, brief.authority_id):
        raise NotAllowed(WHY_NOT_OPEN)
    if brief.deadline_at is None:
        raise RuleBroken("This tender is not published yet.")
    lock_tender(tender_id=tender_id)
    if not may_open_at(deadline_at=brief.deadline_at, now=clock.now()):
        raise RuleBroken(f"Bids are sealed until {london(brief.deadline_at)}.")
    fernet = fernet_of(tender_id)
    sealed = Bid.objects.select_for_update(of=("self",)).filter(
        tender_id=tender_id, status=BidStatus.SUBMITTED
    )
    measures = {row.id: row.measure.id for row in requirements_of(tender_id)}
    for bid in sealed.order_by("pk"):
        _open(actor, bid, brief.procurement_id, fernet, measures)
    return list(Bid.objects.filter(tender_id=tender_id, status=BidStatus.OPENED).order_by("pk"))


def _open(
    actor: Actor, bid: Bid, procurement_id: int, fernet: Fernet, measures: dict[int, int]
) -> None:
    offer = _verified(bid, fernet)
    opened = Bid.objects.filter(pk=bid.pk, status=BidStatus.SUBMITTED).update(
        status=BidStatus.OPENED, opened_at=clock.now(), price=offer.price
    )
    if not opened:
        return
    OfferLine.objects.bulk_create(
        OfferLine(
            bid_id=bid.pk,
            requirement_id=line.requirement_id,
            measure_id=measures[line.requirement_id],
            quantity=line.quantity,
            attribution_percent=line.attribution_percent,
            negotiated_proxy=line.negotiated_proxy,
            method_statement=line.method_statement,
        )
        for line in offer.lines
        if line.quantity is not None and line.is_offered
    )
    OfferAnswer.objects.bulk_create(
        OfferAnswer(bid_id=bid.pk, question_id=answer.question_id, text=answer.text)
        for answer in offer.answers
    )
    record(
        actor=actor,
        deed=BidDeed.OPENED,
        sentence=f"The bid with receipt {bid.receipt} was opened.",
        target=bid,
        procurement_id=procurement_id,
        after={"receipt": bid.receipt, "content_hash": bid.content_hash},
    )


def _verified(bid: Bid, fernet: Fernet) -> OfferInput:
    """The sealed offer, if it is the very content that the receipt was given for."""
    mismatch = (
        f"The sealed content of the bid with receipt {bid.receipt} does not match its receipt, so no bid was opened. "
        "Ask the platform's administrators to look into it."
    )
    try:
        text = fernet.decrypt(bid.sealed_content.encode()).decode()
        if content_hash(text) != bid.content_hash:
            raise RuleBroken(mismatch)
        return sealed_offer(text, tender_id=bid.tender_id, supplier_id=bid.supplier_id)
    except (InvalidToken, ValueError) as error:
        raise RuleBroken(mismatch) from error
