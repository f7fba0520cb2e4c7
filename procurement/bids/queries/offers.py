"""The bidder's own offer: draft, submitted, receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cryptography.fernet import Fernet

from procurement.bids.models import Bid
from procurement.bids.permissions import can_offer
from procurement.bids.queries.doubts import doubts
from procurement.bids.rules import (
    YES_OR_NO,
    Asked,
    Draft,
    OfferInput,
    Overclaim,
    Wrong,
    draft_of,
    is_same_offer,
    sealed_offer,
    total_pence,
    working_of,
    wrong_for_submission,
)
from procurement.tenders.queries import (
    QuestionInfo,
    RequirementInfo,
    TenderView,
    seal_key,
    tender_for_bidder,
)
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import pounds, quantity_text
from toms.valuation.rules import Working


@dataclass(frozen=True, slots=True)
class LineView:
    """One measure of the offer page: what is asked, what is typed, what it is worth."""

    requirement: RequirementInfo
    quantity: Decimal | None
    attribution_percent: Decimal
    negotiated_proxy: Decimal | None
    method_statement: str
    working: Working | None

    @property
    def working_lines(self) -> list[tuple[str, str]]:
        """The sum behind the £, for the page."""
        return [(row.label, row.shown) for row in self.working.lines] if self.working else []

    @property
    def is_offered(self) -> bool:
        return self.working is not None

    @property
    def quantity_shown(self) -> str:
        """With its unit, or in words where the unit is a yes or a statement."""
        if self.quantity is None:
            return "Not offered"
        if self.requirement.measure.unit in YES_OR_NO:
            return "Yes" if self.quantity else "No"
        if self.requirement.measure.unit == "£":
            return pounds(self.quantity)
        return f"{quantity_text(self.quantity)} {self.requirement.measure.unit}"


@dataclass(frozen=True, slots=True)
class AnswerView:
    question: QuestionInfo
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the bidder keeps: when, number, hash of the content."""

    tender_id: int
    title: str
    authority_name: str
    submitted_at: datetime
    submitted_by: str
    receipt: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class OfferView:
    """The bidder's offer as it stands. ``version`` is 0 while nothing was saved."""

    tender: TenderView
    offer: OfferInput
    lines: list[LineView]
    answers: list[AnswerView]
    social_value_pence: int
    version: int
    status: str | None
    is_open: bool
    has_changes: bool
    """Submitted, and changed since: the changes are no part of the bid yet."""
    receipt: Receipt | None
    wrong: list[Wrong]
    doubts: list[Overclaim]
    """What an evaluator may find hard to believe; it never keeps an offer from being sent."""

    @property
    def is_submitted(self) -> bool:
        return self.receipt is not None

    @property
    def is_saved(self) -> bool:
        return self.version > 0


def asked_of(requirement: RequirementInfo) -> Asked:
    """A requirement as the rules of this room read it."""
    value = requirement.unit_value
    return Asked(
        requirement.id,
        requirement.measure.label,
        requirement.measure.unit,
        requirement.is_mandatory,
        requirement.minimum_quantity,
        value.amount if value else None,
        requirement.is_negotiated,
        value.cited if value else "",
        requirement.measure.additionality,
    )


def fernet_of(tender_id: int) -> Fernet:
    return Fernet(seal_key(tender_id))


def read_draft(bid: Bid, fernet: Fernet) -> Draft | None:
    """What the supplier is writing, in clear; None when nothing is."""
    if not bid.draft_content:
        return None
    return draft_of(fernet.decrypt(bid.draft_content.encode()).decode())


def read_sealed(bid: Bid, fernet: Fernet) -> OfferInput | None:
    """What was last submitted, in clear; None when nothing was."""
    if not bid.sealed_content:
        return None
    text = fernet.decrypt(bid.sealed_content.encode()).decode()
    return sealed_offer(text, tender_id=bid.tender_id, supplier_id=bid.supplier_id)


def _own_bid(actor: Actor, tender_id: int) -> Bid | None:
    return (
        Bid.objects.filter(tender_id=tender_id, supplier_id=actor.organisation_id)
        .select_related("submitted_by")
        .first()
    )


def my_offer(actor: Actor, tender_id: int, *, submitted: bool = False) -> OfferView:
    """The actor's own offer on a tender it is invited to: the draft, or with ``submitted`` what was sent.

    NotVisible for everybody else, and with ``submitted`` when nothing was sent.
    """
    tender = tender_for_bidder(actor, tender_id)
    if not can_offer(actor, actor.organisation_id):
        raise NotVisible
    bid = _own_bid(actor, tender_id)
    draft, sealed = _contents(bid, tender_id)
    if submitted and sealed is None:
        raise NotVisible("You have not submitted an offer for this tender.")
    is_open = tender.is_open_at(clock.now())
    shows_draft = draft is not None and not submitted and (is_open or sealed is None)
    offer = draft.offer if shows_draft and draft else sealed or OfferInput()
    return _view(tender, bid, offer, is_open=is_open, has_changes=is_changed_since(draft, sealed))


def _contents(bid: Bid | None, tender_id: int) -> tuple[Draft | None, OfferInput | None]:
    if bid is None:
        return None, None
    fernet = fernet_of(tender_id)
    return read_draft(bid, fernet), read_sealed(bid, fernet)


def is_changed_since(draft: Draft | None, sealed: OfferInput | None) -> bool:
    return draft is not None and sealed is not None and not is_same_offer(draft.offer, sealed)


def _view(
    tender: TenderView, bid: Bid | None, offer: OfferInput, *, is_open: bool, has_changes: bool
) -> OfferView:
    asked = [asked_of(row) for row in tender.requirements]
    lines = []
    for requirement, one in zip(tender.requirements, asked, strict=True):
        line = offer.line(requirement.id)
        lines.append(
            LineView(
                requirement,
                line.quantity,
                line.attribution_percent,
                line.negotiated_proxy,
                line.method_statement,
                working_of(one, line),
            )
        )
    return OfferView(
        tender=tender,
        offer=offer,
        lines=lines,
        answers=[AnswerView(row, offer.answer(row.id)) for row in tender.questions],
        social_value_pence=total_pence([row.working for row in lines]),
        version=bid.version if bid else 0,
        status=bid.status if bid else None,
        is_open=is_open,
        has_changes=has_changes,
        receipt=_receipt(tender, bid),
        wrong=wrong_for_submission(asked, [(q.id, q.text) for q in tender.questions], offer),
        doubts=doubts(
            [(row.requirement.measure, row.quantity, row.working) for row in lines],
            price=offer.price,
            on=tender.deadline_at.date(),
        ),
    )


def _receipt(tender: TenderView, bid: Bid | None) -> Receipt | None:
    if bid is None or bid.submitted_at is None:
        return None
    return Receipt(
        tender.tender_id,
        tender.title,
        tender.authority_name,
        bid.submitted_at,
        str(bid.submitted_by or ""),
        bid.receipt,
        bid.content_hash,
    )


def receipt(actor: Actor, tender_id: int) -> Receipt:
    """The receipt of the actor's last submission. NotVisible when there is none."""
    tender = tender_for_bidder(actor, tender_id)
    found = _receipt(tender, _own_bid(actor, tender_id))
    if found is None:
        raise NotVisible("You have not submitted an offer for this tender.")
    return found
