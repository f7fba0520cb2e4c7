"""Putting a text of an earlier bid into the draft."""

from __future__ import annotations

from dataclasses import replace

from procurement.bids.queries import my_offer
from procurement.bids.queries.reuse import earlier_statements
from procurement.bids.rules import AnswerInput, OfferInput
from procurement.bids.rules.reuse import Earlier, with_earlier
from procurement.bids.services.offering import SavedOffer, save_offer
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible


def use_earlier_text(
    *,
    actor: Actor,
    tender_id: int,
    key: str,
    expected_version: int,
    requirement_id: int | None = None,
    question_id: int | None = None,
) -> SavedOffer:
    """Put an earlier text of the same supplier into the draft, below what is written there already.

    ``key`` is that of an ``Earlier`` for this measure or question; NotVisible for any other. RuleBroken when the box
    does not hold both texts, Conflict when the draft was changed since ``expected_version``.
    """
    earlier = earlier_statements(actor, tender_id)
    offer = my_offer(actor, tender_id).offer
    if requirement_id is not None:
        one = _found(earlier.lines.get(requirement_id, ()), key)
        line = offer.line(requirement_id)
        line = replace(line, method_statement=with_earlier(line.method_statement, one.text))
        others = [row for row in offer.lines if row.requirement_id != requirement_id]
        offer = replace(offer, lines=(*others, line))
    elif question_id is not None:
        one = _found(earlier.answers.get(question_id, ()), key)
        text = with_earlier(offer.answer(question_id), one.text)
        offer = _answered(offer, question_id, text)
    else:
        raise NotVisible
    return save_offer(
        actor=actor, tender_id=tender_id, offer=offer, expected_version=expected_version
    )


def _found(texts: tuple[Earlier, ...], key: str) -> Earlier:
    one = next((row for row in texts if row.key == key), None)
    if one is None:
        raise NotVisible
    return one


def _answered(offer: OfferInput, question_id: int, text: str) -> OfferInput:
    others = [row for row in offer.answers if row.question_id != question_id]
    return replace(offer, answers=(*others, AnswerInput(question_id, text)))
