"""What a supplier wrote before, to be used again: its own submitted bids and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass, field

from procurement.bids.permissions import can_offer
from procurement.bids.queries.places import own_places
from procurement.bids.rules.reuse import Earlier, is_alike, newest
from procurement.tenders.queries import (
    TenderView,
    invitations_for,
    tender_for_bidder,
    wordings_of,
)
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.errors import NotVisible


@dataclass(frozen=True, slots=True)
class EarlierTexts:
    """Texts to use again, by requirement and by question of one tender; what has none is not there."""

    lines: dict[int, tuple[Earlier, ...]] = field(default_factory=dict)
    answers: dict[int, tuple[Earlier, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Said:
    """Something an earlier bid says: under which measure code or question, and its text."""

    asked: str
    text: Earlier


def earlier_statements(actor: Actor, tender_id: int) -> EarlierTexts:
    """What the actor's supplier submitted elsewhere under the same measure code, or to a question that is alike.

    NotVisible unless it is invited to the tender. The number of queries does not grow with the bids.
    """
    return earlier_for(actor, tender_for_bidder(actor, tender_id))


def earlier_for(actor: Actor, view: TenderView) -> EarlierTexts:
    """The same for a tender that ``tender_for_bidder`` gave this actor."""
    if not can_offer(actor, actor.organisation_id):
        raise NotVisible
    methods, answers = _said_elsewhere(actor, view.tender_id)
    found = EarlierTexts()
    for row in view.requirements:
        if same := newest(one.text for one in methods if one.asked == row.measure.code):
            found.lines[row.id] = same
    for question in view.questions:
        if alike := newest(one.text for one in answers if is_alike(one.asked, question.text)):
            found.answers[question.id] = alike
    return found


def _said_elsewhere(actor: Actor, tender_id: int) -> tuple[list[_Said], list[_Said]]:
    """Method statements and answers of the supplier's submitted bids on other tenders."""
    invited = {row.tender_id: row for row in invitations_for(actor) if row.tender_id != tender_id}
    own = {pk: row.supplier_id for pk, row in invited.items()}
    places = own_places(own) if own else {}
    sent = {pk: place for pk, place in places.items() if place.envelope.is_submitted}
    wordings = wordings_of(sent) if sent else {}
    methods: list[_Said] = []
    answers: list[_Said] = []
    for pk, place in sent.items():
        offer, at = place.sealed, place.envelope.submitted_at
        if offer is None or at is None:
            continue
        label = f"Bid for {invited[pk].title}, {at.astimezone(LONDON):%B %Y}"
        asked = wordings[pk]
        for line in offer.lines:
            if line.method_statement.strip():
                one = Earlier(f"{pk}-{line.requirement_id}", label, line.method_statement, at)
                methods.append(_Said(asked.codes.get(line.requirement_id, ""), one))
        for row in offer.answers:
            if row.text.strip():
                one = Earlier(f"{pk}-{row.question_id}", label, row.text, at)
                answers.append(_Said(asked.questions.get(row.question_id, ""), one))
    return methods, answers
