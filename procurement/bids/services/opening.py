"""Opening the bids of a tender: one person starts after the deadline, another opens, and a record is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from procurement.bids.models import Bid, BidOpening, OfferAnswer, OfferLine, OfferLinePart
from procurement.bids.permissions import WHY_NOT_OPEN, WHY_NOT_TWICE, can_open
from procurement.bids.rules import OfferInput, content_hash, may_open_at, sealed_offer
from procurement.bids.rules.envelopes import Envelope, EnvelopeBroken, place_mark, unseal
from procurement.bids.rules.records import record_hash, record_line
from procurement.bids.services.places import hold_places
from procurement.bids.vocabulary import BidDeed, BidStatus
from procurement.procurements.queries import procurement_brief
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.permissions import can_see
from procurement.tenders.queries import TenderBrief, requirements_of, tender_brief
from procurement.tenders.services import lock_tender, london
from socialvalue.accounts.queries import organisation_names
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken


@transaction.atomic
def start_opening(*, actor: Actor, tender_id: int) -> BidOpening:
    """The first of two named people says that the bids are to be opened. Starting twice is starting once.

    RuleBroken before the deadline; Conflict when somebody else has started.
    """
    brief = _for_opening(actor, tender_id)
    found = BidOpening.objects.filter(tender_id=tender_id).select_related("first_by").first()
    if found is not None:
        if found.first_by_id == actor.user_id:
            return found
        raise Conflict(
            f"{found.first_by} has started the opening already. Confirm it as the second person."
        )
    opening = BidOpening.objects.create(
        tender_id=tender_id, first_by_id=actor.person_id, first_at=clock.now()
    )
    record(
        actor=actor,
        deed=BidDeed.OPENING_STARTED,
        sentence=f"{actor.name} started the opening of the bids. A second person has to confirm it.",
        target=opening,
        procurement_id=brief.procurement_id,
    )
    return opening


@transaction.atomic
def open_bids(*, actor: Actor, tender_id: int) -> list[Bid]:
    """The second person opens every submitted bid of a tender. Opening twice changes nothing.

    Each content is held against the hash on its receipt and written out as price, lines and answers; what was kept
    in the envelopes' journals goes to the audit with the times it had; the record of the opening names bidders,
    receipts, hashes and times. What was never submitted stays sealed. RuleBroken before the deadline, before a first
    person has started, or when a content does not match its receipt: then none is opened. NotAllowed for the first
    person.
    """
    brief = _for_opening(actor, tender_id)
    opening = BidOpening.objects.select_for_update(of=("self",)).filter(tender_id=tender_id).first()
    if opening is None:
        raise RuleBroken(
            "Two people open the bids. Start the opening first; then another person confirms it."
        )
    if opening.second_at is None:
        if opening.first_by_id == actor.user_id:
            raise NotAllowed(WHY_NOT_TWICE)
        _open_all(actor, brief, opening)
    return list(Bid.objects.filter(tender_id=tender_id, status=BidStatus.OPENED).order_by("pk"))


def _for_opening(actor: Actor, tender_id: int) -> TenderBrief:
    """The tender, held until the transaction ends, if its bids may be opened now and by this person."""
    lock_tender(tender_id=tender_id)
    brief = tender_brief(tender_id)
    if not can_see(actor, brief.authority_id):
        raise NotVisible
    if not can_open(actor, brief.authority_id):
        raise NotAllowed(WHY_NOT_OPEN)
    if brief.deadline_at is None:
        raise RuleBroken("This tender is not published yet.")
    if not may_open_at(deadline_at=brief.deadline_at, now=clock.now()):
        raise RuleBroken(f"Bids are sealed until {london(brief.deadline_at)}.")
    if procurement_brief(brief.procurement_id).status == ProcurementStatus.WITHDRAWN:
        raise RuleBroken("The procurement was withdrawn, so its bids stay sealed for good.")
    return brief


@dataclass(frozen=True, slots=True)
class _Submitted:
    """A place whose envelope holds a bid, verified."""

    row: Bid
    envelope: Envelope
    offer: OfferInput
    submitted_at: datetime

    @property
    def in_order(self) -> tuple[datetime, str]:
        return self.submitted_at, self.envelope.receipt


def _open_all(actor: Actor, brief: TenderBrief, opening: BidOpening) -> None:
    now = clock.now()
    held = hold_places(brief.id)
    read = [_verified(row, held.key) for row in held.rows]
    submitted = sorted((one for one in read if one is not None), key=lambda one: one.in_order)
    names = organisation_names([one.envelope.supplier_id for one in submitted])
    measures = {row.id: row.measure.id for row in requirements_of(brief.id)}
    for one in submitted:
        _write_out(one, measures, now)
        _tell_the_audit(actor, one, brief.procurement_id)
    opening.second_by_id = actor.person_id
    opening.second_at = now
    opening.record = [
        record_line(one.row.pk, names[one.envelope.supplier_id], one.envelope) for one in submitted
    ]
    opening.record_hash = record_hash(opening.record)
    opening.save(update_fields=["second_by", "second_at", "record", "record_hash"])
    record(
        actor=actor,
        deed=BidDeed.OPENING_CONFIRMED,
        sentence=f"{actor.name} confirmed the opening as the second person. Bids opened: {len(submitted)}.",
        target=opening,
        procurement_id=brief.procurement_id,
        after={
            "record_hash": opening.record_hash,
            "receipts": [r["receipt"] for r in opening.record],
        },
    )


def _write_out(one: _Submitted, measures: dict[int, int], now: datetime) -> None:
    row, envelope, offer = one.row, one.envelope, one.offer
    opened = Bid.objects.filter(pk=row.pk, status=BidStatus.SEALED).update(
        status=BidStatus.OPENED,
        supplier_id=envelope.supplier_id,
        content_hash=envelope.content_hash,
        receipt=envelope.receipt,
        submitted_at=envelope.submitted_at,
        submitted_by_id=envelope.submitted_by,
        price=offer.price,
        opened_at=now,
    )
    if not opened:
        raise Conflict("These bids were opened already.")
    offered = [
        (line, line.quantity)
        for line in offer.lines
        if line.quantity is not None and line.is_offered
    ]
    lines = OfferLine.objects.bulk_create(
        OfferLine(
            bid_id=row.pk,
            requirement_id=line.requirement_id,
            measure_id=measures[line.requirement_id],
            quantity=quantity,
            attribution_percent=line.attribution_percent,
            attribution_reason=line.attribution_reason,
            negotiated_proxy=line.negotiated_proxy,
            method_statement=line.method_statement,
        )
        for line, quantity in offered
    )
    OfferLinePart.objects.bulk_create(
        OfferLinePart(line=written, kind=part.kind, name=part.name, quantity=part.quantity)
        for written, (line, _) in zip(lines, offered, strict=True)
        for part in line.parts
        if part.quantity is not None
    )
    OfferAnswer.objects.bulk_create(
        OfferAnswer(bid_id=row.pk, question_id=answer.question_id, text=answer.text)
        for answer in offer.answers
    )


def _tell_the_audit(actor: Actor, one: _Submitted, procurement_id: int) -> None:
    """What the bidder did, as it was done then; and that its bid is open now.

    The bidder's deeds are on record for the bid, not for the procurement: its history is for everybody who works for
    the authority, and who bid is for those who may read bids.
    """
    for deed in one.envelope.journal:
        record(
            actor=Actor(
                user_id=deed.user_id,
                name=deed.actor_name,
                organisation_id=deed.organisation_id,
                organisation_name=deed.organisation_name,
                request_id=deed.request_id,
            ),
            deed=deed.deed,
            sentence=deed.sentence,
            target=one.row,
            after={"receipt": deed.receipt, "content_hash": deed.content_hash}
            if deed.receipt
            else None,
            at=deed.at,
        )
    record(
        actor=actor,
        deed=BidDeed.OPENED,
        sentence=f"The bid with receipt {one.envelope.receipt} was opened.",
        target=one.row,
        procurement_id=procurement_id,
        after={"receipt": one.envelope.receipt, "content_hash": one.envelope.content_hash},
    )


def _verified(row: Bid, key: bytes) -> _Submitted | None:
    """What this place holds, if it is the very content that its receipt was given for; None where nothing was sent."""
    which = "a sealed place"
    try:
        envelope = unseal(row.envelope, key)
        if envelope.receipt:
            which = f"the bid with receipt {envelope.receipt}"
        if not _is_of(row, envelope, key):
            raise EnvelopeBroken("Another place's, or not what the receipt was given for.")
        if envelope.submitted_at is None:
            return None
        offer = sealed_offer(
            envelope.sealed, tender_id=row.tender_id, supplier_id=envelope.supplier_id
        )
        return _Submitted(row, envelope, offer, envelope.submitted_at)
    except (ValueError, KeyError) as error:
        raise RuleBroken(
            f"The content of {which} does not match its receipt, so no bid was opened. "
            "Ask the platform's administrators to look into it."
        ) from error


def _is_of(row: Bid, envelope: Envelope, key: bytes) -> bool:
    """The envelope belongs in this place, and holds the content that its hash is of."""
    is_own = envelope.tender_id == row.tender_id
    is_own = is_own and place_mark(key, envelope.supplier_id) == row.place_mark
    return is_own and (
        not envelope.is_submitted or content_hash(envelope.sealed) == envelope.content_hash
    )
