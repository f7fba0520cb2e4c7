"""The offer workbook of a tender with nothing in it, for the buyer to see what bidders get."""

from __future__ import annotations

from procurement.bids.queries.workbook import book_line, weight_in_words
from procurement.bids.rules.workbook import BookQuestion, OfferBook
from procurement.tenders.queries import tender_overview
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import uk_moment

NOBODY = 0
"""The supplier of a workbook that is nobody's: it cannot be uploaded as anybody's offer."""


def blank_book(actor: Actor, procurement_id: int) -> OfferBook:
    """NotVisible as for the procurement, and before there is a tender."""
    overview = tender_overview(actor, procurement_id)
    tender = overview.tender
    if tender is None:
        raise NotVisible("This procurement has no tender yet.")
    deadline = tender.deadline_at
    return OfferBook(
        tender_id=tender.pk,
        reference=overview.reference,
        title=overview.title,
        authority_name=overview.authority_name,
        supplier_id=NOBODY,
        supplier_name="the bidder (an empty workbook, to look at)",
        deadline=f"{uk_moment(deadline.astimezone(LONDON))}, UK time"
        if deadline
        else "not set yet",
        lines=tuple(book_line(row) for row in overview.requirements),
        questions=tuple(
            BookQuestion(row.id, row.text, row.guidance, weight_in_words(row))
            for row in overview.questions
        ),
        boxes={},
    )
