"""The evaluation record: one document for audit or challenge, from what was published to what was signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from procurement.awards.queries.record.awarding import awarded, history
from procurement.awards.queries.record.judging import opened, panel, ranked, ruled, whole
from procurement.awards.queries.record.scores import Judged, marked, quantities
from procurement.awards.queries.record.words import moment
from procurement.awards.vocabulary import AwardDeed
from procurement.bids.queries import opened_bids
from procurement.bids.queries.openings import opening_of
from procurement.evaluations.permissions import (
    RECORD_REASON,
    can_read_interests,
    can_read_record,
)
from procurement.evaluations.queries import is_ranked, seats_of
from procurement.evaluations.queries.account import account_of
from procurement.evaluations.vocabulary import PanelRole
from procurement.procurements.queries import procurement_brief, procurement_for
from procurement.tenders import queries as tenders
from socialvalue.audit.queries import HistoryLine, history_of_procurement
from socialvalue.core.actor import Actor
from socialvalue.core.documents import (
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Pounds,
    fingerprint,
    quantity,
)
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken

NOT_RANKED = "The evaluation record can be drawn up once the bids are ranked."
MOST_DEEDS = 5000
NOBODY = 0
"""No person's own declaration: whoever may read everybody's."""


def evaluation_record(actor: Actor, procurement_id: int) -> Document:
    """Everything that led to the ranking and the award. The same state gives the same document, and fingerprint.

    It ends with the signature: what is delivered afterwards changes nothing in it. NotVisible outside the authority,
    NotAllowed at home without the right, RuleBroken while the bids are not ranked.
    As many queries for thirty bids as for one.
    """
    procurement_for(actor, procurement_id)
    brief = procurement_brief(procurement_id)
    tender = tenders.tender_of_procurement(actor, procurement_id)
    if tender is None:
        raise NotVisible("This procurement has no tender.")
    is_moderator = any(
        seat.person_id == actor.user_id and seat.role == PanelRole.MODERATOR
        for seat in seats_of(tender.pk)
    )
    if not can_read_record(actor, tender.authority_id, is_moderator=is_moderator):
        raise NotAllowed(RECORD_REASON)
    account = account_of(tender.pk)
    if account is None or not is_ranked(tender.pk):
        raise RuleBroken(NOT_RANKED)
    asked = tenders.requirements_of(tender.pk)
    questions = tenders.questions_of(tender.pk)
    judged = Judged(account, opened_bids(tender.pk), asked, questions)
    scoring = tenders.scoring_now(tender, asked, questions)
    # What is delivered afterwards is no part of how the contract was awarded.
    deeds = history_of_procurement(
        procurement_id=procurement_id, until_deed=AwardDeed.SIGNED, limit=MOST_DEEDS
    )
    document = Document(
        title=f"Evaluation record: {brief.title}",
        subtitle=brief.authority_name,
        facts=[
            ("Reference", brief.reference),
            ("Tender published", moment(tender.published_at)),
            ("Deadline for bids", moment(tender.deadline_at)),
            ("Bids opened", moment(tender.opened_at)),
            ("Bids", str(len(judged.bids))),
            (
                "Ranked",
                f"{moment(account.rounds[-1].made_at)}, ranking {account.rounds[-1].number}",
            ),
            ("Covers everything up to", _last_deed(deeds)),
            ("Times", "All in UK time"),
        ],
        blocks=[
            Heading("1. What was published"),
            *_lower(tenders.measures_asked(asked)),
            *_lower(tenders.questions_asked(questions, tenders.mark_scale_of(tender))),
            Heading("How social value is scored", 3),
            Bullets([quantity(text) for text in scoring.sentences] if scoring else ["Not set."]),
            *_lower(tenders.amendments_made(_oldest_first(tender.pk))),
            *_lower(tenders.questions_answered(tenders.answered_of(tender.pk))),
            *panel(
                account,
                shows_interests=can_read_interests(actor, tender.authority_id, person_id=NOBODY),
            ),
            *opened(opening_of(tender.pk)),
            *marked(judged),
            *quantities(judged),
            *ruled(judged),
            *ranked(judged, tender.whole_percent, tender.tie_rule),
            *whole(judged, tender.whole_percent),
            *awarded(procurement_id, judged),
            *history(deeds, brief.authority_name),
        ],
        notice="Demonstration data" if brief.is_demonstration else "",
    )
    return replace(document, blocks=[*document.blocks, *_fingerprint(document)])


def _oldest_first(tender_id: int) -> list[tenders.AmendmentInfo]:
    return sorted(tenders.amendments_of(tender_id), key=lambda row: row.number)


def _lower(blocks: Sequence[Block]) -> list[Block]:
    """The parts of the tender pack, one level down."""
    return [
        replace(block, level=block.level + 1) if isinstance(block, Heading) else block
        for block in blocks
    ]


def _last_deed(deeds: Sequence[HistoryLine]) -> str:
    return moment(max(line.at for line in deeds)) if deeds else "–"


def _fingerprint(document: Document) -> list[Block]:
    return [
        Heading("12. Fingerprint"),
        Paragraph(
            Pounds(
                "SHA-256 of all that is said above. Drawn up again from the same facts the record has the same "
                "fingerprint.",
                "SHA-256 of all that the formal document says, which holds the pounds.",
            )
        ),
        Paragraph(fingerprint(document)),
    ]
