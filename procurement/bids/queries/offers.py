"""The bidder's own offer: draft, submitted, receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procurement.bids.permissions import can_offer
from procurement.bids.queries.doubts import doubts
from procurement.bids.queries.places import Place, own_place
from procurement.bids.rules import (
    HUNDRED,
    YES_OR_NO,
    Asked,
    LineInput,
    OfferInput,
    Overclaim,
    Wrong,
    in_order,
    total_pence,
    working_of,
    wrong_for_submission,
)
from procurement.bids.vocabulary import PartKind
from procurement.tenders.queries import (
    QuestionInfo,
    RequirementInfo,
    TenderView,
    tender_for_bidder,
)
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import measured
from toms.frameworks.queries import double_counting_pairs
from toms.valuation.rules import Working


@dataclass(frozen=True, slots=True)
class PartView:
    """What a partner or a sub-contractor delivers of a line."""

    kind: str
    name: str
    shown: str

    @property
    def kind_label(self) -> str:
        return PartKind(self.kind).label


@dataclass(frozen=True, slots=True)
class LineView:
    """One measure of the offer page: what is asked, what is typed, what it is worth."""

    requirement: RequirementInfo
    quantity: Decimal | None
    attribution_percent: Decimal
    negotiated_proxy: Decimal | None
    method_statement: str
    working: Working | None
    attribution_reason: str = ""
    parts: tuple[PartView, ...] = ()
    """What others deliver of it."""
    own_quantity: Decimal | None = None
    """What is left of the quantity for the bidder itself."""

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
        return self._shown(self.quantity)

    @property
    def own_shown(self) -> str:
        """What the bidder delivers itself, with its unit; empty where the parts are more than the whole."""
        own = self.own_quantity
        return self._shown(own) if own is not None and own >= 0 else ""

    def _shown(self, quantity: Decimal) -> str:
        return measured(quantity, self.requirement.measure.unit)

    @property
    def is_shared(self) -> bool:
        """Others pay for the same outcome."""
        return self.attribution_percent < HUNDRED


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


def my_offer(actor: Actor, tender_id: int, *, submitted: bool = False) -> OfferView:
    """The actor's own offer on a tender it is invited to: the draft, or with ``submitted`` what was sent.

    NotVisible for everybody else, and with ``submitted`` when nothing was sent.
    """
    tender = tender_for_bidder(actor, tender_id)
    if not can_offer(actor, actor.organisation_id):
        raise NotVisible
    place = own_place(tender)
    draft, sealed = place.draft, place.sealed
    if submitted and sealed is None:
        raise NotVisible("You have not submitted an offer for this tender.")
    is_open = tender.is_open_at(clock.now())
    shows_draft = draft is not None and not submitted and (is_open or sealed is None)
    offer = draft.offer if shows_draft and draft else sealed or OfferInput()
    return _view(tender, place, offer, is_open=is_open)


def _view(tender: TenderView, place: Place, offer: OfferInput, *, is_open: bool) -> OfferView:
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
                line.attribution_reason,
                _parts(one, line),
                line.own_quantity,
            )
        )
    return OfferView(
        tender=tender,
        offer=offer,
        lines=lines,
        answers=[AnswerView(row, offer.answer(row.id)) for row in tender.questions],
        social_value_pence=total_pence([row.working for row in lines]),
        version=place.envelope.version,
        status=place.state or None,
        is_open=is_open,
        has_changes=place.has_changes,
        receipt=_receipt(tender, place),
        wrong=wrong_for_submission(asked, [(q.id, q.text) for q in tender.questions], offer),
        doubts=doubts(
            [(row.requirement.measure, row.quantity, row.working) for row in lines],
            price=offer.price,
            on=tender.deadline_at.date(),
            pairs=double_counting_pairs([row.measure.id for row in tender.requirements]),
        ),
    )


def _parts(asked: Asked, line: LineInput) -> tuple[PartView, ...]:
    return tuple(
        PartView(
            part.kind,
            part.name or "No name given",
            "No quantity given" if part.quantity is None else measured(part.quantity, asked.unit),
        )
        for part in in_order(line.parts)
    )


def _receipt(tender: TenderView, place: Place) -> Receipt | None:
    held = place.envelope
    if held.submitted_at is None:
        return None
    return Receipt(
        tender.tender_id,
        tender.title,
        tender.authority_name,
        held.submitted_at,
        held.submitter,
        held.receipt,
        held.content_hash,
    )


def receipt(actor: Actor, tender_id: int) -> Receipt:
    """The receipt of the actor's last submission. NotVisible when there is none."""
    tender = tender_for_bidder(actor, tender_id)
    found = _receipt(tender, own_place(tender))
    if found is None:
        raise NotVisible("You have not submitted an offer for this tender.")
    return found
